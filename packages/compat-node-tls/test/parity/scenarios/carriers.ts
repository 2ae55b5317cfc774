import { type AddressInfo, connect as connectPlain, createServer, type Socket } from 'node:net';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type Scenario, type Stage, variants } from '../scenario.ts';
import { both, once, type Version } from './meeting.ts';
import { describe as described } from './together.ts';

/** Two ends of a pipe without sockets. */
function pipe(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(chunk: Buffer, _, done) {
        setImmediate(() => {
          other().push(chunk);
          done();
        });
      },
      final(done) {
        setImmediate(() => {
          other().push(null);
          done();
        });
      },
    });
  const a: Duplex = make(() => b);
  const b: Duplex = make(() => a);
  return [a, b];
}

const events = ['secureConnect', 'secure', 'end', 'error', 'close'];

/** A client of ours or theirs over `carrier`. */
function clientOver(stage: Stage, carrier: Duplex, version: Version, options: object = {}): TLSSocket {
  const range = { minVersion: version, maxVersion: version };
  const client = stage.client.connect({
    socket: carrier,
    ca: stage.pki.root,
    servername: 'localhost',
    ...range,
    ...options,
  });
  stage.cleanUp(() => client.destroy());
  stage.onClient.listen(client, events);
  client.on('secureConnect', () => stage.onClient.note('is', ...described(client)));
  return client;
}

function serverOver(stage: Stage, carrier: Duplex): TLSSocket {
  const secureContext = stage.server.createSecureContext(stage.pki.server);
  const socket = new stage.server.TLSSocket(carrier as Socket, { isServer: true, secureContext });
  stage.cleanUp(() => socket.destroy());
  stage.onServer.listen(socket, events);
  return socket;
}

async function exchange(stage: Stage, client: TLSSocket, socket: TLSSocket, isSocket = true): Promise<void> {
  const closed = Promise.all([once(client, 'close'), once(socket, 'close')]);
  client.write('hello');
  socket.on('data', (chunk: Buffer) => {
    stage.onServer.note('data', chunk.toString());
    socket.end('bye');
  });
  client.on('data', (chunk: Buffer) => stage.onClient.note('data', chunk.toString()));
  // Where the carrier is no socket, the builtin leaves it open.
  await once(client, 'end');
  if (!client.destroyed && !isSocket) {
    client.destroy();
    socket.destroy();
  }
  await closed;
}

/** Sockets of the loopback, with what came before TLS behind them. */
async function plain(stage: Stage): Promise<[Socket, Socket]> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const accepted = once(server, 'connection');
  const client = connectPlain((server.address() as AddressInfo).port, '127.0.0.1');
  await once(client, 'connect');
  const [socket] = (await accepted) as [Socket];
  stage.cleanUp(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });
  return [client, socket];
}

type Play = (stage: Stage, version: Version) => Promise<void>;

const cases: Record<string, Play> = {
  'a pipe without sockets': async (stage, version) => {
    const [a, b] = pipe();
    const socket = serverOver(stage, b);
    await exchange(stage, clientOver(stage, a, version), socket, false);
  },
  'TLSSocket by hand on both sides': async (stage, version) => {
    const [a, b] = await plain(stage);
    const socket = serverOver(stage, b);
    const client = new stage.client.TLSSocket(a, { maxVersion: version } as never);
    stage.cleanUp(() => client.destroy());
    stage.onClient.listen(client, events);
    await exchange(stage, client, socket);
    stage.onClient.note('authorized', client.authorized, client.authorizationError);
  },
  'STARTTLS over used sockets': async (stage, version) => {
    const [a, b] = await plain(stage);
    b.once('data', () => b.write('220 go\r\n'));
    a.write('STARTTLS\r\n');
    await once(a, 'data');
    a.removeAllListeners('data');
    const socket = serverOver(stage, b);
    await exchange(stage, clientOver(stage, a, version), socket);
  },
  'a used server that has data already': async (stage, version) => {
    const [a, b] = await plain(stage);
    const client = clientOver(stage, a, version);
    await once(b, 'readable');
    await exchange(stage, client, serverOver(stage, b));
  },
  'a socket that still connects': async (stage, version) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stage.cleanUp(() => server.close());
    const accepted = once(server, 'connection');
    const carrier = connectPlain((server.address() as AddressInfo).port, '127.0.0.1');
    const client = clientOver(stage, carrier, version);
    stage.onClient.note('connecting', client.connecting);
    const [socket] = (await accepted) as [Socket];
    await exchange(stage, client, serverOver(stage, socket));
  },
  'TLS in TLS': async (stage, version) => {
    const [a, b] = await plain(stage);
    const outerServer = new stage.server.TLSSocket(b, {
      isServer: true,
      secureContext: stage.server.createSecureContext(stage.pki.server),
    });
    const outer = stage.client.connect({ socket: a, ca: stage.pki.root, servername: 'localhost' });
    for (const each of [outer, outerServer]) each.on('error', () => {});
    await once(outer, 'secureConnect');
    const inner = serverOver(stage, outerServer);
    await exchange(stage, clientOver(stage, outer, version), inner);
  },
  'the connection event of a server, with any stream': async (stage, version) => {
    const [a, b] = pipe();
    const server = stage.server.createServer(stage.pki.server);
    const accepted = once(server, 'secureConnection');
    server.emit('connection', b);
    const client = clientOver(stage, a, version);
    const [socket] = (await accepted) as [TLSSocket];
    stage.onServer.note('secureConnection', ...described(socket));
    await exchange(stage, client, socket, false);
  },
  'the carrier is destroyed': async (stage, version) => {
    const [a, b] = await plain(stage);
    const socket = serverOver(stage, b);
    const client = clientOver(stage, a, version);
    await Promise.all([once(client, 'secureConnect'), once(socket, 'secure')]);
    const closed = Promise.all([once(client, 'close'), once(socket, 'close')]);
    a.destroy();
    await closed;
  },
  'the carrier of a handshake is destroyed': async (stage, version) => {
    const [a] = await plain(stage);
    const client = clientOver(stage, a, version);
    const closed = once(client, 'close');
    setTimeout(() => a.destroy(), 10);
    await closed;
  },
  'the carrier fails': async (stage, version) => {
    const [a, b] = pipe();
    const socket = serverOver(stage, b);
    const client = clientOver(stage, a, version);
    await Promise.all([once(client, 'secureConnect'), once(socket, 'secure')]);
    const closed = once(client, 'close');
    a.destroy(new Error('the carrier fails'));
    await closed;
  },
  'a path': async (stage, version) => {
    const path = join(tmpdir(), `parity-${process.pid}-${Math.floor(performance.now() * 1000)}.sock`);
    const server = stage.server.createServer({ ...stage.pki.server, maxVersion: version });
    stage.cleanUp(() => {
      server.close();
      rmSync(path, { force: true });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const accepted = once(server, 'secureConnection');
    const client = (stage.client.connect as Connect)(path, { ca: stage.pki.root, servername: 'localhost' });
    stage.cleanUp(() => client.destroy());
    stage.onClient.listen(client, events);
    const [socket] = (await accepted) as [TLSSocket];
    stage.onServer.note('addresses', socket.remoteAddress, socket.localAddress);
    await exchange(stage, client, socket);
  },
};

type Connect = (...args: unknown[]) => TLSSocket;

/** All the ways to say where to. */
const overloads: Record<string, (port: number, options: object, called: () => void) => readonly unknown[]> = {
  '(options)': (port, options) => [{ port, host: '127.0.0.1', ...options }],
  '(options, callback)': (port, options, called) => [{ port, host: '127.0.0.1', ...options }, called],
  '(port, options)': (port, options) => [port, { host: '127.0.0.1', ...options }],
  '(port, options, callback)': (port, options, called) => [port, { host: '127.0.0.1', ...options }, called],
  '(port, host, options)': (port, options) => [port, '127.0.0.1', options],
  '(port, host, options, callback)': (port, options, called) => [port, '127.0.0.1', options, called],
  '(port as a string, host, options, callback)': (port, options, called) => [
    String(port),
    '127.0.0.1',
    options,
    called,
  ],
  '(port, host, options) with another port in the options': (port, options) => [
    1,
    '127.0.0.1',
    { ...options, port },
  ],
  '(port, null, options)': (port, options) => [port, null, { host: '127.0.0.1', ...options }],
};

const ways = variants(
  Object.entries(overloads),
  ([name]) => `connect${name}`,
  async (stage, [, argumentsOf]) => {
    const server = stage.server.createServer(stage.pki.server);
    stage.cleanUp(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const accepted = once(server, 'secureConnection');
    const options = { ca: stage.pki.root, servername: 'localhost' };
    const called = (): void => stage.onClient.note('called');
    const { port } = server.address() as AddressInfo;
    const client = (stage.client.connect as Connect)(...argumentsOf(port, options, called));
    stage.cleanUp(() => client.destroy());
    stage.onClient.listen(client, events);
    const [socket] = (await accepted) as [TLSSocket];
    await exchange(stage, client, socket);
  },
);

export const carrierScenarios: readonly Scenario[] = [
  ...both.flatMap((version) =>
    variants(
      Object.entries(cases),
      ([name]) => `carriers, ${version}: ${name}`,
      (stage, [, play]) => play(stage, version),
    ),
  ),
  ...ways,
];
