import { once } from 'node:events';
import type tls from 'node:tls';
import { Redis, type RedisOptions } from 'ioredis';
import { bulk, errorFacts, eachVersion, lateRefusal, socketFacts, text } from '../facts.ts';
import type { Script, Site } from '../script.ts';

/** `tls.connect` with the options of the application, many small writes, answers in order. */
export const cases: Script['cases'] = {
  ...eachVersion('a pipeline of 5,000, 4 MB both ways, published messages', async (site, version) => {
    const redis = clientOf(site, { minVersion: version, maxVersion: version });
    const pipeline = redis.pipeline();
    for (let i = 0; i < 5000; i++) pipeline.set(`key ${i}`, i).get(`key ${i}`);
    const answers = await pipeline.exec();
    const inOrder = answers?.every(
      ([error, value], i) => error === null && value === (i % 2 ? String((i - 1) / 2) : 'OK'),
    );
    const sent = bulk(4_000_000);
    await redis.set('large', sent);
    const large = await redis.getBuffer('large');
    if (large?.equals(sent) !== true) throw new Error('other bytes came back');
    const { stream } = redis;
    const listener = redis.duplicate();
    await listener.subscribe('news');
    const heard = once(listener, 'message');
    await redis.publish('news', 'something');
    const facts = { inOrder, heard: await heard, socket: socketFacts(stream) };
    await Promise.all([redis.quit(), listener.quit()]);
    return facts;
  }),

  async 'a connection that the server ends is made again'(site) {
    const redis = clientOf(site, {}, { retryStrategy: () => 10 });
    await redis.set('kept', 'yes');
    const [id, first] = [await redis.client('ID'), redis.stream];
    const other = clientOf(site);
    const closed = once(redis, 'close');
    await other.call('CLIENT', 'KILL', 'ID', String(id));
    await closed;
    const facts = {
      kept: await redis.get('kept'),
      isNew: redis.stream !== first,
      socket: socketFacts(redis.stream),
    };
    await Promise.all([redis.quit(), other.quit()]);
    return facts;
  },

  ...eachVersion('a certificate, where the server wants one', async (site, version) => {
    const there = { ...site, ports: { tls: site.ports['strict']! } };
    const versions = { minVersion: version, maxVersion: version };
    const redis = clientOf(there, {
      cert: text(site.files.clientChain),
      key: text(site.files.clientKey),
      ...versions,
    });
    const answer = await redis.ping();
    await redis.quit();
    return { answer, without: without(version, await failureOf(clientOf(there, versions))) };
  }),

  async 'refusals: a root that is not known, another name'(site) {
    return {
      root: await failureOf(clientOf(site, { ca: text(site.files.wrongCa) })),
      name: await failureOf(clientOf(site, { servername: 'other.example.org' })),
    };
  },

  async 'a command that takes too long'(site) {
    const redis = clientOf(site, {}, { commandTimeout: 100 });
    const failure = await redis.blpop('nothing', 5).catch(errorFacts);
    redis.disconnect();
    return failure;
  },
};

function clientOf({ ports, files }: Site, own: tls.ConnectionOptions = {}, more: RedisOptions = {}): Redis {
  const options = {
    host: 'localhost',
    port: ports['tls']!,
    password: 'secret of sealwire',
    keepAlive: 1000,
    tls: { ca: text(files.ca), servername: 'localhost', ...own },
    retryStrategy: () => null,
    ...more,
  };
  return new Redis(options as Omit<RedisOptions, 'replyMapping'>);
}

/** The first error that it tells of. */
async function failureOf(redis: Redis): Promise<unknown> {
  const [error] = (await once(redis, 'error').catch((thrown: unknown) => [thrown])) as unknown[];
  redis.disconnect();
  return errorFacts(error);
}

/** Only TLS 1.3 lets a client end its handshake before the server has looked at it. */
function without(version: tls.SecureVersion, error: unknown): unknown {
  return version === 'TLSv1.3' ? lateRefusal(error, 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED') : error;
}
