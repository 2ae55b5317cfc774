import type { PrivateKey, RandomSource, SignatureAlgorithm } from '@sealwire/core';
import { derBitString } from '../der/write.ts';
import { writeSignatureAlgorithm } from './algorithm.ts';
import { toDer } from './asn1.ts';

/** `signatureAlgorithm` and `signature`, as they follow what is signed (RFC 5280 §4.1.1 and its like). */
export function signatureOver(
  tbs: Uint8Array,
  algorithm: SignatureAlgorithm,
  key: PrivateKey,
  source: RandomSource | undefined,
): readonly [Uint8Array, Uint8Array] {
  const signature = source === undefined ? key.sign(algorithm, tbs) : key.sign(algorithm, tbs, source);
  return [toDer(writeSignatureAlgorithm(algorithm)), derBitString(signature)];
}
