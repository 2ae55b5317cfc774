import { ApiMisuseError } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { virtualClock } from './virtual-clock.ts';

describe('virtualClock', () => {
  it('stands still until it is advanced', () => {
    const clock = virtualClock(1_000);
    expect(clock.now()).toBe(1_000);
    clock.advance(0);
    clock.advance(250);
    expect(clock.now()).toBe(1_250);
  });

  it('starts with 2026 by default', () =>
    expect(new Date(virtualClock().now()).toISOString()).toBe('2026-01-01T00:00:00.000Z'));

  it('refuses to run backwards, and times that are none', () => {
    expect(() => virtualClock(Number.NaN)).toThrow(ApiMisuseError);
    for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => virtualClock().advance(ms)).toThrow(ApiMisuseError);
    }
  });
});
