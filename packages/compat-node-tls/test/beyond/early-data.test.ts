import cluster from 'node:cluster';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect as connectTcp, createServer as createTcp, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { beganAtMs, earlyDataBytes, guardOf } from '../../src/beyond/early-data.ts';
import type { SealwireServerOptions } from '../../src/beyond/options.ts';
import {
  accepted,
  dial,
  dialBuiltin,
  file,
  hasOpenssl,
  later,
  sClient,
  serve,
  sServer,
  until,
} from './stage.ts';

if (!hasOpenssl) console.log('skipped: 0-RTT data with openssl, which is not installed');

const early = 'GET /early\n';

/** A session of s_client's, which the server allows 0-RTT data. */
async function sessionFor(port: number, name: string): Promise<string> {
  const peer = sClient(port, '-sess_out', file(name));
  await until(() => existsSync(file(name)));
  peer.type('Q');
  await once(peer.process, 'close');
  return file(name);
}

const withEarly = (port: number, session: string) =>
  sClient(port, '-sess_in', session, '-early_data', file('early.txt', early));

async function served(sealwire: SealwireServerOptions) {
  const { server, port } = await serve({ sealwire });
  server.on('secureConnection', (socket) => socket.on('data', (data) => socket.write(`<${data}>\n`)));
  return { server, port };
}

describe.skipIf(!hasOpenssl)('0-RTT data of s_client', () => {
  it('is read first', async () => {
    const { server, port } = await served({ maxEarlyData: 1024 });
    const session = await sessionFor(port, 'early.pem');
    const socket = accepted(server);
    const peer = withEarly(port, session);
    await peer.prints(/Early data was accepted/);
    await peer.prints(/<GET \/early\n>/);
    peer.type('Q');
    // The very same ticket again makes another hello, which is no copy.
    await withEarly(port, session).prints(/Early data was accepted/);
    expect((await socket).sealwire.earlyDataReceived).toBe(early.length);
    expect((await socket).sealwire.facts.resumed).toBe(true);
  });

  it('is not taken without the option, nor where the application does not want it', async () => {
    const asked: string[] = [];
    let answer: boolean | Error = true;
    const { server, port } = await served({
      maxEarlyData: 1024,
      acceptEarlyData: ({ replayKey, expiresAtMs, signal }) => {
        asked.push(`${replayKey.length} ${expiresAtMs > Date.now()} ${signal.aborted}`);
        return answer instanceof Error ? Promise.reject(answer) : later(answer);
      },
    });
    const session = await sessionFor(port, 'asked.pem');
    for (const [next, words] of [
      [true, /Early data was accepted/],
      [false, /Early data was rejected/],
      [new Error('no such shelf'), /Early data was rejected/],
    ] as const) {
      answer = next;
      const socket = accepted(server);
      const peer = withEarly(port, session);
      await peer.prints(words);
      expect((await socket).isSessionReused()).toBe(true);
      expect((await socket).sealwire.earlyDataReceived).toBe(next === true ? early.length : 0);
    }
    expect(asked).toEqual(Array(3).fill('48 true false'));
    const plain = await served({});
    const refused = withEarly(plain.port, await sessionFor(plain.port, 'none.pem'));
    // It does not even try.
    await refused.prints(/Cannot set early data|Early data was not sent/i);
  });

  it('may have the length that was allowed', async () => {
    const { server, port } = await served({ maxEarlyData: 20_000 });
    const session = await sessionFor(port, 'long.pem');
    const fits = accepted(server);
    const whole = sClient(port, '-sess_in', session, '-early_data', file('fits.txt', 'x'.repeat(20_000)));
    await whole.prints(/Early data was accepted/);
    const [socket] = [await fits];
    expect(socket.sealwire.earlyDataReceived).toBe(20_000);
    whole.type('Q');
  });
});

describe.skipIf(!hasOpenssl)('0-RTT data for s_server', () => {
  it('is taken with a session that allows it', async () => {
    const { openssl, port } = await sServer('-early_data', '-max_early_data', '1000');
    const first = dial(port);
    first.resume();
    const [session] = (await once(first, 'session')) as [Buffer];
    first.destroy();
    openssl.text = '';
    const sealwire = { earlyData: Buffer.from(early) };
    const socket = dial(port, { session, sealwire });
    await once(socket, 'secureConnect');
    expect(socket.sealwire.earlyDataTaken).toBe(early.length);
    await openssl.prints(/GET \/early\n/);
    socket.end('and more\n');
    await openssl.prints(/and more\n/);
    expect(openssl.text).toContain('Early data received');
  });

  it('is not without one, and not where the server refuses it', async () => {
    const { port } = await sServer('-no_anti_replay', '-max_early_data', '1000');
    const sealwire = { earlyData: Buffer.from(early) };
    const first = dial(port, { sealwire });
    first.resume();
    const [session] = (await once(first, 'session')) as [Buffer];
    expect(first.sealwire.earlyDataTaken).toBe(0);
    first.destroy();
    // Without -early_data it does not read any.
    const socket = dial(port, { session, sealwire });
    await once(socket, 'secureConnect');
    expect([socket.isSessionReused(), socket.sealwire.earlyDataTaken]).toEqual([true, 0]);
  });
});

it('is refused from who has copied it, whatever the application would say', async () => {
  const asked: number[] = [];
  const { server, port } = await served({
    maxEarlyData: 1024,
    acceptEarlyData: ({ replayKey }) => asked.push(replayKey.length) > 0,
  });
  /** On the way it is written down. */
  const flights: Buffer[][] = [];
  const way = createTcp((from) => {
    const flight: Buffer[] = [];
    flights.push(flight);
    const to = connectTcp(port, '127.0.0.1');
    for (const stream of [from, to]) stream.on('error', () => {});
    from.on('data', (data) => {
      flight.push(data);
      to.write(data);
    });
    to.on('data', (data) => from.write(data));
    from.on('close', () => to.destroy());
  }).listen(0, '127.0.0.1');
  await once(way, 'listening');
  const over = (way.address() as AddressInfo).port;
  const first = dial(over);
  first.resume();
  const [session] = (await once(first, 'session')) as [Buffer];
  const socket = accepted(server);
  const second = dial(over, { session, sealwire: { earlyData: Buffer.from(early) } });
  await once(second, 'secureConnect');
  expect([second.sealwire.earlyDataTaken, (await socket).sealwire.earlyDataReceived]).toEqual([
    early.length,
    early.length,
  ]);
  const taken: unknown[] = [];
  server.on('secureConnection', (each) => taken.push(each));
  const copy = connectTcp(port, '127.0.0.1');
  copy.on('error', () => {});
  copy.write(flights[1]![0]!);
  const [answer] = (await once(copy, 'data')) as [Buffer];
  // A ServerHello, and no connection: it takes no 0-RTT data, and the copier has no keys to go on with.
  expect([answer[0], answer[5], taken]).toEqual([22, 2, []]);
  // Nobody was asked about the copy.
  expect(asked).toEqual([48]);
  copy.destroy();
  way.close();
});

it('is not taken under keys that are older than the process, until nobody can have seen it before', () => {
  const ask = {
    session: undefined,
    externalIdentity: undefined,
    ageSkewMs: 0,
    notBeforeMs: beganAtMs - 1,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    nowMs: beganAtMs + 9_999,
  };
  const taken = (hasGivenTicketKeys: boolean, change: object) =>
    guardOf({ hasGivenTicketKeys }).acceptEarlyData({ ...ask, replayKey: Buffer.from('first'), ...change });
  expect(taken(true, {})).toEqual({ ok: true, accept: false });
  expect(taken(true, { notBeforeMs: beganAtMs })).toEqual({ ok: true, accept: true });
  // Whichever context it comes to.
  expect(taken(false, {})).toEqual({ ok: true, accept: false });
  expect(taken(false, { replayKey: Buffer.from('second') })).toEqual({ ok: true, accept: true });
});

it('is nothing to a server that speaks TLS 1.2', async () => {
  const { port } = await serve({ maxVersion: 'TLSv1.2', sealwire: { maxEarlyData: 1024 } });
  await once(dialBuiltin(port), 'secureConnect');
});

it('is not taken by workers, unless they ask a memory that they share', () => {
  const isWorker = cluster.isWorker;
  const taken = (acceptEarlyData?: () => boolean) =>
    earlyDataBytes({ maxEarlyData: 100, ...(acceptEarlyData && { acceptEarlyData }) });
  try {
    Object.assign(cluster, { isWorker: true });
    expect([taken(), taken(() => true)]).toEqual([undefined, 100]);
    Object.assign(cluster, { isWorker: false });
    expect(taken()).toBe(100);
  } finally {
    Object.assign(cluster, { isWorker });
  }
});
