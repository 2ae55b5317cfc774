import { type CryptoProvider, namedGroups, type Session, suites13 } from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { connect, createServer } from '@sealwire/node-transport';
import { encodePem, makeTestPki } from '@sealwire/x509';
import { once } from 'node:events';
import { type AddressInfo, connect as netConnect, createServer as netCreateServer } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';

/** One way to carry bytes over loopback TCP; all with the same version, suite, group and certificates. */
export interface Stack {
  readonly name: string;
  /** Serves connections until `close`. */
  listen(
    onConnection: (connection: Duplex) => void,
  ): Promise<{ readonly port: number; close(): Promise<void> }>;
  /** Resolves when application data may flow. */
  connect(port: number): Promise<Duplex>;
  /** As `connect`, each connection with a session of the one before; throws where the first but one is not resumed. */
  resuming?(): (port: number) => Promise<Duplex>;
}

const pki = makeTestPki({ provider: nodeProvider, nowMs: Date.now() });
const root = encodePem('CERTIFICATE', pki.root.certificate);
const chain = pki.server.chain.map((der) => encodePem('CERTIFICATE', der)).join('');
const key = encodePem('PRIVATE KEY', pki.server.key.exportPkcs8());

export const identity = { root, chain, key } as const;

/** What all of our ends have in common. */
export const shared = {
  cipherSuites: [suites13.TLS_AES_128_GCM_SHA256],
  groups: [namedGroups.x25519],
} as const;

export const plainTcp: Stack = {
  name: 'plain TCP',
  async listen(onConnection) {
    const server = netCreateServer({ noDelay: true }, onConnection);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      port: (server.address() as AddressInfo).port,
      close: () => new Promise((resolve) => server.close(() => resolve())),
    };
  },
  async connect(port) {
    const socket = netConnect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return socket;
  },
};

export const builtin: Stack = {
  name: 'node:tls',
  async listen(onConnection) {
    const server = tls.createServer({ ...tlsOptions, cert: chain, key, noDelay: true }, onConnection);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      port: (server.address() as AddressInfo).port,
      close: () => new Promise((resolve) => server.close(() => resolve())),
    };
  },
  async connect(port) {
    const socket = tls.connect({ secureContext, servername: 'localhost', port, host: '127.0.0.1' });
    socket.setNoDelay();
    await once(socket, 'secureConnect');
    return socket;
  },
  resuming() {
    let session: Buffer | undefined;
    return async (port) => {
      const offered = session === undefined ? {} : { session };
      const target = { servername: 'localhost', port, host: '127.0.0.1' };
      const socket = tls.connect({ secureContext, ...target, ...offered });
      socket.setNoDelay();
      socket.on('session', (latest: Buffer) => (session = latest));
      await once(socket, 'secureConnect');
      if (offered.session !== undefined && !socket.isSessionReused()) throw new Error('not resumed');
      return socket;
    };
  },
};

export const sealwireNode = sealwire('sealwire, crypto-node', nodeProvider);
export const sealwireNoble = sealwire('sealwire, crypto-noble', nobleProvider);

function sealwire(name: string, provider: CryptoProvider): Stack {
  const own = { ...shared, provider, host: '127.0.0.1', serverName: 'localhost', roots: root };
  return {
    name,
    async listen(onConnection) {
      const server = await createServer(
        { ...shared, provider, certificate: chain, privateKey: key, port: 0, host: '127.0.0.1' },
        onConnection,
      );
      return { port: server.port, close: () => server.close() };
    },
    connect: (port) => connect({ ...own, port }),
    resuming() {
      let session: Session | undefined;
      const onSession = (latest: Session) => (session = latest);
      return async (port) => {
        const offered = session;
        const sessions = offered === undefined ? [] : [offered];
        const connection = await connect({ ...own, port, sessions, onSession });
        if (sessions.length > 0 && connection.facts.resumed !== true) throw new Error('not resumed');
        return connection;
      };
    },
  };
}

const tlsOptions = {
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_128_GCM_SHA256',
  ecdhCurve: 'X25519',
} as const;

/** Made once, as programs with many connections do. */
const secureContext = tls.createSecureContext({ ...tlsOptions, ca: root });
