import { encodeSession, type Session } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import {
  ClientSessions,
  exportTicketKeys,
  importTicketKeys,
  keepNodeSessions,
  MemoryStore,
  ServerSessions,
  type SessionStore,
  SharedTicketRing,
} from '../src/index.ts';
import { Breaker } from '../src/breaker.ts';
import { StoredReplayGuard } from '../src/replay-guard.ts';
import { fingerprintOf } from '../src/fingerprint.ts';
import { decodeTicketKey, encodeTicketKey } from '../src/ticket-keys.ts';
import { FleetStore } from './fleet-store.ts';
import { plainSession } from './plain-session.ts';

/** Single checks, each with what goes wrong without it. */

const atMs = 1_700_000_000_000;

const session = (changes: Partial<Session>): Session =>
  plainSession({ issuedAtMs: atMs, startedAtMs: atMs, ...changes });

interface GuardedOptions {
  readonly earlyData: { readonly maxBytes: number };
  readonly decide?: Pick<StoredReplayGuard, 'acceptEarlyData'>;
}

/** A host of a cache over `store`, which must never fail. */
function hostOver(store: SessionStore, perHost = 8) {
  const onFailure = (error: unknown) => expect.fail(`told of ${String(error)}`);
  const host = new ClientSessions({ store, perHost, onFailure }).at('host');
  const offered = (): readonly Session[] => {
    const reply = host.chooseSession({ renegotiation: 0, nowMs: atMs });
    return !(reply instanceof Promise) && reply.ok ? reply.sessions : expect.fail('no sessions at once');
  };
  return { ...host, offered };
}

describe('sessions of a client', () => {
  const id = Uint8Array.from({ length: 32 }, (_, i) => i);
  const older = { version: 0x0303, cipherSuite: 0xc02f, ticket: new Uint8Array(0), sessionId: id };
  const hostWith = (changes: Partial<Session>) => {
    const host = hostOver(new MemoryStore());
    host.onSession(session({ ...older, ...changes }));
    return host;
  };

  it('with an id are taken away by that id alone, the whole of it (RFC 5246 §7.2.2)', () => {
    for (const other of [id.subarray(0, 31), Uint8Array.of(...id, 0), id.map((byte) => byte ^ 1)]) {
      const host = hostWith({});
      host.onSessionInvalid({ sessionId: other });
      expect(host.offered()).toHaveLength(1);
      host.onSessionInvalid({ sessionId: id });
      expect(host.offered()).toHaveLength(0);
    }
  });

  it('that have no name are nobody’s who has none either', () => {
    const host = hostWith({ sessionId: new Uint8Array(0), ticket: Uint8Array.of(7) });
    host.onSessionInvalid({ sessionId: new Uint8Array(0) });
    expect(host.offered()).toHaveLength(1);
    const other = hostWith({ ticket: new Uint8Array(0) });
    other.onSessionInvalid({ ticket: new Uint8Array(0) });
    expect(other.offered()).toHaveLength(1);
  });

  it('that are not there any more are no failure', () => {
    hostOver(new MemoryStore()).onSessionInvalid({ sessionId: id });
  });

  it('that a store gives back damaged are none', () => {
    const store = new MemoryStore();
    const whole = encodeSession(session(older));
    for (const damaged of [new Uint8Array(0), whole.subarray(0, -1), Uint8Array.of(...whole, 0)]) {
      store.set('client-session:host', damaged, 1_000_000);
      const host = hostOver(store);
      expect(host.offered()).toEqual([]);
      host.onSessionInvalid({ sessionId: id });
    }
  });

  it('that are over when they come are not kept', () => {
    const store = new MemoryStore();
    const host = hostOver(store);
    for (const version of [0x0303, 0x0304]) {
      host.onSession(session({ version, lifetimeSeconds: 0 }));
      host.onSession(session({ version, startedAtMs: atMs - 604_800_000 }));
    }
    expect(store.size).toBe(0);
  });

  it('are tried up to as many as are kept, however many a store gives', () => {
    let popped = 0;
    class Endless extends MemoryStore {
      override pop() {
        popped += 1;
        return encodeSession(session({ issuedAtMs: 0, startedAtMs: 0 }));
      }
    }
    expect(hostOver(new Endless(), 3).offered()).toEqual([]);
    expect(popped).toBe(3);
  });
});

describe('sessions of servers', () => {
  it('that share a store take a hello with 0-RTT data once, whichever has seen it (RFC 9846 §8.2)', async () => {
    const store = new FleetStore();
    const servers = [1, 2].map(
      () => new ServerSessions({ store }).for<GuardedOptions>({ earlyData: { maxBytes: 1 } }).decide!,
    );
    const nowMs = 10_000_000;
    const accepts = async (server: number, key: number) => {
      const { acceptEarlyData } = servers[server]!;
      const reply = await acceptEarlyData({
        session: undefined,
        externalIdentity: undefined,
        ageSkewMs: 0,
        replayKey: new Uint8Array(32).fill(key),
        notBeforeMs: nowMs,
        expiresAtMs: nowMs + 10_000,
        nowMs: key === 0 ? nowMs - 100_000 : nowMs,
      });
      return reply.ok && reply.accept;
    };
    // The first finds a store that knows nothing, and refuses; from there on it remembers.
    const found = [await accepts(0, 0)];
    for (const server of [0, 1]) for (const key of [1, 2 + server]) found.push(await accepts(server, key));
    expect(found).toEqual([false, true, true, false, true]);
  });

  it('have all of a ring, and no tickets but those', () => {
    const keeper = { sealTicket: () => ({}), openTicket: () => ({}) };
    for (const missing of ['sealTicket', 'openTicket'] as const)
      expect(() => new ServerSessions({ ring: { ...keeper, [missing]: undefined } as never })).toThrow(
        'ring must have sealTicket and openTicket',
      );
    const ring = keeper as never;
    expect(new ServerSessions({ ring }).for({ tickets: null })).toMatchObject({ tickets: { keeper } });
    expect(new ServerSessions({ ring }).for({ tickets: false })).toMatchObject({ tickets: false });
  });
});

describe('a server’s own sessions', () => {
  const nowMs = atMs;
  const random = new Uint8Array(32).fill(3);
  const id = new Uint8Array(32).fill(4);
  const over = [
    { lifetimeSeconds: 0 },
    { lifetimeSeconds: 100, issuedAtMs: nowMs - 100_000 },
    { startedAtMs: nowMs - 604_800_000 },
  ];
  const open = (store: SessionStore = new MemoryStore()) =>
    new ServerSessions({ store, onFailure: (error) => expect.fail(`told of ${String(error)}`) });

  it('are not kept when they are over', () => {
    const store = new MemoryStore();
    const sessions = open(store);
    for (const changes of over) {
      const given = session({ ...changes, sessionId: id });
      expect(sessions.sealTicket({ session: given, random, nowMs } as never)).toMatchObject({ ok: false });
      expect(sessions.storeSession({ session: given, nowMs })).toMatchObject({ ok: false });
    }
    expect(store.size).toBe(0);
    expect(sessions.storeSession({ session: session({}), nowMs })).toMatchObject({ ok: false });
    expect(sessions.storeSession({ session: session({ sessionId: id }), nowMs })).toEqual({ ok: true });
    expect(sessions.sealTicket({ session: session({}), random, nowMs } as never)).toMatchObject({ ok: true });
    expect(store.size).toBe(2);
  });

  it('are not found when they are over, nor when they are damaged, whatever the store thinks', () => {
    const store = new MemoryStore();
    const sessions = open(store);
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    const found = () => [
      sessions.openTicket({ identities: [random], nowMs }),
      sessions.lookupSession({ sessionId: id, nowMs }),
    ];
    const put = (bytes: Uint8Array) => {
      store.set(`server-ticket:${hex(random)}`, bytes, 1_000_000);
      store.set(`server-session:${hex(id)}`, bytes, 1_000_000);
    };
    for (const changes of over) {
      put(encodeSession(session(changes)));
      expect(found()).toEqual([{ ok: true }, { ok: true }]);
    }
    put(new Uint8Array(100));
    expect(found()).toEqual([{ ok: true }, { ok: true }]);
    put(encodeSession(session({})));
    expect(found()).toMatchObject([{ found: { index: 0 } }, { session: { lifetimeSeconds: 100 } }]);
  });

  it('are asked of the store by names of ours alone', () => {
    const asked: string[] = [];
    class Counting extends MemoryStore {
      override delete(name: string) {
        asked.push(name);
        return super.delete(name);
      }
    }
    const sessions = open(new Counting());
    for (const length of [0, 31, 33])
      expect(sessions.useTicket({ ticket: new Uint8Array(length) })).toEqual({ ok: true, use: false });
    expect(sessions.openTicket({ identities: [], nowMs })).toEqual({ ok: true });
    expect(asked).toEqual([]);
  });

  it('guard 0-RTT data unless the application does', () => {
    const decide = (options: object) => Object.keys((open().for(options) as { decide: object }).decide);
    expect(decide({ earlyData: { maxBytes: 1 } })).toContain('acceptEarlyData');
    for (const options of [{}, { earlyData: { maxBytes: 1, guard: {} } }])
      expect(decide(options)).not.toContain('acceptEarlyData');
  });
});

describe('a guard over a store', () => {
  const month = 30 * 86_400_000;
  it('takes a hello only if all of it can be remembered, and was, since before it can have been sent', async () => {
    const store = new MemoryStore({ maxAgeMs: 604_800_000 });
    store.set('replay-since', new TextEncoder().encode('5000'), 1_000_000);
    const guard = new StoredReplayGuard(Object.assign(store, { keepsAll: () => true }));
    let key = 0;
    const accepts = async (times: { notBeforeMs?: number; expiresAtMs?: number }) => {
      const replayKey = new Uint8Array(32).fill((key += 1));
      const fixed = { session: undefined, externalIdentity: undefined, ageSkewMs: 0, nowMs: 6_000 };
      const reply = await guard.acceptEarlyData({
        ...fixed,
        replayKey,
        notBeforeMs: 5_500,
        expiresAtMs: 7_000,
        ...times,
      });
      return reply.ok && reply.accept;
    };
    expect(await accepts({})).toBe(true);
    expect(await accepts({ notBeforeMs: 5_000 })).toBe(false);
    expect(await accepts({ notBeforeMs: 5_001 })).toBe(true);
    expect(await accepts({ notBeforeMs: Number.POSITIVE_INFINITY })).toBe(false);
    expect(await accepts({ notBeforeMs: Number.NaN })).toBe(false);
    expect(await accepts({ expiresAtMs: Number.POSITIVE_INFINITY })).toBe(false);
    expect(await accepts({ expiresAtMs: 6_000 + month })).toBe(false);
    expect(await accepts({ expiresAtMs: 6_000 + month - 1 })).toBe(true);
  });
});

describe('keys that a fleet shares', () => {
  const secret = new Uint8Array(32).fill(1);

  it('are sealed under one to eight secrets of 32 bytes or more, by a provider that can', () => {
    const keys = (secrets: unknown, by: unknown = provider) =>
      exportTicketKeys([], { provider: by as never, secret: secrets as never });
    for (const secrets of [
      [],
      Array(9).fill(secret),
      new Uint8Array(31),
      'x'.repeat(40),
      ['x'.repeat(40)],
      [secret, new Uint8Array(31)],
      { length: 1, 0: secret },
    ])
      expect(() => keys(secrets)).toThrow('expected secret: 32 random bytes or more');
    for (const secrets of [secret, [secret], Array(8).fill(secret)]) expect(keys(secrets).length).toBe(57);
    for (const poor of [null, { ...provider, hashes: {} }, { ...provider, aeads: {} }])
      expect(() => keys(secret, poor)).toThrow('AES-256-GCM and SHA-256');
  });

  it('are none where something else stands', () => {
    const key = { name: new Uint8Array(16), secret, createdAtMs: 5 };
    const encoded = encodeTicketKey(key);
    expect(decodeTicketKey(encoded)).toEqual(key);
    for (const other of [encoded.subarray(1), Uint8Array.of(...encoded, 0), new Uint8Array(0)])
      expect(decodeTicketKey(other)).toBeUndefined();
    for (const [time, isOne] of [
      [2n ** 53n - 1n, true],
      [2n ** 53n, false],
    ] as const) {
      const late = Uint8Array.from(encoded);
      new DataView(late.buffer).setBigUint64(48, time);
      expect(decodeTicketKey(late) !== undefined).toBe(isOne);
    }
    expect(() => importTicketKeys('text' as never, { provider, secret })).toThrow('expects a Uint8Array');
    for (const length of [0, 1, 9, 41, 56, 57, 100])
      expect(importTicketKeys(new Uint8Array(length).fill(1), { provider, secret })).toBeUndefined();
  });

  it('change in times that can be told apart', async () => {
    const store = new MemoryStore();
    const opened = (options: object) => SharedTicketRing.open({ store, provider, ...options });
    const month = 30 * 86_400_000;
    for (const options of [
      { sealForMs: 999 },
      { sealForMs: month + 1 },
      { sealForMs: 1_500.5 },
      { openForMs: 0 },
      { openForMs: month + 1, sealForMs: month },
      { refreshMs: 0 },
      { sealForMs: 1_000, openForMs: 16_001 },
    ])
      await expect(opened(options)).rejects.toThrow(/must be/);
    for (const options of [
      { sealForMs: 1_000, openForMs: 16_000 },
      { sealForMs: month, openForMs: month, refreshMs: month },
      { sealForMs: month, openForMs: 1, refreshMs: 1 },
    ])
      (await opened(options)).close();
  });

  it('are not asked for without a pause where the pause is longer than timers are', async () => {
    const store = new FleetStore();
    const month = 30 * 86_400_000;
    const ring = await SharedTicketRing.open({ store, provider, sealForMs: month, refreshMs: month });
    const { asked } = store;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(store.asked).toBe(asked);
    ring.close();
  });

  it('are asked for no more once the ring is closed, not even by a question under way', async () => {
    const store = new FleetStore();
    const ring = await SharedTicketRing.open({ store, provider, refreshMs: 1 });
    const underway = ring.refresh();
    ring.close();
    await underway;
    const { asked } = store;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(store.asked).toBe(asked);
    expect(ring.keys).toEqual([]);
  });
});

describe('a list in memory', () => {
  it('of which the oldest are over still has the others', () => {
    let nowMs = 0;
    const store = new MemoryStore({ now: () => nowMs });
    store.push('a', Uint8Array.of(1), 10, 8);
    store.push('a', Uint8Array.of(2), 100, 8);
    store.push('a', Uint8Array.of(3), 100, 8);
    nowMs = 50;
    expect([store.pop('a'), store.pop('a'), store.pop('a')]).toEqual([
      Uint8Array.of(3),
      Uint8Array.of(2),
      undefined,
    ]);
  });
});

describe('the fingerprint of options', () => {
  const of = (options: object, label?: string) =>
    Buffer.from(
      fingerprintOf(options, { ignored: new Set(['skipped']), label, endpoint: undefined }),
    ).toString('hex');
  const same = (a: object, b: object) => expect(of(a)).toBe(of(b));
  const different = (a: object, b: object) => expect(of(a)).not.toBe(of(b));

  it('does not depend on order, on what is not said, nor on where plain data come from', () => {
    same({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 });
    same({ a: 1, b: undefined }, { a: 1 });
    same({ skipped: 1 }, { skipped: 2 });
    same({ list: ['h2', ['x']] }, { list: ['h2', ['x']] });
    same({ a: Object.assign(Object.create(null), { b: 1 }) }, { a: { b: 1 } });
    same({ text: 'x'.repeat(300) }, { text: 'x'.repeat(300) });
  });

  it('depends on every value', () => {
    different({ list: ['h2'] }, { list: ['h3'] });
    different({ list: ['a', 'b'] }, { list: ['b', 'a'] });
    different({ a: null }, {});
    different({ a: 1 }, { a: '1' });
    different({ text: 'x'.repeat(300) }, { text: `${'x'.repeat(299)}y` });
    different({ a: new Map() }, { a: new Map() });
  });

  it('ends for data that contain themselves, and is the same for the same', () => {
    const ring: unknown[] = [];
    ring.push(ring, { ring });
    const knot: Record<string, unknown> = {};
    knot['knot'] = knot;
    same({ ring, knot }, { ring, knot });
    const other: Record<string, unknown> = {};
    other['knot'] = other;
    different({ knot }, { knot: other });
  });
});

describe('the bounds of options', () => {
  it('perHost', () => {
    for (const perHost of [0, 65, 1.5, Number.NaN, '8' as never])
      expect(() => new ClientSessions({ perHost })).toThrow('perHost must be an integer from 1 to 64');
    for (const perHost of [1, 64]) expect(() => new ClientSessions({ perHost })).not.toThrow();
  });

  it('times and counts of a breaker', () => {
    for (const restMs of [0, 1.5, 2 ** 31])
      expect(() => new Breaker({ restMs })).toThrow('restMs must be an integer from 1 to 2147483647');
    for (const restMs of [1, 2 ** 31 - 1]) expect(() => new Breaker({ restMs })).not.toThrow();
  });

  it('lifetimes and sizes of sessions of node:tls', () => {
    const store = new MemoryStore();
    const given: Record<string, (...args: unknown[]) => void> = {};
    const server = { on: (event: string, run: never) => void (given[event] = run) };
    for (const lifetimeSeconds of [0, 604_801, 1.5, '1' as never])
      expect(() => keepNodeSessions(server, { store, lifetimeSeconds })).toThrow('from 1 to 604800');
    for (const lifetimeSeconds of [1, 604_800]) keepNodeSessions(server, { store, lifetimeSeconds });
    const kept = (length: number) => {
      let answer: unknown;
      given['newSession']!(Buffer.of(length & 0xff), new Uint8Array(length), () => {});
      given['resumeSession']!(Buffer.of(length & 0xff), (_: unknown, data: unknown) => (answer = data));
      return answer !== null;
    };
    expect([kept(65_536), kept(65_537)]).toEqual([true, false]);
  });
});
