import { ApiMisuseError } from '@sealwire/core';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { integerBelow, seededRandom } from './seeded-random.ts';

describe('seededRandom', () => {
  it('is SHA-256 of the hashed seed and the block number', () => {
    const key = createHash('sha256').update('42').digest();
    const blocks = [0, 1, 2].map((number) => {
      const counter = Buffer.alloc(8);
      counter.writeBigUInt64BE(BigInt(number));
      return createHash('sha256').update(key).update(counter).digest();
    });
    expect(Buffer.from(seededRandom(42)(96))).toEqual(Buffer.concat(blocks));
    expect(seededRandom('42')(96)).toEqual(seededRandom(42)(96));
    expect(seededRandom('43')(96)).not.toEqual(seededRandom(42)(96));
  });

  it('gives the same stream however it is drawn', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat(100), { maxLength: 12 }), (seed, lengths) => {
        const source = seededRandom(seed);
        const drawn = Buffer.concat(lengths.map((length) => source(length)));
        expect(drawn).toEqual(Buffer.from(seededRandom(seed)(drawn.length)));
      }),
    );
  });

  it('returns fresh memory at each draw', () => {
    const source = seededRandom('fresh');
    source(40).fill(0xff);
    const reference = seededRandom('fresh');
    reference(40);
    expect(source(40)).toEqual(reference(40));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, null])('refuses the seed %s', (seed) =>
    expect(() => seededRandom(seed as never)).toThrow(ApiMisuseError),
  );

  it.each([-1, 0.5, Number.NaN])('refuses to draw %s bytes', (length) =>
    expect(() => seededRandom(1)(length)).toThrow(ApiMisuseError),
  );
});

describe('integerBelow', () => {
  it('stays below its bound and reaches every number', () => {
    const source = seededRandom('numbers');
    const counts = new Map<number, number>();
    for (let i = 0; i < 7_000; i++) {
      const number = integerBelow(source, 7);
      counts.set(number, (counts.get(number) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it.each([0, -1, 1.5, 2 ** 48 + 1])('refuses the bound %s', (bound) =>
    expect(() => integerBelow(seededRandom(1), bound)).toThrow(ApiMisuseError),
  );
});
