import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mutate, randomOf } from './mutate.ts';
import { failureOf, subjects } from './subjects.ts';

/** 20,000 damaged inputs in all, a million with the full profile: nothing is thrown but the typed error. */
const isFull = process.env['SEALWIRE_PROFILE'] === 'full';
const numRuns = Math.ceil((isFull ? 1_000_000 : 20_000) / subjects.length);

describe('damaged inputs', () => {
  test.each(subjects)('$name', (subject) => {
    const { samples } = subject;
    let unlike = 0;
    fc.assert(
      fc.property(
        fc.nat(samples.length - 1),
        fc.nat(samples.length - 1),
        fc.nat(0xffff_ffff),
        (one, other, seed) => {
          const input = mutate(samples[one]!, samples[other]!, randomOf(seed));
          if (Buffer.compare(input, samples[one]!) !== 0) unlike++;
          expect(failureOf(subject, input)).toBeUndefined();
        },
      ),
      { numRuns, seed: 7 },
    );
    expect(unlike).toBeGreaterThan(numRuns / 2);
  });

  test.each(subjects)('$name: undamaged, it is read', ({ samples, read }) => {
    for (const sample of samples) read(sample);
  });

  test('an error of another kind is told', () => {
    const broken = { ...subjects[0]!, read: () => (undefined as unknown as { x: number }).x };
    expect(failureOf({ ...broken, read: () => void broken.read() }, new Uint8Array())).toBeInstanceOf(
      TypeError,
    );
  });
});
