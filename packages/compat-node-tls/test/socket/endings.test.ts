import { type AddressInfo, connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import builtin, { type TLSSocket } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { serverIdentity } from '../http/identity.ts';

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
