import type { HashFunction } from './provider.ts';
import { ascii } from '../wire/bytes.ts';
import { Writer } from '../wire/writer.ts';

/** HKDF-Extract (RFC 5869 §2.2). */
export function hkdfExtract(
  hash: HashFunction,
  salt: Uint8Array,
  inputKeyingMaterial: Uint8Array,
): Uint8Array {
  return hash.hmac(salt, [inputKeyingMaterial]);
}

/** HKDF-Expand (RFC 5869 §2.3); `length` at most 255 hashes. */
export function hkdfExpand(
  hash: HashFunction,
  secret: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const output = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let counter = 1, at = 0; at < length; counter++) {
    block = hash.hmac(secret, [block, info, new Uint8Array([counter])]);
    output.set(block.subarray(0, Math.min(block.length, length - at)), at);
    at += block.length;
  }
  return output;
}

/**
 * HKDF-Expand-Label (RFC 9846 §7.1).
 *
 *     struct {
 *         uint16 length = Length;
 *         opaque label<7..255> = "tls13 " + Label;
 *         opaque context<0..255> = Context;
 *     } HkdfLabel;
 */
export function hkdfExpandLabel(
  hash: HashFunction,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const info = new Writer();
  info.u16(length);
  info.prefixed(1, (w) => w.bytes(ascii(`tls13 ${label}`)));
  info.prefixed(1, (w) => w.bytes(context));
  return hkdfExpand(hash, secret, info.finish(), length);
}

/** Derive-Secret (RFC 9846 §7.1) with the transcript hash already computed. */
export function deriveSecret(
  hash: HashFunction,
  secret: Uint8Array,
  label: string,
  transcriptHash: Uint8Array,
): Uint8Array {
  return hkdfExpandLabel(hash, secret, label, transcriptHash, hash.outputBytes);
}
