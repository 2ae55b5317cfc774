import type { CurveName, FfdheName, RandomSource } from '@sealwire/core';
import { integerOf } from '../bytes.ts';
import { curveSizes } from '../formats/curves.ts';
import { drawUntil } from '../misuse.ts';

/** Secret exponents from a random source: the derivations that the given form fixes, the same for every provider. */

/** A scalar within 1 … n-1 by rejection (SP 800-56A §5.6.1.2.2). */
export function drawScalar(curve: CurveName, source: RandomSource): Uint8Array {
  const { bytes, order } = curveSizes[curve];
  return drawUntil(source, bytes, attempts, (candidate) => {
    if (curve === 'secp521r1') candidate[0]! &= 0x01; // the order has 521 bits, the draw 528
    const value = integerOf(candidate);
    return value > 0n && value < order ? candidate : undefined;
  });
}

/** A short exponent of at least 2 (RFC 7919 §5.2). */
export function drawExponent(name: FfdheName, source: RandomSource): Uint8Array {
  return drawUntil(source, exponentBytes[name], attempts, (candidate) =>
    integerOf(candidate) >= 2n ? candidate : undefined,
  );
}

/** A restored exponent: as long as drawn ones, at least 2. */
export function isExponent(name: FfdheName, bytes: Uint8Array): boolean {
  return bytes.length === exponentBytes[name] && integerOf(bytes) >= 2n;
}

/** Twice the estimated strength of each group (RFC 7919 §5.2), rounded up. */
const exponentBytes: Readonly<Record<FfdheName, number>> = {
  ffdhe2048: 28,
  ffdhe3072: 34,
  ffdhe4096: 40,
  ffdhe6144: 46,
  ffdhe8192: 50,
};

/** Of the NIST curves P-256 refuses the most, one draw in 2^32; brainpoolP384r1 refuses 45 in 100, all of 64 once in 10^22. */
const attempts = 64;
