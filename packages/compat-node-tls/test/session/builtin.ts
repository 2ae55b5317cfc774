import { constants } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { ClientWishes, Dialed, Implementation, Served, ServerWishes, Serving, Wishes } from './peer.ts';

/** `node:tls` of the process that it runs in: the reference. */
export const builtin: Implementation = { name: 'node:tls', serve, dial };

async function serve(wishes: ServerWishes): Promise<Serving> {
  const { cert, key, clients, lifetime, noTickets = false, byId = false } = wishes;
  const store = new Map<string, string>();
  const seen: string[] = [];
  const server = tls.createServer({
    ...common(wishes),
    cert,
    key,
    ticketKeys: Buffer.from(wishes.ticketKeys, 'hex'),
    sessionIdContext: wishes.sessionIdContext,
    requestCert: clients !== undefined,
    rejectUnauthorized: clients === 'trusted',
    ...(lifetime === undefined ? {} : { sessionTimeout: lifetime }),
    ...(noTickets ? { secureOptions: constants.SSL_OP_NO_TICKET } : {}),
  });
  server.on('secureConnection', (socket) => {
    const session = socket.getSession();
    if (session !== undefined) seen.push(session.toString('hex'));
    const served: Served = {
      reused: socket.isSessionReused(),
      alpn: socket.alpnProtocol || '',
      client: subjectOf(socket),
      authorized: socket.authorized,
    };
    socket.on('error', () => {});
    socket.on('data', () => socket.write(`${JSON.stringify(served)}\n`));
    socket.on('end', () => socket.end());
  });
  server.on('tlsClientError', () => {});
  if (byId) {
    server.on('newSession', (id, data, done) => {
      seen.push(data.toString('hex'));
      store.set(id.toString('hex'), data.toString('hex'));
      done();
    });
    server.on('resumeSession', (id, done) => {
      const data = store.get(id.toString('hex'));
      done(null as never, data === undefined ? (null as never) : Buffer.from(data, 'hex'));
    });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    store,
    seen,
    setTicketKeys: (keys) => server.setTicketKeys(Buffer.from(keys, 'hex')),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function dial(wishes: ClientWishes): Promise<Dialed> {
  const { port, servername, cert, key, session, anyServer = false } = wishes;
  return new Promise((resolve) => {
    const sessions: string[] = [];
    let [reused, authorized, text, error, last] = [false, false, '', '', ''];
    const socket = tls.connect({
      ...common(wishes),
      host: '127.0.0.1',
      port,
      servername,
      rejectUnauthorized: !anyServer,
      ...(cert === undefined ? {} : { cert, key }),
      ...(session === undefined ? {} : { session: Buffer.from(session, 'hex') }),
    });
    socket.on('secureConnect', () => {
      [reused, authorized] = [socket.isSessionReused(), socket.authorized];
      socket.write(wishes.greeting ?? 'x');
    });
    socket.on('session', (each) => sessions.push(each.toString('hex')));
    socket.on('data', (data) => {
      text += data.toString();
      last = socket.getSession()?.toString('hex') ?? '';
      // TLS 1.0 splits what it sends.
      if (text.endsWith('\n')) socket.end();
    });
    socket.on('error', (reason: NodeJS.ErrnoException) => (error = reason.code ?? reason.message));
    socket.on('close', () => {
      const all = sessions.length > 0 || last === '' ? sessions : [last];
      const server = text === '' ? undefined : (JSON.parse(text) as Served);
      resolve({ reused, authorized, sessions: all, server, error });
    });
  });
}

function common({ version, ca, alpn }: Wishes) {
  const isOld = version === 'TLSv1' || version === 'TLSv1.1';
  return {
    minVersion: version,
    maxVersion: version,
    ca,
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
    ...(isOld ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  };
}

function subjectOf(socket: tls.TLSSocket): string {
  const { subject } = (socket.getPeerCertificate() ?? {}) as Partial<tls.PeerCertificate>;
  return String(subject?.CN ?? '');
}
