import type { CurveName, RandomSource } from '@sealwire/core';
import { bytesOf, integerOf } from '../bytes.ts';
import { curveSizes } from '../formats/curves.ts';
import { type FfdheName, ffdhePrime, ffdheSizes } from '../formats/ffdhe-primes.ts';
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
  const { exponentBytes } = ffdheSizes[name];
  return drawUntil(source, exponentBytes, attempts, (candidate) =>
    integerOf(candidate) >= 2n ? candidate : undefined,
  );
}

/**
 * The peer's public value, or `undefined` unless it has the size of the prime and 1 < y < p-1, which RFC 7919
 * §5.1 and RFC 9846 §4.3.8.1 demand: 0, 1 and p-1 fix the secret.
 */
export function parseFfdheShare(name: FfdheName, share: Uint8Array): bigint | undefined {
  if (share.length * 8 !== ffdheSizes[name].bits) return undefined;
  const y = integerOf(share);
  return y > 1n && y < ffdhePrime(name) - 1n ? y : undefined;
}

/** A restored exponent: as long as drawn ones, at least 2. */
export function isExponent(name: FfdheName, bytes: Uint8Array): boolean {
  return bytes.length === ffdheSizes[name].exponentBytes && integerOf(bytes) >= 2n;
}

export function ffdhePrimeBytes(name: FfdheName): Uint8Array {
  return bytesOf(ffdhePrime(name), ffdheSizes[name].bits / 8);
}

/** Of the NIST curves P-256 refuses the most, one draw in 2^32; brainpoolP384r1 refuses 45 in 100, all of 64 once in 10^22. */
const attempts = 64;
