import { nodeProvider as provider } from '@sealwire/crypto-node';
import type { ByteStream, EndOptions, TransportUnderTest } from '@sealwire/testkit';
import { createVerifier } from '@sealwire/x509';
import { once } from 'node:events';
import {
  createServer as createTcpServer,
  connect as connectTcp,
  type AddressInfo,
  type Socket,
} from 'node:net';
import { Duplex } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connect, createServer, type Decide, secure, type TlsStream } from '../src/index.ts';
import { loopback } from './ends.ts';
import { otherRoots, roots, rsaIdentity, serverIdentity } from './identities.ts';

/** This transport as its contract drives it. */
export const nodeTransport: TransportUnderTest = {
  async secure(below, role, options) {
    const transport = duplexOver(below);
    const initial = options.alreadyRead === undefined ? {} : { initial: options.alreadyRead };
    return linkOf(
      await (role === 'client'
        ? secure(transport, { role, ...clientOptions(options), ...initial })
        : secure(transport, { role, ...serverOptions(options), ...initial })),
    );
  },
  network: {
    async listen(options, { connection, failure }) {
      const server = await createServer({ host: loopback, ...serverOptions(options) }, (stream) =>
        connection(linkOf(stream)),
      );
      server.on('connectionError', failure);
      return server;
    },
    connect: async (port, options) =>
      linkOf(await connect({ host: loopback, port, ...clientOptions(options) })),
    plain: {
      async listen(serve) {
        const server = createTcpServer({ allowHalfOpen: true }, (socket) => serve(plainLink(socket)));
        await once(server.listen(0, loopback), 'listening');
        return {
          port: (server.address() as AddressInfo).port,
          close: () => new Promise((resolve) => server.close(() => resolve())),
        };
      },
      async connect(port) {
        const socket = connectTcp({ port, host: loopback, allowHalfOpen: true });
        await once(socket, 'connect');
        return plainLink(socket);
      },
    },
  },
  memoryBytes() {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  },
  openHandles: () => process.getActiveResourcesInfo().length,
  unhandledRejections: () => unhandled,
};

// Not by an option of the command line: the test runner's processes have none of ours.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
let unhandled = 0;
process.on('unhandledRejection', () => unhandled++);

function clientOptions(options: EndOptions) {
  const { trust = 'server', signal, tls } = options;
  const common = {
    serverName: 'localhost',
    ...timeLimits(options),
    ...(signal === undefined ? {} : { signal }),
    ...tls,
  };
  if (trust === 'unsaid') return common;
  if (typeof trust === 'string') return { ...common, roots: trust === 'server' ? roots : otherRoots };
  const verify = createVerifier({ provider, roots });
  const no = { ok: false, reason: 'accessDenied', message: 'not today' } as const;
  const verifyPeer: Decide['verifyPeer'] = async (ask, { signal: withdrawn }) =>
    (await trust(withdrawn)) ? verify(ask) : no;
  return { ...common, decide: { ...tls?.decide, verifyPeer } };
}

function serverOptions(options: EndOptions) {
  const { signal, tls, certificate } = options;
  return {
    ...(certificate === 'rsa' ? rsaIdentity() : serverIdentity),
    ...timeLimits(options),
    ...(signal === undefined ? {} : { signal }),
    ...tls,
  };
}

function timeLimits({ clock, handshakeTimeoutMs, idleTimeoutMs }: EndOptions) {
  return {
    ...(clock === undefined ? {} : { clock }),
    ...(handshakeTimeoutMs === undefined ? {} : { handshakeTimeoutMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
  };
}

function duplexOver(below: ByteStream): Duplex {
  const duplex: Duplex = new Duplex({
    read: () => void below.read().then((bytes) => duplex.push(bytes ?? null), duplex.destroy.bind(duplex)),
    write: (bytes: Buffer, _encoding, done) => void below.write(bytes).then(() => done(), done),
    final: (done) => void below.end().then(() => done(), done),
    destroy(error, done) {
      below.destroy();
      done(error);
    },
  });
  return duplex;
}

function linkOf(stream: TlsStream): ByteStream {
  const chunks = stream[Symbol.asyncIterator]();
  return {
    write: (bytes) => stream.send(bytes),
    read: async () => (await chunks.next()).value,
    end: async () => void stream.end(),
    destroy: () => void stream.destroy(),
  };
}

function plainLink(socket: Socket): ByteStream {
  const chunks = socket.iterator({ destroyOnReturn: false });
  socket.on('error', () => {});
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve()))),
    read: async () => (await chunks.next()).value,
    end: async () => void socket.end(),
    destroy: () => void socket.resetAndDestroy(),
  };
}
