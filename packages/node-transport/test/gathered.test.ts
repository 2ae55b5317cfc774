import { describe, expect, it } from 'vitest';
import { gathered } from '../src/gathered.ts';

const piece = (bytes: number, value: number) => new Uint8Array(bytes).fill(value);

describe('pieces of one transmit', () => {
  it('are joined where they are small, in their order', () => {
    const [large, larger] = [piece(16_384, 2), piece(4_097, 6)];
    const pieces = [piece(5, 1), large, piece(1, 3), piece(16, 4), piece(5, 5), larger, piece(17, 7)];
    const joined = gathered(pieces);
    expect(joined.map(({ length }) => length)).toEqual([5, 16_384, 22, 4_097, 17]);
    expect(joined[1]).toBe(large);
    expect(joined[3]).toBe(larger);
    expect(Buffer.concat(joined).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('make one of a flight of short records', () => {
    const pieces = Array.from({ length: 40 }, (_, i) => piece(i * 10, i));
    const joined = gathered(pieces);
    expect(joined).toHaveLength(1);
    expect(Buffer.concat(joined).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('stay what they are where there is one or none', () => {
    const alone = [piece(3, 1)];
    expect(gathered(alone)).toBe(alone);
    expect(gathered([])).toEqual([]);
  });
});
