import { describe, expect, it } from 'vitest';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { client12, server12 } from '../../test/harness/pair12.ts';
import { plainRecord } from '../../test/harness/peer.ts';
import { connect, exchange, nowMs, sessionsOf } from '../../test/harness/two-ends.ts';
import type { Connection } from '../connection/connection.ts';
import type { Output } from '../connection/outputs.ts';
import { TicketRing } from '../index.ts';
import { contentTypes } from '../registry/content-types.ts';
import { SessionTable } from '../resume/session-table.ts';
import type { Session, SessionStore } from '../values/session.ts';

/** RFC 5246 §7.2.2: "any connection terminated with a fatal alert MUST NOT be resumed". */

const invalid = (outputs: readonly Output[]) => outputs.filter(({ type }) => type === 'sessionInvalid');
const withIds = (store: SessionStore) => server12({ tickets: false, sessionIds: { store } });

/** A connected pair, and the session that the client got. */
function connected(store: SessionStore, sessions: readonly Session[] = []) {
  const [a, b] = [client12({ sessions }), withIds(store)];
  const said = connect(a, b);
  return { a, b, session: sessionsOf(said.a)[0]! };
}

/** What both say when somebody sends the server what opens with no key. */
function broken(a: Connection, b: Connection) {
  b.receive(plainRecord(contentTypes.application_data, new Uint8Array(40)), nowMs);
  return exchange(a, b);
}

const isKnown = (store: SessionTable, session: Session): boolean => {
  const reply = store.lookupSession({ sessionId: session.sessionId!, nowMs });
  return reply.ok && reply.session !== undefined;
};

describe('a session after a fatal alert', () => {
  it('is forgotten by the server that keeps it under its id, and named to both', () => {
    const store = new SessionTable();
    const { a, b, session } = connected(store);
    expect(isKnown(store, session)).toBe(true);
    const said = broken(a, b);
    const named = [{ type: 'sessionInvalid', sessionId: session.sessionId }];
    expect([invalid(said.a), invalid(said.b)]).toEqual([named, named]);
    expect(said.b.map(({ type }) => type).slice(-2)).toEqual(['sessionInvalid', 'failed']);
    expect(isKnown(store, session)).toBe(false);
  });

  it('is the one that was resumed as well', () => {
    const store = new SessionTable();
    const { session } = connected(store);
    const { a, b } = connected(store, [session]);
    expect(b.facts.resumed).toBe(true);
    const said = broken(a, b);
    expect(invalid(said.b)).toEqual([{ type: 'sessionInvalid', sessionId: session.sessionId }]);
    expect(invalid(said.a)).toHaveLength(1);
    expect(isKnown(store, session)).toBe(false);
  });

  it('is taken away while it is resumed', () => {
    const store = new SessionTable();
    const { session } = connected(store);
    const [a, b] = [client12({ sessions: [session] }), withIds(store)];
    b.start(nowMs);
    a.start(nowMs);
    for (let said = a.poll(); said !== undefined; said = a.poll()) {
      if (said.type === 'transmit') for (const piece of said.pieces) b.receive(piece, nowMs);
    }
    b.receive(plainRecord(contentTypes.application_data, new Uint8Array(40)), nowMs);
    expect(invalid(exchange(a, b).b)).toHaveLength(1);
    expect(isKnown(store, session)).toBe(false);
  });

  it('is named by its ticket to the client', () => {
    const [a, b] = [
      client12({}),
      server12({ tickets: { keeper: new TicketRing({ provider: olderProvider }) } }),
    ];
    const [session] = sessionsOf(connect(a, b).a);
    const said = broken(a, b);
    expect(invalid(said.a)).toEqual([{ type: 'sessionInvalid', ticket: session!.ticket }]);
    expect(invalid(said.b)).toEqual([]);
  });

  it('ends the connection whatever the store does', () => {
    const table = new SessionTable();
    const store: SessionStore = {
      lookupSession: (ask) => table.lookupSession(ask),
      storeSession: (ask) => table.storeSession(ask),
      delete() {
        throw new Error('out of order');
      },
    };
    const { a, b } = connected(store);
    const said = broken(a, b);
    expect(said.b.at(-1)).toMatchObject({ type: 'failed', error: { blame: 'peer' } });
    expect(invalid(said.b)).toHaveLength(1);
  });
});

it.each([
  ['an orderly close', (a: Connection) => a.close()],
  ['an end without close_notify (RFC 5246 §7.2.1)', (_: Connection, b: Connection) => b.receiveEnd(nowMs)],
])('leaves the session alone: %s', (_, end) => {
  const store = new SessionTable();
  const { a, b, session } = connected(store);
  end(a, b);
  const said = exchange(a, b);
  expect([...invalid(said.a), ...invalid(said.b)]).toEqual([]);
  expect(isKnown(store, session)).toBe(true);
});
