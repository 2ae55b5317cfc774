import { ApiMisuseError } from '@sealwire/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { concatenated } from '../bytes.ts';
import { type Chunking, Link } from './link.ts';

const transmits = [bytes(1, 5), bytes(6, 20), bytes(0, 0), bytes(26, 3)];

describe('Link', () => {
  it.each<[Chunking, number[]]>([
    ['whole', [5, 20, 3]],
    ['merged', [28]],
    [10, [10, 10, 8]],
    [1, Array<number>(28).fill(1)],
    [100, [28]],
  ])('cuts into %s', (chunking, sizes) => {
    const link = filled(chunking);
    expect(link.isEmpty).toBe(false);
    const chunks = link.take();
    expect(chunks.map(({ length }) => length)).toEqual(sizes);
    expect(concatenated(chunks)).toEqual(concatenated(transmits));
    expect(link.isEmpty).toBe(true);
    expect(link.take()).toEqual([]);
  });

  it('cuts at random as the seed says, and loses nothing', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const chunks = filled('random', seed).take();
        expect(concatenated(chunks)).toEqual(concatenated(transmits));
        expect(filled('random', seed).take()).toEqual(chunks);
      }),
    );
    const firstSizes = new Set(
      Array.from({ length: 50 }, (_, seed) => filled('random', seed).take()[0]?.length),
    );
    expect(firstSizes.size).toBeGreaterThan(5);
  });

  it.each([0, -1, 2.5])('refuses chunks of %s bytes', (chunking) =>
    expect(() => new Link(chunking, seededRandom(0))).toThrow(ApiMisuseError),
  );
});

function filled(chunking: Chunking, seed = 0): Link {
  const link = new Link(chunking, seededRandom(seed));
  for (const transmit of transmits) link.put(transmit);
  return link;
}

function bytes(first: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => first + i);
}
