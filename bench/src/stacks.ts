import {
  type CryptoProvider,
  type KeySpec,
  namedGroups,
  type Session,
  suites13,
  type VersionModule,
} from '@sealwire/core';
import { suites12, tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { connect, createServer, type TlsStream } from '@sealwire/node-transport';
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

/** Version, suite and keys that all stacks of a comparison have in common; the group is X25519. */
export interface Flavour {
  readonly name: string;
  readonly version: VersionModule;
  /** As IANA writes it. */
  readonly suite: keyof typeof suites;
  /** As OpenSSL writes it. */
  readonly cipher: string;
  identity(): Identity;
}

export interface Identity {
  /** PEM. */
  readonly root: string;
  readonly chain: string;
  readonly key: string;
}

const suites = { ...suites13, ...suites12 };

export const identity = identityOf({ type: 'ec', curve: 'secp256r1' });
/** Made when it is first needed: it takes a second. */
const rsaIdentity = () => (madeRsaIdentity ??= identityOf({ type: 'rsa', bits: 2048 }));
let madeRsaIdentity: Identity | undefined;

export const modern: Flavour = {
  name: 'TLS 1.3',
  version: tls13,
  suite: 'TLS_AES_128_GCM_SHA256',
  cipher: 'TLS_AES_128_GCM_SHA256',
  identity: () => identity,
};

export const older = {
  ecdsa: olderFlavour('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'),
  rsa: olderFlavour('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', rsaIdentity),
  cbc: olderFlavour('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 'ECDHE-ECDSA-AES128-SHA256'),
  ccm: olderFlavour('TLS_ECDHE_ECDSA_WITH_AES_128_CCM', 'ECDHE-ECDSA-AES128-CCM'),
} as const;

/** What all of our ends have in common, with TLS 1.3. */
export const shared = sharedOf(modern);

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

export const builtin = builtinOf(modern);
export const sealwireNode = sealwireOf(modern, 'sealwire, crypto-node', nodeProvider);
export const sealwireNoble = sealwireOf(modern, 'sealwire, crypto-noble', nobleProvider);

/** `node:tls` first, which the others are compared with. */
export function stacksOf(flavour: Flavour): readonly Stack[] {
  return [
    builtinOf(flavour),
    sealwireOf(flavour, sealwireNode.name, nodeProvider),
    sealwireOf(flavour, sealwireNoble.name, nobleProvider),
  ];
}

function builtinOf({ version, suite, cipher, identity }: Flavour): Stack {
  const { root, chain, key } = identity();
  const name = version === tls13 ? 'TLSv1.3' : 'TLSv1.2';
  const ecdhCurve = version === tls13 ? 'X25519' : 'X25519:P-256';
  const own = { minVersion: name, maxVersion: name, ciphers: cipher, ecdhCurve } as const;
  // Made once, as programs with many connections do.
  const secureContext = tls.createSecureContext({ ...own, ca: root });
  const connected = async (socket: tls.TLSSocket) => {
    socket.setNoDelay();
    await once(socket, 'secureConnect');
    const { standardName } = socket.getCipher();
    if (standardName !== suite) throw new Error(`node:tls speaks ${standardName}, expected ${suite}`);
    return socket;
  };
  const target = { secureContext, servername: 'localhost', host: '127.0.0.1' } as const;
  return {
    name: 'node:tls',
    async listen(onConnection) {
      const server = tls.createServer({ ...own, cert: chain, key, noDelay: true }, onConnection);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return {
        port: (server.address() as AddressInfo).port,
        close: () => new Promise((resolve) => server.close(() => resolve())),
      };
    },
    connect: (port) => connected(tls.connect({ ...target, port })),
    resuming() {
      let session: Buffer | undefined;
      return async (port) => {
        const offered = session;
        const socket = tls.connect({ ...target, port, ...(offered && { session: offered }) });
        socket.on('session', (latest: Buffer) => (session = latest));
        await connected(socket);
        if (offered !== undefined && !socket.isSessionReused()) throw new Error('not resumed');
        return socket;
      };
    },
  };
}

function sealwireOf(flavour: Flavour, name: string, provider: CryptoProvider): Stack {
  const { root, chain, key } = flavour.identity();
  const common = { ...sharedOf(flavour), provider, host: '127.0.0.1' };
  const own = { ...common, serverName: 'localhost', roots: root };
  const checked = async (connecting: Promise<TlsStream>) => {
    const connection = await connecting;
    const { cipherSuite } = connection.facts;
    if (cipherSuite !== suites[flavour.suite])
      throw new Error(`${name} speaks ${cipherSuite}, expected ${flavour.suite}`);
    return connection;
  };
  return {
    name,
    async listen(onConnection) {
      const server = await createServer(
        { ...common, certificate: chain, privateKey: key, port: 0 },
        onConnection,
      );
      return { port: server.port, close: () => server.close() };
    },
    connect: (port) => checked(connect({ ...own, port })),
    resuming() {
      let session: Session | undefined;
      const onSession = (latest: Session) => (session = latest);
      return async (port) => {
        const sessions = session === undefined ? [] : [session];
        const connection = await checked(connect({ ...own, port, sessions, onSession }));
        if (sessions.length > 0 && connection.facts.resumed !== true) throw new Error('not resumed');
        return connection;
      };
    },
  };
}

function sharedOf({ version, suite }: Flavour) {
  const { x25519, secp256r1 } = namedGroups;
  // Before TLS 1.3 the curves offered are those of certificates as well (RFC 8422 §5.1.1).
  const groups = version === tls13 ? [x25519] : [x25519, secp256r1];
  return { versions: [version], cipherSuites: [suites[suite]], groups };
}

function olderFlavour(suite: Flavour['suite'], cipher: string, keys = () => identity): Flavour {
  return { name: `TLS 1.2, ${cipher}`, version: tls12, suite, cipher, identity: keys };
}

function identityOf(keySpec: KeySpec): Identity {
  const { root, server } = makeTestPki({ provider: nodeProvider, nowMs: Date.now(), keySpec });
  return {
    root: encodePem('CERTIFICATE', root.certificate),
    chain: server.chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
    key: encodePem('PRIVATE KEY', server.key.exportPkcs8()),
  };
}
