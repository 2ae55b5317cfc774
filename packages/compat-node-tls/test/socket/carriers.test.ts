import { once } from 'node:events';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Socket,
} from 'node:net';
import { Duplex } from 'node:stream';
import builtin from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { serverIdentity, trusted } from '../http/identity.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const action of cleanUps.splice(0).reverse()) action();
});

type Tls = typeof builtin;
const implementations: Record<string, Tls> = { builtin, ours };

/** Two TCP sockets that have spoken text, as before STARTTLS: each has an encoding, and has read what the other said. */
async function spoken(encoding: BufferEncoding): Promise<[Socket, Socket]> {
  const server = createTcpServer();
  cleanUps.push(() => server.close());
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const near = connectTcp((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = await accepted;
  cleanUps.push(
    () => near.destroy(),
    () => far.destroy(),
  );
  for (const [from, to] of [
    [near.setEncoding(encoding), far],
    [far.setEncoding(encoding), near],
  ] as const) {
    const heard = once(to, 'data');
    from.write('STARTTLS');
    await heard;
  }
  return [near, far];
}

it.each(Object.keys(implementations))(
  'tells listeners of a given socket nothing of what it carries, %s',
  async (name) => {
    const tls = implementations[name]!;
    const [near, far] = await spoken('utf8');
    const heard: unknown[] = [];
    for (const below of [near, far]) below.on('data', (chunk) => void heard.push(chunk));
    const server = new tls.TLSSocket(far, { isServer: true, ...serverIdentity });
    const client = tls.connect({ socket: near, servername: 'localhost', ...trusted });
    server.pipe(server);
    client.write('x');
    const [echo] = (await once(client, 'data')) as [Buffer];
    expect(echo.toString()).toBe('x');
    expect(heard).toEqual([]);
  },
);

it.each(Object.keys(implementations))('serves for a server of plain sockets, %s', async (name) => {
  const tls = implementations[name]!;
  const server = createTcpServer();
  cleanUps.push(() => server.close());
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  server.on('connection', (plain) => {
    const socket = new tls.TLSSocket(plain, { isServer: true, server, ...serverIdentity });
    socket.on('secure', () => socket.end('x'));
  });
  const { port } = server.address() as AddressInfo;
  const client = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ...trusted });
  const [chunk] = (await once(client, 'data')) as [Buffer];
  expect(chunk.toString()).toBe('x');
});

describe.each(Object.keys(implementations))('over a socket that has been read as text, %s', (name) => {
  const tls = implementations[name]!;

  it.each(['utf8', 'latin1', 'hex'] as const)('in %s', async (encoding) => {
    const [near, far] = await spoken(encoding);
    const server = new tls.TLSSocket(far, { isServer: true, ...serverIdentity });
    const client = tls.connect({ socket: near, servername: 'localhost', ...trusted });
    server.pipe(server);
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    client.write(bytes);
    const [echo] = (await once(client, 'data')) as [Buffer];
    expect(echo).toEqual(bytes);
    expect(client.authorized).toBe(true);
  });
});

it('takes bytes that wait to be read as text', async () => {
  const [near, far] = await spoken('latin1');
  far.pause();
  const server = (hello: Buffer): Promise<unknown> => {
    far.unshift(hello.toString('latin1'), 'latin1');
    const socket = new ours.TLSSocket(far, { isServer: true, ...serverIdentity });
    return once(socket, 'secure');
  };
  // A client's first flight, which comes before there is a TLS socket.
  const between = new Duplex({ read() {}, write: (chunk: Buffer, _, done) => void near.write(chunk, done) });
  const flight = new Promise<Buffer>((done) => {
    between._write = (chunk: Buffer, _, next) => {
      between._write = (later: Buffer, __, then) => void near.write(later, then);
      next();
      done(chunk);
    };
  });
  near.setEncoding('latin1').on('data', (text: string) => void between.push(Buffer.from(text, 'latin1')));
  const client = builtin.connect({ socket: between, servername: 'localhost', ...trusted });
  cleanUps.push(() => client.destroy());
  await Promise.all([server(await flight), once(client, 'secureConnect')]);
  expect(client.authorized).toBe(true);
});

describe('a stream that gives no bytes', () => {
  const streams = {
    objects: () => new Duplex({ objectMode: true, read() {}, write: (_, __, done) => done() }),
    text: () => new Duplex({ read() {}, write: (_, __, done) => done() }).setEncoding('utf8'),
  };

  it.each(Object.keys(streams) as (keyof typeof streams)[])('but %s', async (kind) => {
    const seen = await Promise.all(
      Object.values(implementations).map(async (tls) => {
        const events: unknown[] = [];
        const stream = streams[kind]();
        const socket = tls.connect({ socket: stream });
        for (const event of ['_tlsError', 'error', 'end', 'close', 'secure'])
          socket.on(
            event,
            (error?: NodeJS.ErrnoException) => void events.push([event, error?.code, error?.message]),
          );
        stream.push(kind === 'objects' ? { no: 'bytes' } : 'text');
        await once(socket, '_tlsError');
        stream.push(Buffer.from('more'));
        await new Promise((done) => void setImmediate(done));
        socket.destroy();
        return events;
      }),
    );
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]).toContainEqual(['error', 'ERR_STREAM_WRAP', expect.any(String)]);
  });
});

it.each(Object.keys(implementations))('tells a hint that is too long for OpenSSL, %s', async (name) => {
  const tls = implementations[name]!;
  const pskOptions = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;
  const server = tls.createServer({
    ...pskOptions,
    pskIdentityHint: 'x'.repeat(257),
    pskCallback: () => null,
  });
  cleanUps.push(() => server.close());
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const failed = once(server, 'tlsClientError');
  const { port } = server.address() as AddressInfo;
  const client = tls.connect({ ...pskOptions, port, host: '127.0.0.1', pskCallback: () => null });
  const [error] = (await Promise.all([failed, once(client, 'error')]))[0] as [NodeJS.ErrnoException];
  expect(error.code).toMatch(/^ERR_TLS_PSK_SET_IDENTI(T?)Y_HINT_FAILED$/);
});

it('hands on how the TCP socket is to send and to keep alive', () => {
  const socket = ours.connect({
    port: 1,
    host: '127.0.0.1',
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 2000,
  } as object);
  socket.on('error', () => {});
  cleanUps.push(() => socket.destroy());
  const { carrier } = (socket as unknown as { readonly _handle: { readonly carrier: object } })._handle;
  for (const each of [carrier, socket]) {
    const set = Object.getOwnPropertySymbols(each).flatMap((symbol) =>
      /kSet(NoDelay|KeepAlive)/.test(String(symbol)) ? [(each as Record<symbol, unknown>)[symbol]] : [],
    );
    expect(set).toEqual([true, true, 2]);
  }
});
