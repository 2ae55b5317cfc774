import type { HashName, PssParameters } from '@sealwire/core';
import { concat, isAllZero, sameBytes } from '../bytes.ts';
import { hashes } from '../hashes.ts';

/** EMSA-PSS (RFC 8017 §9.1) over a modulus of `bits` + 1 bits; `undefined` when hash and salt do not fit. */
export function encodePss(
  parameters: PssParameters,
  message: Uint8Array,
  salt: Uint8Array,
  bits: number,
): Uint8Array | undefined {
  const { hash, mgfHash } = parameters;
  const hashBytes = hashes[hash].outputBytes;
  const dataBytes = Math.ceil(bits / 8) - hashBytes - 1;
  const paddingBytes = dataBytes - salt.length - 1;
  if (paddingBytes < 0) return undefined;
  const digest = hashSalted(hash, message, salt);
  const data = concat([new Uint8Array(paddingBytes), Uint8Array.of(0x01), salt]);
  applyMask(data, mgfHash, digest);
  data[0]! &= topMask(bits);
  return concat([data, digest, Uint8Array.of(0xbc)]);
}

/** EMSA-PSS-VERIFY (§9.1.2) with exactly the salt length that the parameters name. */
export function isPssEncoding(
  parameters: PssParameters,
  message: Uint8Array,
  encoded: Uint8Array,
  bits: number,
): boolean {
  const { hash, mgfHash, saltBytes } = parameters;
  const hashBytes = hashes[hash].outputBytes;
  const dataBytes = encoded.length - hashBytes - 1;
  const paddingBytes = dataBytes - saltBytes - 1;
  if (paddingBytes < 0 || encoded.at(-1) !== 0xbc) return false;
  if ((encoded[0]! & ~topMask(bits)) !== 0) return false;
  const data = Uint8Array.from(encoded.subarray(0, dataBytes));
  const digest = encoded.subarray(dataBytes, dataBytes + hashBytes);
  applyMask(data, mgfHash, digest);
  data[0]! &= topMask(bits);
  if (!isAllZero(data.subarray(0, paddingBytes)) || data[paddingBytes] !== 0x01) return false;
  return sameBytes(hashSalted(hash, message, data.subarray(paddingBytes + 1)), digest);
}

/** H = Hash(eight zero bytes ‖ mHash ‖ salt). */
function hashSalted(hash: HashName, message: Uint8Array, salt: Uint8Array): Uint8Array {
  return hashes[hash].digest([new Uint8Array(8), hashes[hash].digest([message]), salt]);
}

/** Exclusive-or with MGF1 of the seed (RFC 8017 appendix B.2.1). */
function applyMask(data: Uint8Array, hash: HashName, seed: Uint8Array): void {
  for (let at = 0, count = 0; at < data.length; count++) {
    const mask = hashes[hash].digest([seed, Uint8Array.of(count >>> 24, count >>> 16, count >>> 8, count)]);
    for (let i = 0; i < mask.length && at < data.length; i++) data[at++]! ^= mask[i]!;
  }
}

/** Which bits of the first byte belong to `bits` bits. */
function topMask(bits: number): number {
  return 0xff >>> (8 * Math.ceil(bits / 8) - bits);
}
