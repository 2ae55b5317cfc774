import type { TicketKey } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { sessionStoreContract } from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { exportTicketKeys, importTicketKeys, MemoryStore, SealedStore } from '../src/index.ts';
import { SecretBox } from '../src/secret-box.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const secret = (seed: number) => new Uint8Array(32).fill(seed);
const hour = 3_600_000;

describe('SealedStore', () => {
  const clock = { nowMs: 1_000_000 };
  const cases = sessionStoreContract({
    async open() {
      const below = new MemoryStore({ now: () => clock.nowMs });
      const store = () => new SealedStore(below, { provider, secret: secret(1) });
      return [store(), store()];
    },
    pass: async (ms) => void (clock.nowMs += ms),
  });
  it.each(cases)('$name', ({ run }) => run());

  it('shows the store below neither names nor values, nor that two values are the same', async () => {
    const seen: (string | number | Uint8Array)[] = [];
    const below = new Proxy(new MemoryStore(), {
      get: (target, name: keyof MemoryStore) =>
        typeof target[name] === 'function'
          ? (...args: (string | number | Uint8Array)[]) => {
              seen.push(...args);
              return (target[name] as (...args: unknown[]) => unknown).apply(target, args);
            }
          : target[name],
    });
    const store = new SealedStore(below, { provider, secret: secret(1) });
    for (const name of ['a name', 'another name']) {
      await store.set(name, bytes('a value'), hour);
      await store.add(name, bytes('a value'), hour);
      await store.push(name, bytes('a value'), hour, 2);
      await store.get(name);
    }
    expect(
      seen
        .map((each) => (typeof each === 'number' ? each : Buffer.from(each as string).toString('latin1')))
        .join(),
    ).not.toMatch(/name|value/);
    const values = seen
      .filter((each) => each instanceof Uint8Array)
      .map((each) => Buffer.from(each).toString('hex'));
    expect([values.length, new Set(values).size]).toEqual([6, 6]);
  });

  it('believes nothing that it did not put there itself, under that name', async () => {
    const below = new MemoryStore();
    const store = new SealedStore(below, { provider, secret: secret(1) });
    const stranger = new SealedStore(below, { provider, secret: secret(2) });
    await stranger.set('a', bytes('forged'), hour);
    expect(await store.get('a')).toBeUndefined();
    const box = new SecretBox(provider, secret(1));
    const sealed = box.seal('a', bytes('value'));
    expect(box.open('a', sealed)).toEqual(bytes('value'));
    expect(box.open('b', sealed)).toBeUndefined();
    for (let at = 0; at < sealed.length; at++) {
      expect(box.open('a', sealed.subarray(0, at))).toBeUndefined();
      expect(
        box.open(
          'a',
          sealed.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        ),
      ).toBeUndefined();
    }
    expect(box.open('a', Buffer.concat([sealed, Buffer.of(0)]))).toBeUndefined();
    for (const length of [0, 1, 1_000_000])
      expect(box.open('a', new Uint8Array(length).fill(1))).toBeUndefined();
  });

  it('lets secrets change, one after the other, and what was added under one is there under all', async () => {
    const below = new MemoryStore();
    const under = (...secrets: Uint8Array[]) => new SealedStore(below, { provider, secret: secrets });
    const [old, both, turned] = [under(secret(1)), under(secret(1), secret(2)), under(secret(2), secret(1))];
    await old.set('a', bytes('old'), hour);
    await turned.set('b', bytes('new'), hour);
    expect([await both.get('a'), await turned.get('a')]).toEqual([bytes('old'), bytes('old')]);
    expect([await both.get('b'), await old.get('b')]).toEqual([bytes('new'), undefined]);
    expect([await old.add('c', bytes('c'), hour), await turned.add('c', bytes('c'), hour)]).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    [undefined, 'expected secret: 32 random bytes or more'],
    ['a password', 'expected secret: 32 random bytes or more'],
    [new Uint8Array(31), 'expected secret: 32 random bytes or more'],
    [[], 'expected secret: 32 random bytes or more'],
    [[secret(1), new Uint8Array(31)], 'expected secret: 32 random bytes or more'],
    [Array(9).fill(secret(1)), 'an array of up to 8 such secrets'],
  ])('refuses secrets that are none: %#', (given, message) => {
    expect(() => new SealedStore(new MemoryStore(), { provider, secret: given as never })).toThrow(message);
  });

  it('shows no secret', () => {
    const store = new SealedStore(new MemoryStore(), { provider, secret: secret(200) });
    expect(inspect(store, { depth: 9, showHidden: true }) + JSON.stringify(store)).not.toMatch(/200|c8/);
    let message = '';
    try {
      new SecretBox({ ...provider, aeads: {} }, secret(200));
    } catch (error) {
      message = inspect(error);
    }
    expect(message).toMatch(/AES-256-GCM/);
    expect(message).not.toMatch(/200|c8c8/);
  });
});

describe('exported ticket keys', () => {
  const key = (seed: number): TicketKey => ({
    name: new Uint8Array(16).fill(seed),
    secret: secret(seed),
    createdAtMs: 1_700_000_000_000 + seed,
  });

  it('come back to whoever has the secret', () => {
    for (const keys of [[], [key(1)], [key(1), key(2), key(3)]]) {
      const exported = exportTicketKeys(keys, { provider, secret: secret(7) });
      expect(importTicketKeys(exported, { provider, secret: [secret(8), secret(7)] })).toEqual(keys);
      expect(importTicketKeys(exported, { provider, secret: secret(8) })).toBeUndefined();
      expect(Buffer.from(exported).includes(Buffer.from(secret(1)))).toBe(false);
    }
  });

  it('are none where something else was sealed', () => {
    const box = new SecretBox(provider, secret(7));
    for (const length of [1, 55, 57])
      expect(
        importTicketKeys(box.seal('ticket keys', new Uint8Array(length)), { provider, secret: secret(7) }),
      ).toBeUndefined();
    const future = box.seal('ticket keys', new Uint8Array(56).fill(255));
    expect(importTicketKeys(future, { provider, secret: secret(7) })).toBeUndefined();
    expect(
      importTicketKeys(box.seal('another', new Uint8Array(56)), { provider, secret: secret(7) }),
    ).toBeUndefined();
  });
});
