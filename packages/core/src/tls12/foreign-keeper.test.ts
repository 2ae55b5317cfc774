import { describe, expect, it } from 'vitest';
import { client, expectResumed, ring, server, sessionsOf } from '../../test/harness/resuming12.ts';
import type { Connection } from '../connection/connection.ts';
import { tls13 } from '../index.ts';
import { SessionTable } from '../resume/session-table.ts';
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

  /** However many there are. */
  function firstOf(a: Connection, b: Connection): Session {
    const [first] = sessionsOf(expectResumed(a, b, false));
    return first!;
  }
});
