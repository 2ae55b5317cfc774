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
 * RSASP1 (§5.2.1). The result is checked with the public key: one faulty half would give the factors away.
 */
export function applyPrivate(encoded: Uint8Array, key: RsaNumbers, modulusBytes: number): Uint8Array {
  const message = integerOf(encoded);
  const signature = raiseBlinded(message, key, modulusBytes);
  if (modPowerPublic(signature, key.e, key.n) !== message)
    throw new InternalError('an RSA signature failed its own check');
  return bytesOf(signature, modulusBytes);
}

/** RSAEP (§5.1.1): the message is below the modulus. */
export function encryptBlock(block: Uint8Array, n: bigint, e: bigint): Uint8Array {
  return bytesOf(modPowerPublic(integerOf(block), e, n), block.length);
}

/** RSADP (§5.1.2): the ciphertext is below the modulus. */
export function decryptBlock(ciphertext: Uint8Array, key: RsaNumbers): Uint8Array {
  return bytesOf(raiseBlinded(integerOf(ciphertext), key, ciphertext.length), ciphertext.length);
}

/**
 * The private operation by the Chinese remainder theorem. The input is blinded with a fresh factor, so that the
 * time tells of random numbers only. BigInt is still not constant time: whoever can measure precisely, and may
 * choose, should keep RSA keys in a native provider.
 */
function raiseBlinded(message: bigint, key: RsaNumbers, modulusBytes: number): bigint {
  const { n, e, p, q, dP, dQ, qInv } = key;
  const [factor, inverse] = blindingFactor(n, modulusBytes);
  const blinded = (message * modPowerPublic(factor, e, n)) % n;
  const mP = modPower(blinded, dP, p);
  const mQ = modPower(blinded, dQ, q);
  const h = (qInv * (mP + p - (mQ % p))) % p;
  return ((mQ + h * q) * inverse) % n;
}

function blindingFactor(n: bigint, modulusBytes: number): [bigint, bigint] {
  for (;;) {
    const factor = integerOf(randomBytes(modulusBytes)) % n;
    const inverse = factor > 1n ? modInverse(factor, n) : undefined;
    if (inverse !== undefined) return [factor, inverse];
  }
}
