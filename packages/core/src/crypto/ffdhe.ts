import type { GroupName } from './provider.ts';

/** The finite-field groups of RFC 7919 appendix A; the generator of each is 2. */
export type FfdheName = Extract<GroupName, `ffdhe${string}`>;

/** Sizes of their primes, smallest first. */
export const ffdheBits: Readonly<Record<FfdheName, number>> = {
  ffdhe2048: 2048,
  ffdhe3072: 3072,
  ffdhe4096: 4096,
  ffdhe6144: 6144,
  ffdhe8192: 8192,
};

/**
 * p = 2^b - 2^(b-64) + (⌊2^(b-130) e⌋ + X) 2^64 - 1 (RFC 7919 appendix A), computed once when first asked for:
 * e is known to everybody, and 3,000 hex digits hide typing errors well.
 */
export function ffdhePrime(name: FfdheName): bigint {
  let prime = primes.get(name);
  if (prime === undefined) {
    const b = BigInt(ffdheBits[name]);
    prime = (1n << b) - (1n << (b - 64n)) + ((scaledE(b - 130n) + increments[name]) << 64n) - 1n;
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

/** X of each, which makes the prime and (p-1)/2 prime. */
const increments: Readonly<Record<FfdheName, bigint>> = {
  ffdhe2048: 560_316n,
  ffdhe3072: 2_625_351n,
  ffdhe4096: 5_736_041n,
  ffdhe6144: 15_705_020n,
  ffdhe8192: 10_965_728n,
};

const primes = /* @__PURE__ */ new Map<FfdheName, bigint>();
