import { ApiMisuseError } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { SessionStoreError } from '../src/index.ts';
import { RedisStore } from '../src/redis/redis-store.ts';

/** What Redis, or whatever answers in its place, may say to each question. */

const most = 2 ** 20;

/** A store whose every question gets this reply, what it was asked, and how often its connection was given up. */
function answering(reply: unknown) {
  const asked: (readonly unknown[])[] = [];
  let broken = 0;
  const client = {
    isReady: true,
    sendCommand: (args: readonly unknown[]) => {
      asked.push(args);
      return Promise.resolve(reply);
    },
  };
  const access = { commands: () => client, begun: async () => {}, broken: () => void broken++ };
  const store = new RedisStore(access as never, {} as never);
  return { store, asked, gaveUp: () => broken };
}

const codeOf = async (asked: () => Promise<unknown>) => {
  try {
    return await asked();
  } catch (error) {
    if (!(error instanceof SessionStoreError)) throw error;
    return error.code;
  }
};

const value = new Uint8Array(3);
const questions: Readonly<Record<string, (store: RedisStore) => Promise<unknown>>> = {
  get: (store) => store.get('a'),
  set: (store) => store.set('a', value, 1),
  add: (store) => store.add('a', value, 1),
  delete: (store) => store.delete('a'),
  push: (store) => store.push('a', value, 1, 2),
  pop: (store) => store.pop('a'),
  keepsAll: (store) => store.keepsAll(),
};
const ok = Buffer.from('OK');

describe('an answer that is none to what was asked', () => {
  it.each<[string, readonly unknown[]]>([
    ['get', ['text', 5, [], undefined, ok.toString(), {}]],
    ['set', [null, 'QUEUED', Buffer.from('NO'), 1, undefined]],
    ['add', ['QUEUED', Buffer.from('NO'), 1, undefined]],
    ['delete', [2, -1, '1', null, ok, true, undefined]],
    ['push', [2, '1', null, ok, undefined]],
    ['pop', ['text', 5, [], undefined]],
    ['keepsAll', ['maxmemory_policy:noeviction', null, 5, undefined]],
  ])('to %s is refused, and the connection given up', async (question, replies) => {
    for (const reply of replies) {
      const { store, gaveUp } = answering(reply);
      expect([reply, await codeOf(() => questions[question]!(store))]).toEqual([reply, 'rubbish']);
      expect(gaveUp()).toBe(1);
    }
  });

  it.each<[string, readonly (readonly [unknown, unknown])[]]>([
    [
      'get',
      [
        [null, undefined],
        [Buffer.alloc(0), undefined],
        [Buffer.alloc(1), new Uint8Array(1)],
      ],
    ],
    ['set', [[ok, undefined]]],
    [
      'add',
      [
        [ok, true],
        [null, false],
      ],
    ],
    [
      'delete',
      [
        [1, true],
        [0, false],
      ],
    ],
    [
      'pop',
      [
        [null, undefined],
        [Buffer.of(7), Uint8Array.of(7)],
      ],
    ],
    [
      'keepsAll',
      [
        [Buffer.from('a:b\r\nmaxmemory_policy:noeviction\r\n'), true],
        [Buffer.from('maxmemory_policy:allkeys-lru\r\n'), false],
        [Buffer.from('x_maxmemory_policy:noeviction\r\n'), false],
      ],
    ],
  ])('others to %s are taken', async (question, replies) => {
    for (const [reply, expected] of replies) {
      const { store, gaveUp } = answering(reply);
      expect(await codeOf(() => questions[question]!(store))).toEqual(expected);
      expect(gaveUp()).toBe(0);
    }
  });
});

describe('a value', () => {
  it('has a MiB at most, coming and going', async () => {
    for (const question of ['get', 'pop'] as const) {
      const fits = await questions[question]!(answering(Buffer.alloc(most)).store);
      expect((fits as Uint8Array).length).toBe(most);
      expect(await questions[question]!(answering(Buffer.alloc(most + 1)).store)).toBeUndefined();
    }
    const { store, asked } = answering(ok);
    await store.set('a', new Uint8Array(most), 1);
    expect(asked).toHaveLength(1);
    for (const stores of [
      () => store.set('a', new Uint8Array(most + 1), 1),
      () => store.add('a', new Uint8Array(most + 1), 1),
      () => store.push('a', new Uint8Array(most + 1), 1, 2),
    ])
      expect(await codeOf(stores)).toBe('refused');
    expect(asked).toHaveLength(1);
  });

  it('is the caller’s own', async () => {
    const reply = Buffer.of(1, 2, 3);
    const got = await answering(reply).store.get('a');
    reply.fill(0);
    expect(got).toEqual(Uint8Array.of(1, 2, 3));
  });
});

it('a namespace has 1 to 64 characters that mean nothing to Redis', () => {
  const named = (namespace: unknown) => () => new RedisStore({} as never, { namespace } as never);
  for (const namespace of ['a', 'a:b', '~'.repeat(64)]) expect(named(namespace)).not.toThrow();
  for (const namespace of ['', 'a b', '{a}', 'a\n', 'ä', 'a'.repeat(65), 5, null, ['a']])
    expect(named(namespace)).toThrow(ApiMisuseError);
});

it('whether anything is dropped is asked again after a minute', async () => {
  const { store, asked } = answering(Buffer.from('maxmemory_policy:noeviction\r\n'));
  await store.keepsAll();
  await store.keepsAll();
  expect(asked).toHaveLength(1);
});
