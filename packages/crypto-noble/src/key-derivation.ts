import { pbkdf2 as noblePbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt as nobleScrypt } from '@noble/hashes/scrypt.js';
import { sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { ApiMisuseError, type Pbkdf2HashName, type ScryptCost } from '@sealwire/core';
import { nobleHashes } from './hashes.ts';

/** PBKDF2 (RFC 8018 §5.2) in pure JavaScript: about a million iterations of SHA-256 a second. */
export function pbkdf2(
  hash: Pbkdf2HashName,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Uint8Array {
  requirePbkdf2(hash, iterations, length);
  return noblePbkdf2(pbkdf2Hashes[hash], password, salt, { c: iterations, dkLen: length });
}

/** scrypt (RFC 7914) in pure JavaScript. */
export function scrypt(password: Uint8Array, salt: Uint8Array, cost: ScryptCost, length: number): Uint8Array {
  requireScrypt(cost, length);
  const { N, r, p } = cost;
  return nobleScrypt(password, salt, { N, r, p, dkLen: length, maxmem: scryptBytes(cost) + 1_024 });
}

export function requirePbkdf2(hash: Pbkdf2HashName, iterations: number, length: number): void {
  if (!Object.hasOwn(pbkdf2Hashes, hash)) {
    throw new ApiMisuseError(`expected one of ${Object.keys(pbkdf2Hashes).join(', ')}, got ${String(hash)}`);
  }
  requireCount(iterations, 'iterations');
  requireCount(length, 'bytes');
}

/** RFC 7914 §2, and the memory that the caller allows. */
export function requireScrypt(cost: ScryptCost, length: number): void {
  const { N, r, p, maxmem } = cost;
  requireCount(r, 'for r');
  requireCount(p, 'for p');
  if (!Number.isInteger(Math.log2(N)) || N < 2 || N > 2 ** 30 || Math.log2(N) >= 16 * r)
    throw new ApiMisuseError(`expected for N a power of 2 from 2 to 2^30 and below 2^(16 r), got ${N}`);
  if (r * p >= 2 ** 30) throw new ApiMisuseError(`expected r * p below 2^30, got ${r} * ${p}`);
  if (!(scryptBytes(cost) <= maxmem))
    throw new ApiMisuseError(`expected a cost within ${maxmem} bytes of memory, got ${scryptBytes(cost)}`);
  requireCount(length, 'bytes');
}

function scryptBytes({ N, r, p }: ScryptCost): number {
  return 128 * r * (N + p + 2);
}

function requireCount(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 1 || value >= 2 ** 31)
    throw new ApiMisuseError(`expected 1 to 2^31 - 1 ${what}, got ${value}`);
}

const pbkdf2Hashes = {
  ...nobleHashes,
  'sha512-224': sha512_224,
  'sha512-256': sha512_256,
} satisfies Record<Pbkdf2HashName, unknown>;
