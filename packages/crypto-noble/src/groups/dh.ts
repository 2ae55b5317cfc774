import { type DhParameters, ffdheBits, type FfdheName, ffdhePrime, type RandomSource } from '@sealwire/core';
import { bitLength, bytesOf, integerOf, magnitude } from '../bytes.ts';

import { drawUntil } from '../misuse.ts';
import { ffdheField } from './ffdhe.ts';
import type { FiniteField } from './finite-field.ts';

/** The field of numbers that a server chose, with the refusals that every provider shares. */
export function dhField({ prime, generator }: DhParameters): FiniteField | undefined {
  const bits = bitLength(prime);
  if (bits < 512 || bits > 8192 || (prime.at(-1)! & 1) === 0) return undefined;
  const p = integerOf(prime);
  if (magnitude(generator).length > Math.ceil(bits / 8)) return undefined;
  const g = integerOf(generator);
  if (g < 2n || g > p - 2n) return undefined;
  const known = g === 2n ? ffdheNameOf(p, bits) : undefined;
  return known === undefined ? fieldOf(p, g, bits) : ffdheField(known);
}

function ffdheNameOf(p: bigint, bits: number): FfdheName | undefined {
  const names = Object.keys(ffdheBits) as FfdheName[];
  return names.find((name) => ffdheBits[name] === bits && ffdhePrime(name) === p);
}

/**
 * Exponents are as long as the prime. Short ones are safe only where the order has no small factors (RFC 7919 §5.2), and of
 * these groups nobody knows.
 */
function fieldOf(p: bigint, g: bigint, bits: number): FiniteField {
  const bytes = Math.ceil(bits / 8);
  const accepts = (candidate: Uint8Array): boolean => {
    const value = integerOf(candidate);
    return value >= 2n && value <= p - 2n;
  };
  return {
    name: 'dh',
    bytes,
    prime: () => p,
    generator: g,
    drawExponent: (source: RandomSource) =>
      drawUntil(source, bytes, attempts, (candidate) => {
        candidate[0]! &= 0xff >>> (8 * bytes - bits);
        return accepts(candidate) ? candidate : undefined;
      }),
    isExponent: (candidate) => candidate.length === bytes && accepts(candidate),
  };
}

/** The numbers of a field, each as long as the prime. */
export function fieldNumbers(field: FiniteField): {
  readonly prime: Uint8Array;
  readonly generator: Uint8Array;
} {
  return { prime: bytesOf(field.prime(), field.bytes), generator: bytesOf(field.generator, field.bytes) };
}

/** At worst every second draw is refused. */
const attempts = 128;
