import { describe, expect, it } from 'vitest';
import { ed25519Credential } from '../../test/harness/fixtures.ts';
import {
  client,
  expectAlive,
  expectResumed,
  firstSession,
  server,
  sessionsOf,
  verifyPeer,
} from '../../test/harness/resuming12.ts';
import { rsaCredential } from '../../test/harness/rsa-keys.ts';
import { connect, exchange, failures, nowMs } from '../../test/harness/two-ends.ts';
import type { Output } from '../connection/outputs.ts';
import {
  decodeSession,
  encodeSession,
  TicketTable,
  tls13,
  type ClientOptions,
  type ServerOptions,
} from '../index.ts';
import { suites12 } from '../registry/suites12.ts';
import { SessionTable } from '../resume/session-table.ts';
import type { DecisionOf } from '../values/decisions.ts';
import type { VerifyPeerAsk } from '../values/peer-evidence.ts';
import type { Session } from '../values/session.ts';
// Through its folder, as in handshake.test.ts.
import { tls12 } from '../tls12/module.ts';

const { TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: gcm, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: cbc } = suites12;

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

function decisionOf<K extends 'lookupSession' | 'storeSession'>(outputs: readonly Output[], kind: K) {
  const decisions = outputs.flatMap((each) => (each.type === 'decision' ? [each.decision] : []));
  expect(decisions.map((each) => each.kind)).toEqual([kind]);
  return decisions[0] as DecisionOf<K>;
}
