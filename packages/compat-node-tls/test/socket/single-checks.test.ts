import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import builtin from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { parityPki } from '../parity/pki.ts';

/** Checks of which each stands alone in the sources: with one of them gone nothing else would refuse what it refuses. */

type Tls = typeof builtin;
const tls = ours as unknown as Tls;
const pki = parityPki();
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

/** What a call throws, without its stack. */
function thrown(call: () => unknown): object | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    const { name, code, message } = error as NodeJS.ErrnoException;
    return { name, code, message };
  }
}

async function listening(server: builtin.Server): Promise<number> {
  ends.push(() => server.close());
  server.on('secureConnection', (socket) => {
    ends.push(() => socket.destroy());
    socket.on('error', () => {}).resume();
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

function dial(from: Tls, port: number, options: object = {}): builtin.TLSSocket {
  const socket = from.connect({ port, host: '127.0.0.1', servername: 'localhost', ca: pki.root, ...options });
  ends.push(() => socket.destroy());
  socket.on('error', () => {});
  return socket;
}

function closed(socket: builtin.TLSSocket): Promise<unknown> {
  return new Promise((done) => void socket.on('close', done));
}

describe('what is refused at once, in the words of the builtin', () => {
  const server = (from: Tls) => from.createServer(pki.server);
  it.each([
    ['a context for no name', (from: Tls) => server(from).addContext('', pki.server)],
    ['a SNICallback that is none', (from: Tls) => from.createServer({ SNICallback: 1 } as never)],
    ['a pskCallback that is none', (from: Tls) => from.createServer({ pskCallback: 1 } as never)],
    ['a hint that is no text', (from: Tls) => from.createServer({ pskIdentityHint: 1 } as never)],
    ['a time that is no number', (from: Tls) => from.createServer({ handshakeTimeout: 'x' } as never)],
    [
      'two ways to agree on a protocol',
      (from: Tls) => from.createServer({ ALPNProtocols: ['a'], ALPNCallback: () => 'a' }),
    ],
    ['ticket keys that are no bytes', (from: Tls) => server(from).setTicketKeys('x' as never)],
    [
      'a name of a protocol that is too long',
      (from: Tls) => from.createServer({ ALPNProtocols: ['x'.repeat(256)] }),
    ],
    [
      'keying material before there is any',
      (from: Tls) => dial(from, 1).exportKeyingMaterial(32, 'EXPORTER-x', Buffer.alloc(0)),
    ],
    [
      'keying material of no length',
      (from: Tls) => dial(from, 1).exportKeyingMaterial('x' as never, 'a', Buffer.alloc(0)),
    ],
    ['fragments of no size', (from: Tls) => dial(from, 1).setMaxSendFragment('x' as never)],
    ['a renegotiation without options', (from: Tls) => dial(from, 1).renegotiate(1 as never, () => {})],
    [
      'a name from a server',
      (from: Tls) =>
        (
          new from.TLSSocket(undefined as never, { isServer: true, ...pki.server } as never) as never as {
            setServername(name: string): void;
          }
        ).setServername('x'),
    ],
  ])('%s', (_, call) => {
    const expected = thrown(() => call(builtin));
    expect(expected).toBeDefined();
    expect(thrown(() => call(tls))).toEqual(expected);
  });

  it('ticket keys of another length', () => {
    const call = (from: Tls) => thrown(() => server(from).setTicketKeys(Buffer.alloc(47)));
    expect(call(tls)).toMatchObject({ code: (call(builtin) as { code: string }).code });
  });
});

it('a name of a protocol may have 255 bytes', () => {
  const server = tls.createServer({ ALPNProtocols: ['x'.repeat(255)] }) as unknown as {
    ALPNProtocols: Buffer;
  };
  expect(server.ALPNProtocols).toHaveLength(256);
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a server that wants certificates, in %s', (version) => {
  const versions = { minVersion: version, maxVersion: version } as const;
  const asking = { ...pki.server, ...versions, ca: pki.root, requestCert: true };

  it.each([
    ['of a stranger', pki.stranger],
    ['for servers', pki.server],
  ])('shows nobody with a certificate %s to the application', async (_, own) => {
    const server = tls.createServer(asking);
    const shown: unknown[] = [];
    server.on('secureConnection', (socket) => void shown.push(socket));
    const errors = once(server, 'tlsClientError') as Promise<[NodeJS.ErrnoException]>;
    const socket = dial(builtin, await listening(server), { ...own, ...versions });
    await Promise.all([errors, closed(socket)]);
    expect(shown).toEqual([]);
  });

  it('shows who has one, and with rejectUnauthorized false everybody, as unauthorized', async () => {
    const known = tls.createServer(asking);
    const first = once(known, 'secureConnection') as Promise<[builtin.TLSSocket]>;
    dial(builtin, await listening(known), { ...pki.client, ...versions });
    expect((await first)[0].authorized).toBe(true);
    const lenient = tls.createServer({ ...asking, rejectUnauthorized: false });
    const other = once(lenient, 'secureConnection') as Promise<[builtin.TLSSocket]>;
    dial(builtin, await listening(lenient), { ...pki.stranger, ...versions });
    const [{ authorized, authorizationError }] = await other;
    expect([authorized, authorizationError]).toEqual([false, expect.any(String)]);
  });

  it.each([
    ['an error', (done: (error: Error | null, context?: unknown) => void) => done(new Error('no'))],
    ['what is no context', (done: (error: Error | null, context?: unknown) => void) => done(null, {})],
    [
      'two answers',
      (done: (error: Error | null, context?: unknown) => void) => {
        done(null, undefined);
        done(null, undefined);
      },
    ],
  ])('that answers SNICallback by %s ends the connection', async (_, answer) => {
    const told = async (from: Tls) => {
      const SNICallback = (_name: string, done: never) => answer(done);
      const server = from.createServer({ ...pki.server, ...versions, SNICallback: SNICallback as never });
      const error = once(server, 'tlsClientError') as Promise<[NodeJS.ErrnoException]>;
      const socket = dial(builtin, await listening(server), versions);
      const ended = closed(socket);
      const [{ code, message }] = await error;
      await ended;
      return { code, message };
    };
    expect(await told(tls)).toEqual(await told(builtin));
  });
});

it('a renegotiation that the client asks for is a whole handshake', async () => {
  const server = tls.createServer({ ...pki.server, maxVersion: 'TLSv1.2' });
  const accepted = once(server, 'secureConnection') as Promise<[builtin.TLSSocket]>;
  const socket = dial(builtin, await listening(server));
  await once(socket, 'secureConnect');
  const [peer] = await accepted;
  await new Promise<void>((done, failed) => {
    socket.renegotiate({}, (error) => (error ? failed(error) : done()));
  });
  expect([peer.isSessionReused(), socket.isSessionReused()]).toEqual([false, false]);
});
