import type { RandomSource } from '@sealwire/core';
import { integerOf } from '../bytes.ts';
import type { RsaNumbers } from '../formats/pkcs8.ts';
import { drawUntil } from '../misuse.ts';
import { modInverse, modPower } from './arithmetic.ts';

/**
 * An RSA key of two primes of `bits`/2 bits and e = 65,537. The given form is fixed thus: candidates are drawn
 * one after the other, `bits`/16 bytes each, with the upper two bits and the lowest bit set to 1; the first that is
 * prime and not 1 modulo e is one prime, the next such that differs from it in its upper 100 bits (FIPS 186-5
 * §A.1.1) the other, and the larger is p.
 */
export function generateRsa(bits: number, source: RandomSource): RsaNumbers {
  const first = drawPrime(bits / 2, source);
  let second = drawPrime(bits / 2, source);
  while ((first > second ? first - second : second - first) >> BigInt(bits / 2 - 100) === 0n) {
    second = drawPrime(bits / 2, source);
  }
  const [p, q] = first > second ? [first, second] : [second, first];
  const d = modInverse(publicExponent, leastCommonMultiple(p - 1n, q - 1n))!;
  return {
    n: p * q,
    e: publicExponent,
    d,
    p,
    q,
    dP: d % (p - 1n),
    dQ: d % (q - 1n),
    qInv: modInverse(q, p)!,
  };
}

function drawPrime(bits: number, source: RandomSource): bigint {
  return drawUntil(source, bits / 8, 100 * bits, (bytes) => {
    bytes[0]! |= 0xc0;
    bytes[bytes.length - 1]! |= 0x01;
    const candidate = integerOf(bytes);
    return candidate % publicExponent !== 1n && isProbablePrime(candidate) ? candidate : undefined;
  });
}

/** Trial division, then Miller-Rabin (FIPS 186-5 §B.3.1) to fixed bases: candidates are random here, never chosen by an adversary. */
function isProbablePrime(candidate: bigint): boolean {
  for (const prime of smallPrimes) if (candidate % prime === 0n) return false;
  let odd = candidate - 1n;
  let twos = 0;
  while ((odd & 1n) === 0n) {
    odd >>= 1n;
    twos++;
  }
  return smallPrimes
    .slice(0, millerRabinRounds)
    .every((base) => isStrongProbablePrime(candidate, base, odd, twos));
}

function isStrongProbablePrime(candidate: bigint, base: bigint, odd: bigint, twos: number): boolean {
  let x = modPower(base, odd, candidate);
  if (x === 1n || x === candidate - 1n) return true;
  for (let i = 1; i < twos; i++) {
    x = (x * x) % candidate;
    if (x === candidate - 1n) return true;
  }
  return false;
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}

function primesBelow(limit: number): bigint[] {
  const composite = new Uint8Array(limit);
  const primes: bigint[] = [];
  for (let n = 2; n < limit; n++) {
    if (composite[n]) continue;
    primes.push(BigInt(n));
    for (let multiple = n * n; multiple < limit; multiple += n) composite[multiple] = 1;
  }
  return primes;
}

const publicExponent = 65_537n;
const smallPrimes = /* @__PURE__ */ primesBelow(2_000);

/** For random candidates of 512 bits and more, 20 rounds leave an error far below 2^-100 (FIPS 186-5 table B.1). */
const millerRabinRounds = 20;
