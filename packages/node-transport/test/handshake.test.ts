import {
  ApiMisuseError,
  type X509Credential,
  type DecisionKind,
  type SignatureAlgorithm,
  serverConfig,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { loadCredential, parseCertificate } from '@sealwire/x509';
import { getEventListeners } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  clientSettings,
  connect,
  type Decide,
  secure,
  type TlsServerOptions,
  TlsStream,
} from '../src/index.ts';
import {
  closeAfterTest,
  closed,
  connectTo,
  errorOf,
  listening,
  portOf,
  readAll,
  tcpPair,
  tlsPair,
  until,
} from './ends.ts';
import { clientIdentity, roots, serverIdentity } from '@sealwire/transport-tests';

/** `user_canceled`, then `close_notify`, both as warnings in records without protection. */
const cancelled = '1503030002015a' + '15030300020100';

describe('a handshake with a silent peer', () => {
  it('ends after handshakeTimeoutMs on the client, which says so by an alert', async () => {
    const { port, sockets } = await silentServer();
    const error = await errorOf(connectTo(port, { handshakeTimeoutMs: 50 }));
    expect(error).toMatchObject({ name: 'TransportError', code: 'transport.handshakeTimeout' });
    expect(error.message).toContain('50 ms');
    expect((await readAll(sockets[0]!)).toString('hex').endsWith(cancelled)).toBe(true);
  });

  it('ends after handshakeTimeoutMs on the server', async () => {
    const [client, server] = await tcpPair();
    const error = await errorOf(
      secure(server, { role: 'server', ...serverIdentity, handshakeTimeoutMs: 50 }),
    );
    expect(error).toMatchObject({ code: 'transport.handshakeTimeout' });
    expect((await readAll(client)).toString('hex')).toBe(cancelled);
  });

  it('counts the time to connect', async () => {
    const error = await errorOf(
      connectTo(1, { handshakeTimeoutMs: 50, socket: { lookup: neverFound }, host: 'nowhere.example' }),
    );
    expect(error).toMatchObject({ code: 'transport.handshakeTimeout' });
  });
});

describe('a signal', () => {
  it('that is aborted already opens nothing', async () => {
    const { port, sockets } = await silentServer();
    const reason = new Error('changed my mind');
    expect(await errorOf(connectTo(port, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    await sleep(10);
    expect(sockets).toEqual([]);
  });

  it('ends the search for the address', async () => {
    const error = await errorOf(
      connectTo(1, {
        signal: AbortSignal.timeout(20),
        socket: { lookup: neverFound },
        host: 'nowhere.example',
      }),
    );
    expect(error.name).toBe('TimeoutError');
  });

  it('ends the handshake, and the peer hears it', async () => {
    const { port, sockets } = await silentServer();
    const controller = new AbortController();
    const failed = errorOf(connectTo(port, { signal: controller.signal }));
    await until(() => (sockets[0]?.readableLength ?? 0) > 0);
    controller.abort();
    expect((await failed).name).toBe('AbortError');
    expect((await readAll(sockets[0]!)).toString('hex').endsWith(cancelled)).toBe(true);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('ends the handshake for a reason that has no words, too', async () => {
    const { port, sockets } = await silentServer();
    const controller = new AbortController();
    const failed = errorOf(connectTo(port, { signal: controller.signal }));
    await until(() => (sockets[0]?.readableLength ?? 0) > 0);
    const reason: unknown = Object.create(null);
    controller.abort(reason);
    expect(await failed).toMatchObject({ message: 'aborted: something that has no words, object' });
    expect((await failed).cause).toBe(reason);
  });

  it('ends an outstanding question', async () => {
    const controller = new AbortController();
    const asked = new Promise<AbortSignal>((resolve) => {
      const [client, server] = duplexPair();
      const verifyPeer: Decide['verifyPeer'] = (_ask, { signal }) => {
        resolve(signal);
        return new Promise(() => {});
      };
      void errorOf(secure(server, { role: 'server', ...serverIdentity }));
      void errorOf(
        secure(client, {
          role: 'client',
          decide: { verifyPeer },
          serverName: 'localhost',
          signal: controller.signal,
        }),
      );
    });
    const signal = await asked;
    expect(signal.aborted).toBe(false);
    controller.abort();
    expect(signal.aborted).toBe(true);
  });

  it('has no effect after the handshake, and keeps no listener', async () => {
    const controller = new AbortController();
    const [clientTransport, serverTransport] = await tcpPair();
    const [client, server] = await Promise.all([
      secure(clientTransport, { role: 'client', roots, serverName: 'localhost', signal: controller.signal }),
      secure(serverTransport, { role: 'server', ...serverIdentity }),
    ]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort();
    server.end('still here');
    expect(String(await readAll(client))).toBe('still here');
    client.destroy();
  });
});

describe('a broken transport', () => {
  it('before a connection', async () => {
    const { port, server } = await silentServer();
    server.close();
    const error = await errorOf(connectTo(port));
    expect(error).toMatchObject({ code: 'transport.connectFailed', cause: { code: 'ECONNREFUSED' } });
  });

  it('reset in the handshake', async () => {
    const { port } = await silentServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const error = await errorOf(connectTo(port));
    expect(error).toMatchObject({ code: 'transport.reset', cause: { code: 'ECONNRESET' } });
  });

  it('ended in the handshake', async () => {
    const { port } = await silentServer((socket) => socket.once('data', () => socket.end()));
    expect(await errorOf(connectTo(port))).toMatchObject({ code: 'peer.closedDuringHandshake' });
  });

  it('destroyed under the handshake', async () => {
    const [client] = await tcpPair();
    const failed = errorOf(secure(client, { role: 'client', roots, serverName: 'localhost' }));
    client.destroy();
    expect(await failed).toMatchObject({ code: 'transport.broken' });
  });

  it('speaking another protocol', async () => {
    const { port, sockets } = await silentServer((socket) =>
      socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    const error = await errorOf(connectTo(port));
    expect(error).toMatchObject({ name: 'TlsError', blame: 'peer' });
    // The alert is the last record.
    expect((await readAll(sockets[0]!)).toString('hex')).toMatch(/150303000202[0-9a-f]{2}$/);
  });
});

describe('decide', () => {
  it('is asked for each question, and may take its time', async () => {
    const asked: string[] = [];
    const later = async <T>(what: string, reply: T): Promise<T> => {
      asked.push(what);
      await sleep(5);
      return reply;
    };
    const credentials = { client: load(clientIdentity), server: load(serverIdentity) };
    const peer = { client: 'server', server: 'client' } as const;
    const keyOf = (role: 'client' | 'server') => parseCertificate(credentials[role].chain[0]!).spki;
    const decide = (role: 'client' | 'server'): Decide => ({
      chooseConfig: () => later(`${role} chooseConfig`, { ok: true }),
      selectCertificate: () =>
        later(`${role} selectCertificate`, { ok: true, credential: credentials[role] }),
      sign: ({ credential, input }) =>
        later(`${role} sign`, {
          ok: true,
          signature: credential.key === 'external' ? new Uint8Array() : credential.key.sign(ecdsa, input),
        }),
      verifyPeer: () => later(`${role} verifyPeer`, { ok: true, publicKey: keyOf(peer[role]) }),
      fetchStatus: () => later(`${role} fetchStatus`, { ok: true }),
    });
    const [client, server] = await tlsPair({
      client: { decide: decide('client'), requestOcsp: true },
      server: { decide: decide('server'), clientAuthentication: 'require' },
    });
    expect(asked).toEqual([
      'server chooseConfig',
      'server selectCertificate',
      'server fetchStatus',
      'server sign',
      'client verifyPeer',
      'client selectCertificate',
      'client sign',
      'server verifyPeer',
    ]);
    client.end('works');
    expect(String(await readAll(server))).toBe('works');
  });

  it('keeps the socket quiet meanwhile', async () => {
    const [clientTransport, serverTransport] = await tcpPair();
    let wasPaused: boolean | undefined;
    const verifyPeer: Decide['verifyPeer'] = async () => {
      await sleep(5);
      wasPaused = clientTransport.isPaused();
      return { ok: false, reason: 'accessDenied', message: 'not today' };
    };
    const [error, heard] = await Promise.all([
      errorOf(secure(clientTransport, { role: 'client', serverName: 'localhost', decide: { verifyPeer } })),
      errorOf(secure(serverTransport, { role: 'server', ...serverIdentity })),
    ]);
    expect(wasPaused).toBe(true);
    expect(error).toMatchObject({ code: 'local.accessDenied', message: 'not today' });
    expect(heard).toMatchObject({ code: 'received.alert', receivedAlert: 49 });
  });

  const failures: [DecisionKind, string, number][] = [
    ['chooseConfig', 'local.refusedHello', 40],
    ['selectCertificate', 'local.credentialUnavailable', 80],
    ['sign', 'local.signFailed', 80],
    ['verifyPeer', 'local.verificationUnavailable', 80],
  ];
  const wrongs: [string, (error: Error) => Decide[DecisionKind]][] = [
    [
      'throws',
      (error) => () => {
        throw error;
      },
    ],
    [
      'rejects',
      (error) => async () => {
        throw error;
      },
    ],
    ['answers nonsense', () => () => 'yes' as never],
    ['answers nothing', () => () => undefined as never],
  ];
  for (const [kind, code, alert] of failures) {
    it.each(wrongs)(`${kind} that %s fails the handshake with ${code}`, async (how, wrong) => {
      const thrown = new Error('the database is down');
      const failure = await failedServer({
        decide: { [kind]: wrong(thrown) },
        clientAuthentication: 'require',
      });
      expect(failure.error).toMatchObject({ name: 'TlsError', code });
      if (how === 'throws' || how === 'rejects') {
        expect(failure.error).toMatchObject({
          cause: thrown,
          message: expect.stringContaining('the database is down'),
        });
      }
      expect(failure.heard).toMatchObject({ code: 'received.alert', receivedAlert: alert });
    });
  }

  it('picks the configuration by the name that the client wants', async () => {
    const h2 = serverConfig({
      provider: nodeProvider,
      credentials: [load(serverIdentity)],
      alpnProtocols: ['h2'],
    });
    const [client] = await tlsPair({
      client: { alpnProtocols: ['h2'] },
      server: {
        alpnProtocols: ['http/1.1'],
        decide: {
          chooseConfig: ({ hello }) =>
            hello.serverName === 'localhost'
              ? { ok: true, config: h2 }
              : { ok: false, reason: 'unrecognizedName', message: 'no such site' },
        },
      },
    });
    expect(client.facts.alpnProtocol).toBe('h2');
  });
});

describe('options', () => {
  const connecting = { host: 'localhost', port: 1 };
  it.each([
    [
      'nothing to trust where no certificates may come',
      () => connect({ ...connecting, peerCertificateTypes: ['rawPublicKey'] }),
      /expected roots/,
    ],
    ['no name to look for', () => secure(duplexPair()[0], { role: 'client' }), /expected serverName/],
    ['two ways to trust', () => connect({ ...connecting, roots, verify: false }), /exclude each other/],
    ['no port', () => connect({ roots }), /port.* or path/],
    ['a path without a name', () => connect({ path: '/tmp/x', roots }), /expected serverName/],
    ['half an identity', () => connect({ ...connecting, roots, certificate: roots }), /only certificate/],
    [
      'a misspelt decision',
      () => connect({ ...connecting, roots, decide: { verifypeer: () => true } as never }),
      /decide: expected chooseConfig.*, got verifypeer/,
    ],
    [
      'a decision that is no function',
      () => connect({ ...connecting, decide: { verifyPeer: true as never } }),
      /decide.verifyPeer must be a function, got boolean/,
    ],
    [
      'an unknown way to take truncation',
      () => connect({ ...connecting, roots, truncation: 'ignore' as never }),
      /truncation must be error or end, got "ignore"/,
    ],
    ['no time', () => connect({ ...connecting, roots, handshakeTimeoutMs: 0 }), /handshakeTimeoutMs must be/],
    [
      'a server without a certificate',
      () => secure(duplexPair()[0], { role: 'server' }),
      /needs a certificate/,
    ],
    [
      'a server that asks and trusts nobody',
      () => secure(duplexPair()[0], { role: 'server', ...serverIdentity, clientAuthentication: 'request' }),
      /expected roots/,
    ],
  ])('refuses %s', async (_what, call, message) => {
    const error = await errorOf(call());
    expect(error).toBeInstanceOf(ApiMisuseError);
    expect(error.message).toMatch(message);
  });

  it('refuses roots that are no certificates, before connecting', async () => {
    expect(await errorOf(connect({ ...connecting, roots: 'hello' }))).toMatchObject({ name: 'X509Error' });
  });

  it('hands out traces and key-log lines', async () => {
    const [lines, seen]: [string[], Set<string>] = [[], new Set()];
    await tlsPair({
      client: { onKeyLog: (line) => lines.push(line), onTrace: (event) => seen.add(event.what) },
    });
    expect(lines.map((line) => line.split(' ')[0])).toContain('CLIENT_TRAFFIC_SECRET_0');
    expect([...seen]).toEqual(expect.arrayContaining(['handshake', 'record', 'keys']));
  });
});

const ecdsa: SignatureAlgorithm = { type: 'ecdsa', hash: 'sha256' };

function load({ certificate, privateKey }: typeof serverIdentity): X509Credential {
  return loadCredential({ provider: nodeProvider, chain: certificate, key: privateKey });
}

/** How a handshake fails on our server with these options, and what a client hears of it that would have gone on. */
async function failedServer(options: Partial<TlsServerOptions>) {
  const [clientTransport, serverTransport] = await tcpPair();
  const trust = options.decide?.verifyPeer === undefined ? { roots } : {};
  const failed = errorOf(
    secure(serverTransport, { role: 'server', ...serverIdentity, ...trust, ...options }),
  );
  const client = new TlsStream(
    clientTransport,
    clientSettings({ roots, serverName: 'localhost', ...clientIdentity }),
  );
  await closed(client);
  return { error: await failed, heard: client.errored };
}

/** Accepts TCP connections and says nothing, unless `serve` does. */
async function silentServer(serve: (socket: Socket) => void = () => {}) {
  const sockets: Socket[] = [];
  const server: Server = await listening(createTcpServer({ allowHalfOpen: true, pauseOnConnect: false }));
  server.on('connection', (socket) => {
    sockets.push(socket);
    closeAfterTest(socket);
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    serve(socket);
    if (socket.listenerCount('data') === 0) socket.on('readable', () => {});
  });
  return { server, sockets, port: portOf(server) };
}

/** A name server that never answers. */
function neverFound(): void {}
