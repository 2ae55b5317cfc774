import type { AcceptEarlyDataAsk } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { ServerSessions, type SessionStore } from '../src/index.ts';
import { StoredReplayGuard } from '../src/replay-guard.ts';
import { visit } from './ends.ts';
import { ClientSessions } from '../src/index.ts';
import { FleetStore } from './fleet-store.ts';

const windowMs = 10_000;

function hello(seed: number, nowMs: number): AcceptEarlyDataAsk {
  return {
    session: undefined,
    externalIdentity: undefined,
    ageSkewMs: 0,
    replayKey: new Uint8Array(32).fill(seed),
    notBeforeMs: nowMs - windowMs,
    expiresAtMs: nowMs + windowMs,
    nowMs,
  };
}

/** Processes of a fleet, which has been running for long. */
async function fleet() {
  const clock = { nowMs: 1_700_000_000_000 };
  const store = new FleetStore(() => clock.nowMs);
  const guards = [new StoredReplayGuard(store), new StoredReplayGuard(store)] as const;
  const accepts = async (guard: 0 | 1, ask: AcceptEarlyDataAsk) => {
    const reply = await guards[guard].acceptEarlyData(ask);
    return reply.ok && reply.accept;
  };
  expect(await accepts(0, hello(0, clock.nowMs))).toBe(false);
  clock.nowMs += 60_000;
  return { clock, store, accepts };
}

describe('StoredReplayGuard', () => {
  it('accepts what nobody has seen, and what somebody has seen nowhere', async () => {
    const { accepts, clock } = await fleet();
    const first = hello(1, clock.nowMs);
    expect([await accepts(0, first), await accepts(0, first), await accepts(1, first)]).toEqual([
      true,
      false,
      false,
    ]);
    const asked = Array.from({ length: 10 }, (_, i) => accepts((i % 2) as 0 | 1, hello(2, clock.nowMs)));
    expect((await Promise.all(asked)).filter((accept) => accept).length).toBe(1);
  });

  it('remembers for as long as the hello would pass, also by a clock that is behind', async () => {
    const { accepts, clock } = await fleet();
    const first = hello(1, clock.nowMs);
    expect(await accepts(0, first)).toBe(true);
    clock.nowMs += windowMs + 4_999;
    expect(await accepts(1, { ...first, nowMs: first.nowMs + windowMs })).toBe(false);
  });

  it('refuses while the store is down, and where it may drop what it should keep', async () => {
    const { accepts, clock, store } = await fleet();
    store.isDown = true;
    expect(await accepts(0, hello(1, clock.nowMs))).toBe(false);
    store.isDown = false;
    store.evicts = true;
    expect(await accepts(0, hello(2, clock.nowMs))).toBe(false);
    store.evicts = false;
    expect(await accepts(0, hello(3, clock.nowMs))).toBe(true);
    const { keepsAll: _, ...silent } = { ...store, scope: 'fleet' as const };
    const reply = await new StoredReplayGuard(silent as SessionStore).acceptEarlyData(hello(4, clock.nowMs));
    expect(reply).toEqual({ ok: true, accept: false });
  });

  it('refuses what it may have seen before the store lost everything', async () => {
    const { accepts, clock, store } = await fleet();
    const before = [hello(1, clock.nowMs), hello(2, clock.nowMs), hello(3, clock.nowMs)];
    for (const each of before) expect(await accepts(0, each)).toBe(true);
    clock.nowMs += 5_000;
    store.restart();
    for (const each of before) {
      expect(await accepts(1, each)).toBe(false);
      clock.nowMs += 1_000;
    }
    expect(await accepts(0, hello(4, clock.nowMs))).toBe(false);
    clock.nowMs += windowMs + 5_000;
    expect(await accepts(0, hello(5, clock.nowMs))).toBe(true);
  });

  it('refuses what would have to be remembered for ever', async () => {
    const { accepts, clock } = await fleet();
    const external = { ...hello(1, clock.nowMs), expiresAtMs: Number.POSITIVE_INFINITY };
    expect(await accepts(0, external)).toBe(false);
    expect(await accepts(0, { ...hello(1, clock.nowMs), notBeforeMs: Number.NEGATIVE_INFINITY })).toBe(false);
  });

  it('answers for servers that share a store', async () => {
    const store = new FleetStore();
    const guard = new StoredReplayGuard(store);
    await guard.acceptEarlyData(hello(0, Date.now() - 60_000));
    const server = () => new ServerSessions({ store }).for({ earlyData: { maxBytes: 100 } });
    const cache = new ClientSessions();
    const early = { sendEarlyData: new TextEncoder().encode('GET /') };
    const taken = [];
    for (let i = 0; i < 3; i++) taken.push((await visit(cache.for(early), server())).earlyTaken);
    store.isDown = true;
    const down = await visit(cache.for(early), server());
    expect([...taken, down.earlyTaken, down.resumed]).toEqual([0, 5, 5, 0, false]);
    store.isDown = false;
    expect((await visit(cache.for(early), server())).resumed).toBe(true);
  });
});
