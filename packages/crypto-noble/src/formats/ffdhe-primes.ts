import type { GroupName } from '@sealwire/core';

/** The finite-field groups of RFC 7919 appendix A; the generator of each is 2. */
export type FfdheName = Extract<GroupName, `ffdhe${string}`>;

export interface FfdheSizes {
  readonly bits: number;
  /** Bytes of a secret exponent: twice the estimated strength of RFC 7919 §5.2, rounded up. */
  readonly exponentBytes: number;
  /** X in the definition of the prime, which makes it and (p-1)/2 prime. */
  readonly increment: bigint;
}

export const ffdheSizes: Readonly<Record<FfdheName, FfdheSizes>> = {
  ffdhe2048: { bits: 2048, exponentBytes: 28, increment: 560_316n },
  ffdhe3072: { bits: 3072, exponentBytes: 34, increment: 2_625_351n },
  ffdhe4096: { bits: 4096, exponentBytes: 40, increment: 5_736_041n },
  ffdhe6144: { bits: 6144, exponentBytes: 46, increment: 15_705_020n },
  ffdhe8192: { bits: 8192, exponentBytes: 50, increment: 10_965_728n },
};

/**
 * p = 2^b - 2^(b-64) + (⌊2^(b-130) e⌋ + X) 2^64 - 1 (RFC 7919 appendix A), computed once when first asked for:
 * e is known to everybody, and 3,000 hex digits hide typing errors well.
 */
export function ffdhePrime(name: FfdheName): bigint {
  let prime = primes.get(name);
  if (prime === undefined) {
    const { bits, increment } = ffdheSizes[name];
    const b = BigInt(bits);
    const fraction = scaledE(b - 130n) + increment;
    prime = (1n << b) - (1n << (b - 64n)) + (fraction << 64n) - 1n;
    primes.set(name, prime);
  }
  return prime;
}

/** ⌊2^bits · e⌋, from the series of 1/k! with 64 bits to spare for what each division cuts off. */
function scaledE(bits: bigint): bigint {
  const spare = 64n;
  let sum = 0n;
  let term = 1n << (bits + spare);
  for (let k = 1n; term > 0n; k++) {
    sum += term;
    term /= k;
  }
  return sum >> spare;
}

const primes = new Map<FfdheName, bigint>();
