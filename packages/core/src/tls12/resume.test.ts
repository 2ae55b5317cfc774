import { describe, expect, it } from 'vitest';
import { ed25519Credential, p256Credential, takesFixtures } from '../../test/harness/fixtures.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { rsaCredential } from '../../test/harness/rsa-keys.ts';
import { connect, exchange, failures, nowMs, type Said } from '../../test/harness/two-ends.ts';
import type { Connection } from '../connection/connection.ts';
import type { Output } from '../connection/outputs.ts';
import {
  createClient,
  createServer,
  decodeSession,
  encodeSession,
  TicketRing,
  TicketTable,
  tls13,
  type ClientOptions,
  type ServerOptions,
} from '../index.ts';
import { suites12 } from '../registry/suites12.ts';
import { SessionTable } from '../resume/session-table.ts';
import type { DecisionOf } from '../values/decisions.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from '../values/peer-evidence.ts';
import type {
  LookupSessionAsk,
  OpenTicketAsk,
  Session,
  SessionStore,
  TicketKeeper,
} from '../values/session.ts';
import { sameBytes } from '../wire/bytes.ts';
// Through its folder, as in handshake.test.ts.
import { tls12 } from '../tls12/module.ts';

const { TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: gcm, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: cbc } = suites12;

const verifyPeer = (ask: VerifyPeerAsk): VerifyPeerReply => ({
  ...(takesFixtures(ask) as Extract<VerifyPeerReply, { ok: true }>),
  verdict: ask.cause,
});

const client = (options: Partial<ClientOptions> = {}): Connection =>
  createClient({
    provider: olderProvider,
    versions: [tls12],
    serverName: 'sealwire.test',
    cipherSuites: [gcm, cbc],
    answers: { verifyPeer },
    ...options,
  });

/** Every server with the same ring, as if they were one. */
const ring = new TicketRing({ provider: olderProvider });
const server = (options: Partial<ServerOptions> = {}): Connection =>
  createServer({
    provider: olderProvider,
    versions: [tls12],
    credentials: [p256Credential],
    tickets: { keeper: ring },
    answers: { verifyPeer },
    ...options,
  });

const sessionsOf = ({ a }: Said) => a.flatMap((each) => (each.type === 'session' ? [each.session] : []));

/** The session of a first connection. */
function firstSession(a: Connection, b: Connection): Session {
  const said = connect(a, b);
  expect([failures(said.a), failures(said.b)]).toEqual([[], []]);
  expect([a.facts.resumed, b.facts.resumed]).toEqual([false, false]);
  const [session, ...more] = sessionsOf(said);
  expect(more).toEqual([]);
  return session!;
}

/** Data passes in both directions. */
function expectAlive(a: Connection, b: Connection): void {
  a.send(Uint8Array.of(1, 2));
  b.send(Uint8Array.of(3));
  const said = exchange(a, b);
  const data = (outputs: readonly Output[]) =>
    outputs.flatMap((each) => (each.type === 'data' ? [...each.bytes] : []));
  expect([data(said.b), data(said.a)]).toEqual([[1, 2], [3]]);
}

function expectResumed(a: Connection, b: Connection, isResumed: boolean, atMs = nowMs): Said {
  const said = connect(a, b, atMs);
  expect([failures(said.a), failures(said.b)]).toEqual([[], []]);
  expect([a.facts.resumed, b.facts.resumed]).toEqual([isResumed, isResumed]);
  expectAlive(a, b);
  const exported = (from: Connection) => from.exportKeyingMaterial('EXPORTER-x', new Uint8Array(3), 20);
  expect(exported(a)).toEqual(exported(b));
  return said;
}

describe('resumption in TLS 1.2', () => {
  it.each([gcm, cbc])('by a ticket, with suite %i', (suite) => {
    const only = { cipherSuites: [suite] };
    const session = firstSession(client(only), server(only));
    expect(session).toMatchObject({ version: 0x0303, cipherSuite: suite, extendedMainSecret: true });
    expect(session.sessionId).toBeUndefined();
    expect(session.ticket.length).toBeGreaterThan(100);
    expect(decodeSession(encodeSession(session))).toEqual(session);
    const [a, b] = [client({ ...only, sessions: [session] }), server(only)];
    const said = expectResumed(a, b, true);
    // The verdict of the first handshake has been asked for anew.
    expect(a.facts.peerVerdict).toBe('resumption');
    const [renewed] = sessionsOf(said);
    expect(renewed?.ticket).not.toEqual(session.ticket);
    expect(renewed?.secret).toEqual(session.secret);
    expectResumed(client({ ...only, sessions: [renewed!] }), server(only), true);
  });

  it('by an id, as often as one likes', () => {
    const store = new SessionTable();
    const byId = { tickets: false, sessionIds: { store } } as const;
    const session = firstSession(client(), server(byId));
    expect(session.ticket).toHaveLength(0);
    expect(session.sessionId).toHaveLength(32);
    expect(decodeSession(encodeSession(session))).toEqual(session);
    expect(store.size).toBe(1);
    const said = expectResumed(client({ sessions: [session] }), server(byId), true);
    const [again] = sessionsOf(said);
    expect(again).toMatchObject({ sessionId: session.sessionId, issuedAtMs: session.issuedAtMs });
    expectResumed(client({ sessions: [again!] }), server(byId), true);
    store.delete(session.sessionId!);
    expectResumed(client({ sessions: [again!] }), server(byId), false);
    expect(store.size).toBe(1);
  });

  it('by an id alone where the client asks for no tickets', () => {
    const both = { sessionIds: { store: new SessionTable() } };
    const wish = { requestTickets: false };
    const withTicket = firstSession(client(), server(both));
    expect(withTicket.ticket.length).toBeGreaterThan(0);
    const session = firstSession(client(wish), server(both));
    expect(session).toMatchObject({ ticket: new Uint8Array(0), sessionId: expect.any(Uint8Array) });
    expectResumed(client({ ...wish, sessions: [withTicket, session] }), server(both), true);
    expectResumed(client({ ...wish, sessions: [withTicket] }), server(both), false);
    expect(sessionsOf(connect(client(wish), server()))).toEqual([]);
  });

  it('by a ticket that names a session in a table, without middlebox compatibility too', () => {
    const tickets = { keeper: new TicketTable(), countWhenResumed: 0 };
    const session = firstSession(client(), server({ tickets }));
    const plain = { middleboxCompatibility: false, sessions: [session] };
    expect(sessionsOf(expectResumed(client(plain), server({ tickets }), true))).toMatchObject([
      { ticket: session.ticket },
    ]);
  });

  it('keeps the client that has proved itself, and asks for it again', () => {
    const asked: VerifyPeerAsk[] = [];
    const strict: Partial<ServerOptions> = {
      clientAuthentication: 'require',
      answers: {
        verifyPeer(ask) {
          asked.push(ask);
          return verifyPeer(ask);
        },
      },
    };
    const own = { credentials: [ed25519Credential] };
    const anonymous = firstSession(client(), server());
    const session = firstSession(client(own), server(strict));
    const b = server(strict);
    expectResumed(client({ ...own, sessions: [session] }), b, true);
    expect(asked.map(({ cause, stored }) => [cause, stored?.verdict])).toEqual([
      ['handshake', undefined],
      ['resumption', 'handshake'],
    ]);
    expect(b.facts.peerEvidence).toEqual(asked[0]!.evidence);
    // One that was made without a certificate is none where one is required.
    expectResumed(client({ ...own, sessions: [anonymous] }), server(strict), false);
    // A client that is refused now may prove itself anew.
    const refusing: Partial<ServerOptions> = {
      clientAuthentication: 'require',
      answers: {
        verifyPeer: (ask) =>
          ask.cause === 'resumption' ? { ok: false, reason: 'rejected', message: 'no' } : verifyPeer(ask),
      },
    };
    expectResumed(client({ ...own, sessions: [session] }), server(refusing), false);
  });

  it('ends where the client does not accept its server any more', () => {
    const session = firstSession(client(), server());
    const a = client({
      sessions: [session],
      answers: { verifyPeer: () => ({ ok: false, reason: 'revoked', message: 'gone' }) },
    });
    expect(failures(connect(a, server()).a)).toEqual(['local.certificateRevoked: gone']);
  });

  it('asks again whether a key that has decrypted may do so', () => {
    const uses: string[] = [];
    const options = {
      cipherSuites: [suites12.TLS_RSA_WITH_AES_128_GCM_SHA256],
      answers: {
        verifyPeer(ask: VerifyPeerAsk) {
          uses.push(`${ask.cause} ${ask.keyUse}`);
          // The "certificate" of this credential is its key.
          return { ok: true, publicKey: rsaCredential.chain[0]! } as const;
        },
      },
    };
    const own = { cipherSuites: options.cipherSuites, credentials: [rsaCredential] };
    const session = firstSession(client(options), server(own));
    expectResumed(client({ ...options, sessions: [session] }), server(own), true);
    expect(uses).toEqual(['handshake encipher', 'resumption encipher']);
  });

  it('is made with nobody in particular never', () => {
    const only = { cipherSuites: [suites12.TLS_ECDH_anon_WITH_AES_128_CBC_SHA] };
    const store = new SessionTable();
    const said = expectResumed(client(only), server({ ...only, sessionIds: { store } }), false);
    expect(sessionsOf(said)).toEqual([]);
    expect(store.size).toBe(0);
  });

  it('is not made with another name, context, version or suite, nor too late', () => {
    const session = firstSession(client(), server());
    const offering = (options: Partial<ClientOptions> = {}, changes: Partial<Session> = {}) =>
      client({ sessions: [{ ...session, ...changes }], ...options });
    expectResumed(offering(), server(), true);
    expectResumed(offering({ serverName: 'other.test' }), server(), false);
    expectResumed(
      offering({ serverName: 'other.test' }, { serverName: 'other.test', expectedName: 'other.test' }),
      server(),
      false,
    );
    expectResumed(offering({ sessionContext: Uint8Array.of(1) }), server(), false);
    expectResumed(offering(), server({ sessionContext: Uint8Array.of(1) }), false);
    expectResumed(offering({ cipherSuites: [cbc] }), server(), false);
    expectResumed(offering(), server({ cipherSuites: [cbc] }), false);
    expectResumed(offering(), server({ tickets: false }), false);
    expectResumed(offering({}, { extendedMainSecret: false }), server(), false);
    expectResumed(offering({}, { peer: undefined }), server(), false);
    const { lifetimeSeconds } = session;
    expectResumed(offering(), server(), true, nowMs + lifetimeSeconds * 1000 - 1);
    expectResumed(offering(), server(), false, nowMs + lifetimeSeconds * 1000);
    // Where the client's clock is wrong, the server's counts.
    const slow = { issuedAtMs: nowMs + 1e9, startedAtMs: nowMs + 1e9 };
    expectResumed(offering({}, slow), server(), false, nowMs + 1e9);
  });

  it('never crosses between TLS 1.2 and TLS 1.3', () => {
    const both = { versions: [tls13, tls12], cipherSuites: undefined } as never;
    const older = firstSession(client(), server());
    const said = connect(client(both), server(both));
    const newer = sessionsOf(said)[0]!;
    expect([older.version, newer.version]).toEqual([0x0303, 0x0304]);
    for (const session of [older, newer]) {
      expectResumed(client({ ...(both as object), sessions: [session] }), server(both), session === newer);
      expectResumed(client({ ...(both as object), sessions: [session] }), server(), session === older);
      // Shown as if it were of the other version, the server finds out.
      const disguised = { ...session, version: session === older ? 0x0304 : 0x0303 };
      const suite = session === older ? 0x1301 : gcm;
      const peer = session.peer;
      const shown = { ...disguised, cipherSuite: suite, peer, extendedMainSecret: true };
      expectResumed(client({ ...(both as object), sessions: [shown] }), server(), false);
      expectResumed(client({ ...(both as object), sessions: [shown] }), server(both), false);
    }
  });

  it('negotiates the protocol of the application anew', () => {
    const session = firstSession(client({ alpnProtocols: ['h2'] }), server({ alpnProtocols: ['h2'] }));
    expect(session.alpnProtocol).toBe('h2');
    const a = client({ alpnProtocols: ['http/1.1'], sessions: [session] });
    expectResumed(a, server({ alpnProtocols: ['http/1.1', 'h2'] }), true);
    expect(a.facts.alpnProtocol).toBe('http/1.1');
  });

  it('takes late answers, and holds the end of the handshake for them', () => {
    const store = new SessionTable();
    const late = { verifyPeer, lookupSession: () => undefined, storeSession: () => undefined };
    const byId = { tickets: false, sessionIds: { store }, answers: late } as const;
    const storing = server(byId);
    const a = client();
    const asking = connect(a, storing);
    const stored = decisionOf(asking.b, 'storeSession');
    expect(a.facts.handshakes + storing.facts.handshakes).toBe(0);
    storing.answer(stored, store.storeSession(stored.ask), nowMs);
    const [session] = sessionsOf(exchange(a, storing));
    expect([a.facts.handshakes, storing.facts.handshakes]).toEqual([1, 1]);
    const [again, looking] = [client({ sessions: [session!] }), server(byId)];
    const looked = decisionOf(connect(again, looking).b, 'lookupSession');
    looking.answer(looked, store.lookupSession(looked.ask), nowMs);
    exchange(again, looking);
    expect([again.facts.resumed, looking.facts.resumed]).toEqual([true, true]);
    expectAlive(again, looking);
  });

  it('goes on without a ticket where none can be sealed, or a session that is not stored or found', () => {
    const no = () => ({ ok: false, message: 'the store is gone' }) as const;
    const session = firstSession(client(), server());
    const unsealed = server({ answers: { verifyPeer, sealTicket: no } });
    expect(sessionsOf(expectResumed(client(), unsealed, false))).toEqual([]);
    const unrenewed = server({ answers: { verifyPeer, sealTicket: no } });
    expect(sessionsOf(expectResumed(client({ sessions: [session] }), unrenewed, true))).toMatchObject([
      { ticket: session.ticket },
    ]);
    const unopened = server({ answers: { verifyPeer, openTicket: no } });
    expectResumed(client({ sessions: [session] }), unopened, false);
    const gone = { verifyPeer, storeSession: no, lookupSession: no };
    const lost = () => server({ tickets: false, sessionIds: {}, answers: gone });
    const [unstored] = sessionsOf(expectResumed(client(), lost(), false));
    expectResumed(client({ sessions: [unstored!] }), lost(), false);
  });
});

describe('a keeper whose form of a session is not ours', () => {
  /** Forgets what has no place in it, and takes from the ask what it may say again. */
  const foreign = (terms: (ask: OpenTicketAsk) => Partial<Session>): TicketKeeper => ({
    sealTicket: (ask) =>
      ring.sealTicket({ ...ask, session: { ...ask.session, serverName: undefined, context: none } }),
    openTicket(ask) {
      const reply = ring.openTicket(ask);
      if (!reply.ok || reply.found === undefined) return reply;
      const { index, session } = reply.found;
      return { ok: true, found: { index, session: { ...session, ...terms(ask) } } };
    },
  });
  const none = new Uint8Array(0);
  const whole = ({ serverName, context }: OpenTicketAsk) => ({ serverName, context });

  it.each([
    ['TLS 1.2', { versions: [tls12] }],
    ['TLS 1.3', { versions: [tls13], cipherSuites: [0x1301 as never] }],
  ])('hears what the handshake asks of it: %s', (_, of) => {
    const own = { ...of, sessionContext: Uint8Array.of(7) };
    const asked: OpenTicketAsk[] = [];
    const keeper = foreign((ask) => {
      asked.push(ask);
      return whole(ask);
    });
    const session = firstOf(client(of), server({ ...own, tickets: { keeper } }));
    const again = () => client({ ...of, sessions: [session] });
    expectResumed(again(), server({ ...own, tickets: { keeper } }), true);
    expect(asked).toMatchObject([{ serverName: 'sealwire.test', context: Uint8Array.of(0, 7) }]);
    // One that says nothing again, or only half of it, resumes nothing.
    for (const terms of [() => ({}), ({ context }: OpenTicketAsk) => ({ context })]) {
      const silent = { keeper: foreign(terms) };
      expectResumed(again(), server({ ...own, tickets: silent }), false);
    }
  });

  it('may leave the ticket of TLS 1.2 in force (RFC 5077 §3.3)', () => {
    const keeper = foreign(whole);
    const session = firstOf(client(), server({ tickets: { keeper } }));
    for (const [tickets, isNew] of [
      [{ keeper, countWhenResumed: 0 }, false],
      [{ keeper }, true],
    ] as const) {
      const said = expectResumed(client({ sessions: [session] }), server({ tickets }), true);
      const [kept, ...more] = sessionsOf(said);
      expect(more).toEqual([]);
      expect(sameBytes(kept!.ticket, session.ticket)).toBe(!isNew);
    }
  });

  it('may say that a ticket is to be renewed, also where it otherwise stays in force', () => {
    const keeper = foreign(whole);
    const renewing: TicketKeeper = {
      sealTicket: (ask) => keeper.sealTicket(ask),
      openTicket(ask) {
        const reply = keeper.openTicket(ask);
        return reply.ok && reply.found ? { ok: true, found: { ...reply.found, renew: true } } : reply;
      },
    };
    const session = firstOf(client(), server({ tickets: { keeper } }));
    const tickets = { keeper: renewing, countWhenResumed: 0 };
    const said = expectResumed(client({ sessions: [session] }), server({ tickets }), true);
    const [kept] = sessionsOf(said);
    expect(sameBytes(kept!.ticket, session.ticket)).toBe(false);
    expect(kept!.startedAtMs).toBe(session.startedAtMs);
  });

  it('hears of sessions that are kept by their ids, too', () => {
    const store = new SessionTable();
    const asked: LookupSessionAsk[] = [];
    const byId = {
      tickets: false,
      sessionIds: {
        store: {
          storeSession: (ask) => store.storeSession({ ...ask, session: { ...ask.session, context: none } }),
          lookupSession(ask) {
            asked.push(ask);
            const reply = store.lookupSession(ask);
            if (!reply.ok || reply.session === undefined) return reply;
            return { ok: true, session: { ...reply.session, context: ask.context } };
          },
        } satisfies SessionStore,
      },
    } as const;
    const session = firstOf(client(), server(byId));
    expectResumed(client({ sessions: [session] }), server(byId), true);
    expect(asked.at(-1)).toMatchObject({ serverName: 'sealwire.test', context: Uint8Array.of(0) });
  });

  function firstOf(a: Connection, b: Connection): Session {
    const [first] = sessionsOf(expectResumed(a, b, false));
    return first!;
  }
});

function decisionOf<K extends 'lookupSession' | 'storeSession'>(outputs: readonly Output[], kind: K) {
  const decisions = outputs.flatMap((each) => (each.type === 'decision' ? [each.decision] : []));
  expect(decisions.map((each) => each.kind)).toEqual([kind]);
  return decisions[0] as DecisionOf<K>;
}
