import { describe, expect, it } from 'vitest';
import { random, session13 as session } from '../../test/harness/session13.ts';
import type { Session } from '../values/session.ts';
import { SessionTable } from './session-table.ts';

describe('a table of sessions by id', () => {
  const kept = (id: number, atMs = 0): Session => ({
    ...session,
    version: 0x0303,
    sessionId: random(id),
    lifetimeSeconds: 10,
    issuedAtMs: atMs,
  });
  const found = (table: SessionTable, id: number, nowMs = 0) => {
    const reply = table.lookupSession({ sessionId: random(id), nowMs });
    return reply.ok ? reply.session : undefined;
  };

  it('finds them until their time is over', () => {
    const table = new SessionTable();
    table.storeSession({ session: kept(1), nowMs: 0 });
    expect(found(table, 1, 9_999)).toEqual(kept(1));
    expect(found(table, 2)).toBeUndefined();
    expect(found(table, 1, 10_000)).toBeUndefined();
    expect(table.size).toBe(0);
  });

  it('is bounded, and forgets the oldest', () => {
    const table = new SessionTable({ maxSessions: 2 });
    for (const id of [1, 2, 3]) table.storeSession({ session: kept(id), nowMs: 0 });
    expect([1, 2, 3].map((id) => found(table, id) !== undefined)).toEqual([false, true, true]);
    table.delete(random(2));
    expect(table.size).toBe(1);
    expect(() => new SessionTable({ maxSessions: 0 })).toThrow('maxSessions must be an integer');
  });

  it('keeps none without an id', () => {
    const table = new SessionTable();
    expect(table.storeSession({ session, nowMs: 0 }).ok).toBe(false);
    expect(table.size).toBe(0);
  });
});
