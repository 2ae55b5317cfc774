import { describe, expect, it } from 'vitest';
import { random, session13 as session } from '../../test/harness/session13.ts';
import { TicketTable } from './ticket-table.ts';

describe('TicketTable', () => {
  it('lets each session be used once, and keeps only so many', () => {
    const table = new TicketTable({ maxSessions: 2 });
    for (const seed of [1, 2, 3])
      table.sealTicket({ session: { ...session, ageAdd: seed }, random: random(seed), nowMs: 0 });
    const open = (...seeds: number[]) => {
      const reply = table.openTicket({ identities: seeds.map(random) });
      return reply.ok ? reply.found?.session.ageAdd : undefined;
    };
    const use = (ticket: Uint8Array) => table.useTicket({ ticket, nowMs: 0 });
    expect([open(1), open(9, 3), open(3), table.size]).toEqual([undefined, 3, 3, 2]);
    expect([use(random(3)), use(random(3)), use(random(1)), table.size]).toEqual([
      { ok: true, use: true },
      { ok: true, use: false },
      { ok: true, use: false },
      1,
    ]);
    expect([open(3), use(new Uint8Array(65_535))]).toEqual([undefined, { ok: true, use: false }]);
    table.clear();
    expect(open(2)).toBeUndefined();
    expect(() => new TicketTable({ maxSessions: 0 })).toThrow('at least 1');
  });
});
