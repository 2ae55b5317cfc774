import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { createServer, type ServerConfig, type ServerOptions, serverConfig } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { acceptAnyPeer, loadCredential } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { ca, client, dial, dialBuiltin, failure, ours, server, serve, serveBuiltin } from './stage.ts';

const config: ServerConfig = serverConfig({
  provider,
  credentials: [loadCredential({ provider, chain: server.cert, key: server.key })],
  // Asks on, however many answers it is owed.
  limits: { postHandshakeTasks: 1_000 },
  answers: { verifyPeer: acceptAnyPeer({ dangerouslySkipAuthentication: true }) },
} satisfies ServerOptions);

it('reads no more of a server that asks for certificates and reads none', async () => {
  const peer = createServer(config);
  let isTaking = true;
  const carrier = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      peer.receive(chunk, Date.now());
      if (isTaking) done();
      setImmediate(turn);
    },
  });
  const turn = () => {
    for (let output = peer.poll(); output !== undefined; output = peer.poll())
      if (output.type === 'transmit') for (const piece of output.pieces) carrier.push(piece);
  };
  peer.start(Date.now());
  const sealwire = { postHandshakeAuth: true };
  const socket = ours.connect({ socket: carrier, servername: 'localhost', ca, ...client, sealwire } as never);
  socket.on('error', () => {}).on('data', () => {});
  await once(socket, 'secureConnect');
  isTaking = false;
  for (let count = 0; count < 150; count++) {
    peer.requestClientAuth({ certificateAuthorities: [] }, Date.now());
    peer.send(new Uint8Array(1));
    turn();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(carrier.writableLength).toBeGreaterThan(0);
  expect(carrier.writableLength).toBeLessThan(110_000);
  expect(carrier.readableLength).toBeGreaterThan(0);
  socket.destroy();
});

describe('a function that fails by what has no words', () => {
  it.each([
    [
      'throws',
      () => {
        throw Object.create(null);
      },
    ],
    ['rejects', () => Promise.reject(Object.create(null))],
    [
      'rejects with an error that has no message',
      () => Promise.reject(Object.assign(new Error(), { message: Symbol('no') })),
    ],
  ])('refuses the peer: it %s', async (_name, verify) => {
    const { port } = await serve({});
    const socket = ours.connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca,
      sealwire: { verify },
    } as never);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toMatch(/no words|^Symbol\(no\)$|Symbol/);
    socket.destroy();
  });
});

it('goes on with the handshake where a listener throws and the program survives it, as Node does', async () => {
  const thrown: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => thrown.push(error));
  try {
    const { server: made, port } = await serve({ handshakeTimeout: 60_000 });
    made.on('keylog', () => {
      throw new Error('a listener of keylog');
    });
    const secured = once(made, 'secureConnection');
    const socket = dial(port);
    const [other] = (await Promise.all([secured, once(socket, 'secureConnect')]))[0] as [Duplex];
    other.end('all the same');
    let heard = '';
    for await (const chunk of socket) heard += String(chunk);
    expect(heard).toBe('all the same');
    expect(thrown.length).toBeGreaterThanOrEqual(5);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const other of others) process.on('uncaughtException', other);
  }
});

describe('what is on Object.prototype', () => {
  /** Polluted for as long as the call takes, no longer: what runs the tests is not to be led astray. */
  function polluted<T>(fields: object, run: () => T): T {
    for (const [name, value] of Object.entries(fields))
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
    try {
      return run();
    } finally {
      for (const name of Object.keys(fields)) Reflect.deleteProperty(Object.prototype, name);
    }
  }

  it.each([
    ['rejectUnauthorized', { rejectUnauthorized: false }],
    ['requestCert', { requestCert: false }],
    ['sealwire', { sealwire: { rejectUnauthorized: false } }],
  ])('admits no client that is not to be admitted: %s', async (_name, fields) => {
    const { server: made, port } = await polluted(fields, () => serve({ requestCert: true, ca }));
    const refused = once(made, 'tlsClientError');
    const admitted = once(made, 'secureConnection').then(() => ['admitted']);
    const stranger = dialBuiltin(port, { maxVersion: 'TLSv1.2' });
    expect((await Promise.race([refused, admitted]))[0]).toBeInstanceOf(Error);
    stranger.destroy();
  });

  it('lets no client trust a stranger', async () => {
    const { port } = await serveBuiltin({});
    const fields = { rejectUnauthorized: false, sealwire: { rejectUnauthorized: false, verify: () => true } };
    const socket = polluted(fields, () => dial(port, { ca: [] }));
    const trusted = once(socket, 'secureConnect').then(() => ({ code: 'trusted' }));
    expect((await Promise.race([failure(socket), trusted])).code).toMatch(/^(UNABLE_TO_|SELF_SIGNED_)/);
  });
});
