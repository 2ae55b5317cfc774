import { describe, expect, it } from 'vitest';
import { wantedPadding } from './padding.ts';

describe('padding', () => {
  it.each([
    [1, 0],
    [512, 511],
    [16_384, 16_383],
  ])('to multiples of %i', (toMultipleOf, padding) => {
    expect(wantedPadding({ toMultipleOf }, 1)).toBe(padding);
    expect(wantedPadding({ toMultipleOf }, 16_384)).toBe(0);
    expect(wantedPadding({ toMultipleOf }, toMultipleOf)).toBe(0);
  });

  it('as a function says', () => {
    expect(wantedPadding({ bytesFor: (content) => 2 * content }, 21)).toBe(42);
  });

  it.each([
    ['negative', () => -1],
    ['a fraction', () => 0.5],
    ['no number', () => '1' as never],
    ['nothing', () => undefined as never],
    [
      'an exception',
      () => {
        throw new Error('no idea');
      },
    ],
  ])('refuses an answer that is %s', (_, bytesFor) => {
    expect(() => wantedPadding({ bytesFor }, 1)).toThrow(
      expect.objectContaining({ code: 'local.policyFailed' }),
    );
  });
});
