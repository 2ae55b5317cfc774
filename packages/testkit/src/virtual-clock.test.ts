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

  it('calls what is due, each at its own time, also what is set meanwhile', () => {
    const clock = virtualClock(0);
    const calls: [string, number][] = [];
    const call = (name: string) => () => void calls.push([name, clock.now()]);
    clock.setTimeout(call('late'), 20);
    clock.setTimeout(call('first of two'), 10);
    clock.setTimeout(call('second of two'), 10);
    clock.clearTimeout(clock.setTimeout(call('cleared'), 10));
    clock.clearTimeout(undefined);
    clock.setTimeout(() => clock.setTimeout(call('set by another'), 5), 10);
    clock.advance(9);
    expect(calls).toEqual([]);
    clock.advance(10);
    clock.advance(1);
    clock.advance(100);
    expect(calls).toEqual([
      ['first of two', 10],
      ['second of two', 10],
      ['set by another', 15],
      ['late', 20],
    ]);
  });

  it('refuses to run backwards, and times that are none', () => {
    expect(() => virtualClock(Number.NaN)).toThrow(ApiMisuseError);
    for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => virtualClock().advance(ms)).toThrow(ApiMisuseError);
    }
  });
});
