import { describe, expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { peer13 as peer, random, session13 as session } from '../../test/harness/session13.ts';
import { hex } from '../wire/bytes.ts';
import { TicketRing } from './ticket-ring.ts';

const hour = 3_600_000;

describe('TicketRing', () => {
  const ring = (options: Partial<ConstructorParameters<typeof TicketRing>[0]> = {}) =>
    new TicketRing({ provider: testProvider, ...options });
  const sealed = (by: TicketRing, nowMs: number, seed = 1) => {
    const reply = by.sealTicket({ session, random: random(seed), nowMs });
    if (!reply.ok) throw new Error(reply.message);
    return reply.ticket;
  };
  const opened = (by: TicketRing, ticket: Uint8Array, nowMs: number) => {
    const reply = by.openTicket({ identities: [random(9), ticket], nowMs });
    return reply.ok ? reply.found : undefined;
  };

  it('opens what it sealed, and says which identity it was', () => {
    const one = ring();
    expect(opened(one, sealed(one, 0), 0)).toEqual({ index: 1, session, renew: false });
    expect(opened(ring(), sealed(one, 0), 0)).toBeUndefined();
  });

  it('opens nothing that was changed', () => {
    const one = ring();
    const ticket = sealed(one, 0);
    for (let at = 0; at < ticket.length; at++) {
      expect(
        opened(
          one,
          ticket.map((byte, i) => (i === at ? byte ^ 1 : byte)),
          0,
        ),
      ).toBeUndefined();
      expect(opened(one, ticket.subarray(0, at), 0)).toBeUndefined();
    }
  });

  it('seals under a new key when the old one has sealed long enough, which then only opens, then nothing', () => {
    const one = ring({ sealForMs: hour, openForMs: 2 * hour });
    const early = sealed(one, 0);
    const later = sealed(one, hour);
    expect(hex(later.subarray(0, 16))).not.toBe(hex(early.subarray(0, 16)));
    expect(one.keys).toHaveLength(2);
    expect(opened(one, early, 3 * hour - 1)).toBeDefined();
    expect(opened(one, early, 3 * hour)).toBeUndefined();
    sealed(one, 3 * hour);
    // The key of the beginning is forgotten, that of the middle is not.
    expect(one.keys.map(({ createdAtMs }) => createdAtMs)).toEqual([3 * hour, hour]);
  });

  it('wants what a former key sealed renewed', () => {
    const one = ring({ sealForMs: hour, openForMs: 2 * hour });
    const early = sealed(one, 0);
    expect(opened(one, early, hour - 1)?.renew).toBe(false);
    expect(opened(one, early, hour)?.renew).toBe(true);
    sealed(one, hour);
    expect(opened(one, early, hour)?.renew).toBe(true);
    expect(opened(one, sealed(one, hour), hour)?.renew).toBe(false);
  });

  it('opens with a key of the future, and seals with it only when its time has come', () => {
    const [now, next] = [0, hour].map((createdAtMs) => ({
      name: new Uint8Array(16).fill(createdAtMs / hour),
      secret: random(createdAtMs / hour),
      createdAtMs,
    }));
    const [one, ahead] = [ring({ keys: [now!, next!], sealForMs: hour }), ring({ keys: [next!] })];
    expect(sealed(one, hour - 1)[0]).toBe(0);
    expect(sealed(one, hour)[0]).toBe(1);
    expect(opened(one, sealed(ahead, hour), 0)).toBeDefined();
  });

  it('draws a new key when one has sealed as many as it may', () => {
    const one = ring({ maxTicketsPerKey: 2 });
    const names = [1, 2, 3, 4, 5].map((seed) => hex(sealed(one, 0, seed).subarray(0, 16)));
    expect(names.map((name) => names.indexOf(name))).toEqual([0, 0, 2, 2, 4]);
    // Counted on when it is given the same keys again.
    one.replaceKeys(one.keys);
    expect(hex(sealed(one, 0, 6).subarray(0, 16))).toBe(names[4]);
    expect(names).not.toContain(hex(sealed(one, 0, 7).subarray(0, 16)));
  });

  it('keeps its own copies of keys, wipes what it drops, and shows nothing', () => {
    const drawn: Uint8Array[] = [];
    const one = ring({
      random: (length) => {
        drawn.push(new Uint8Array(length).fill(7));
        return drawn.at(-1)!;
      },
    });
    const ticket = sealed(one, 0);
    expect(drawn.map((bytes) => bytes.some((byte) => byte !== 0))).toEqual([false]);
    one.keys[0]!.secret.fill(0);
    expect(opened(one, ticket, 0)).toBeDefined();
    expect(JSON.stringify(one)).toBe('{}');
    one.clear();
    expect([one.keys, opened(one, ticket, 0)]).toEqual([[], undefined]);
  });

  it('shares its keys with others', () => {
    const one = ring();
    const ticket = sealed(one, 0);
    const two = ring({ keys: one.keys });
    expect(opened(two, ticket, 0)).toBeDefined();
    two.replaceKeys([]);
    expect(opened(two, ticket, 0)).toBeUndefined();
    expect(() => two.replaceKeys([{ name: random(1), secret: random(1), createdAtMs: 0 }])).toThrow(
      'a ticket key is',
    );
    expect(() => ring({ sealForMs: 0 })).toThrow('must be more than 0 ms');
  });

  it('makes no ticket of a session that cannot be written down or is too long', () => {
    const verdict = () => 1;
    const asks = { random: random(1), nowMs: 0 };
    expect(ring().sealTicket({ ...asks, session: { ...session, peer: { ...peer, verdict } } })).toMatchObject(
      {
        ok: false,
      },
    );
    const applicationData = new Uint8Array(65_500);
    expect(ring().sealTicket({ ...asks, session: { ...session, applicationData } })).toMatchObject({
      ok: false,
      message: expect.stringContaining('65535 fit'),
    });
  });

  it('draws its keys from the given source, and nothing else', () => {
    const draws: number[] = [];
    const one = ring({ random: (length) => new Uint8Array(length).fill(draws.push(length)) });
    expect(hex(sealed(one, 0))).toBe(hex(sealed(one, 1)));
    expect(draws).toEqual([48]);
  });
});
