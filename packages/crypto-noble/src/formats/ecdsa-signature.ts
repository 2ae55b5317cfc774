import type { CurveName } from '@sealwire/core';
import { bytesOf, concat, integerOf } from '../bytes.ts';
import { readDer } from '../der/reader.ts';
import * as der from '../der/writer.ts';
import { curveSizes } from './curves.ts';

/**
 * Ecdsa-Sig-Value (RFC 3279 §2.2.3) as r‖s, each as long as the order; `undefined` unless it is strict DER and
 * both lie within 1 … n-1. A high s is as good as a low one: neither TLS nor X.509 asks for the low form.
 */
export function parseEcdsaSignature(signature: Uint8Array, curve: CurveName): Uint8Array | undefined {
  const parts = readDer(signature, (outer) =>
    outer.sequence((inner) => [inner.unsigned(), inner.unsigned()] as const),
  );
  if (parts === undefined) return undefined;
  const { bytes, order } = curveSizes[curve];
  const padded: Uint8Array[] = [];
  for (const part of parts) {
    if (part.length === 0 || part.length > bytes) return undefined;
    const value = integerOf(part);
    if (value >= order) return undefined;
    padded.push(bytesOf(value, bytes));
  }
  return concat(padded);
}

/** The other signature with the same r that is good for the same message: with n - s. */
export function withOtherS(signature: Uint8Array, curve: CurveName): Uint8Array | undefined {
  const compact = parseEcdsaSignature(signature, curve);
  if (compact === undefined) return undefined;
  const { bytes, order } = curveSizes[curve];
  const s = integerOf(compact.subarray(bytes));
  return writeEcdsaSignature(concat([compact.subarray(0, bytes), bytesOf(order - s, bytes)]));
}

/** The DER form of r‖s. */
export function writeEcdsaSignature(compact: Uint8Array): Uint8Array {
  const half = compact.length / 2;
  return der.sequence(der.unsigned(compact.subarray(0, half)), der.unsigned(compact.subarray(half)));
}
