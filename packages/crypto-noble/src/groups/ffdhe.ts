import { ffdheBits, type FfdheName, ffdhePrime } from '@sealwire/core';
import type { FiniteField } from './finite-field.ts';
import { drawExponent, isExponent } from './scalars.ts';

/**
 * The groups of RFC 7919, whose exponents may be short: about 1.5 ms for each power at 2,048 bits in JavaScript, 25 ms at
 * 8,192.
 */
export function ffdheField(name: FfdheName): FiniteField {
  return {
    name,
    bytes: ffdheBits[name] / 8,
    prime: () => ffdhePrime(name),
    generator: 2n,
    drawExponent: (source) => drawExponent(name, source),
    isExponent: (bytes) => isExponent(name, bytes),
  };
}
