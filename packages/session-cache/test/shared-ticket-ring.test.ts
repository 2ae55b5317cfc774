import { nodeProvider as provider } from '@sealwire/crypto-node';
import { describe, expect, it, vi } from 'vitest';
import { inspect } from 'node:util';
import { type SessionStore, SharedTicketRing, type SharedTicketRingOptions } from '../src/index.ts';
import { FleetStore } from './fleet-store.ts';
import { plainSession } from './plain-session.ts';

const hour = 3_600_000;
const session = plainSession({
  secret: new Uint8Array(32).fill(1),
  ticket: new Uint8Array(0),
  lifetimeSeconds: 7_200,
  issuedAtMs: 1_700_000_000_000,
  startedAtMs: 1_700_000_000_000,
});

/** A fleet with one store and one clock. */
function fleet() {
  const clock = { nowMs: 500_000 * hour };
  const now = () => clock.nowMs;
  const store = new FleetStore(now);
  const rings: SharedTicketRing[] = [];
  const join = async (options: Partial<SharedTicketRingOptions> = {}) => {
    const ring = await SharedTicketRing.open({
      store,
      provider,
      sealForMs: hour,
      openForMs: 2 * hour,
      now,
      ...options,
    });
    rings.push(ring);
    return ring;
  };
  const pass = async (ms: number) => {
    clock.nowMs += ms;
    await Promise.all(rings.map((ring) => ring.refresh()));
  };
  const seal = (ring: SharedTicketRing) => {
    const reply = ring.sealTicket({ session, random: provider.random(32), nowMs: clock.nowMs });
    if (!reply.ok) throw new Error(reply.message);
    return reply.ticket;
  };
  const open = (ring: SharedTicketRing, ticket: Uint8Array) => {
    const reply = ring.openTicket({ identities: [ticket], nowMs: clock.nowMs });
    const found = reply.ok ? reply.found : undefined;
    return found === undefined ? 'nothing' : found.renew === true ? 'renew' : 'opened';
  };
  return { clock, store, join, pass, seal, open };
}

describe('SharedTicketRing', () => {
  it('opens what any of the fleet has sealed, whoever came first', async () => {
    const { join, seal, open } = fleet();
    const [a, b] = await Promise.all([join(), join()]);
    const late = await join();
    for (const one of [a, b, late])
      for (const other of [a, b, late]) expect(open(other, seal(one))).toBe('opened');
    expect(a.keys).toEqual(b.keys);
  });

  it('draws keys for this time and the next, and none for times that are over', async () => {
    const { join, store, pass } = fleet();
    const add = vi.spyOn(store, 'add');
    await join();
    expect(add).toHaveBeenCalledTimes(2);
    await pass(hour);
    expect(add).toHaveBeenCalledTimes(3);
  });

  it('changes keys with the clock, everybody at once, and opens with former ones until their time is over', async () => {
    const { join, pass, seal, open } = fleet();
    const [a, b] = [await join(), await join()];
    const before = seal(a);
    await pass(hour - 1);
    expect([open(b, before), open(b, seal(a))]).toEqual(['opened', 'opened']);
    const last = seal(a);
    await pass(1);
    expect([open(b, before), open(b, last), open(b, seal(a)), open(a, seal(b))]).toEqual([
      'renew',
      'renew',
      'opened',
      'opened',
    ]);
    await pass(2 * hour - 1);
    expect(open(b, last)).toBe('renew');
    await pass(1);
    expect(open(b, last)).toBe('nothing');
  });

  it('has the next key before anybody seals with it, without asking again', async () => {
    const { join, clock, store, seal, open } = fleet();
    const [a, b] = [await join(), await join()];
    const { asked } = store;
    clock.nowMs += hour;
    expect([open(b, seal(a)), store.asked]).toEqual(['opened', asked]);
  });

  it('goes on with what it has while the store is down, and shares again afterwards', async () => {
    const { join, pass, store, seal, open } = fleet();
    const failures: unknown[] = [];
    const a = await join({ onFailure: (error) => failures.push(error) });
    const b = await join();
    store.isDown = true;
    await pass(hour);
    expect([open(b, seal(a)), failures.length]).toEqual(['opened', 1]);
    // Beyond what was known ahead each is alone.
    await pass(hour);
    const alone = seal(a);
    expect([open(a, alone), open(b, alone)]).toEqual(['opened', 'nothing']);
    store.isDown = false;
    await pass(1);
    expect([open(b, seal(a)), open(a, seal(b))]).toEqual(['opened', 'opened']);
    expect([open(a, alone), open(b, alone)]).toEqual(['renew', 'nothing']);
  });

  it('begins alone where the store is down', async () => {
    const { join, pass, store, seal, open } = fleet();
    store.isDown = true;
    const [a, b] = [await join(), await join()];
    const alone = seal(a);
    expect([open(a, alone), open(b, alone)]).toEqual(['opened', 'nothing']);
    store.isDown = false;
    await pass(1);
    expect([open(b, seal(a)), open(a, alone)]).toEqual(['opened', 'renew']);
  });

  it('asks again soon where the store could not be reached', async () => {
    vi.useFakeTimers();
    try {
      const { join, store, seal, open } = fleet();
      const a = await join();
      store.isDown = true;
      const b = await join();
      expect(open(a, seal(b))).toBe('nothing');
      store.isDown = false;
      await vi.advanceTimersByTimeAsync(999);
      expect(open(a, seal(b))).toBe('nothing');
      await vi.advanceTimersByTimeAsync(1);
      expect(open(a, seal(b))).toBe('opened');
      const { asked } = store;
      for (const ring of [a, b]) ring.close();
      await vi.advanceTimersByTimeAsync(59_000);
      expect(store.asked).toBe(asked);
    } finally {
      vi.useRealTimers();
    }
  });

  it('puts its keys back where the store has lost them', async () => {
    const { join, pass, store, seal, open } = fleet();
    const [a, b] = [await join(), await join()];
    const former = seal(a);
    await pass(hour);
    const ticket = seal(a);
    store.restart();
    await pass(1);
    const late = await join();
    for (const one of [a, b, late])
      expect([open(one, ticket), open(one, former)]).toEqual(['opened', 'renew']);
  });

  it('draws all keys anew when they were stolen, and nobody brings them back', async () => {
    const { join, pass, store, seal, open } = fleet();
    const [a, b] = [await join(), await join()];
    const before = seal(b);
    await pass(hour);
    const stolen = seal(b);
    await a.replaceAll();
    expect([open(a, before), open(a, stolen)]).toEqual(['nothing', 'nothing']);
    await pass(1);
    expect([open(b, before), open(b, stolen), open(b, seal(a)), open(a, seal(b))]).toEqual([
      'nothing',
      'nothing',
      'opened',
      'opened',
    ]);
    store.restart();
    await pass(1);
    expect([open(b, before), open(a, stolen)]).toEqual(['nothing', 'nothing']);
  });

  it('takes nothing for a key that is none', async () => {
    const { join, store, seal, open } = fleet();
    const rubbish: SessionStore = {
      ...store,
      scope: 'fleet',
      get: async () => new Uint8Array(100),
      add: async () => false,
    };
    const failures: unknown[] = [];
    const ring = await join({ store: rubbish, onFailure: (error) => failures.push(error) });
    expect([open(ring, seal(ring)), failures.length]).toEqual(['opened', 1]);
    // A key of another time, put where this one should be.
    const other = await join();
    const moved = Uint8Array.from([...other.keys[0]!.name, ...other.keys[0]!.secret, ...new Uint8Array(8)]);
    const onFailure = (error: unknown) => failures.push(error);
    const confused = await join({ store: { ...rubbish, get: async () => moved }, onFailure });
    expect([open(other, seal(confused)), failures.length]).toEqual(['nothing', 2]);
  });

  it('shows no keys, and forgets them when it is closed', async () => {
    const { join, seal, open } = fleet();
    const ring = await join();
    const ticket = seal(ring);
    const shown = inspect(ring, { depth: 9, showHidden: true }) + JSON.stringify(ring);
    for (const { secret } of ring.keys) expect(shown).not.toContain(secret.subarray(0, 6).join(', '));
    expect(shown.length).toBeLessThan(100);
    ring.close();
    await ring.refresh();
    expect([ring.keys, open(ring, ticket)]).toEqual([[], 'nothing']);
    expect(() => seal(ring)).toThrow('the ring is closed');
  });

  it.each([
    [{ sealForMs: 999 }, 'sealForMs must be an integer from 1000 to'],
    [{ openForMs: 0 }, 'openForMs must be an integer from 1 to'],
    [{ openForMs: 17 * hour }, 'openForMs must be at most 16 times sealForMs'],
    [{ refreshMs: 1.5 }, 'refreshMs must be an integer from 1 to'],
    [{ store: {} as never }, 'store must be a SessionStore'],
    [{ provider: {} as never }, 'AES-256-GCM'],
  ])('refuses options that cannot work: %#', async (options, message) => {
    await expect(fleet().join(options)).rejects.toThrow(message);
  });
});
