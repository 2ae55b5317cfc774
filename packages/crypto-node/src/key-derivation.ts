import type { Pbkdf2HashName, ScryptCost } from '@sealwire/core';
import { nobleProvider, requirePbkdf2, requireScrypt } from '@sealwire/crypto-noble';
import * as crypto from 'node:crypto';
import { plain } from './bytes.ts';
import { orElse } from './fallback.ts';

/** PBKDF2 (RFC 8018 §5.2) of node:crypto. */
export function pbkdf2(
  hash: Pbkdf2HashName,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Uint8Array {
  requirePbkdf2(hash, iterations, length);
  return orElse(
    () => plain(crypto.pbkdf2Sync(password, salt, iterations, length, hash)),
    () => nobleProvider.pbkdf2!(hash, password, salt, iterations, length),
  );
}

/** scrypt (RFC 7914) of node:crypto. */
export function scrypt(password: Uint8Array, salt: Uint8Array, cost: ScryptCost, length: number): Uint8Array {
  requireScrypt(cost, length);
  const { N, r, p, maxmem } = cost;
  return orElse(
    () => plain(crypto.scryptSync(password, salt, length, { N, r, p, maxmem })),
    () => nobleProvider.scrypt!(password, salt, cost, length),
  );
}
