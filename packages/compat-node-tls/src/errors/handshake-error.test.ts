import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { inspect } from 'node:util';
import { TlsError } from '@sealwire/core';
import { expect, it } from 'vitest';
import { portrait } from '../../test/errors/reference.ts';
import { handshakeError } from './handshake-error.ts';

/** What is not the same from run to run: the thread, where in OpenSSL's source it happened, and a port. */
function normal(error: unknown) {
  const text = JSON.stringify(portrait(error, inspect));
  return text
    .replaceAll(/[0-9A-F]{12,16}:error:([0-9A-F]{8}:[^:"]+):[^:"]*:([^:"]+):[^:"]*:\d+:/g, 'error:$1:$2:')
    .replaceAll(/\d{4,5}/g, 'port');
}

/** The error of a builtin client whose server answers with these bytes. */
async function clientError(answer: Uint8Array): Promise<[unknown, number]> {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = tls.connect({ port, host: '127.0.0.1' });
  const [error] = await once(client, 'error').catch((reason: unknown) => [reason]);
  client.destroy();
  server.close();
  return [error, port];
}

it('shows alerts that come as Node does', async () => {
  // Those that have a reason, and some of those that have none.
  for (const alert of [
    0, 5, 10, 20, 22, 40, 42, 46, 47, 48, 50, 51, 70, 71, 80, 86, 90, 100, 109, 112, 116, 117, 120, 121,
  ]) {
    const [theirs, port] = await clientError(new Uint8Array([21, 3, 3, 0, 2, 2, alert]));
    const error = new TlsError('received.alert', 'an alert', { receivedAlert: alert });
    const ours = handshakeError(error, { side: 'client', address: { host: '127.0.0.1', port } });
    expect([alert, normal(ours)]).toEqual([alert, normal(theirs)]);
  }
});

it('shows a peer that goes away as Node does', async () => {
  const [theirs, port] = await clientError(new Uint8Array(0));
  const error = new TlsError('peer.closedDuringHandshake', 'the end', { section: 'RFC 9846 §6.1' });
  const ours = handshakeError(error, { side: 'client', address: { host: '127.0.0.1', port } });
  expect(normal(ours)).toBe(normal(theirs));
  expect(handshakeError(error, { side: 'server' })).toMatchObject({
    code: 'ECONNRESET',
    message: 'socket hang up',
  });
});

it('says in the place of a file what was really found', () => {
  const error = new TlsError('incompatible.cipherSuites', 'no suite in common');
  expect(handshakeError(error, { side: 'server', version: '3.5' })).toMatchObject({
    code: 'ERR_SSL_NO_SHARED_CIPHER',
    library: 'SSL routines',
    reason: 'no shared cipher',
    message: expect.stringMatching(
      /:error:0A0000C1:SSL routines::no shared cipher:sealwire\/incompatible\.cipherSuites:0:\n$/,
    ),
  });
});
