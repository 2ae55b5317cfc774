import { ApiMisuseError } from '@sealwire/core';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connect, createServer, type TlsStream } from '../src/index.ts';
import { closeAfterTest, closed, connectTo, errorOf, loopback, readAll, until } from './ends.ts';
import { otherRoots, roots, serverIdentity } from '@sealwire/transport-tests';

const options = { host: loopback, ...serverIdentity };

async function plainTo(port: number): Promise<Socket> {
  const socket = connectTcp({ port, host: loopback });
  closeAfterTest(socket);
  await once(socket, 'connect');
  return socket;
}

describe('a server', () => {
  it('serves 50 connections at once', async () => {
    const server = await createServer(options, async (connection) => {
      for await (const chunk of connection) await connection.send(chunk);
      connection.end();
    });
    const answers = Array.from({ length: 50 }, async (_, i) => {
      const client = await connectTo(server.port);
      for (let part = 0; part < 5; part++) await client.send(`${i}.${part} `);
      client.end();
      return String(await readAll(client));
    });
    expect(await Promise.all(answers)).toEqual(
      Array.from({ length: 50 }, (_, i) => [0, 1, 2, 3, 4].map((part) => `${i}.${part} `).join('')),
    );
    await server.close();
  });

  it('is a loop over connections, until close', async () => {
    const server = await createServer(options);
    const serving = (async () => {
      for await (const connection of server) connection.end('hello');
    })();
    for (let i = 0; i < 3; i++) {
      const client = await connectTo(server.port);
      expect(String(await readAll(client))).toBe('hello');
      await client.close();
    }
    await server.close();
    await serving;
    expect(server.listenerCount('connection')).toBe(0);
  });

  it('cuts what waits for a loop that is left early', async () => {
    const server = await createServer(options);
    const loop = server[Symbol.asyncIterator]();
    const first = loop.next();
    const clients = await Promise.all([1, 2, 3].map(() => connectTo(server.port)));
    const ends = clients.map(async (client) => {
      client.resume();
      await closed(client);
    });
    const taken = (await first).value as TlsStream;
    await until(() => server.openHandshakes === 0);
    await loop.return();
    await until(() => server.openConnections === 1);
    expect(taken.destroyed).toBe(false);
    expect(server.listenerCount('connection')).toBe(0);
    taken.destroy();
    await Promise.all(ends);
    await server.close();
  });

  it('leaves to others what waits for a loop that is left early, if they have it too', async () => {
    const server = await createServer(options);
    const loop = server[Symbol.asyncIterator]();
    void loop.next();
    const served: TlsStream[] = [];
    server.on('connection', (connection: TlsStream) => void served.push(connection));
    const clients = await Promise.all([1, 2, 3].map(() => connectTo(server.port)));
    await until(() => served.length === 3);
    await loop.return();
    for (const connection of served) connection.end('still here');
    for (const client of clients) expect(String(await readAll(client))).toBe('still here');
    for (const client of clients) await client.close();
    await server.close();
  });

  it('does not keep for a slow loop what has ended meanwhile', async () => {
    const server = await createServer(options);
    const loop = server[Symbol.asyncIterator]();
    const first = loop.next();
    const kept = await connectTo(server.port);
    const taken = (await first).value as TlsStream;
    for (let i = 0; i < 3; i++) {
      const gone = await connectTo(server.port);
      await until(() => server.openHandshakes === 0);
      gone.destroy();
      await closed(gone);
    }
    await until(() => server.openConnections === 1);
    const last = await connectTo(server.port);
    const next = (await loop.next()).value as TlsStream;
    expect(next.destroyed).toBe(false);
    next.end('you');
    expect(String(await readAll(last))).toBe('you');
    taken.destroy();
    await loop.return();
    for (const client of [kept, last]) client.destroy();
    await server.close();
  });

  it('emits connections', async () => {
    const server = await createServer(options);
    server.on('connection', (connection: TlsStream) => connection.end('event'));
    const client = await connectTo(server.port);
    expect(String(await readAll(client))).toBe('event');
    await client.close();
    await server.close();
  });

  it('cuts connections that nobody takes', async () => {
    const server = await createServer(options);
    const client = await connectTo(server.port);
    expect(await errorOf(readAll(client))).toMatchObject({ name: 'TransportError' });
    await server.close();
  });

  it('reports failed handshakes and goes on', async () => {
    const server = await createServer(options, (connection) => {
      connection.end('fine');
    });
    const codes: string[] = [];
    server.on('connectionError', (error: Error & { code?: string }, connection: TlsStream) => {
      codes.push(String(error.code));
      expect(connection.destroyed).toBe(true);
    });

    await errorOf(connectTo(server.port, { roots: otherRoots }));
    await until(() => codes.length === 1);
    const reset = connectTcp({ port: server.port, host: loopback });
    await once(reset, 'connect');
    reset.write(Buffer.from([22, 3, 1]));
    await sleep(10);
    reset.resetAndDestroy();
    await until(() => codes.length === 2);
    expect(codes).toEqual(['received.alert', 'transport.reset']);
    const client = await connectTo(server.port);
    expect(String(await readAll(client))).toBe('fine');
    await client.close();
    await server.close();
  });

  it('reports clients that say nothing', async () => {
    const server = await createServer({ ...options, handshakeTimeoutMs: 50 });
    const failed = once(server, 'connectionError');
    const silent = connectTcp({ port: server.port, host: loopback });
    closeAfterTest(silent);
    expect((await failed)[0]).toMatchObject({ code: 'transport.handshakeTimeout' });
    silent.destroy();
    await server.close();
  });

  it('reports what a handler throws, and cuts its connection only', async () => {
    const server = await createServer(options, async (connection) => {
      const request = String((await connection[Symbol.asyncIterator]().next()).value);
      if (request === 'bad') throw new Error('cannot serve that');
      connection.end('ok');
    });
    const errors: Error[] = [];
    server.on('connectionError', (error: Error) => errors.push(error));
    const [bad, good] = await Promise.all([connectTo(server.port), connectTo(server.port)]);
    bad.write('bad');
    expect(await errorOf(readAll(bad))).toBeInstanceOf(Error);
    good.write('good');
    expect(String(await readAll(good))).toBe('ok');
    expect(errors.map(({ message }) => message)).toEqual(['cannot serve that']);
    await good.close();
    await server.close();
  });

  it('survives clients that vanish while they are served', async () => {
    const server = await createServer(options, async (connection) => {
      for (;;) await connection.send(Buffer.alloc(100_000));
    });
    const failed = once(server, 'connectionError');
    const client = await connectTo(server.port);
    await once(client, 'readable');
    client.destroy();
    expect(((await failed)[0] as { code: string }).code).toMatch(/^transport\./);
    await server.close();
  });

  it('close waits for open connections and takes no new ones', async () => {
    const server = await createServer(options, async (connection) => {
      connection.end((await readAll(connection)).toString().toUpperCase());
    });
    const client = await connectTo(server.port);
    const { port } = server;
    const closing = server.close();
    expect(await errorOf(connectTo(port))).toMatchObject({ code: 'transport.connectFailed' });
    client.end('still served');
    expect(String(await readAll(client))).toBe('STILL SERVED');
    await closing;
    await server.close();
  });

  it('close cuts what is still open after its time, handshakes included', async () => {
    const server = await createServer(options, () => new Promise(() => {}));
    const client = await connectTo(server.port);
    const silent = connectTcp({ port: server.port, host: loopback });
    closeAfterTest(silent);
    silent.on('error', () => {});
    await once(silent, 'connect');
    await sleep(10);
    await server.close({ timeoutMs: 30, endAfterMs: 60 });
    await closed(client);
    expect(client.errored).toMatchObject({ name: 'TransportError' });
  });

  it('close ends in order what is still open after a while, and the peer may still send', async () => {
    const heard: string[] = [];
    const server = await createServer(options, async (connection) => {
      connection.write('a last word');
      for await (const chunk of connection) heard.push(String(chunk));
    });
    const client = await connectTo(server.port);
    const closing = server.close({ timeoutMs: 30_000, endAfterMs: 20 });
    expect(String(await readAll(client))).toBe('a last word');
    client.end('and an answer');
    await closing;
    expect(heard).toEqual(['and an answer']);
  });

  it('drops connections beyond its bound of handshakes', async () => {
    const server = await createServer({ ...options, maxHandshakes: 2 }, (connection) => {
      connection.end('x');
    });
    const drops: string[] = [];
    server.on('drop', (why) => drops.push(why));
    const silent = await Promise.all([1, 2].map(() => plainTo(server.port)));
    await until(() => server.openHandshakes === 2);
    expect(await errorOf(connectTo(server.port))).toBeInstanceOf(Error);
    expect([drops, server.openConnections]).toEqual([['maxHandshakes'], 2]);
    for (const socket of silent) socket.destroy();
    await until(() => server.openHandshakes === 0);
    const clients = await Promise.all([connectTo(server.port), connectTo(server.port)]);
    for (const client of clients) expect(String(await readAll(client))).toBe('x');
    for (const client of clients) await client.close();
    await server.close();
  });

  it('drops connections beyond its bound of connections', async () => {
    const server = await createServer({ ...options, maxConnections: 1 }, () => {});
    const dropped = once(server, 'drop');
    const client = await connectTo(server.port);
    expect(await errorOf(connectTo(server.port))).toBeInstanceOf(Error);
    expect(await dropped).toEqual(['maxConnections']);
    client.destroy();
    await server.close();
    for (const bounds of [{ maxConnections: -1 }, { maxHandshakes: 1.5 }])
      await expect(createServer({ ...options, ...bounds })).rejects.toThrow(ApiMisuseError);
  });

  it('closes when its signal is aborted', async () => {
    const abort = new AbortController();
    const server = await createServer({ ...options, signal: abort.signal }, async (connection) => {
      connection.end(String(await readAll(connection)));
    });
    const client = await connectTo(server.port);
    const isClosed = once(server, 'close');
    abort.abort();
    expect(await errorOf(connectTo(server.port))).toMatchObject({ code: 'transport.connectFailed' });
    client.end('still served');
    expect(String(await readAll(client))).toBe('still served');
    await isClosed;
    const why = new Error('too late');
    const late = AbortSignal.abort(why);
    expect(await errorOf(createServer({ ...options, signal: late }))).toBe(why);
    const soon = new AbortController();
    const creating = createServer({ ...options, signal: soon.signal });
    soon.abort(why);
    expect(await errorOf(creating)).toBe(why);
  });

  it('keeps no connection that has ended', async () => {
    const server = await createServer(options, async (connection) => {
      for await (const _chunk of connection);
      connection.end();
    });
    const before = server.eventNames();
    for (let i = 0; i < 5; i++) await (await connectTo(server.port)).close();
    await until(() => server.openConnections === 0);
    expect(server.eventNames()).toEqual(before);
    await server.close();
  });

  it('listens on a path', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealwire-'));
    const path = join(folder, 'socket');
    const server = await createServer({ ...serverIdentity, path }, (connection) => {
      connection.end('local');
    });
    const client = await connect({ path, serverName: 'localhost', roots });
    expect(String(await readAll(client))).toBe('local');
    expect(server.port).toBe(0);
    await client.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('rejects when it cannot listen', async () => {
    const server = await createServer(options);
    expect(await errorOf(createServer({ ...options, port: server.port }))).toMatchObject({
      code: 'EADDRINUSE',
    });
    await server.close();
  });
});
