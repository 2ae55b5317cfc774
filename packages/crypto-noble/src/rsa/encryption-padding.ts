import type { RandomSource } from '@sealwire/core';
import { draw, unusableSource } from '../misuse.ts';

/**
 * EME-PKCS1-v1_5 (RFC 8017 §7.2.1 step 2): 0, 2, at least eight random bytes that are not zero, 0, the message; `undefined`
 * when it does not fit `length` bytes. Zeros that the source gives are left out, and as many bytes drawn as are still missing.
 */
export function padForEncryption(
  message: Uint8Array,
  length: number,
  source: RandomSource,
): Uint8Array | undefined {
  const separator = length - message.length - 1;
  if (separator < 10) return undefined;
  const block = new Uint8Array(length);
  block[1] = 0x02;
  let at = 2;
  for (let draws = 0; at < separator; draws++) {
    // With honest bytes one in 256 is missing each time.
    if (draws === 64) unusableSource(draws);
    for (const byte of draw(source, separator - at)) if (byte !== 0) block[at++] = byte;
  }
  block.set(message, separator + 1);
  return block;
}

/**
 * The message of a decrypted block (§7.2.2 step 3) if it is padded rightly and has exactly as many bytes as `fallback`, else a
 * copy of `fallback`. Which of the two is chosen by masks: every byte is looked at, and nothing branches on what it is, so that
 * the time tells nothing of the block (Bleichenbacher 1998; RFC 5246 §7.4.7.1), as far as JavaScript lets it.
 */
export function unpadOrElse(block: Uint8Array, fallback: Uint8Array): Uint8Array {
  const separator = block.length - fallback.length - 1;
  if (separator < 10) return Uint8Array.from(fallback); // known from the sizes of the key and of what is expected
  let wrong = block[0]! | (block[1]! ^ 0x02) | block[separator]!;
  for (let i = 2; i < separator; i++) wrong |= isZero(block[i]!);
  const keep = 0 - isZero(wrong); // all ones where nothing is wrong, else 0; a minus alone would make -0, no small integer
  return fallback.map((byte, i) => (block[separator + 1 + i]! & keep) | (byte & ~keep));
}

/**
 * What to decrypt: the ciphertext, or the number 1 in place of one that is no number below the modulus. The same work follows,
 * since both are blinded, and the block of 1 is 1: not padded rightly. `modulus` is without leading zeros.
 */
export function ciphertextOrOne(ciphertext: Uint8Array, modulus: Uint8Array): Uint8Array {
  if (ciphertext.length === modulus.length && isBelow(ciphertext, modulus)) return ciphertext;
  const one = new Uint8Array(modulus.length);
  one[one.length - 1] = 1;
  return one;
}

/** 1 for 0, 0 for other bytes. */
function isZero(byte: number): number {
  return ((byte - 1) >>> 31) & 1;
}

/** Both are known to everybody. */
function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at >= 0 && a[at]! < b[at]!;
}
