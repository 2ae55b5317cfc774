import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, totalLength } from '../wire/bytes.ts';
import { fragments, plaintextRecord } from './fragmenter.ts';

describe('fragments', () => {
  it('are full but for the last, none is empty, and together they are the content', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        (pieces, maxBytes) => {
          const cut = [...fragments(pieces, maxBytes)];
          expect(concat(cut.flat())).toEqual(concat(pieces));
          const sizes = cut.map(totalLength);
          expect(sizes.slice(0, -1).every((size) => size === maxBytes)).toBe(true);
          expect(sizes.every((size) => size > 0 && size <= maxBytes)).toBe(true);
        },
      ),
    );
  });

  it('have a small one before each where that is wanted', () => {
    const content = Uint8Array.from({ length: 10 }, (_, i) => i);
    const sizes = (bytes: number) => [...fragments([content.subarray(0, bytes)], 4, 1)].map(totalLength);
    expect([sizes(10), sizes(2), sizes(1), sizes(0)]).toEqual([[1, 4, 1, 4], [1, 1], [1], []]);
    expect(concat([...fragments([content], 4, 1)].flat())).toEqual(content);
  });

  it('of nothing are none', () => {
    expect([...fragments([], 10)]).toEqual([]);
    expect([...fragments([new Uint8Array(0)], 10)]).toEqual([]);
  });

  it('copy nothing', () => {
    const content = new Uint8Array(30);
    for (const piece of [...fragments([content], 7)].flat()) expect(piece.buffer).toBe(content.buffer);
  });
});

describe('plaintextRecord', () => {
  it('puts type, version and length before the fragment', () => {
    const record = plaintextRecord(22, 0x0301, [new Uint8Array([1]), new Uint8Array(300)]);
    expect(record[0]).toEqual(new Uint8Array([22, 3, 1, 1, 45]));
    expect(totalLength(record)).toBe(306);
  });
});
