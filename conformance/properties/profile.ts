/**
 * How hard properties are tried. SEALWIRE_PROFILE=full multiplies the runs; SEALWIRE_SEED repeats a run with the
 * seed that it printed.
 */
export const isFull = process.env['SEALWIRE_PROFILE'] === 'full';

export const seed = Number(process.env['SEALWIRE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isInteger(seed)) throw new RangeError('SEALWIRE_SEED expects a whole number');

/** One of so many of a list, others with another seed; all in the full profile. */
export function sampled<T>(list: readonly T[], oneOf: number): readonly T[] {
  return list.filter((_, i) => isFull || (i + seed) % oneOf === 0);
}

/** Options for `fc.assert`: `runs` in the default profile, 25 times as many in the full one. */
export function fcOptions(runs: number): { seed: number; numRuns: number } {
  return { seed, numRuns: isFull ? runs * 25 : runs };
}
