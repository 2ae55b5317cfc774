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
    expect(() => new Link({ chunking, random: seededRandom(0) })).toThrow(ApiMisuseError),
  );
});

describe('conditions of a link', () => {
  it('take time: latency, and the size of a write', () => {
    const link = new Link({ random: seededRandom(0), latencyMs: 30, bytesPerSecond: 1_000 });
    link.put(bytes(0, 100), 5);
    link.put(bytes(0, 50), 5);
    expect(link.nextArrivalMs).toBe(135);
    expect(link.take(134)).toEqual([]);
    expect(link.take(135).map(({ length }) => length)).toEqual([100]);
    expect(link.nextArrivalMs).toBe(185);
    expect(link.take(1_000).map(({ length }) => length)).toEqual([50]);
    expect(link.nextArrivalMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('deliver a large write bit by bit where chunks are not whole writes', () => {
    const link = new Link({ random: seededRandom(0), chunking: 'merged', bytesPerSecond: 1_460 });
    link.put(new Uint8Array(3_000), 0);
    expect([999, 1_000, 2_000, 3_000].map((ms) => concatenated(link.take(ms)).length)).toEqual([
      0, 1_460, 1_460, 80,
    ]);
  });

  it('keep the order of a stream whatever the jitter', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.nat(20), { minLength: 1 }), (seed, sizes) => {
        const link = new Link({ random: seededRandom(seed), latencyMs: 5, jitterMs: 50 });
        const written = sizes.map((size, i) => bytes(i, size));
        written.forEach((write, i) => link.put(write, i));
        const came: Uint8Array[] = [];
        for (let ms = 0; ms < 200; ms++) came.push(...link.take(ms));
        expect(concatenated(came)).toEqual(concatenated(written));
      }),
    );
  });

  it('lose everything after a number of bytes, or when cut', () => {
    const link = new Link({ random: seededRandom(0), loseAfterBytes: 7 });
    link.put(bytes(0, 5), 0);
    link.put(bytes(5, 5), 0);
    link.put(bytes(10, 5), 0);
    expect(concatenated(link.take())).toEqual(bytes(0, 7));
    const cut = filled('whole');
    cut.cut();
    expect(cut.isEmpty).toBe(true);
    cut.put(bytes(0, 5), 0);
    expect(cut.take()).toEqual([]);
  });

  it('reorder, lose and double whole writes, as datagrams are', () => {
    const writes = Array.from({ length: 200 }, (_, i) => bytes(i, 3));
    const sent = (conditions: object) => {
      const link = new Link({ random: seededRandom(4), ...conditions });
      for (const write of writes) link.put(write, 0);
      return link.take().map(([first]) => first!);
    };
    const order = writes.map(([first]) => first!);
    const reordered = sent({ reorderWrites: 3, chunking: 1 });
    expect(reordered).not.toEqual(order);
    expect(reordered.toSorted((a, b) => a - b)).toEqual(order.toSorted((a, b) => a - b));
    reordered.forEach((first, i) => expect(Math.abs(order.indexOf(first) - i)).toBeLessThan(60));
    expect(sent({ loseWrites: 0.5 }).length).toBeGreaterThan(60);
    expect(sent({ loseWrites: 0.5 }).length).toBeLessThan(140);
    expect(sent({ loseWrites: 1 })).toEqual([]);
    expect(sent({ doubleWrites: 1 })).toHaveLength(400);
    expect(sent({ reorderWrites: 3 })).toEqual(sent({ reorderWrites: 3 }));
  });

  it.each([
    { latencyMs: -1 },
    { latencyMs: Number.POSITIVE_INFINITY },
    { jitterMs: Number.NaN },
    { bytesPerSecond: 0 },
    { loseAfterBytes: -1 },
    { loseWrites: 2 },
    { doubleWrites: -0.1 },
  ])('refuse %j', (conditions) => {
    expect(() => new Link({ random: seededRandom(0), ...conditions })).toThrow(ApiMisuseError);
  });
});

function filled(chunking: Chunking, seed = 0): Link {
  const link = new Link({ chunking, random: seededRandom(seed) });
  for (const transmit of transmits) link.put(transmit, 0);
  return link;
}

function bytes(first: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => first + i);
}
