import { type Session, suites13 } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { bytesOf, client, drain, exchange, nowMs, ofType } from './ends.ts';
import { serverOf, sessionsOf, text } from './resuming.ts';

describe('the tickets of a server', () => {
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
});

describe('tickets that are issued together', () => {
  const make = serverOf({ answers: { sealTicket: () => undefined } });
  const begun = () => {
    const [asking, answering] = [client(), make()];
    const { b } = exchange(asking, answering);
    return { asking, answering, decisions: ofType(b, 'decision').map(({ decision }) => decision) };
  };
  const sealed = (ticket: string) => ({ ok: true, ticket: text(ticket) }) as const;

  it('leave in one record and in their order when the last is sealed, however late and in whatever order', () => {
    const flights = [
      [0, 1],
      [1, 0],
    ].map((order) => {
      const { asking, answering, decisions } = begun();
      answering.answer(decisions[order[0]!]!, sealed(`ticket ${order[0]}`), nowMs);
      expect(bytesOf(drain(answering))).toHaveLength(0);
      answering.answer(decisions[order[1]!]!, sealed(`ticket ${order[1]}`), nowMs);
      const flight = bytesOf(drain(answering));
      expect([flight[0], flight.length]).toEqual([0x17, 5 + ((flight[3]! << 8) | flight[4]!)]);
      asking.receive(flight, nowMs);
      const sessions = ofType(drain(asking), 'session');
      expect(sessions.map(({ session }) => Buffer.from(session.ticket).toString())).toEqual([
        'ticket 0',
        'ticket 1',
      ]);
      return flight.length;
    });
    expect(flights[0]).toBe(flights[1]);
  });

  it('do not wait for those that are issued later, nor for one that cannot be sealed', () => {
    const { asking, answering, decisions } = begun();
    answering.answer(decisions[0]!, sealed('first'), nowMs);
    expect(answering.issueTickets(1, nowMs)).toBe(true);
    const [other] = ofType(drain(answering), 'decision');
    answering.answer(other!.decision, sealed('of another batch'), nowMs);
    expect(ticketsOf(exchange(asking, answering).a)).toEqual(['of another batch']);
    answering.answer(decisions[1]!, { ok: false, message: 'no room' }, nowMs);
    expect(ticketsOf(exchange(asking, answering).a)).toEqual(['first']);
    // All 32 places are free again.
    for (const count of [16, 16]) expect(answering.issueTickets(count, nowMs)).toBe(true);
    expect(ofType(drain(answering), 'decision')).toHaveLength(32);
  });

  function ticketsOf(outputs: Parameters<typeof ofType>[0]): string[] {
    return ofType(outputs, 'session').map(({ session }) => Buffer.from(session.ticket).toString());
  }
});
