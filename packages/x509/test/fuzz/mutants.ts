import fc from 'fast-check';
import { mutate, randomOf } from './mutate.ts';

/** Damaged copies of these, with pieces of one another in them. */
export function mutantsOf(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const sample = fc.constantFrom(...samples);
  return fc
    .tuple(sample, sample, fc.nat(0xffff_ffff))
    .map(([der, other, seed]) => mutate(der, other, randomOf(seed)));
}
