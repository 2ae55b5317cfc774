import { randomBytes } from '@noble/hashes/utils.js';
import { InternalError } from '@sealwire/core';
import { bytesOf, integerOf } from '../bytes.ts';
import type { RsaNumbers } from '../formats/pkcs8.ts';
import { modInverse, modPower, modPowerPublic } from './arithmetic.ts';

/** RSAVP1 (RFC 8017 §5.2.2): `undefined` unless the signature is as long as the modulus and below it. */
export function applyPublic(
  signature: Uint8Array,
  n: bigint,
  e: bigint,
  modulusBytes: number,
): bigint | undefined {
  if (signature.length !== modulusBytes) return undefined;
  const value = integerOf(signature);
  return value < n ? modPowerPublic(value, e, n) : undefined;
}

/**
 * RSASP1 (§5.2.1) by the Chinese remainder theorem. The input is blinded with a fresh factor, so that the
 * time tells of random numbers only, and the result is checked with the public key: one faulty half would
 * give the factors away. BigInt is still not constant time: whoever can measure precisely, and may choose,
 * should keep RSA keys in a native provider.
 */
export function applyPrivate(encoded: Uint8Array, key: RsaNumbers, modulusBytes: number): Uint8Array {
  const { n, e, p, q, dP, dQ, qInv } = key;
  const message = integerOf(encoded);
  const [factor, inverse] = blindingFactor(n, modulusBytes);
  const blinded = (message * modPowerPublic(factor, e, n)) % n;
  const mP = modPower(blinded, dP, p);
  const mQ = modPower(blinded, dQ, q);
  const h = (qInv * (mP + p - (mQ % p))) % p;
  const signature = ((mQ + h * q) * inverse) % n;
  if (modPowerPublic(signature, e, n) !== message)
    throw new InternalError('an RSA signature failed its own check');
  return bytesOf(signature, modulusBytes);
}

function blindingFactor(n: bigint, modulusBytes: number): [bigint, bigint] {
  for (;;) {
    const factor = integerOf(randomBytes(modulusBytes)) % n;
    const inverse = factor > 1n ? modInverse(factor, n) : undefined;
    if (inverse !== undefined) return [factor, inverse];
  }
}
