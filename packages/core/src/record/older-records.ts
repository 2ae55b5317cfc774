import { InternalError } from '../errors/tls-error.ts';
import { writeRecordHeader } from './fragmenter.ts';

/** What the protections of TLS 1.2 and older have in common (RFC 5246 §6.2.3). */

/**
 * What a MAC or an AEAD covers in front of the content: sequence number, type, version, and the length of what follows
 * (RFC 5246 §6.2.3.1, §6.2.3.3). Valid until the next call: providers keep no argument.
 */
export function pseudoHeader(sequence: number, type: number, version: number, length: number): Uint8Array {
  writeSequence(pseudo, 0, sequence);
  writeRecordHeader(pseudo, 8, type, version, length);
  return pseudo;
}

/** Eight bytes. */
export function writeSequence(bytes: Uint8Array, at: number, sequence: number): void {
  let rest = sequence;
  for (let i = at + 7; i >= at; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** Whether a record names the version that was agreed; the MAC covers it, and this says so before there is a MAC. */
export function hasVersion(record: Uint8Array, expected: number): boolean {
  return ((record[1]! << 8) | record[2]!) === expected;
}

/** CBC pads as far as it must; more would need a reason, and other ciphers have no room. */
export function refusePadding(paddingBytes: number): void {
  if (paddingBytes !== 0) throw new InternalError('records that show their type take no padding');
}

export const pseudoHeaderBytes = 13;

const pseudo = /* @__PURE__ */ new Uint8Array(pseudoHeaderBytes);
