import type { DhParameters } from '../../crypto/provider.ts';
import { InternalError } from '../../errors/tls-error.ts';
import { namedGroups, type NamedGroup } from '../../registry/groups.ts';

/** Groups of RFC 7919 by their bits, smallest first. */
export const fields: ReadonlyMap<NamedGroup, number> = /* @__PURE__ */ new Map([
  [namedGroups.ffdhe2048, 2048],
  [namedGroups.ffdhe3072, 3072],
  [namedGroups.ffdhe4096, 4096],
  [namedGroups.ffdhe6144, 6144],
  [namedGroups.ffdhe8192, 8192],
]);

/**
 * The numbers of a group as ServerKeyExchange says them; the generator of each is 2. p = 2^b - 2^(b-64) +
 * (⌊2^(b-130) e⌋ + X) 2^64 - 1 (RFC 7919 appendix A), computed once when first asked for.
 */
export function fieldNumbers(group: NamedGroup): DhParameters {
  let prime = primes.get(group);
  if (prime === undefined) {
    const [bits, increment] = [fields.get(group), increments.get(group)];
    if (bits === undefined || increment === undefined) throw new InternalError(`no finite field ${group}`);
    const b = BigInt(bits);
    prime = bytesOf((1n << b) - (1n << (b - 64n)) + ((scaledE(b - 130n) + increment) << 64n) - 1n, bits / 8);
    primes.set(group, prime);
  }
  return { prime, generator: new Uint8Array([2]) };
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

function bytesOf(number: bigint, length: number): Uint8Array {
  const digits = number.toString(16).padStart(2 * length, '0');
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** X of each (RFC 7919 appendix A). */
const increments: ReadonlyMap<NamedGroup, bigint> = /* @__PURE__ */ new Map([
  [namedGroups.ffdhe2048, 560_316n],
  [namedGroups.ffdhe3072, 2_625_351n],
  [namedGroups.ffdhe4096, 5_736_041n],
  [namedGroups.ffdhe6144, 15_705_020n],
  [namedGroups.ffdhe8192, 10_965_728n],
]);

const primes = /* @__PURE__ */ new Map<NamedGroup, Uint8Array>();
