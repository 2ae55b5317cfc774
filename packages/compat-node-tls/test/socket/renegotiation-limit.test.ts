import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import builtin from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { parityPki } from '../parity/pki.ts';

/** `CLIENT_RENEG_LIMIT` handshakes in `CLIENT_RENEG_WINDOW` seconds are what a client may ask for; both may be written to. */

const tls = ours as unknown as typeof builtin;
const pki = parityPki();
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

/** How many of four renegotiations a server grants, and what its application hears first of the others. */
async function granted(limit: number, windowSeconds: number) {
  const { CLIENT_RENEG_LIMIT, CLIENT_RENEG_WINDOW } = tls;
  ends.push(() => Object.assign(tls, { CLIENT_RENEG_LIMIT, CLIENT_RENEG_WINDOW }));
  Object.assign(tls, { CLIENT_RENEG_LIMIT: limit, CLIENT_RENEG_WINDOW: windowSeconds });
  const server = tls.createServer({ ...pki.server, maxVersion: 'TLSv1.2' }).listen(0, '127.0.0.1');
  ends.push(() => server.close());
  await once(server, 'listening');
  const heard: unknown[] = [];
  server.on('tlsClientError', ({ code }: NodeJS.ErrnoException) => heard.push(code));
  server.on('secureConnection', (socket) => {
    ends.push(() => socket.destroy());
    socket.on('error', ({ code }: NodeJS.ErrnoException) => heard.push(code)).resume();
  });
  const { port } = server.address() as AddressInfo;
  const socket = builtin.connect({ port, host: '127.0.0.1', servername: 'localhost', ca: pki.root });
  ends.push(() => socket.destroy());
  socket.on('error', () => {}).resume();
  const closed = new Promise<boolean>((resolve) => void socket.on('close', () => resolve(false)));
  await once(socket, 'secureConnect');
  let count = 0;
  for (; count < 4; count++) {
    const done = new Promise<boolean>((resolve) => void socket.renegotiate({}, (error) => resolve(!error)));
    if (!(await Promise.race([done, closed]))) break;
  }
  // What the client makes of it comes later, or not.
  return { count, heard: heard[0] };
}

describe('renegotiations that a client asks for', () => {
  it.each([
    ['two within ten minutes', 2, 600, 2],
    ['none', 0, 600, 0],
    ['as many as it likes, where the time for two is over at once', 2, 0, 4],
  ])('%s', async (_, limit, windowSeconds, count) => {
    const { heard, count: seen } = await granted(limit, windowSeconds);
    expect(seen).toBe(count);
    expect(heard).toBe(count < 4 ? 'ERR_TLS_SESSION_ATTACK' : undefined);
  });
});
