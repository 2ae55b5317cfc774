import { describe, expect, it } from 'vitest';
import { random, session13 as session } from '../../test/harness/session13.ts';
import type { AcceptEarlyDataAsk } from '../values/decisions.ts';
import { ReplayGuard } from './replay-guard.ts';

describe('ReplayGuard', () => {
  const ask = (seed: number, nowMs: number): AcceptEarlyDataAsk => ({
    session,
    externalIdentity: undefined,
    ageSkewMs: 0,
    replayKey: random(seed),
    notBeforeMs: nowMs - 10,
    expiresAtMs: nowMs + 10,
    nowMs,
  });
  const accepts = (guard: ReplayGuard, ...asks: AcceptEarlyDataAsk[]) =>
    asks.map((each) => {
      const reply = guard.acceptEarlyData(each);
      return reply.ok && reply.accept;
    });

  it('accepts each hello once', () => {
    expect(accepts(new ReplayGuard(), ask(1, 0), ask(1, 1), ask(2, 2), ask(1, 9))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('refuses when it is full, until what it remembers has expired', () => {
    const guard = new ReplayGuard({ maxEntries: 2 });
    expect(accepts(guard, ask(1, 0), ask(2, 5), ask(3, 9), ask(3, 10), ask(4, 11))).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it('refuses a replay whose first copy it may have forgotten, when the question comes late', () => {
    const replay = ask(1, 9);
    expect(accepts(new ReplayGuard(), ask(1, 0), ask(2, 11), { ...replay, expiresAtMs: 10 })).toEqual([
      true,
      true,
      false,
    ]);
    // The very moment at which the first copy is forgotten.
    expect(accepts(new ReplayGuard(), ask(1, 0), { ...ask(1, 10), expiresAtMs: 10 })).toEqual([true, false]);
  });

  it('forgets what has an end beside what has none', () => {
    const external = { ...ask(9, 0), expiresAtMs: Number.POSITIVE_INFINITY };
    const guard = new ReplayGuard({ maxEntries: 1 });
    expect(accepts(guard, external, ask(1, 0), ask(2, 5), ask(2, 11), external)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it('refuses a hello with an external key for ever', () => {
    const external = { ...ask(9, 0), expiresAtMs: Number.POSITIVE_INFINITY };
    const late = { ...external, nowMs: 1e15 };
    expect(accepts(new ReplayGuard({ maxEntries: 3 }), external, external, late)).toEqual([
      true,
      false,
      false,
    ]);
    const [first, second, third] = [1, 2, 3].map((seed) => ({ ...external, replayKey: random(seed) }));
    const full = new ReplayGuard({ maxEntries: 2 });
    expect(accepts(full, first!, second!, third!, { ...third!, nowMs: 1e15 })).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('refuses what may have come before it began', () => {
    expect(accepts(new ReplayGuard({ startedAtMs: 100 }), ask(1, 109), ask(1, 110))).toEqual([false, true]);
  });
});
