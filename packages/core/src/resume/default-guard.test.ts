import { describe, expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { serverConfig, TicketRing, TicketTable, type TicketKeeper } from '../index.ts';
import type { AcceptEarlyDataAsk } from '../values/decisions.ts';
import { guardFor } from './replay-guard.ts';

const ask = (seed: number, nowMs: number): AcceptEarlyDataAsk => ({
  session: undefined,
  externalIdentity: undefined,
  ageSkewMs: 0,
  replayKey: new Uint8Array(32).fill(seed),
  notBeforeMs: nowMs - 10,
  expiresAtMs: nowMs + 10,
  nowMs,
});
const external = {
  ...ask(9, 500),
  notBeforeMs: Number.NEGATIVE_INFINITY,
  expiresAtMs: Number.POSITIVE_INFINITY,
};

const ringWith = (keys: TicketRing['keys']) => new TicketRing({ provider: testProvider, keys });
const keysFromElsewhere = [{ name: new Uint8Array(16), secret: new Uint8Array(32), createdAtMs: 0 }];
const strangers: TicketKeeper = {
  sealTicket: () => ({ ok: false, message: 'never' }),
  openTicket: () => ({ ok: true }),
};

describe('the guard of a server that names none (RFC 9846 §8.2)', () => {
  it.each([
    ['may be older than it: what may have come before its first question is refused', false],
    ['are its own: no copy can have been taken before', true],
  ])('where tickets %s', (_, opensOnlyOwn) => {
    const guard = guardFor(() => opensOnlyOwn);
    const asks = [ask(1, 100), ask(2, 109), ask(3, 110), ask(3, 110), external, external];
    const taken = asks.map((each) => guard.acceptEarlyData(each)).map((reply) => reply.ok && reply.accept);
    const [early, own] = [opensOnlyOwn, opensOnlyOwn];
    expect(taken).toEqual([early, early, true, false, own, false]);
  });

  it.each([
    ['no keeper', {}, true],
    ['a ring of its own keys', { tickets: { keeper: ringWith([]) } }, true],
    ['a table', { tickets: { keeper: new TicketTable() } }, true],
    ['keys from elsewhere', { tickets: { keeper: ringWith(keysFromElsewhere) } }, false],
    ['a keeper of the application', { tickets: { keeper: strangers } }, false],
    ['an application that opens tickets', { answers: { openTicket: () => undefined } }, false],
  ] as const)('with %s', (_, options, isTaken) => {
    const config = serverConfig({ provider: testProvider, earlyData: { maxBytes: 1 }, ...options });
    expect(config.earlyData!.guard.acceptEarlyData(ask(1, 100))).toEqual({ ok: true, accept: isTaken });
  });

  it('hears of keys that come later', () => {
    const keeper = ringWith([]);
    const earlyData = { maxBytes: 1 };
    const { guard } = serverConfig({ provider: testProvider, earlyData, tickets: { keeper } }).earlyData!;
    expect(guard.acceptEarlyData(ask(1, 100))).toEqual({ ok: true, accept: true });
    keeper.replaceKeys(keysFromElsewhere);
    expect(guard.acceptEarlyData(ask(2, 101))).toEqual({ ok: true, accept: false });
  });
});
