import { alertDescriptions, alertName } from '../errors/alerts.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { Row } from '../machine/step.ts';
import type { HandshakeEnvelope } from '../messages/envelope.ts';
import { contentTypes } from '../registry/content-types.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';
import type { ReceivedRecord } from './halves.ts';

/** What a record may hold, whatever state the connection is in. */

/** RFC 9846 §5.1, §5.4: only application data may have no content. */
export function refuseEmpty({ content }: ReceivedRecord, name: string): void {
  if (content.length > 0) return;
  throw new TlsError('peer.emptyRecord', `a record of type ${name} without content`, {
    section: 'RFC 9846 §5.4',
  });
}

export interface ReceivedAlert {
  readonly level: number;
  readonly description: number;
  /** RFC spelling. */
  readonly name: string;
}

/**
 * The one alert of a record (RFC 9846 §5.1). What its level says does not matter in TLS 1.3, but it is one of two: "an
 * invalid enum" is an illegal parameter (RFC 9846 §6).
 */
export function alertIn(record: ReceivedRecord): ReceivedAlert {
  refuseEmpty(record, 'alert');
  const [level, description] = record.content;
  if (record.content.length !== 2 || level === undefined || description === undefined) {
    throw new TlsError(
      'peer.malformedAlert',
      `an alert record holds ${record.content.length} bytes instead of 2`,
      { section: 'RFC 9846 §5.1' },
    );
  }
  const name = alertName(description);
  if (level !== warningLevel && level !== fatalLevel) {
    throw new TlsError('peer.illegalAlertLevel', `the alert ${name} has level ${level}, which is none`, {
      section: 'RFC 9846 §6',
    });
  }
  return { level, description, name };
}

/** A warning that ends nothing (RFC 5246 §7.2.2); close_notify does, and user_canceled has rules of its own. */
export function isIdleWarning({ level, description }: ReceivedAlert): boolean {
  return (
    level === warningLevel &&
    description !== alertDescriptions.close_notify &&
    description !== alertDescriptions.user_canceled
  );
}

/**
 * A HelloRequest "will be ignored by the client if the client is currently negotiating a session", and is in no transcript
 * (RFC 5246 §7.4.1.1).
 */
export function isIdleHelloRequest({ type, body }: HandshakeEnvelope, row: Row): boolean {
  return type === handshakeTypes.hello_request && body.length === 0 && !row.reads.includes('hello_request');
}

/** RFC 9846 §5.1: no other record may stand between the fragments of a handshake message. */
export function refuseInterleaved({ type }: ReceivedRecord): void {
  // A fatal alert ends the connection in any case; it is better to know why.
  if (type === contentTypes.alert) return;
  throw new TlsError(
    'peer.interleavedHandshakeMessage',
    `a record of content type ${type} inside a handshake message`,
    { section: 'RFC 9846 §5.1' },
  );
}

/** `position`: where we are. */
export function refuseData(position: string): never {
  throw new TlsError('peer.unexpectedApplicationData', `application data in ${position}`, {
    section: 'RFC 9846 §2',
  });
}

export function refuseChangeCipherSpec({ content }: ReceivedRecord, position: string): never {
  throw new TlsError(
    'peer.unexpectedChangeCipherSpec',
    `a change_cipher_spec of ${content.length} bytes in ${position}`,
    { section: 'RFC 9846 §5' },
  );
}

/** What begins something that our close_notify leaves no room for. */
export function asksForMore({ type }: HandshakeEnvelope): boolean {
  return beginnings.includes(type);
}

/**
 * RFC 9846 §6: the level says nothing; everything but close_notify and user_canceled is fatal. Where the level counts, which
 * is wherever TLS 1.2 or below may be spoken, a user_canceled that is fatal is (RFC 5246 §7.2.2).
 */
export function refuseFatal({ level, description, name }: ReceivedAlert, levelCounts: boolean): void {
  if (description === alertDescriptions.close_notify) return;
  if (description === alertDescriptions.user_canceled && !(levelCounts && level !== warningLevel)) return;
  throw new TlsError('received.alert', `the peer ended the connection with the alert ${name}`, {
    section: 'RFC 9846 §6.2',
    receivedAlert: description,
  });
}

/** The change_cipher_spec of compatibility mode: one byte, 1, never protected (RFC 9846 §5). */
export function isCompatible({ wasProtected, content }: ReceivedRecord): boolean {
  return !wasProtected && content.length === 1 && content[0] === 1;
}

/** The change_cipher_spec of TLS 1.2 and below: one byte, 1, under whatever keys there are (RFC 5246 §7.1). */
export function refuseOtherThanOne({ content }: ReceivedRecord): void {
  if (content.length === 1 && content[0] === 1) return;
  throw new TlsError(
    'peer.malformedMessage',
    `a change_cipher_spec of ${content.length} bytes, the first of them ${content[0] ?? 'none'}, in place of one byte 1`,
    { section: 'RFC 5246 §7.1', handshakeMessage: 'change_cipher_spec' },
  );
}

const beginnings: readonly number[] = [
  handshakeTypes.certificate_request,
  handshakeTypes.hello_request,
  handshakeTypes.client_hello,
];
const warningLevel = 1;
const fatalLevel = 2;
