import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  decodeSession,
  encodeSession,
  type OpenTicketReply,
  type SealTicketReply,
  type Session,
  type TicketKeeper,
} from '@sealwire/core';
import { UsageError } from '../flags/kinds.ts';

/**
 * Tickets that the runner can open with the key that it has given, to change a session's version and suite in them: 16 bytes of
 * name, a vector, the session under AES-128 in CBC mode, and an HMAC with SHA-256 of all that. The session is a SEQUENCE
 * of a number, its version, its suite, and then what is ours.
 */
export function rewritableTickets(key: Uint8Array): TicketKeeper {
  if (key.length !== 48) throw new UsageError(`-ticket-key has ${key.length} bytes, expected 48`);
  const [name, macKey, cipherKey] = [key.subarray(0, 16), key.subarray(16, 32), key.subarray(32)];
  const macOf = (bytes: Uint8Array) => createHmac('sha256', macKey).update(bytes).digest();
  return {
    sealTicket({ session }): SealTicketReply {
      const vector = randomBytes(16);
      const cipher = createCipheriv('aes-128-cbc', cipherKey, vector);
      const sealed = Buffer.concat([name, vector, cipher.update(sessionElement(session)), cipher.final()]);
      return { ok: true, ticket: new Uint8Array(Buffer.concat([sealed, macOf(sealed)])) };
    },
    openTicket({ identities }): OpenTicketReply {
      for (const [index, ticket] of identities.entries()) {
        const body = ticket.subarray(0, -32);
        if (ticket.length < 80 || !Buffer.from(name).equals(ticket.subarray(0, 16))) continue;
        if (!timingSafeEqual(macOf(body), ticket.subarray(-32))) continue;
        const cipher = createDecipheriv('aes-128-cbc', cipherKey, body.subarray(16, 32));
        const session = readSession(Buffer.concat([cipher.update(body.subarray(32)), cipher.final()]));
        if (session !== undefined) return { ok: true, found: { index, session } };
      }
      return { ok: true };
    },
  };
}

function sessionElement(session: Session): Buffer {
  const { version, cipherSuite } = session;
  return element(0x30, [
    element(0x02, [Buffer.of(1)]),
    element(0x02, [uint16(version)]),
    element(0x04, [uint16(cipherSuite)]),
    element(0x04, [encodeSession(session)]),
  ]);
}

/** What the runner may have changed counts. */
function readSession(bytes: Buffer): Session | undefined {
  const [sequence] = elements(bytes);
  const [, version, suite, own] = elements(sequence ?? Buffer.alloc(0));
  const session = own && decodeSession(own);
  if (session === undefined || version?.length !== 2 || suite?.length !== 2) return undefined;
  return { ...session, version: version.readUInt16BE(), cipherSuite: suite.readUInt16BE() };
}

function element(tag: number, contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff];
  const head = length < 0x80 ? [tag, length] : [tag, ...long];
  return Buffer.concat([Buffer.from(head), content]);
}

/** Contents of the elements that stand one behind the other. */
function elements(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const first = bytes[at + 1]!;
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
    const begin = at + 2 + lengthBytes;
    found.push(bytes.subarray(begin, begin + length));
    at = begin + length;
  }
  return found;
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}
