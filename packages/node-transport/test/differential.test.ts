import { registryName, type Session } from '@sealwire/core';
import { SessionTable, suites12, tls12 } from '@sealwire/core/tls12';
import type { PeerVerdict } from '@sealwire/x509';
import { once } from 'node:events';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createServer, type TlsStream } from '../src/index.ts';
import { connectTo, listening, loopback, portOf, readAll } from './ends.ts';
import { clientIdentity, roots, serverIdentity } from '@sealwire/transport-tests';

/**
 * TLS 1.2 between every pair of our ends and those of node:tls: what a user of either sees must not depend on whose end
 * it is, or on whose the other is.
 */
interface Seen {
  readonly version: string;
  readonly cipher: string;
  readonly resumed: boolean;
  readonly alpn: string | false;
  readonly authorized: boolean;
  readonly heard: string;
}

interface Case {
  readonly suite: keyof typeof suites12;
  /** In OpenSSL's words. */
  readonly cipher: string;
  readonly alpn?: { readonly client: string[]; readonly server: string[] };
  readonly asksClient?: boolean;
  readonly clientHasCertificate?: boolean;
  readonly tickets?: false;
}

/** Ends of node:tls that are ended right behind the handshake leave out the close_notify. */
const lenient = { truncation: 'end' } as const;

type Kind = 'ours' | 'node';
const pairs: readonly (readonly [client: Kind, server: Kind])[] = [
  ['node', 'node'],
  ['ours', 'node'],
  ['node', 'ours'],
  ['ours', 'ours'],
];

const gcm = {
  suite: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  cipher: 'ECDHE-ECDSA-AES128-GCM-SHA256',
} as const;
const cases: readonly [name: string, Case][] = [
  ['GCM', gcm],
  [
    'AES-256-GCM',
    { suite: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', cipher: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
  ],
  [
    'ChaCha20',
    { suite: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', cipher: 'ECDHE-ECDSA-CHACHA20-POLY1305' },
  ],
  ['CBC', { suite: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', cipher: 'ECDHE-ECDSA-AES256-SHA' }],
  ['CCM', { suite: 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM', cipher: 'ECDHE-ECDSA-AES128-CCM' }],
  ['ALPN', { ...gcm, alpn: { client: ['b', 'a'], server: ['a', 'b'] } }],
  ['ALPN of the client alone', { ...gcm, alpn: { client: ['a'], server: [] } }],
  ['a client certificate', { ...gcm, asksClient: true, clientHasCertificate: true }],
  ['a client without the certificate', { ...gcm, asksClient: true }],
  ['a certificate that nobody asks for', { ...gcm, clientHasCertificate: true }],
  ['sessions by id', { ...gcm, tickets: false }],
];

describe.each(cases)('both see the same of TLS 1.2: %s', (_name, what) => {
  it('with any two ends, in the first connection and the one that resumes it', async () => {
    const results = [];
    for (const [client, server] of pairs) results.push(await talk(what, client, server));
    const [expected] = results;
    expect(expected![1]!.client.resumed).toBe(true);
    for (const [i, result] of results.entries()) expect([pairs[i], result]).toEqual([pairs[i], expected]);
  });
});

/** What both see of two connections, the second of which resumes the first. */
async function talk(what: Case, client: Kind, server: Kind): Promise<{ client: Seen; server: Seen }[]> {
  const { port, seen, close } = await (server === 'ours' ? ourServer(what) : nodeServer(what));
  const connect = client === 'ours' ? ourClient(what) : nodeClient(what);
  const results = [];
  for (let i = 0; i < 2; i++) {
    const heardBy = seen();
    results.push({ client: await connect(port), server: await heardBy });
  }
  await close();
  return results;
}

async function ourServer({ suite, alpn, asksClient, tickets }: Case) {
  const waiting: ((seen: Seen) => void)[] = [];
  const server = await createServer(
    {
      port: 0,
      host: loopback,
      versions: [tls12],
      cipherSuites: [suites12[suite]],
      ...serverIdentity,
      ...lenient,
      ...(alpn && { alpnProtocols: alpn.server }),
      ...(asksClient && { clientAuthentication: 'request' as const, roots }),
      ...(tickets === false && { tickets, sessionIds: { store: new SessionTable() } }),
    },
    async (connection) => {
      connection.write('from the server');
      waiting.shift()?.(await seenByUs(connection));
    },
  );
  return {
    port: server.port,
    seen: () => new Promise<Seen>((resolve) => waiting.push(resolve)),
    close: () => server.close(),
  };
}

async function nodeServer({ cipher, alpn, asksClient, tickets }: Case) {
  const server = await listening(
    tls.createServer({
      cert: serverIdentity.certificate,
      key: serverIdentity.privateKey,
      maxVersion: 'TLSv1.2',
      ciphers: cipher,
      ...(alpn && alpn.server.length > 0 && { ALPNProtocols: alpn.server }),
      ...(asksClient && { requestCert: true, rejectUnauthorized: false, ca: roots }),
      // SSL_OP_NO_TICKET.
      ...(tickets === false && { secureOptions: 1 << 14 }),
      sessionIdContext: 'differential',
    }),
  );
  // The builtin server keeps sessions by id nowhere else.
  const kept = new Map<string, Buffer>();
  server.on('newSession', (id: Buffer, session: Buffer, done: () => void) => {
    kept.set(id.toString('hex'), session);
    done();
  });
  server.on('resumeSession', (id: Buffer, done: (error: null, session: Buffer | null) => void) =>
    done(null, kept.get(id.toString('hex')) ?? null),
  );
  return {
    port: portOf(server),
    async seen(): Promise<Seen> {
      const [socket] = (await once(server, 'secureConnection')) as [tls.TLSSocket];
      socket.write('from the server');
      return seenByNode(socket);
    },
    async close() {
      server.close();
    },
  };
}

function ourClient({ suite, alpn, clientHasCertificate }: Case) {
  const sessions: Session[] = [];
  return async (port: number): Promise<Seen> => {
    const connection = await connectTo(port, {
      versions: [tls12],
      cipherSuites: [suites12[suite]],
      sessions,
      onSession: (session) => sessions.unshift(session),
      ...lenient,
      ...(alpn && { alpnProtocols: alpn.client }),
      ...(clientHasCertificate && clientIdentity),
    });
    connection.end('from the client');
    return seenByUs(connection);
  };
}

function nodeClient({ cipher, alpn, clientHasCertificate }: Case) {
  let session: Buffer | undefined;
  return async (port: number): Promise<Seen> => {
    const socket = tls.connect({
      port,
      host: loopback,
      servername: 'localhost',
      ca: roots,
      maxVersion: 'TLSv1.2',
      ciphers: cipher,
      ...(session && { session }),
      ...(alpn && { ALPNProtocols: alpn.client }),
      ...(clientHasCertificate && { cert: clientIdentity.certificate, key: clientIdentity.privateKey }),
    });
    await once(socket, 'secureConnect');
    session = socket.getSession();
    socket.end('from the client');
    return seenByNode(socket);
  };
}

async function seenByUs(connection: TlsStream): Promise<Seen> {
  const { version, cipherSuite = 0, resumed = false, alpnProtocol, peerVerdict } = connection.facts;
  const verdict = peerVerdict as PeerVerdict | undefined;
  const heard = String(await readAll(connection));
  connection.end();
  return {
    version: version === 0x0303 ? 'TLSv1.2' : String(version),
    cipher: registryName(suites12, cipherSuite),
    resumed,
    alpn: alpnProtocol ?? false,
    authorized: verdict?.authorized === true,
    heard,
  };
}

async function seenByNode(socket: tls.TLSSocket): Promise<Seen> {
  const seen = {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    resumed: socket.isSessionReused(),
    alpn: socket.alpnProtocol === null ? false : socket.alpnProtocol,
    authorized: socket.authorized,
  };
  const heard = String(await readAll(socket));
  socket.end();
  return { ...seen, heard };
}
