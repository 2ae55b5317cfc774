import { nodeProvider as provider } from '@sealwire/crypto-node';
import { sessionStoreContract } from '@sealwire/testkit';
import { createClient } from 'redis';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ClientSessions, ServerSessions, SessionStoreError, SharedTicketRing } from '../src/index.ts';
import { type OpenRedisStoreOptions, redisStore, type RedisSessionStore } from '../src/redis.ts';
import { visit } from './ends.ts';
import { noRedis, RedisServer } from './redis-server.ts';

const secret = randomBytes(32);
const bytes = (text: string) => new TextEncoder().encode(text);
const toClose: { close(): unknown }[] = [];
const unhandled: unknown[] = [];
process.on('unhandledRejection', (error) => unhandled.push(error));
afterEach(() => {
  for (const each of toClose.splice(0)) each.close();
  expect(unhandled).toEqual([]);
});

function storeAt(url: string, options: Partial<OpenRedisStoreOptions> = {}): RedisSessionStore {
  const store = redisStore({ url, secret, ...options });
  toClose.push(store);
  return store;
}

async function connected(store: RedisSessionStore): Promise<RedisSessionStore> {
  for (let waitedMs = 0; ; waitedMs += 5) {
    try {
      await store.get('anything');
      return store;
    } catch (error) {
      if (waitedMs > 20_000) throw error;
      await sleep(5);
    }
  }
}

const failed = async (asked: Promise<unknown> | unknown) => {
  try {
    await asked;
    return 'nothing';
  } catch (error) {
    if (!(error instanceof SessionStoreError)) throw error;
    return error.code;
  }
};

if (noRedis !== undefined) console.log(`skipped: sessions in Redis: ${noRedis}`);
describe.skipIf(noRedis !== undefined)('redisStore', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis?.stop());
  const open = (options: Partial<OpenRedisStoreOptions> = {}) => connected(storeAt(redis.url, options));
  let namespaces = 0;

  const cases = sessionStoreContract({
    async open() {
      const namespace = `contract-${(namespaces += 1)}`;
      return [await open({ namespace, timeoutMs: 5_000 }), await open({ namespace, timeoutMs: 5_000 })];
    },
    pass: async (ms) => void (await sleep(ms)),
  });
  it.each(cases)('$name', ({ run }) => run());

  describe('in Redis', () => {
    const own = createClient({ url: 'redis://127.0.0.1:1', RESP: 2 });
    let raw: typeof own;
    beforeAll(async () => {
      raw = createClient({ url: redis.url, RESP: 2 }) as typeof own;
      await raw.connect();
    });
    afterAll(() => raw.destroy());
    const keys = async (namespace: string) => (await raw.sendCommand(['KEYS', `${namespace}:*`])) as string[];

    it('has names of its namespace alone, that expire, and nothing that can be read', async () => {
      const store = await open({ namespace: 'ours' });
      await store.set('a name', bytes('a value'), 60_000);
      await store.add('another', bytes('a value'), 60_000);
      await store.push('list', bytes('a value'), 60_000, 2);
      const all = await keys('ours');
      expect(all.length).toBe(3);
      for (const key of all) {
        expect(key).toMatch(/^ours:[vl]:[0-9a-f]{64}$/);
        expect(Number(await raw.sendCommand(['PTTL', key]))).toBeGreaterThan(50_000);
        expect(String(await raw.sendCommand(['DUMP', key]))).not.toMatch(/value|name/);
      }
      const other = await open({ namespace: 'theirs' });
      expect([await other.get('a name'), await other.pop('list')]).toEqual([undefined, undefined]);
      const stranger = await open({ namespace: 'ours', secret: randomBytes(32) });
      expect(await stranger.get('a name')).toBeUndefined();
    });

    it('is not believed where others have put something, however large', async () => {
      const store = await open({ namespace: 'spoilt', timeoutMs: 10_000 });
      for (const name of ['a', 'b', 'c']) await store.set(name, bytes('value'), 60_000);
      const [one, two, three] = await keys('spoilt');
      await raw.set(one!, 'rubbish');
      await raw.set(two!, 'x'.repeat(3_000_000));
      await raw.del(three!);
      await raw.rPush(three!, 'a list');
      const got = [];
      for (const name of ['a', 'b', 'c'])
        got.push(await Promise.resolve(store.get(name)).catch((error: SessionStoreError) => error.code));
      expect(got.sort()).toEqual(['refused', undefined, undefined]);
      await store.push('l', bytes('value'), 60_000, 2);
      const list = (await keys('spoilt')).find((key) => key.startsWith('spoilt:l:'))!;
      await raw.rPush(list, 'y'.repeat(2_000_000));
      expect([await store.pop('l'), await store.pop('l')]).toEqual([undefined, bytes('value')]);
    });

    it('is trusted with 0-RTT data only where nothing is dropped to make room', async () => {
      const evicting = await open();
      await raw.configSet('maxmemory-policy', 'allkeys-lru');
      expect(await evicting.keepsAll()).toBe(false);
      await raw.configSet('maxmemory-policy', 'noeviction');
      expect(await evicting.keepsAll()).toBe(false); // known for a minute
      expect(await (await open()).keepsAll()).toBe(true);
    });

    it('may be reached by a client of yours', async () => {
      const store = redisStore({ client: raw, secret });
      await store.set('a', bytes('value'), 60_000);
      expect(await store.get('a')).toEqual(bytes('value'));
      store.close();
      expect(await raw.ping()).toBe('PONG');
    });
  });

  it('can be asked at once', async () => {
    const [one, other] = [storeAt(redis.url), storeAt(redis.url)];
    const rings = await Promise.all([one, other].map((store) => SharedTicketRing.open({ store, provider })));
    toClose.push(...rings);
    expect(rings[0]!.keys).toEqual(rings[1]!.keys);
  });

  it('carries sessions from one process to another, and keys of tickets', async () => {
    const [here, there] = [await open({ namespace: 'fleet' }), await open({ namespace: 'fleet' })];
    for (const options of [{}, { tickets: false }] as const) {
      const cache = new ClientSessions({ store: await open({ namespace: 'clients' }) });
      const label = `by ${JSON.stringify(options)}`;
      const older =
        options.tickets === false ? { versions: [(await import('@sealwire/core/tls12')).tls12] } : {};
      const facts = [];
      for (const store of [here, there, here]) {
        const server = new ServerSessions({ store }).for({ ...options, ...older });
        facts.push((await visit(cache.for({}, { label }), server, { lingerMs: 300 })).resumed);
      }
      expect([label, ...facts]).toEqual([label, false, true, true]);
    }
    const rings = await Promise.all([here, there].map((store) => SharedTicketRing.open({ store, provider })));
    toClose.push(...rings);
    expect(rings[0]!.keys).toEqual(rings[1]!.keys);
    expect(rings[0]!.keys.length).toBe(2);
  });

  it('loses resumption and nothing else while Redis is gone, frozen, or empty', async () => {
    const failures: unknown[] = [];
    const store = await open({
      namespace: 'gone',
      restMs: 100,
      timeoutMs: 100,
      onFailure: (error) => failures.push(error),
    });
    const server = new ServerSessions({ store }).for({});
    const cache = new ClientSessions();
    const connects = async (lingerMs = 0) => (await visit(cache.for({}), server, { lingerMs })).resumed;
    const settles = async () => {
      for (let tries = 0; tries < 500; tries++) {
        if (await connects(20)) return true;
      }
      return false;
    };
    expect(await settles()).toBe(true);
    await redis.kill();
    for (let i = 0; i < 5; i++) expect(await connects()).toBe(false);
    expect(failures.length).toBeGreaterThan(0);
    expect(inspect(failures)).not.toContain(secret.toString('hex'));
    await redis.restart();
    expect(await settles()).toBe(true);
    redis.freeze();
    for (let i = 0; i < 5; i++) expect(await connects()).toBe(false);
    redis.thaw();
    expect(await settles()).toBe(true);
  });
});

/** Somebody who is not Redis, and says `answer` to everything that comes. */
async function impostor(answer: (socket: Socket, asked: string) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      // What the client says of itself first is answered as Redis does.
      const asked = chunk.toString('latin1');
      const introductions = asked.match(/\r\nCLIENT\r\n/gi)?.length ?? 0;
      if (introductions > 0) socket.write('+OK\r\n'.repeat(introductions));
      else answer(socket, asked);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  toClose.push({
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a Redis that is none', () => {
  const limits = { timeoutMs: 50, restMs: 20, maxRestMs: 20 };
  const ready = async (url: string) => {
    const store = storeAt(url, limits);
    for (let i = 0; i < 200 && (await failed(store.get('a'))) === 'unreachable'; i++) await sleep(10);
    return store;
  };

  it('is waited for as long as allowed, and then asked no more', async () => {
    let asked = 0;
    const url = await impostor(() => (asked += 1));
    const store = storeAt(url, { ...limits, restMs: 600_000, maxRestMs: 600_000 });
    const codes = await Promise.all(Array.from({ length: 200 }, () => failed(store.get('a'))));
    expect(new Set(codes)).not.toContain('nothing');
    for (let i = 0; i < 5; i++) await failed(store.get('a'));
    const before = asked;
    for (let i = 0; i < 100; i++) expect(await failed(store.get('a'))).toBe('resting');
    expect(asked).toBe(before);
  });

  it.each([
    ['answers to nobody', '+OK\r\n:1\r\n$3\r\nabc\r\n'.repeat(50)],
    ['no protocol at all', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['answers of the wrong kind', '*2\r\n:1\r\n:2\r\n'],
    ['an error', '-ERR secret things\r\n'],
    ['a number', ':7\r\n'],
    ['less than a whole answer', '$1000000\r\nabc'],
    ['zeros', '\0'.repeat(10_000)],
  ])('does no harm: %s', async (_, answer) => {
    const store = await ready(await impostor((socket) => void socket.write(answer, 'latin1')));
    for (let i = 0; i < 4; i++) {
      const got = await Promise.resolve(store.get('a')).catch(() => undefined);
      expect(got).toBeUndefined();
      expect(await Promise.resolve(store.delete('a')).catch(() => false)).toBe(i < 0);
      expect(await Promise.resolve(store.keepsAll()).catch(() => false)).toBe(false);
      await sleep(3);
    }
    const server = new ServerSessions({ store }).for({ earlyData: { maxBytes: 9 } });
    expect((await visit({}, server)).handshakes).toBe(1);
  });

  it('does no harm by hanging up', async () => {
    const store = storeAt(await impostor((socket) => void socket.destroy()), limits);
    for (let i = 0; i < 8; i++) {
      expect(await failed(store.get('a'))).not.toBe('nothing');
      await sleep(5);
    }
  });
});

describe('options of redisStore', () => {
  it.each<[Partial<OpenRedisStoreOptions>, string]>([
    [{ secret: undefined as never }, 'redisStore expects secret: 32 random bytes or more'],
    [{ secret: new Uint8Array(16) }, 'expected secret: 32 random bytes'],
    [{ url: 'http://user:hunter2@localhost' }, 'url and options are none that the package redis takes'],
    [{ url: 'redis://user:hunter2@[' }, 'url and options are none that the package redis takes'],
    [{ namespace: 'a b' }, 'namespace must be 1 to 64 characters'],
    [{ namespace: '{tag}' }, 'namespace must be 1 to 64 characters'],
    [{ timeoutMs: 0 }, 'timeoutMs must be an integer from 1'],
    [{ client: {} as never, url: 'redis://localhost' }, 'client excludes url and options'],
  ])('that cannot work are refused: %#', (options, message) => {
    let error: unknown;
    try {
      toClose.push(redisStore({ secret, ...options }));
    } catch (thrown) {
      error = thrown;
    }
    expect(String(error)).toContain(message);
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it('show no secret afterwards', () => {
    const store = storeAt('redis://user:hunter2@127.0.0.1:1');
    const shown = inspect(store, { depth: 9, showHidden: true }) + JSON.stringify(store);
    expect(shown).not.toMatch(/hunter2|Uint8Array/);
  });
});
