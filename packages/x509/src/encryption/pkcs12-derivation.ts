import type { HashFunction } from '@sealwire/core';

/** What the bytes are for (RFC 7292 appendix B.3). */
export const pkcs12Purposes = { key: 1, iv: 2, mac: 3 } as const;

/** The derivation of PKCS #12 (RFC 7292 appendix B.2), with which only its own MAC and old encryption are used. */
export function pkcs12Derivation(
  hash: HashFunction,
  purpose: keyof typeof pkcs12Purposes,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Uint8Array {
  const { blockBytes, outputBytes } = hash;
  const diversifier = new Uint8Array(blockBytes).fill(pkcs12Purposes[purpose]);
  const saltBytes = roundedUp(salt.length, blockBytes);
  const input = new Uint8Array(saltBytes + roundedUp(password.length, blockBytes));
  for (let i = 0; i < input.length; i++)
    input[i] = i < saltBytes ? salt[i % salt.length]! : password[(i - saltBytes) % password.length]!;
  const derived = new Uint8Array(length);
  for (let at = 0; at < length; at += outputBytes) {
    let block = hash.digest([diversifier, input]);
    for (let i = 1; i < iterations; i++) block = hash.digest([block]);
    derived.set(block.subarray(0, length - at), at);
    // Each block of the input becomes itself, plus the output repeated, plus 1.
    for (let start = 0; start < input.length; start += blockBytes) {
      let carry = 1;
      for (let i = blockBytes - 1; i >= 0; i--) {
        carry += input[start + i]! + block[i % outputBytes]!;
        input[start + i] = carry & 0xff;
        carry >>= 8;
      }
    }
  }
  input.fill(0);
  return derived;
}

function roundedUp(length: number, blockBytes: number): number {
  return Math.ceil(length / blockBytes) * blockBytes;
}
