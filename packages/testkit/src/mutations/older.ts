import type { Conversation, SeenMessage, SeenRecord } from '../middle/conversation.ts';

/** What is different about a conversation of TLS 1.2 or older: much less may pass unnoticed. */

export function isOlder({ server }: Conversation): boolean {
  return (server.view?.facts.version ?? tls13) < tls13;
}

/** The hello that selects the version: records before it may say anything (RFC 5246 §E.1). */
export function isFirst({ index }: SeenRecord): boolean {
  return index === 0;
}

/** Whether a change_cipher_spec stands between this message and the next. */
export function isBeforeFinished(next: SeenMessage): boolean {
  return next.message[0] === finished;
}

const tls13 = 0x0304;
const finished = 20;
