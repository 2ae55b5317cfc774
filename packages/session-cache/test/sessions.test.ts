import { type Session, TicketRing } from '@sealwire/core';
import { tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nodeProvider } from '@sealwire/crypto-node';
import { secure } from '@sealwire/node-transport';
import { acceptAnyPeer } from '@sealwire/x509';
import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  ClientSessions,
  type ForClientOptions,
  MemoryStore,
  ServerSessions,
  type SessionStore,
} from '../src/index.ts';
import { clientIdentity, replay, roots, serverIdentity, visit } from './ends.ts';
import { plainSession } from './plain-session.ts';

type ClientOptions = Parameters<typeof visit>[0];
type ServerOptions = Parameters<typeof visit>[1];
const base: ClientOptions = { roots, serverName: 'localhost' };
const older = { versions: [tls12] };

/** Whether connections of these options are resumed, one after the other. */
async function resumed(
  cache: ClientSessions,
  server: ServerOptions,
  visits: readonly (readonly [ClientOptions, (ForClientOptions | undefined)?])[],
): Promise<(boolean | undefined)[]> {
  const facts = [];
  for (const [options, more] of visits) facts.push((await visit(cache.for(options, more), server)).resumed);
  return facts;
}

/** The server, and what it answers to `acceptEarlyData`. */
function noting(judged: boolean[], server: ServerOptions): ServerOptions {
  return {
    ...server,
    decide: {
      ...server.decide,
      async acceptEarlyData(ask, context) {
        const reply = await server.decide!.acceptEarlyData!(ask, context);
        judged.push(reply.ok && reply.accept);
        return reply;
      },
    },
  };
}

describe('sessions of clients and servers in memory', () => {
  it('resume TLS 1.3, each ticket once', async () => {
    const shown: string[] = [];
    const sessions = new ServerSessions();
    const server = sessions.for<ServerOptions>({ tickets: { count: 1 } });
    const watching = {
      ...server,
      decide: {
        ...server.decide,
        openTicket: (ask: Parameters<ServerSessions['openTicket']>[0]) => {
          shown.push(...ask.identities.map((identity) => Buffer.from(identity).toString('hex')));
          return sessions.openTicket(ask);
        },
      },
    };
    const cache = new ClientSessions();
    expect(await resumed(cache, watching, [[base], [base], [base]])).toEqual([false, true, true]);
    expect([shown.length, new Set(shown).size]).toEqual([2, 2]);
  });

  it('resume TLS 1.2, by tickets and by ids, the same one as often as it is good for', async () => {
    for (const tickets of [{}, false] as const) {
      const store = new MemoryStore();
      const server = new ServerSessions({ store }).for({ tickets, ...older });
      const cache = new ClientSessions();
      const all = await resumed(cache, server, [[base], [base], [base]]);
      expect([tickets, ...all]).toEqual([tickets, false, true, true]);
    }
  });

  it('resume with tickets of a ring', async () => {
    const ring = new TicketRing({ provider: nodeProvider });
    const store = new MemoryStore();
    const server = new ServerSessions({ store, ring }).for({});
    expect(await resumed(new ClientSessions(), server, [[base], [base]])).toEqual([false, true]);
    expect([store.size, ring.keys.length]).toEqual([0, 1]);
  });

  it('take 0-RTT data once', async () => {
    const server = new ServerSessions().for({ earlyData: { maxBytes: 100 } });
    const cache = new ClientSessions();
    const early = { ...base, sendEarlyData: new TextEncoder().encode('GET /') };
    const taken = [];
    for (let i = 0; i < 3; i++) taken.push((await visit(cache.for(early), server)).earlyTaken);
    expect(taken).toEqual([0, 5, 5]);
  });

  it('take 0-RTT data once at all servers of a process that share a ring', async () => {
    const sessions = new ServerSessions({ ring: new TicketRing({ provider: nodeProvider }) });
    const servers = [1, 2].map(() => sessions.for<ServerOptions>({ earlyData: { maxBytes: 100 } }));
    const flights: Uint8Array[] = [];
    const kept: Session[] = [];
    await visit({ ...base, onSession: (session: Session) => void kept.push(session) }, servers[0]!);
    const judged: boolean[] = [];
    const watched = servers.map((server) => noting(judged, server));
    const early = { ...base, sessions: kept.slice(-1), sendEarlyData: new TextEncoder().encode('GET /') };
    await visit(early, watched[0]!, { sent: flights });
    for (const server of watched) await replay(flights, server);
    expect(judged).toEqual([true, false, false]);
  });

  it('take no 0-RTT data that the process before may have taken', async () => {
    const serverWith = (ring: TicketRing) =>
      new ServerSessions({ ring }).for<ServerOptions>({ earlyData: { maxBytes: 100 } });
    const ring = new TicketRing({ provider: nodeProvider });
    const kept: Session[] = [];
    await visit({ ...base, onSession: (session: Session) => void kept.push(session) }, serverWith(ring));
    const early = { ...base, sessions: kept.slice(-1), sendEarlyData: new TextEncoder().encode('GET /') };
    const flights: Uint8Array[] = [];
    const judged: boolean[] = [];
    await visit(early, noting(judged, serverWith(ring)), { sent: flights });
    const restarted = new TicketRing({ provider: nodeProvider, keys: ring.keys });
    await replay(flights, noting(judged, serverWith(restarted)));
    expect(judged).toEqual([true, false]);
  });

  it('belong to one host, trust and client', async () => {
    const accept = acceptAnyPeer({ dangerouslySkipAuthentication: true });
    const others: readonly (readonly [string, ClientOptions, ForClientOptions?])[] = [
      ['other trust', { serverName: 'localhost', verify: false }],
      ['roots and another', { ...base, roots: [roots, clientIdentity.certificate].join('\n') }],
      ['own verifier', { serverName: 'localhost', decide: { verifyPeer: (ask) => accept(ask) } }],
      [
        'another verifier of the same text',
        { serverName: 'localhost', decide: { verifyPeer: (ask) => accept(ask) } },
      ],
      ['a client with a certificate', { ...base, ...clientIdentity }],
      ['another context', { ...base, sessionContext: Uint8Array.of(1) }],
      ['another protocol', { ...base, alpnProtocols: ['h2'] }],
      ['another endpoint', base, { endpoint: 'localhost:8443' }],
    ];
    const server = new ServerSessions().for({ alpnProtocols: ['h2'] });
    const cache = new ClientSessions();
    await resumed(cache, server, [[base]]);
    for (const [what, options, more] of others)
      expect([what, ...(await resumed(cache, server, [[options, more]]))]).toEqual([what, false]);
    for (const [what, options, more] of others)
      expect([what, ...(await resumed(cache, server, [[options, more]]))]).toEqual([what, true]);
    expect(await resumed(cache, server, [[base]])).toEqual([true]);
  });

  it('are the same under a label, whatever the functions are', async () => {
    const accept = acceptAnyPeer({ dangerouslySkipAuthentication: true });
    const anew = (): ClientOptions => ({
      serverName: 'localhost',
      decide: { verifyPeer: (ask) => accept(ask) },
    });
    const server = new ServerSessions().for({});
    const visits = (label: string) =>
      [
        [anew(), { label }],
        [anew(), { label }],
      ] as const;
    const cache = new ClientSessions();
    expect(await resumed(cache, server, visits('anyone'))).toEqual([false, true]);
    expect(await resumed(cache, server, visits('anyone 2'))).toEqual([false, true]);
  });

  it('do not mind what says nothing of trust', async () => {
    const server = new ServerSessions().for({});
    const cache = new ClientSessions();
    const told: Session[] = [];
    const noisy = {
      ...base,
      handshakeTimeoutMs: 5_000,
      onTrace: () => {},
      onSession: (session: Session) => void told.push(session),
      versions: [tls13],
    };
    expect(await resumed(cache, server, [[base], [noisy]])).toEqual([false, true]);
    expect(told.length).toBeGreaterThan(0);
  });

  it('keep no more tickets than they may for one host', async () => {
    const store = new MemoryStore();
    const cache = new ClientSessions({ store, perHost: 3 });
    const server = new ServerSessions().for({ tickets: { count: 16 } });
    await visit(cache.for(base), server);
    const host = cache.at(Buffer.from(cache.for(base).sessionContext!).toString('hex'));
    const nowMs = Date.now();
    const given = await Promise.all(
      Array.from({ length: 5 }, () => host.chooseSession({ renegotiation: 0, nowMs })),
    );
    expect(given.map((reply) => (reply.ok ? reply.sessions.length : -1))).toEqual([1, 1, 1, 0, 0]);
  });
});

describe('what is over', () => {
  it('is not offered: when its lifetime is, after 7 days, and for a renegotiation', async () => {
    const cache = new ClientSessions();
    const kept: Session[] = [];
    const server = new ServerSessions().for({ tickets: { count: 4, lifetimeSeconds: 7_200 } });
    await visit(cache.for({ ...base, onSession: (session: Session) => void kept.push(session) }), server);
    const [session] = kept;
    const offered = (change: Partial<Session>, afterMs: number, renegotiation = 0) => {
      // Its clock stands: the millisecond that is left must not pass while it is looked for.
      const host = new ClientSessions({ store: new MemoryStore({ now: () => 0 }) }).at('host');
      host.onSession({ ...session!, startedAtMs: session!.issuedAtMs, ...change });
      const reply = host.chooseSession({ renegotiation, nowMs: session!.issuedAtMs + afterMs });
      return reply instanceof Promise ? 'a promise' : reply.ok && reply.sessions.length;
    };
    const week = 604_800_000;
    for (const version of [0x0304, 0x0303]) {
      expect(offered({ version }, 7_199_999)).toBe(1);
      expect(offered({ version }, 7_200_000)).toBe(0);
      expect(offered({ version }, 0, 1)).toBe(0);
      expect(offered({ version, lifetimeSeconds: 2_000_000 }, week - 1)).toBe(1);
      expect(offered({ version, lifetimeSeconds: 2_000_000 }, week)).toBe(0);
      expect(offered({ version, startedAtMs: session!.issuedAtMs - week + 1 }, 0)).toBe(1);
      expect(offered({ version, startedAtMs: session!.issuedAtMs - week }, 0)).toBe(0);
      expect(offered({ version, lifetimeSeconds: 0 }, 0)).toBe(0);
    }
  });

  it('is passed over for a ticket that is still good', () => {
    const host = new ClientSessions().at('host');
    const session = (ticket: number, lifetimeSeconds: number) =>
      plainSession({
        ticket: Uint8Array.of(ticket),
        lifetimeSeconds,
        issuedAtMs: 1_000_000,
        startedAtMs: 1_000_000,
      });
    for (const [ticket, lifetime] of [
      [1, 100],
      [2, 10],
      [3, 5],
    ] as const)
      host.onSession(session(ticket, lifetime));
    host.onSession({ ...session(9, 100), version: 0x0303 });
    const offered = () => {
      const reply = host.chooseSession({ renegotiation: 0, nowMs: 1_050_000 });
      return !(reply instanceof Promise) && reply.ok && reply.sessions.map(({ ticket }) => ticket[0]);
    };
    expect([offered(), offered()]).toEqual([[1, 9], [9]]);
    host.onSessionInvalid({ ticket: Uint8Array.of(8) });
    host.onSessionInvalid({ sessionId: Uint8Array.of(9) });
    host.onSessionInvalid({});
    expect(offered()).toEqual([9]);
    host.onSessionInvalid({ ticket: Uint8Array.of(9) });
    expect(offered()).toEqual([]);
  });

  it('is taken away on both sides by a fatal alert (RFC 5246 §7.2.2)', async () => {
    const sessions = new ServerSessions();
    const cache = new ClientSessions();
    const kept: Session[] = [];
    const client = () => cache.for({ ...base, onSession: (session: Session) => void kept.push(session) });
    const server = sessions.for({ tickets: false, ...older });
    expect((await visit(client(), server)).resumed).toBe(false);
    const known = async () => {
      const { sessionId } = kept[0]!;
      const reply = await sessions.lookupSession({ sessionId: sessionId!, nowMs: Date.now() });
      return reply.ok && reply.session !== undefined;
    };
    expect(await known()).toBe(true);
    const [below, above] = duplexPair();
    const [asking, answering] = await Promise.all([
      secure(below, { role: 'client', ...client() }),
      secure(above, { role: 'server', ...serverIdentity, ...server }),
    ]);
    expect(asking.facts.resumed).toBe(true);
    const ended = once(asking, 'close').catch(() => {});
    answering.abort(new Error('enough'));
    await ended;
    expect(await known()).toBe(false);
    // Neither would the client offer it again.
    expect((await visit(client(), new ServerSessions().for({ tickets: false, ...older }))).resumed).toBe(
      false,
    );
    const host = cache.at(Buffer.from(client().sessionContext!).toString('hex'));
    const reply = await host.chooseSession({ renegotiation: 0, nowMs: Date.now() });
    const offered = reply.ok ? reply.sessions.map(({ sessionId }) => sessionId) : [];
    expect(offered).toEqual([kept.at(-1)!.sessionId]);
    expect(offered).not.toEqual([kept[0]!.sessionId]);
  });
});

describe('a ticket', () => {
  it('of 32 bytes is looked up, four in a hello, and nothing else is', async () => {
    const asked: string[] = [];
    class Counting extends MemoryStore {
      override get(name: string) {
        asked.push(name);
        return super.get(name);
      }
    }
    const sessions = new ServerSessions({ store: new Counting() });
    const identities = [31, 33, 0, 65_535, ...Array<number>(10).fill(32)].map(
      (length) => new Uint8Array(length),
    );
    expect(await sessions.openTicket({ identities, nowMs: 0 })).toEqual({ ok: true });
    // Those of 32 bytes are all alike, and the others are not among them.
    expect([asked.length, new Set(asked).size]).toEqual([4, 1]);
    expect(await sessions.useTicket({ ticket: new Uint8Array(5) })).toEqual({ ok: true, use: false });
  });

  it('stays where it is until whoever shows it proves to know its secret', async () => {
    const server = new ServerSessions().for({ tickets: { count: 1 } });
    const kept: Session[] = [];
    const onSession = (session: Session) => void kept.push(session);
    await visit({ ...base, onSession }, server);
    const [session] = kept;
    const forged = { ...session!, secret: new Uint8Array(32) };
    await expect(visit({ ...base, sessions: [forged] }, server)).rejects.toThrow();
    expect((await visit({ ...base, sessions: [session!] }, server)).resumed).toBe(true);
    expect((await visit({ ...base, sessions: [session!] }, server)).resumed).toBe(false);
  });
});

describe('a store', () => {
  it('that brings promises of its own, or fails in whatever way, does no harm', async () => {
    const memory = new MemoryStore();
    const ForeignPromise = runInNewContext('Promise') as PromiseConstructor;
    const later = <T>(value: T) => ForeignPromise.resolve(value);
    const thenable: SessionStore = {
      scope: 'process',
      get: (name) => later(memory.get(name)),
      set: (...args) => later(memory.set(...args)),
      add: (...args) => later(memory.add(...args)),
      delete: (name) => later(memory.delete(name)),
      push: (...args) => later(memory.push(...args)),
      pop: (name) => later(memory.pop(name)),
    };
    const cache = new ClientSessions({ store: thenable });
    const server = new ServerSessions({ store: thenable }).for({});
    expect(await resumed(cache, server, [[base], [base]])).toEqual([false, true]);
    let failures = 0;
    const onFailure = () => {
      failures += 1;
      throw new Error('of the listener');
    };
    const throws = () => {
      throw new Error('of the store');
    };
    const rejects = () => Promise.reject(new Error('of the store'));
    for (const fails of [throws, rejects]) {
      const store: SessionStore = {
        scope: 'fleet',
        get: fails,
        set: fails,
        add: fails,
        delete: fails,
        push: fails,
        pop: fails,
        keepsAll: fails,
      };
      const broken = new ClientSessions({ store, onFailure });
      const serving = new ServerSessions({ store, onFailure });
      const ways: readonly ServerOptions[] = [
        {},
        { tickets: false, ...older },
        { earlyData: { maxBytes: 9 } },
      ];
      for (const options of ways)
        expect(await resumed(broken, serving.for(options), [[base], [base]])).toEqual([false, false]);
      broken.at('a').onSessionInvalid({ sessionId: new Uint8Array(1) });
      serving.delete(new Uint8Array(1));
    }
    expect(failures).toBeGreaterThan(10);
  });
});

describe('options', () => {
  const cache = new ClientSessions();
  const sessions = new ServerSessions();
  it.each([
    [() => cache.for({ ...base, sessions: [] }), 'sessions and decide.chooseSession exclude a cache'],
    [
      () => cache.for({ decide: { chooseSession: () => {} } }),
      'sessions and decide.chooseSession exclude a cache',
    ],
    [() => cache.at(''), 'expected a name of 1 to 100 characters'],
    [() => cache.at('a b'), 'expected a name of 1 to 100 characters'],
    [() => new ClientSessions({ perHost: 65 }), 'perHost must be an integer from 1 to 64, got 65'],
    [() => new ClientSessions({ store: {} as never }), 'store must be a SessionStore'],
    [() => new ServerSessions({ store: {} as never }), 'store must be a SessionStore'],
    [() => new ServerSessions({ ring: {} as never }), 'ring must have sealTicket and openTicket'],
    [() => sessions.for({ tickets: { keeper: {} } }), 'tickets.keeper excludes a cache'],
    [() => sessions.for({ sessionIds: { store: {} } }), 'sessionIds.store excludes a cache'],
    [() => sessions.for({ decide: { openTicket: () => {} } }), 'decide.openTicket excludes a cache'],
  ])('that cannot work are refused: %#', (run, message) => {
    expect(run).toThrow(message);
  });

  it('stay what they are otherwise', () => {
    const given = { port: 5, ...serverIdentity, decide: { fetchStatus: () => ({ ok: true as const }) } };
    const { port, decide, certificate } = sessions.for(given);
    expect([port, decide.fetchStatus, certificate]).toEqual([5, given.decide.fetchStatus, given.certificate]);
    expect(Object.keys(given.decide)).toEqual(['fetchStatus']);
  });
});
