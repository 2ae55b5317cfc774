import { expect, test } from 'vitest';
import { pairwise, randomFrom } from './pairwise.ts';

const dimensions = {
  a: [1, 2, 3, 4, 5, 6],
  b: ['x', 'y', 'z'],
  c: [true, false],
  d: ['p', 'q', 'r', 's'],
} as const;

test('every pair of values stands in some row, in far fewer rows than the whole matrix has', () => {
  for (const seed of [1, 2, 3]) {
    const rows = pairwise(dimensions, randomFrom(seed));
    const names = Object.keys(dimensions) as (keyof typeof dimensions)[];
    for (const first of names)
      for (const second of names.filter((name) => name > first))
        for (const value of dimensions[first])
          for (const other of dimensions[second])
            expect(rows.some((row) => row[first] === value && row[second] === other)).toBe(true);
    expect(rows.length).toBeLessThan(40);
  }
});

test('a seed gives the same rows, another seed others', () => {
  const rows = (seed: number) => JSON.stringify(pairwise(dimensions, randomFrom(seed)));
  expect(rows(7)).toBe(rows(7));
  expect(rows(7)).not.toBe(rows(8));
});
