import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Socket,
} from 'node:net';
import { once } from 'node:events';
import builtin, { type TLSSocket } from 'node:tls';
import { createServer, TlsError } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { loadCredential } from '@sealwire/x509';
import { afterEach, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { serverIdentity } from '../http/identity.ts';

const refusal = new TlsError('incompatible.certificateRequired', 'a client without a certificate');
const credential = loadCredential({
  provider: nodeProvider,
  chain: [new Uint8Array(new X509Certificate(serverIdentity.cert).raw)],
  key: new Uint8Array(createPrivateKey(serverIdentity.key).export({ type: 'pkcs8', format: 'der' })),
});
const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const action of cleanUps.splice(0).reverse()) action();
});

/** A builtin client of our server, and the plain socket below it. */
async function connected() {
  const server = (ours as unknown as typeof builtin).createServer(serverIdentity);
  cleanUps.push(() => server.close());
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const below = connectTcp((server.address() as AddressInfo).port, '127.0.0.1');
  cleanUps.push(() => below.destroy());
  const client = builtin.connect({ socket: below, rejectUnauthorized: false });
  client.on('error', () => {});
  await once(client, 'secureConnect');
  const [socket] = await accepted;
  return { below, client, socket };
}

it('closes after a failure that the application only looks at, when the peer is gone', async () => {
  const { below, socket } = await connected();
  const errors: unknown[] = [];
  socket.on('error', (error: NodeJS.ErrnoException) => void errors.push(error.code));
  socket.resume();
  const closed = new Promise((done) => void socket.on('close', done));
  below.end(Buffer.alloc(64, 0xff));
  await closed;
  expect(errors).toEqual([expect.stringMatching(/^ERR_SSL_/)]);
});

it('tells of one failure when an alert comes and the connection is then reset', async () => {
  expect(await toldAfterAlert(ours as unknown as typeof builtin)).toEqual(await toldAfterAlert(builtin));
});

/** What a client tells that a server sends a fatal alert once it is connected, and resets the connection when that was seen. */
async function toldAfterAlert({ connect }: typeof builtin): Promise<unknown[]> {
  const carriers: Socket[] = [];
  const server = createTcpServer((carrier) => {
    carriers.push(carrier.on('error', () => {}));
    const connection = createServer({ provider: nodeProvider, credentials: [credential] });
    connection.start(Date.now());
    carrier.on('data', (bytes) => {
      connection.receive(bytes, Date.now());
      for (let output = connection.poll(); output !== undefined; output = connection.poll()) {
        if (output.type === 'transmit') for (const piece of output.pieces) carrier.write(piece);
        if (output.type === 'connected') connection.abort(refusal);
      }
    });
  });
  cleanUps.push(() => server.close());
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  cleanUps.push(() => client.destroy());
  const told: unknown[] = [];
  client.on('error', (error: NodeJS.ErrnoException) => {
    told.push(error.code);
    carriers[0]!.resetAndDestroy();
  });
  client.on('end', () => void told.push('end')).resume();
  const [hadError] = await new Promise<unknown[]>((done) => void client.on('close', (...all) => done(all)));
  return [...told, hadError];
}

it('closes when it ends in the middle of a renegotiation', async () => {
  const server = builtin.createServer({ ...serverIdentity, maxVersion: 'TLSv1.2' });
  cleanUps.push(() => server.close());
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  server.on('secureConnection', (socket) => void socket.resume().on('error', () => {}));
  const { port } = server.address() as AddressInfo;
  const client = (ours as unknown as typeof builtin).connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
  });
  cleanUps.push(() => client.destroy());
  await once(client, 'secureConnect');
  client.resume();
  const closed = once(client, 'close');
  client.renegotiate({}, () => {});
  client.end();
  await closed;
  expect(client.destroyed).toBe(true);
});

it('refuses what is written after a failure, and closes', async () => {
  const { below, socket } = await connected();
  const written = new Promise((done) => {
    socket.once('error', () => void socket.write('in vain', (error) => done(error)));
  });
  const errors: unknown[] = [];
  socket.on('error', (error: NodeJS.ErrnoException) => void errors.push(error.code));
  const closed = new Promise((done) => void socket.on('close', done));
  below.write(Buffer.alloc(64, 0xff));
  expect(await written).toMatchObject({ code: 'EPROTO', syscall: 'write', message: 'write EPROTO' });
  await closed;
  expect(errors.at(-1)).toBe('EPROTO');
});

it('reads to the end what comes after a failure', async () => {
  const { below, socket } = await connected();
  const failed = new Promise((done) => void socket.on('error', done));
  const closed = new Promise((done) => void socket.on('close', done));
  socket.resume();
  below.write(Buffer.alloc(64, 0xff));
  await failed;
  below.end(Buffer.alloc(300_000, 1));
  await closed;
  expect(socket.destroyed).toBe(true);
});

it('gives up what waits behind a renegotiation that the peer does not go on with', async () => {
  const server = builtin.createServer({ ...serverIdentity, maxVersion: 'TLSv1.2' });
  cleanUps.push(() => server.close());
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const { port } = server.address() as AddressInfo;
  const client = (ours as unknown as typeof builtin).connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
  });
  cleanUps.push(() => client.destroy());
  client.on('error', () => {});
  await once(client, 'secureConnect');
  const [peer] = await accepted;
  cleanUps.push(() => peer.destroy());
  peer.pause();
  client.resume();
  const closed = new Promise((done) => void client.on('close', done));
  client.renegotiate({}, () => {});
  const written = new Promise((done) => void client.write('in vain', done));
  peer.end();
  expect(await written).toMatchObject({ code: 'EPIPE' });
  await closed;
});
