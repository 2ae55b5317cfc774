import { ApiMisuseError } from '@sealwire/core';
import { ByteWire } from '@sealwire/testkit';
import { describe, expect, it, vi } from 'vitest';
import { type ConnectOptions, connectIn } from '../src/connect.ts';
import type { BinaryType } from '../src/handler.ts';
import { type ListenOptions, listenIn } from '../src/listen.ts';
import { connect, type TlsSocket } from '../src/index.ts';
import * as only13 from '../src/tls13.ts';
import { FakeBun } from './fake-bun.ts';
import { FakeSocket } from './fake-socket.ts';
import { renewedRoots, renewedServer, roots, serverIdentity } from '@sealwire/transport-tests';

describe('sockets', () => {
  it('calls the functions of both sides in the order of Bun', async () => {
    const log: string[] = [];
    const hears = (name: string) => ({
      open: () => log.push(`${name} open`),
      drain: () => log.push(`${name} drain`),
      end: () => log.push(`${name} end`),
      close: (_: unknown, error?: Error) => log.push(`${name} close ${error?.message ?? 'in order'}`),
    });
    const { client, listener } = await ends(
      { socket: { ...hears('server'), data: (socket, bytes) => void socket.write(bytes) } },
      {
        socket: { ...hears('client'), data: (_, bytes) => void log.push(`client data ${String(bytes)}`) },
        data: 7,
      },
    );
    expect([client.data, client.readyState, client.alpnProtocol]).toEqual([7, 1, false]);
    client.write('hello');
    client.write(new TextEncoder().encode('-helloween'), 1, 5);
    client.end('!');
    expect([client.readyState, client.write('late'), client.end()]).toEqual([-2, -1, -1]);
    await client.closed;
    await listener.close();
    expect(log.filter((line) => line.startsWith('client'))).toEqual([
      'client open',
      'client data hellohello!',
      'client end',
      'client close in order',
    ]);
    expect(log.filter((line) => line.startsWith('server'))).toEqual([
      'server open',
      'server end',
      'server close in order',
    ]);
    expect([client.readyState, listener.openConnections]).toEqual([0, 0]);
  });

  it('does not keep for a slow loop what has ended meanwhile', async () => {
    const bun = new FakeBun();
    const listener = listenIn({ ...serverIdentity }, bun.bun);
    const dial = () =>
      connectIn({ hostname: 'localhost', serverName: 'localhost', roots, port: listener.port }, bun.bun);
    for (let i = 0; i < 3; i++) {
      const gone = await dial();
      await turn();
      gone.terminate();
      await gone.closed;
    }
    while (listener.openConnections > 0) await turn();
    const last = await dial();
    const loop = listener[Symbol.asyncIterator]();
    const next = (await loop.next()).value as TlsSocket;
    expect(next.readyState).toBe(1);
    next.end('you');
    expect(String(Buffer.concat(await all(last)))).toBe('you');
    await loop.return();
    await listener.close();
  });

  it('takes no more than there is room for, and tells of room', async () => {
    let received = 0;
    const { client } = await ends(
      { socket: { data: (_, bytes) => void (received += bytes.length) } },
      { socket: { data() {}, drain: () => fill() } },
    );
    const whole = new Uint8Array(1_000_000);
    let sent = 0;
    let mostBuffered = 0;
    const takes: number[] = [];
    const fill = (): void => {
      const taken = client.write(whole, sent);
      takes.push(taken);
      sent += taken;
      mostBuffered = Math.max(mostBuffered, client.bufferedBytes);
      if (taken > 0 && sent < whole.length) expect(client.write(whole, sent)).toBe(0);
      if (sent === whole.length) client.end();
    };
    fill();
    await client.closed;
    expect([sent, received]).toEqual([whole.length, whole.length]);
    expect(takes.length).toBeGreaterThan(10);
    expect(mostBuffered).toBeLessThan(140_000);
  });

  it('lets the peer stop while the reader does', async () => {
    const { client, server, bun } = await ends({}, {});
    const writing = client.send(new Uint8Array(2_000_000));
    const reader = server[Symbol.asyncIterator]();
    let read = (await reader.next()).value?.length ?? 0;
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(bun.sockets[0]?.server.isPaused).toBe(true);
    const ended = writing.then(() => client.end());
    for (let next = await reader.next(); !next.done; next = await reader.next()) read += next.value.length;
    await ended;
    expect(read).toBe(2_000_000);
  });

  it('hands no data to a handler that has paused', async () => {
    const log: string[] = [];
    const { client, server } = await ends(
      {
        socket: {
          data(socket, bytes) {
            log.push(String(bytes));
            socket.pause();
          },
          end: () => log.push('end'),
        },
      },
      {},
    );
    await client.send('one');
    await client.send('two');
    client.end();
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual(['one']);
    server.resume();
    while (log.length === 1) await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual(['one', 'two']);
    server.resume();
    await server.closed;
    expect(log).toEqual(['one', 'two', 'end']);
  });

  it('lets a loop answer the last bytes before its side ends with that of the peer', async () => {
    const { client, server } = await ends({}, { allowHalfOpen: true });
    const echoing = (async () => {
      for await (const bytes of server) await server.send(bytes);
    })();
    client.end('the last');
    let answer = '';
    for await (const bytes of client) answer += new TextDecoder().decode(bytes);
    await echoing;
    await server.closed;
    expect([answer, client.readyState]).toEqual(['the last', 0]);
  });

  it('gives what a function throws to error, and goes on', async () => {
    const errors: string[] = [];
    const { client } = await ends(
      {
        socket: {
          data(socket, bytes) {
            if (String(bytes) === 'bad') throw new Error('cannot read');
            socket.end(bytes);
          },
          error(socket, error) {
            errors.push(error.message);
            socket.write('sorry, ');
          },
        },
      },
      { allowHalfOpen: true },
    );
    await client.send('bad');
    await client.send('good');
    let answer = '';
    for await (const bytes of client) answer += new TextDecoder().decode(bytes);
    expect([errors, answer]).toEqual([['cannot read'], 'sorry, good']);
  });

  it('tells a failure to error, to close and to whoever waits', async () => {
    const log: string[] = [];
    const { client, server, bun } = await ends(
      {
        socket: {
          error: (_, { message }) => log.push(`error ${message}`),
          close: (_, e) => log.push(`close ${e?.message}`),
        },
      },
      {},
    );
    const reading = server[Symbol.asyncIterator]().next();
    bun.sockets[0]!.client.end();
    await expect(reading).rejects.toMatchObject({ code: 'transport.truncated' });
    await client.closed;
    expect(log.map((line) => line.slice(0, 19))).toEqual(['error the transport', 'close the transport']);
    await expect(server.send('late')).rejects.toMatchObject({ code: 'transport.truncated' });
  });

  it('tells of silence once, until something comes', async () => {
    let times = 0;
    const { client, server } = await ends({ socket: { data() {}, timeout: () => times++ } }, {});
    server.timeout(0.02);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 80));
    await pause();
    expect(times).toBe(1);
    await client.send('x');
    await pause();
    expect(times).toBe(2);
  });
});

describe('connect', () => {
  it('rejects as the network does', async () => {
    const told: string[] = [];
    const refused = connectIn(
      { port: 1, roots, socket: { connectError: (_, { message }) => told.push(message) } },
      new FakeBun().bun,
    );
    await expect(refused).rejects.toMatchObject({ code: 'transport.connectFailed' });
    expect(told).toEqual(['could not connect: Failed to connect']);
  });

  it('gives up when its signal says so, also while the socket is on its way', async () => {
    const bun = new FakeBun();
    const listener = listenIn(serverIdentity, bun.bun);
    let reach!: () => void;
    bun.reached = new Promise((resolve) => (reach = resolve));
    const controller = new AbortController();
    const connecting = connectIn({ port: listener.port, roots, signal: controller.signal }, bun.bun);
    const why = new Error('no time');
    controller.abort(why);
    await expect(connecting).rejects.toBe(why);
    reach();
    while (bun.sockets.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await listener.close();
    expect(bun.sockets[0]?.client.taken).toEqual([]);
    await expect(connectIn({ port: 1, roots, signal: controller.signal }, bun.bun)).rejects.toBe(why);
  });

  it('refuses options that can never work', async () => {
    const { bun } = new FakeBun();
    for (const [options, message] of [
      [{}, 'expected either port'],
      [{ port: 1, unix: '/x' }, 'expected either port'],
      [{ unix: '/x', roots }, 'serverName'],
      [{ port: 1, host: 'x' }, 'host is no connect option'],
      [{ port: 1, roots, socket: { dta() {} } }, 'did you mean data'],
      [{ port: 1, roots, socket: { binaryType: 'blob' } }, 'binaryType'],
    ] as [ConnectOptions, string][])
      await expect(connectIn(options, bun)).rejects.toThrow(message);
    await expect(connect({ port: 1, roots })).rejects.toThrow('needs Bun');
  });
});

describe('an entry for TLS 1.3 alone', () => {
  it('talks to its like, and to nobody of TLS 1.2 alone', async () => {
    const bun = new FakeBun();
    vi.stubGlobal('Bun', bun.bun());
    try {
      const { tls12 } = await import('@sealwire/core/tls12');
      const listener = only13.listen({ ...serverIdentity, hostname: 'localhost' });
      const options = { port: listener.port, serverName: 'localhost', roots };
      const socket = await only13.connect(options);
      expect(socket.facts.version).toBe(0x0304);
      await expect(connect({ ...options, versions: [tls12] })).rejects.toMatchObject({ receivedAlert: 70 });
      await expect(only13.connect({ port: 1 })).rejects.toThrow('nothing says which peers to trust');
      socket.terminate();
      listener.stop(true);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('puts TLS on sockets that are there', async () => {
    const wire = new ByteWire();
    const [one, other] = [new FakeSocket(wire.client), new FakeSocket(wire.server)];
    const client = only13.secure(one, { role: 'client', serverName: 'localhost', roots });
    const server = only13.secure(other, { role: 'server', ...serverIdentity });
    one.reload({ socket: client.handler });
    other.reload({ socket: server.handler });
    const [{ facts }, served] = await Promise.all([client.tls, server.tls]);
    expect([facts.version, served.facts.version]).toEqual([0x0304, 0x0304]);
    served.terminate();
  });
});

describe('listen', () => {
  it('changes its certificate for those that come, and its functions for all', async () => {
    const bun = new FakeBun();
    const said: string[] = [];
    const saying = (word: string) => ({ data: () => void said.push(word) });
    const listener = listenIn({ ...serverIdentity, socket: saying('old') }, bun.bun);
    const trusting = (trusted: string) =>
      connectIn({ port: listener.port, serverName: 'localhost', roots: trusted }, bun.bun);
    const first = await trusting(roots);
    await first.send('x');
    listener.reload({ ...renewedServer, socket: saying('new') });
    const second = await trusting(renewedRoots);
    await expect(trusting(roots)).rejects.toMatchObject({ name: 'TlsError' });
    expect(() => listener.reload({ certificate: 'none' })).toThrow();
    await first.send('y');
    await second.send('z');
    await Promise.all([first.close(), second.close()]);
    expect(said).toEqual(['old', 'new', 'new']);
    expect(() => listener.reload({ prt: 1 } as never)).toThrow(ApiMisuseError);
    await listener.close();
  });

  it('shows each name its own certificate', async () => {
    const bun = new FakeBun();
    const listener = listenIn({ ...renewedServer, names: { localhost: serverIdentity } }, bun.bun);
    const connecting = () =>
      connectIn({ port: listener.port, serverName: 'localhost', roots, onSession() {} }, bun.bun);
    const first = await connecting();
    listener.reloadName('localhost', undefined);
    await expect(connecting()).rejects.toMatchObject({ name: 'TlsError' });
    first.terminate();
    listener.stop(true);
  });

  it('drops what is too much, and stops in order', async () => {
    const bun = new FakeBun();
    const listener = listenIn({ ...serverIdentity, maxConnections: 1, unix: '/run/x' }, bun.bun);
    const options = { unix: '/run/x', serverName: 'localhost', roots };
    const first = await connectIn(options, bun.bun);
    await expect(connectIn(options, bun.bun)).rejects.toMatchObject({ name: 'TransportError' });
    expect([listener.unix, listener.port, listener.openConnections]).toEqual(['/run/x', 0, 1]);
    expect(bun.listened[0]).toMatchObject({ exclusive: true, allowHalfOpen: true, unix: '/run/x' });
    const loop = all(listener);
    const closing = listener.close();
    await expect(connectIn(options, bun.bun)).rejects.toMatchObject({ code: 'transport.connectFailed' });
    const taken = await loop;
    expect(taken.length).toBe(1);
    await Promise.all([taken[0]?.close(), first.close(), closing]);
  });

  it('cuts what is still there', async () => {
    const { client, listener } = await ends({}, {});
    await listener.close({ timeoutMs: 10 });
    await client.closed;
    expect(listener.openConnections).toBe(0);
  });
});

async function ends<B extends BinaryType = 'buffer', C extends BinaryType = 'buffer'>(
  server: Partial<ListenOptions<undefined, B>>,
  client: Omit<ConnectOptions<number, C>, 'port'>,
) {
  const bun = new FakeBun();
  let hasOpened!: (socket: TlsSocket) => void;
  const opened = new Promise<TlsSocket>((resolve) => (hasOpened = resolve));
  const listener = listenIn<undefined, B>(
    {
      ...serverIdentity,
      ...server,
      socket: {
        ...server.socket,
        open(socket) {
          hasOpened(socket);
          server.socket?.open?.(socket);
        },
      },
    },
    bun.bun,
  );
  const connected = await connectIn<number, C>(
    { serverName: 'localhost', roots, ...client, port: listener.port },
    bun.bun,
  );
  return { bun, listener, client: connected, server: await opened };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}
