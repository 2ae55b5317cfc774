/**
 * Parts of applications, written for modules of Node. With only the names of these modules replaced they compile as well, see
 * `check:types`.
 */
import * as http2 from 'node:http2';
import https, { type RequestOptions } from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls, {
  type ConnectionOptions,
  connect,
  createSecureContext,
  createServer,
  type DetailedPeerCertificate,
  type PeerCertificate,
  rootCertificates,
  type SecureContext,
  type SecureVersion,
  type Server,
  type TlsOptions,
  TLSSocket,
} from 'node:tls';
import * as all from 'node:tls';

// A database driver that begins TLS over a socket that has been used.

export class Driver {
  readonly #options: ConnectionOptions & { readonly database: string };
  #stream: net.Socket | tls.TLSSocket;

  constructor(port: number, options: ConnectionOptions & { readonly database: string }) {
    this.#options = options;
    this.#stream = net.connect(port);
  }

  secure(): Promise<TLSSocket> {
    const { database: _, ...options } = this.#options;
    return new Promise((resolve, reject) => {
      const secured = connect({ ...options, socket: this.#stream, ALPNProtocols: ['database'] }, () => {
        if (!secured.authorized) reject(secured.authorizationError);
        else resolve(secured);
      });
      secured.once('error', reject);
      this.#stream = secured;
    });
  }

  binding(): Buffer | undefined {
    return this.#stream instanceof TLSSocket ? this.#stream.getPeerCertificate(true)?.raw : undefined;
  }
}

// A client that pins.

export function pinned(host: string, fingerprints: ReadonlySet<string>, session?: Buffer): tls.TLSSocket {
  const check = (name: string, certificate: PeerCertificate): Error | undefined => {
    const problem = tls.checkServerIdentity(name, certificate);
    if (problem !== undefined) return problem;
    return fingerprints.has(certificate.fingerprint256)
      ? undefined
      : new Error(certificate.subject.CN?.toString());
  };
  const socket = tls.connect(443, host, { servername: host, checkServerIdentity: check, session });
  socket.setKeepAlive(true).setNoDelay();
  socket.on('session', (fresh: Buffer) => fresh.length);
  socket.on('error', (error: NodeJS.ErrnoException) => error.code);
  return socket;
}

export function chainOf(socket: TLSSocket): string[] {
  const names: string[] = [];
  let at: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (at && !names.includes(at.fingerprint)) {
    names.push(at.fingerprint);
    at = at.issuerCertificate;
  }
  return [...names, socket.getCipher().name, socket.getProtocol() ?? '', ...socket.getSharedSigalgs()];
}

// A server with a certificate for each name.

const contexts = new Map<string, SecureContext>();
const versions: Record<string, SecureVersion> = { old: 'TLSv1.2', new: 'TLSv1.3' };

export function serve(options: TlsOptions, accept: (socket: TLSSocket) => void): Server {
  const server = createServer(
    {
      ...options,
      minVersion: versions['old'],
      SNICallback(name, done) {
        const context = contexts.get(name) ?? createSecureContext({ ca: [...rootCertificates] });
        contexts.set(name, context);
        done(null, context);
      },
      pskCallback: (socket, identity) => Buffer.from(`${socket.remoteAddress} ${identity}`),
      ticketKeys: Buffer.alloc(48),
    },
    accept,
  );
  const sessions = new Map<string, Buffer>();
  server.on('newSession', (id: Buffer, data: Buffer, done: () => void) => {
    sessions.set(id.toString('hex'), data);
    done();
  });
  server.on('resumeSession', (id: Buffer, done: (error: Error | null, data: Buffer | null) => void) => {
    done(null, sessions.get(id.toString('hex')) ?? null);
  });
  server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
    console.error(error.message);
    socket.destroy();
  });
  server.addContext('*.example', { key: '', cert: '' });
  server.setSecureContext({ key: [{ pem: '', passphrase: '' }], pfx: [{ buf: '' }] });
  return server.listen(0, () => server.getTicketKeys());
}

/** A library with a place for the function that connects. */
export interface Library {
  createSecureConnection?: typeof connect;
  module?: typeof all;
  secureContext?: tls.SecureContext;
}
export const library: Library = { createSecureConnection: tls.connect, module: all };

export class Wrapped extends TLSSocket {
  constructor(inner: Duplex, label: string) {
    super(inner, { isServer: true, requestCert: true, SNICallback: (_, done) => done(null) });
    this.on('secure', () => this.emit('labelled', label));
  }
}

// HTTP.

export function requested(url: string, options: RequestOptions): void {
  const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: true, maxCachedSessions: 10 });
  https
    .get(url, { ...options, agent, ca: '' }, (response) => response.resume())
    .on('error', (error) => error.message);
  const session = http2.connect(url, { createConnection: () => connect({ port: 1, ALPNProtocols: ['h2'] }) });
  session.request({ ':path': '/' }).on('response', (headers) => headers[':status']);
  const server: https.Server = https.createServer({ key: '', cert: '' }, (request, response) => {
    response.end((request.socket as TLSSocket).getProtocol());
  });
  server.on('secureConnection', (socket: TLSSocket) => socket.servername);
  http2
    .createSecureServer({ allowHTTP1: true })
    .on('stream', (stream: http2.ServerHttp2Stream) => stream.end());
}
