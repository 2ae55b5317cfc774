import {
  type AcceptEarlyDataAsk,
  type Answers,
  type ClientOptions,
  createServer,
  type Connection,
  decodeSession,
  encodeSession,
  type ExternalPsk,
  importPsk,
  namedGroups,
  pskKeyExchangeModes,
  type ServerOptions,
  serverConfig,
  type Session,
  suites13,
  TicketRing,
  TicketTable,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  client,
  clientCredential,
  drain,
  exchange,
  nowMs,
  ofType,
  server,
  serverCredential,
  verifyPeer,
} from './ends.ts';

const text = (value: string) => new TextEncoder().encode(value);

/** Configurations share their ring, as connections of one server do. */
function serverOf(options: Partial<ServerOptions> = {}): () => Connection {
  const config = serverConfig({
    provider: nodeProvider,
    credentials: [serverCredential],
    ...options,
    answers: { verifyPeer, ...options.answers },
  });
  return () => {
    const connection = createServer(config);
    connection.start(nowMs);
    return connection;
  };
}

/** A full handshake and the sessions that come of it. */
function sessionsOf(make: () => Connection, options: Partial<ClientOptions> = {}): readonly Session[] {
  const { a } = exchange(client(options), make());
  return ofType(a, 'session').map(({ session }) => session);
}

describe('resumption', () => {
  it('needs no certificate, and keeps who the peer is', () => {
    const make = serverOf();
    const sessions = sessionsOf(make);
    expect(sessions).toHaveLength(2);
    const [asking, answering] = [client({ sessions }), make()];
    const { a, b } = exchange(asking, answering);
    expect([ofType(a, 'connected').length, ofType(b, 'connected').length]).toEqual([1, 1]);
    expect([asking.facts.resumed, answering.facts.resumed]).toEqual([true, true]);
    expect(asking.facts.peerEvidence).toEqual({ type: 'x509', chain: expect.any(Array) });
    expect(asking.facts.peerVerdict).toMatchObject({ authorized: true });
    expect(asking.facts.peerSignatureScheme).toBeUndefined();
    // One new ticket in the place of the one that was used.
    expect(ofType(a, 'session')).toHaveLength(1);
    expect(asking.exportKeyingMaterial('EXPORTER-test', text(''), 16)).toEqual(
      answering.exportKeyingMaterial('EXPORTER-test', text(''), 16),
    );
  });

  it('survives being stored as bytes', () => {
    const make = serverOf();
    const [session] = sessionsOf(make);
    const stored = decodeSession(encodeSession(session!));
    expect(stored).toEqual(session);
    const asking = client({ sessions: [stored!] });
    exchange(asking, make());
    expect(asking.facts.resumed).toBe(true);
  });

  it('works with a table of sessions, each of which is good for one connection', () => {
    const make = serverOf({ tickets: { keeper: new TicketTable() } });
    const [session] = sessionsOf(make);
    const facts = [1, 2].map(() => {
      const asking = client({ sessions: [session!] });
      exchange(asking, make());
      return asking.facts.resumed;
    });
    expect(facts).toEqual([true, false]);
  });

  it('leaves a ticket in its table that somebody shows who does not know its secret', () => {
    const keeper = new TicketTable();
    const make = serverOf({ tickets: { keeper } });
    const [session] = sessionsOf(make);
    const { b } = exchange(client({ sessions: [{ ...session!, secret: new Uint8Array(32) }] }), make());
    expect(ofType(b, 'failed')[0]).toMatchObject({
      error: { code: 'peer.badBinder' },
      alert: 'decrypt_error',
    });
    const asking = client({ sessions: [session!] });
    exchange(asking, make());
    expect(asking.facts.resumed).toBe(true);
  });

  it('gives a ticket to one of two connections that have proved at once that they know its secret', () => {
    const keeper = new TicketTable();
    const make = serverOf({
      tickets: { keeper, countWhenResumed: 0 },
      answers: { useTicket: () => undefined },
    });
    const [session] = sessionsOf(make);
    const size = keeper.size;
    const begun = [1, 2].map(() => {
      const [asking, answering] = [client({ sessions: [session!] }), make()];
      const [decision] = ofType(exchange(asking, answering).b, 'decision').map((each) => each.decision);
      if (decision?.kind !== 'useTicket') throw new Error(`expected useTicket, got ${decision?.kind}`);
      expect(decision.ask).toEqual({ ticket: session!.ticket, nowMs });
      return { asking, answering, decision };
    });
    expect(keeper.size).toBe(size);
    const resumed = begun.map(({ asking, answering, decision }) => {
      answering.answer(decision, keeper.useTicket(decision.ask), nowMs);
      exchange(asking, answering);
      return [asking.facts.handshakes, asking.facts.resumed];
    });
    expect(resumed).toEqual([
      [1, true],
      [1, false],
    ]);
  });

  it('is not granted where the store that should say so has failed', () => {
    const make = serverOf({ answers: { useTicket: () => ({ ok: false, message: 'the store is gone' }) } });
    const [session] = sessionsOf(make);
    const asking = client({ sessions: [session!] });
    exchange(asking, make());
    expect([asking.facts.handshakes, asking.facts.resumed]).toEqual([1, false]);
  });

  it('brings another ticket in place of one that a former key has sealed, and of no other', () => {
    const keeper = new TicketRing({ provider: nodeProvider });
    const make = serverOf({ tickets: { keeper, count: 1, countWhenResumed: 0 } });
    const [session] = sessionsOf(make);
    expect(sessionsOf(make, { sessions: [session!] })).toEqual([]);
    const fresh = { name: new Uint8Array(16), secret: new Uint8Array(32), createdAtMs: nowMs };
    keeper.replaceKeys([fresh, ...keeper.keys.map((key) => ({ ...key, createdAtMs: nowMs - 1 }))]);
    const renewed = sessionsOf(make, { sessions: [session!] });
    expect(renewed).toHaveLength(1);
    expect(renewed[0]!.ticket.subarray(0, 16)).toEqual(fresh.name);
    expect(sessionsOf(make, { sessions: [renewed[0]!] })).toEqual([]);
  });

  it('survives a HelloRetryRequest', () => {
    const make = serverOf({ groups: [namedGroups.secp384r1] });
    const [session] = sessionsOf(make);
    const asking = client({ sessions: [session!] });
    exchange(asking, make());
    expect(asking.facts).toMatchObject({ helloRetried: true, resumed: true, group: namedGroups.secp384r1 });
  });

  it('works without a key exchange where both want it', () => {
    const pskModes = [pskKeyExchangeModes.psk_ke];
    const make = serverOf({ pskModes });
    const [session] = sessionsOf(make, { pskModes });
    const asking = client({ sessions: [session!], pskModes });
    const answering = make();
    exchange(asking, answering);
    expect([asking.facts.resumed, asking.facts.group, answering.facts.group]).toEqual([
      true,
      undefined,
      undefined,
    ]);
  });

  it('keeps the client that proved itself, and asks about it again', () => {
    const asked: string[] = [];
    const make = serverOf({
      clientAuthentication: 'require',
      answers: {
        verifyPeer: (ask) => {
          asked.push(ask.cause);
          return verifyPeer(ask);
        },
      },
    });
    const [session] = sessionsOf(make, { credentials: [clientCredential] });
    const answering = make();
    const asking = client({ sessions: [session!] });
    exchange(asking, answering);
    expect([asking.facts.resumed, answering.facts.peerVerdict]).toEqual([
      true,
      expect.objectContaining({ authorized: true }),
    ]);
    expect(asked).toEqual(['handshake', 'resumption']);
  });

  it.each([
    ['none', ['halfRtt', 'full']],
    ['request', ['full']],
    ['require', ['full']],
  ] as const)(
    'lets data leave before the Finished of a client only under `%s`',
    (clientAuthentication, as) => {
      const make = serverOf({ clientAuthentication });
      const [session] = sessionsOf(make, { credentials: [clientCredential] });
      const asking = client({ sessions: [session!] });
      const { b } = exchange(asking, make());
      expect(asking.facts.resumed).toBe(true);
      expect(ofType(b, 'writable').map((output) => output.as)).toEqual(as);
    },
  );

  it('falls back to a full handshake when the client is no longer accepted', () => {
    let isRevoked = false;
    const make = serverOf({
      clientAuthentication: 'require',
      answers: {
        verifyPeer: (ask) =>
          isRevoked && ask.cause === 'resumption'
            ? { ok: false, reason: 'revoked', message: 'gone' }
            : verifyPeer(ask),
      },
    });
    const credentials = [clientCredential];
    const [session] = sessionsOf(make, { credentials });
    isRevoked = true;
    const asking = client({ sessions: [session!], credentials });
    const { a } = exchange(asking, make());
    expect([asking.facts.resumed, ofType(a, 'connected').length]).toEqual([false, 1]);
  });

  it.each([
    ['a ticket of another server', (session: Session) => ({ ...session, ticket: new Uint8Array(200) })],
    ['an old ticket', (session: Session) => ({ ...session, issuedAtMs: nowMs - 604_800_001 })],
    ['a session for another name', (session: Session) => ({ ...session, expectedName: 'other.test' })],
    ['a session under other trust', (session: Session) => ({ ...session, context: Uint8Array.of(1) })],
    ['a hash that none of our suites has', (session: Session) => ({ ...session, cipherSuite: 0x1302 })],
  ])('is not tried, or not granted, with %s', (_, change) => {
    const make = serverOf();
    const [session] = sessionsOf(make);
    const cipherSuites = [suites13.TLS_AES_128_GCM_SHA256];
    const asking = client({ sessions: [change(session!)], cipherSuites });
    const { a } = exchange(asking, make());
    expect([asking.facts.resumed, ofType(a, 'connected').length]).toEqual([false, 1]);
  });

  it('is not granted by a server whose keys have gone, or that asks more of its clients', () => {
    const ring = new TicketRing({ provider: nodeProvider });
    const [session] = sessionsOf(serverOf({ tickets: { keeper: ring } }));
    const stricter = serverOf({ tickets: { keeper: ring }, clientAuthentication: 'request' });
    const asking = client({ sessions: [session!] });
    exchange(asking, stricter());
    expect(asking.facts.resumed).toBe(false);
    ring.replaceKeys([]);
    const again = client({ sessions: [session!] });
    exchange(again, serverOf({ tickets: { keeper: ring } })());
    expect(again.facts.resumed).toBe(false);
  });

  it('gives out no ticket that would outlive the session (RFC 9846 §4.7.1)', () => {
    const make = serverOf({ tickets: { maxSessionAgeSeconds: 1 } });
    const [session] = sessionsOf(make);
    expect(session?.lifetimeSeconds).toBe(1);
    const asking = client({ sessions: [session!] });
    const answering = make();
    answering.receive(bytesOf(drain(asking)), nowMs + 1);
    const { a } = exchange(asking, answering);
    expect(asking.facts.resumed).toBe(true);
    expect(ofType(a, 'session')).toEqual([]);
    expect(answering.issueTickets(1, nowMs + 1)).toBe(false);
  });

  it('has so many tickets sealed at once, and others when those are done', () => {
    const make = serverOf({
      tickets: { count: 0 },
      limits: { postHandshakeTasks: 2 },
      answers: { sealTicket: () => undefined },
    });
    const [asking, answering] = [client(), make()];
    exchange(asking, answering);
    for (let round = 0; round < 2; round++) {
      expect(answering.issueTickets(3, nowMs)).toBe(true);
      const decisions = ofType(drain(answering), 'decision').map(({ decision }) => decision);
      expect(decisions).toHaveLength(2);
      expect(answering.issueTickets(1, nowMs)).toBe(false);
      for (const decision of decisions) answering.answer(decision, { ok: true, ticket: text('t') }, nowMs);
      expect(ofType(exchange(asking, answering).a, 'session')).toHaveLength(2);
    }
  });

  it.each([
    ['a suite that nobody knows', (session: Session) => ({ ...session, cipherSuite: 0x1399 })],
    ['a hash of which the client has no suite', (session: Session) => ({ ...session, cipherSuite: 0x1302 })],
  ])('is not granted where a ticket leads to a session with %s', (_, change) => {
    const [session] = sessionsOf(serverOf());
    const found = { index: 0, session: change({ ...session!, context: Uint8Array.of(0) }) };
    const make = serverOf({ answers: { openTicket: () => ({ ok: true, found }) } });
    const asking = client({ sessions: [session!], cipherSuites: [suites13.TLS_AES_128_GCM_SHA256] });
    exchange(asking, make());
    expect([asking.facts.handshakes, asking.facts.resumed]).toEqual([1, false]);
  });

  it('ends with an internal error where a keeper finds what nobody showed', () => {
    const [session] = sessionsOf(serverOf());
    const found = { index: 1, session: { ...session!, context: Uint8Array.of(0) } };
    const make = serverOf({ answers: { openTicket: () => ({ ok: true, found }) } });
    const { b } = exchange(client({ sessions: [session!] }), make());
    expect(ofType(b, 'failed')[0]).toMatchObject({
      error: { blame: 'internal', message: expect.stringContaining('openTicket found identity 1') },
      alert: 'internal_error',
    });
  });

  it('gives the client as many tickets as it is told to, later ones on demand', () => {
    const make = serverOf({ tickets: { count: 0 } });
    const [asking, answering] = [client(), make()];
    exchange(asking, answering);
    expect(answering.issueTickets(3, nowMs)).toBe(true);
    const { a } = exchange(asking, answering);
    const tickets = ofType(a, 'session').map(({ session }) => session);
    expect(tickets).toHaveLength(3);
    expect(new Set(tickets.map(({ secret }) => Buffer.from(secret).toString('hex'))).size).toBe(3);
    expect(asking.issueTickets(1, nowMs)).toBe(false);
    const without = serverOf({ tickets: false })();
    exchange(client(), without);
    expect(without.issueTickets(1, nowMs)).toBe(false);
  });

  it('lets tickets be sealed late, while data goes on', () => {
    const make = serverOf({ answers: { sealTicket: () => undefined } });
    const [asking, answering] = [client(), make()];
    const { b } = exchange(asking, answering);
    const decisions = ofType(b, 'decision').map(({ decision }) => decision);
    expect(decisions.map(({ kind, holds }) => [kind, holds])).toEqual([
      ['sealTicket', 'nothing'],
      ['sealTicket', 'nothing'],
    ]);
    expect(answering.send(text('meanwhile'))).toBe(9);
    expect(answering.answer(decisions[1]!, { ok: true, ticket: text('second') }, nowMs)).toBe(true);
    expect(answering.answer(decisions[0]!, { ok: false, message: 'no room' }, nowMs)).toBe(true);
    const { a } = exchange(asking, answering);
    expect(ofType(a, 'data').map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['meanwhile']);
    expect(ofType(a, 'session').map(({ session }) => Buffer.from(session.ticket).toString())).toEqual([
      'second',
    ]);
  });
});

describe('external pre-shared keys', () => {
  const key = new Uint8Array(32).fill(7);
  const external: ExternalPsk = { identity: text('sensor 12'), key };

  it('take the place of certificates', () => {
    const asking = client({ externalPsks: [external] });
    const answering = server({ externalPsks: [external], credentials: [] });
    const { a } = exchange(asking, answering);
    expect(ofType(a, 'connected')).toHaveLength(1);
    expect([
      asking.facts.resumed,
      asking.facts.externalPskIdentity,
      answering.facts.externalPskIdentity,
    ]).toEqual([false, external.identity, external.identity]);
    expect(ofType(a, 'session')[0]!.session).toMatchObject({
      peer: undefined,
      externalPskIdentity: external.identity,
    });
  });

  describe('and sessions that come of them', () => {
    const other: ExternalPsk = { identity: text('sensor 13'), key };
    const externalPsks = [external];
    const keeper = new TicketRing({ provider: nodeProvider });
    const make = serverOf({ tickets: { keeper }, externalPsks });
    const sessions = sessionsOf(make, { externalPsks });

    it('are resumed as what they are, however often', () => {
      const asking = client({ sessions, externalPsks });
      const answering = make();
      const { a } = exchange(asking, answering);
      const { identity } = external;
      for (const { facts } of [asking, answering]) {
        expect(facts).toMatchObject({ resumed: true, externalPskIdentity: identity });
      }
      const again = client({ sessions: ofType(a, 'session').map(({ session }) => session), externalPsks });
      exchange(again, make());
      expect(again.facts).toMatchObject({ resumed: true, externalPskIdentity: identity });
    });

    it.each([
      ['none', []],
      ['another one', [other]],
    ])('are not offered by a client that has %s', (_, known) => {
      const asking = client({ sessions, externalPsks: known });
      exchange(asking, make());
      expect(asking.facts).toMatchObject({ handshakes: 1, resumed: false });
      expect(asking.facts.externalPskIdentity).toBeUndefined();
    });

    it('are not granted by a server that knows the key no longer', () => {
      const asked: (readonly Uint8Array[])[] = [];
      const forgetful = serverOf({
        tickets: { keeper },
        answers: {
          lookupPsk: ({ identities }) => {
            asked.push(identities);
            return { ok: true, psks: [other] };
          },
        },
      });
      const asking = client({ sessions, externalPsks: [external, other] });
      exchange(asking, forgetful());
      expect(asked.map((each) => each.length)).toEqual([1, 4]);
      expect(asked[0]).toEqual([external.identity]);
      expect(asking.facts).toMatchObject({ resumed: false, externalPskIdentity: other.identity });
      const failing = serverOf({
        tickets: { keeper },
        answers: { lookupPsk: () => ({ ok: false, message: 'the store is gone' }) },
      });
      const unlucky = client({ sessions, externalPsks });
      exchange(unlucky, failing());
      expect(unlucky.facts).toMatchObject({ handshakes: 1, resumed: false });
    });
  });

  it('may be for SHA-384', () => {
    const psk: ExternalPsk = { ...external, hash: 'sha384' };
    const asking = client({ externalPsks: [psk] });
    exchange(asking, server({ externalPsks: [psk], credentials: [] }));
    expect(asking.facts.cipherSuite).toBe(suites13.TLS_AES_256_GCM_SHA384);
  });

  it('are imported for both hashes (RFC 9258)', () => {
    const psks = importPsk({ provider: nodeProvider, identity: text('id'), key, context: text('test') });
    const asking = client({ externalPsks: psks });
    exchange(asking, server({ externalPsks: psks, credentials: [] }));
    expect(asking.facts.externalPskIdentity).toEqual(psks[0]!.identity);
  });

  it('are refused when the key differs, and when nobody knows them', () => {
    const wrong = server({ externalPsks: [{ ...external, key: new Uint8Array(32) }] });
    const { b } = exchange(client({ externalPsks: [external] }), wrong);
    expect(ofType(b, 'failed')[0]).toMatchObject({
      error: { code: 'peer.badBinder' },
      alert: 'decrypt_error',
    });
    const unknown = exchange(client({ externalPsks: [external] }), server({ credentials: [] }));
    expect(ofType(unknown.b, 'failed')[0]).toMatchObject({
      error: { code: 'incompatible.pskIdentity' },
      alert: 'unknown_psk_identity',
    });
    const full = client({ externalPsks: [external] });
    exchange(full, server());
    expect([full.facts.handshakes, full.facts.externalPskIdentity]).toEqual([1, undefined]);
  });
});

describe('0-RTT data', () => {
  const early = { earlyData: { maxBytes: 1000 } };

  function begin(make: () => Connection, options: Partial<ClientOptions> = {}) {
    const [session] = sessionsOf(make, options);
    const asking = client({ sessions: [session!], sendEarlyData: true, ...options });
    const first = drain(asking);
    const taken = asking.send(text('GET / '));
    return { asking, first, taken, hello: [...first, ...drain(asking)], session: session! };
  }

  it('arrives with the first flight, and goes on until the handshake is done', () => {
    const make = serverOf(early);
    const { asking, first, taken, hello } = begin(make);
    expect(ofType(first, 'writable')).toEqual([{ type: 'writable', as: 'early', limitBytes: 1000 }]);
    expect(taken).toBe(6);
    const answering = make();
    answering.receive(bytesOf(hello), nowMs);
    const flight = drain(answering);
    expect(ofType(flight, 'data')).toEqual([{ type: 'data', bytes: text('GET / '), early: true }]);
    expect(asking.exportKeyingMaterial('EXPORTER-e', text(''), 8, { early: true })).toEqual(
      answering.exportKeyingMaterial('EXPORTER-e', text(''), 8, { early: true }),
    );
    expect(asking.send(text('HTTP'))).toBe(4);
    answering.receive(bytesOf(drain(asking)), nowMs);
    asking.receive(bytesOf(flight), nowMs);
    const { a, b } = exchange(asking, answering);
    expect(ofType(b, 'data').map(({ early }) => early)).toEqual([true]);
    expect([asking.facts.earlyData, answering.facts.earlyData]).toEqual(['accepted', 'accepted']);
    expect([ofType(a, 'connected').length, ofType(b, 'connected').length]).toEqual([1, 1]);
    asking.send(text('later'));
    expect(ofType(exchange(asking, answering).b, 'data').map(({ early }) => early)).toEqual([false]);
  });

  it('takes no more than the ticket allows', () => {
    const { asking } = begin(serverOf(early));
    expect(asking.send(new Uint8Array(5000))).toBe(994);
    expect(asking.send(new Uint8Array(1))).toBe(0);
  });

  it.each([
    [
      'a server that takes none',
      () => serverOf({ ...early, answers: { acceptEarlyData: () => ({ ok: true, accept: false }) } }),
    ],
    ['a server that asks for another hello', () => serverOf({ ...early, groups: [namedGroups.secp521r1] })],
  ])('is lost with %s, and the connection lives', (_, makeServer) => {
    const make = makeServer();
    const { asking, hello } = begin(make);
    const answering = make();
    answering.receive(bytesOf(hello), nowMs);
    const { a, b } = exchange(asking, answering);
    expect(ofType(a, 'earlyDataRejected')).toHaveLength(1);
    expect(ofType(b, 'data')).toEqual([]);
    expect([asking.facts.earlyData, answering.facts.earlyData, asking.facts.resumed]).toEqual([
      'rejected',
      'rejected',
      true,
    ]);
    asking.send(text('again'));
    expect(
      ofType(exchange(asking, answering).b, 'data').map(({ bytes }) => Buffer.from(bytes).toString()),
    ).toEqual(['again']);
  });

  it('is lost with a server that has forgotten the session altogether', () => {
    const { hello, asking } = begin(serverOf(early));
    const answering = serverOf()();
    answering.receive(bytesOf(hello), nowMs);
    const { b } = exchange(asking, answering);
    expect([asking.facts.resumed, ofType(b, 'data').length, asking.facts.handshakes]).toEqual([false, 0, 1]);
  });

  it('is not accepted twice', () => {
    const make = serverOf(early);
    const { hello } = begin(make);
    const facts = [1, 2].map(() => {
      const answering = make();
      answering.receive(bytesOf(hello), nowMs);
      return answering.facts.earlyData;
    });
    expect(facts).toEqual(['accepted', 'rejected']);
  });

  it('is not accepted from a hello that comes late', () => {
    const make = serverOf(early);
    const { hello } = begin(make);
    const answering = make();
    answering.receive(bytesOf(hello), nowMs + 10_001);
    expect(answering.facts.earlyData).toBe('rejected');
    expect(answering.facts.resumed).toBe(true);
  });

  it('is decided with what it takes to tell a replay', () => {
    const asked: AcceptEarlyDataAsk[] = [];
    const answers: Answers = {
      acceptEarlyData: (ask) => {
        asked.push(ask);
        return { ok: true, accept: true };
      },
    };
    const make = serverOf({ ...early, answers });
    const { hello, session } = begin(make);
    const at = (ms: number) => {
      const answering = make();
      answering.receive(bytesOf(hello), nowMs + ms);
      return answering.facts.earlyData;
    };
    // The window is open at its end: there the first copy may be forgotten (RFC 9846 §8.3).
    expect([at(0), at(3), at(9_999), at(10_000)]).toEqual(['accepted', 'accepted', 'accepted', 'rejected']);
    expect(asked.map(({ ageSkewMs, nowMs: now }) => [ageSkewMs, now - nowMs])).toEqual([
      [0, 0],
      [3, 3],
      [9_999, 9_999],
    ]);
    for (const ask of asked) {
      expect(ask).toMatchObject({
        session: { secret: session.secret },
        externalIdentity: undefined,
        replayKey: asked[0]!.replayKey,
        notBeforeMs: nowMs - 10_000,
        expiresAtMs: nowMs + 10_000,
      });
    }
    expect(asked[0]!.replayKey).toHaveLength(32);
    const earlyData = { maxBytes: 1, cipherSuite: suites13.TLS_AES_128_GCM_SHA256, alpnProtocol: null };
    const externalPsks = [{ identity: text('sensor'), key: new Uint8Array(32), earlyData }];
    exchange(client({ externalPsks, sendEarlyData: true }), server({ externalPsks, ...early, answers }));
    expect(asked.at(-1)).toMatchObject({
      session: undefined,
      externalIdentity: text('sensor'),
      ageSkewMs: 0,
      notBeforeMs: nowMs,
      expiresAtMs: Number.POSITIVE_INFINITY,
      nowMs,
    });
  });

  it('is sent only when asked for, and only for the protocol it was made for', () => {
    const make = serverOf({ ...early, alpnProtocols: ['h2', 'http/1.1'] });
    const [session] = sessionsOf(make, { alpnProtocols: ['h2'] });
    const sends = (options: Partial<ClientOptions>) =>
      ofType(drain(client({ sessions: [session!], ...options })), 'writable').length > 0;
    expect([
      sends({ alpnProtocols: ['h2'] }),
      sends({ alpnProtocols: ['h2'], sendEarlyData: true }),
      sends({ alpnProtocols: ['http/1.1'], sendEarlyData: true }),
      sends({ sendEarlyData: true }),
    ]).toEqual([false, true, false, false]);
  });

  it('works with an external key that says for what', () => {
    const external: ExternalPsk = {
      identity: text('sensor'),
      key: new Uint8Array(32).fill(1),
      earlyData: { maxBytes: 100, cipherSuite: suites13.TLS_AES_128_GCM_SHA256, alpnProtocol: null },
    };
    const asking = client({ externalPsks: [external], sendEarlyData: true });
    const answering = server({ externalPsks: [external], credentials: [], ...early });
    asking.send(text('42'));
    const { b } = exchange(asking, answering);
    expect(ofType(b, 'data')).toEqual([{ type: 'data', bytes: text('42'), early: true }]);
    expect(asking.facts.handshakes).toBe(1);
  });
});

describe('what comes of a server that means no good, or another', () => {
  it('lets a client connect that was given tickets too large to show', () => {
    const keeper = {
      sealTicket: () => ({ ok: true, ticket: new Uint8Array(65_000).fill(1) }) as const,
      openTicket: () => ({ ok: true }) as const,
    };
    const make = serverOf({ tickets: { keeper } });
    const sessions = sessionsOf(make);
    expect(sessions).toHaveLength(2);
    const half = { ...sessions[0]!, ticket: new Uint8Array(20_000) };
    for (const offered of [sessions, [...sessions, half, half]]) {
      const { a, b } = exchange(client({ sessions: offered }), make());
      expect([ofType(a, 'connected').length, ofType(b, 'connected').length]).toEqual([1, 1]);
    }
  });

  it('does not let a session of an external key stand for a certificate', () => {
    const psk: ExternalPsk = { identity: text('shared by many'), key: new Uint8Array(32).fill(3) };
    const make = serverOf({ answers: { lookupPsk: () => ({ ok: true, psks: [psk] }) } });
    const sessions = sessionsOf(make, { externalPsks: [psk] });
    expect(sessions).toHaveLength(2);
    const asking = client({ sessions });
    exchange(asking, make());
    expect(asking.facts).toMatchObject({ resumed: false, peerVerdict: { authorized: true } });
    const withKey = client({ sessions, externalPsks: [psk] });
    exchange(withKey, make());
    expect(withKey.facts.resumed).toBe(true);
  });

  it('does not hold 0-RTT data to a limit that its client could not know', () => {
    const make = serverOf({ earlyData: { maxBytes: 10_000 }, recordSizeLimit: 512 });
    const options = { recordSizeLimit: 16_385 };
    const sessions = sessionsOf(make, options);
    const asking = client({ sessions, sendEarlyData: true, ...options });
    const answering = make();
    expect(asking.send(new Uint8Array(5_000))).toBe(5_000);
    const { a, b } = exchange(asking, answering);
    expect(ofType(a, 'connected')).toHaveLength(1);
    expect(ofType(b, 'data').map(({ bytes, early }) => [bytes.length, early])).toEqual([[5_000, true]]);
    // What comes after it is held to it.
    asking.send(new Uint8Array(600));
    const after = exchange(asking, answering);
    expect(ofType(after.b, 'data').map(({ bytes }) => bytes.length)).toEqual([511, 89]);
  });

  it('does not hold 0-RTT data to a fragment length that nobody had confirmed', () => {
    const make = serverOf({ earlyData: { maxBytes: 10_000 } });
    const options = { maxFragmentLength: 512 } as const;
    const asking = client({ sessions: sessionsOf(make, options), sendEarlyData: true, ...options });
    const answering = make();
    expect(asking.send(new Uint8Array(5_000))).toBe(5_000);
    const { a, b } = exchange(asking, answering);
    expect(ofType(a, 'connected')).toHaveLength(1);
    expect(ofType(b, 'data').map(({ bytes, early }) => [bytes.length, early])).toEqual([[5_000, true]]);
  });
});
