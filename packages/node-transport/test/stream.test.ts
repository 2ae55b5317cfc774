import type { Duplex } from 'node:stream';
import { duplexPair } from 'node:stream';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TlsStream } from '../src/index.ts';
import { checksum, closed, errorOf, fiveMegabytes, readAll, tcpPair, tlsPair, until } from './ends.ts';

const transports = [
  ['memory', async () => duplexPair() as [Duplex, Duplex]],
  ['TCP', tcpPair],
] as const;

describe.each(transports)('a TlsStream over %s', (_name, transportPair) => {
  it('carries 5 MB both ways at once, whole and in order', async () => {
    const [client, server] = await tlsPair({}, await transportPair());
    client.end(fiveMegabytes);
    server.end(fiveMegabytes);
    const [atClient, atServer] = await Promise.all([readAll(client), readAll(server)]);
    expect([checksum(atClient), checksum(atServer)]).toEqual(Array(2).fill(checksum(fiveMegabytes)));
  });

  it('stops the peer while nobody reads, and loses nothing', async () => {
    const [client, server] = await tlsPair({}, await transportPair());
    const piece = fiveMegabytes.subarray(0, 100_000);
    let pieces = 0;
    // Each awaited write has left this end: stopping means that the path is full.
    const writing = (async () => {
      for (; pieces < 1_000; pieces++) await client.send(piece);
      client.end();
    })();
    await until(() => server.transport.isPaused());
    await sleep(50);
    const stoppedAt = pieces;
    await sleep(50);
    expect(pieces).toBe(stoppedAt);
    expect(pieces).toBeLessThan(1_000);
    expect(server.readableLength).toBeLessThan(200_000);
    expect(client.writableLength).toBeLessThanOrEqual(piece.length);

    let bytes = 0;
    for await (const chunk of server) bytes += chunk.length;
    expect(bytes).toBe(1_000 * piece.length);
    await writing;
  });

  it('write returns false when its buffer is full, and drain follows', async () => {
    const [client, server] = await tlsPair({}, await transportPair());
    expect(client.write(Buffer.alloc(1_000))).toBe(true);
    expect(client.write(Buffer.alloc(1_000_000))).toBe(false);
    server.resume();
    await once(client, 'drain');
    expect(client.write(Buffer.alloc(1_000))).toBe(true);
  });

  it('half-close: each side reads on after its own end', async () => {
    for (const first of [0, 1]) {
      const ends = await tlsPair({}, await transportPair());
      const [a, b] = [ends[first]!, ends[1 - first]!];
      a.end('first');
      expect(String(await readAll(b))).toBe('first');
      b.write('still ');
      await sleep(5);
      b.end('here');
      expect(String(await readAll(a))).toBe('still here');
      await Promise.all([closed(a), closed(b)]);
    }
  });

  it('reports an end without close_notify as truncation, after all that came before it', async () => {
    const [client, server] = await tlsPair({}, await transportPair());
    server.write('half a ');
    server.write('message');
    await until(() => client.readableLength === 'half a message'.length);
    server.transport.end();
    await sleep(20);
    const read: string[] = [];
    const error = await errorOf(
      (async () => {
        for await (const chunk of client) read.push(String(chunk));
      })(),
    );
    expect(read.join('')).toBe('half a message');
    expect(error).toMatchObject({ name: 'TransportError', code: 'transport.truncated' });
    expect(client.errored).toBe(error);
  });

  it('reports truncation to one who only writes, too', async () => {
    const [client, server] = await tlsPair({}, await transportPair());
    server.transport.end();
    await closed(client);
    expect(client.errored).toMatchObject({ code: 'transport.truncated' });
    expect(await errorOf(client.send('late'))).toBeInstanceOf(Error);
  });

  it('truncation: end takes it for the end', async () => {
    const [client, server] = await tlsPair({ client: { truncation: 'end' } }, await transportPair());
    server.write('all of it');
    await until(() => client.readableLength > 0);
    server.transport.end();
    expect(String(await readAll(client))).toBe('all of it');
  });

  it('close ends both sides in order', async () => {
    const [client, server] = await tlsPair({}, await transportPair());
    server.write('unread');
    await Promise.all([client.close(), server.close()]);
    expect([client.errored, server.errored, client.closed, server.closed]).toEqual([null, null, true, true]);
    await until(() => client.transport.destroyed && server.transport.destroyed);
    await client.close();
  });

  it('close cuts the connection when the peer does not end', async () => {
    const [client, server] = await tlsPair({}, await transportPair());
    await client.close({ timeoutMs: 30 });
    expect(client.transport.destroyed).toBe(true);
    await readAll(server);
    expect(client.closed).toBe(true);
  });

  it('adds no listener while it works, and leaves none behind', async () => {
    const [client, server] = await tlsPair({}, await transportPair());
    server.pipe(server);
    client.resume();
    const before = [client, client.transport, server, server.transport].map(listeners);
    for (let i = 0; i < 100; i++) await client.send(Buffer.alloc(10_000));
    expect([client, client.transport, server, server.transport].map(listeners)).toEqual(before);
    await Promise.all([client.close(), closed(server)]);
    await until(() => client.transport.closed && server.transport.closed);
    // One that keeps late errors from ending the process.
    for (const { transport } of [client, server]) {
      expect(transport.listenerCount('error')).toBe(1);
      for (const event of ['data', 'drain', 'connect', 'readable'])
        expect(transport.listenerCount(event)).toBe(0);
    }
  });
});

describe('a TlsStream', () => {
  it('keeps the order of what is written while data is delivered', async () => {
    const [client, server] = await tlsPair();
    server.on('data', (chunk: Buffer) => {
      for (const byte of chunk) server.write(String.fromCharCode(byte));
    });
    server.on('end', () => server.end('.'));
    client.write('abc');
    client.write('def');
    client.end('ghi');
    expect(String(await readAll(client))).toBe('abcdefghi.');
  });

  it('gathers what is written in one tick into few records', async () => {
    let records = 0;
    const [client, server] = await tlsPair({
      server: {
        onTrace: (event) => (records += event.what === 'record' && event.contentType === 23 ? 1 : 0),
      },
    });
    for (let i = 0; i < 1_000; i++) client.write('0123456789');
    client.end();
    expect((await readAll(server)).length).toBe(10_000);
    expect(records).toBeLessThanOrEqual(2);
  });

  it('sends a whole flight in one write of the transport', async () => {
    const [a, b] = duplexPair();
    let writes = 0;
    const write = b._write.bind(b);
    b._write = (...args) => {
      writes++;
      write(...args);
    };
    b._writev = (chunks, done) => {
      writes++;
      write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer' as BufferEncoding, done);
    };
    const [client] = await tlsPair({ server: { tickets: false } }, [a, b]);
    await client.send('x');
    expect(writes).toBe(1);
  });

  it('may be destroyed by a listener of data', async () => {
    const [client, server] = await tlsPair();
    server.on('data', () => server.destroy());
    client.write('one');
    client.write('two');
    await closed(server);
    expect(server.errored).toBe(null);
  });

  it('is destroyed when a loop over it is left early', async () => {
    const [client, server] = await tlsPair({}, await tcpPair());
    client.write('more than enough');
    for await (const _chunk of server) break;
    expect(server.destroyed).toBe(true);
    expect(await errorOf(readAll(client))).toMatchObject({ code: 'transport.truncated' });
  });

  it('answers both ends of a pipeline', async () => {
    const [client, server] = await tlsPair();
    server.pipe(server);
    client.end('there and back');
    expect(String(await readAll(client))).toBe('there and back');
  });

  it('names a reset', async () => {
    const [client, server] = await tlsPair({ server: { tickets: false } }, await tcpPair());
    (server.transport as Socket).resetAndDestroy();
    expect(await errorOf(readAll(client))).toMatchObject({ name: 'TransportError', code: 'transport.reset' });
  });

  it('delivers all that came before an orderly end, even if the transport breaks after it', async () => {
    const [client, server] = await tlsPair({}, await tcpPair());
    server.end('the whole answer');
    await until(() => client.readableLength > 0);
    (server.transport as Socket).resetAndDestroy();
    await sleep(20);
    expect(String(await readAll(client))).toBe('the whole answer');
    client.end('anyone there?');
    await closed(client);
    expect(client.errored).toMatchObject({ code: 'transport.reset' });
  });

  it('ends with a transport that is closed within a write and never answers it', async () => {
    const [near, far] = duplexPair();
    const [client, server] = await tlsPair({}, [near, far]);
    server.end();
    client.resume();
    await until(() => client.readableEnded);
    near._write = () => {};
    client.end();
    await until(() => near.writableEnded);
    near.destroy();
    await closed(client);
    expect(client.errored).toMatchObject({ code: 'transport.broken' });
  });

  it('lives on when the transport reports errors late', async () => {
    const [client, server] = await tlsPair();
    await Promise.all([client.close(), server.close()]);
    client.transport.emit('error', new Error('too late'));
    client.emit('error', new Error('nobody listens'));
  });

  it('tells the peer of a failure by its alert, though input is unread', async () => {
    const [client, server] = await tlsPair({}, await tcpPair());
    // The server sends a lot that the client never reads from its socket: closing at once would reset.
    server.write(fiveMegabytes);
    client.abort(new Error('cannot go on'));
    expect(client.errored).toMatchObject({ message: 'cannot go on' });
    await closed(server);
    expect(server.errored).toMatchObject({ code: 'received.alert', receivedAlert: 117 });
  });

  it('fails with a wrong record, and both learn why', async () => {
    const [client, server] = await tlsPair();
    // A record that no key of this connection sealed.
    client.transport.write(Buffer.concat([Buffer.from([23, 3, 3, 0, 40]), Buffer.alloc(40)]));
    expect(await errorOf(readAll(server))).toMatchObject({ code: 'peer.recordAuthenticationFailed' });
    expect(await errorOf(readAll(client))).toMatchObject({ code: 'received.alert', receivedAlert: 20 });
    expect(() => server.exportKeyingMaterial('EXPORTER-x', Buffer.alloc(0), 16)).toThrow(/after connected/);
    expect(server.facts.handshakes).toBe(1);
  });
});

function listeners(stream: TlsStream | Duplex): Record<string, number> {
  return Object.fromEntries(stream.eventNames().map((name) => [String(name), stream.listenerCount(name)]));
}
