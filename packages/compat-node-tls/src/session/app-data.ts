import type { Session } from '@sealwire/core';

/**
 * ticket_appdata of an SSL_SESSION belongs to the application, and OpenSSL hands it on from ticket to ticket. We keep in it what
 * the form has no other place for, before the application's own: when the first handshake was, so that a secret does not live for
 * ever by being resumed again and again (RFC 9846 §4.7.1), not even in a fleet of which a part is OpenSSL; and on clients for
 * whom the server's certificate was checked.
 *
 *     'SWS1' ‖ uint64 startedAtMs ‖ uint16 length ‖ expected name (length 0: none) ‖ application data
 */
export type AppData = Pick<Session, 'startedAtMs' | 'applicationData' | 'expectedName'>;

export function encodeAppData({ startedAtMs, expectedName = '', applicationData }: AppData): Uint8Array {
  const name = Buffer.from(expectedName, 'utf8');
  const head = Buffer.alloc(10);
  head.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(startedAtMs))));
  head.writeUInt16BE(name.length, 8);
  return Buffer.concat([mark, head, name, applicationData]);
}

/** `undefined`: somebody else has written it, and it is the application's as a whole. */
export function decodeAppData(bytes: Uint8Array | undefined): AppData | undefined {
  const buffer = Buffer.from(bytes ?? []);
  const start = mark.length + 10;
  if (buffer.length < start || !buffer.subarray(0, mark.length).equals(mark)) return undefined;
  const end = start + buffer.readUInt16BE(mark.length + 8);
  if (end > buffer.length) return undefined;
  return {
    startedAtMs: Number(buffer.readBigUInt64BE(mark.length)),
    expectedName: end === start ? undefined : buffer.toString('utf8', start, end),
    applicationData: Uint8Array.from(buffer.subarray(end)),
  };
}

const mark = Buffer.from('SWS1', 'latin1');
