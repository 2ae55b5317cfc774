import {
  decodeSession,
  encodeSession,
  namedGroups,
  pskKeyExchangeModes,
  type Session,
  suites13,
  TicketRing,
  TicketTable,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import { client, clientCredential, exchange, nowMs, ofType, verifyPeer } from './ends.ts';
import { serverOf, sessionsOf, text } from './resuming.ts';

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
});
