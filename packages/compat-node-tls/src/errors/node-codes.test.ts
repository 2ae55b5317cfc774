import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls, { type SecureContextOptions, type TlsOptions } from 'node:tls';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { portrait } from '../../test/errors/reference.ts';
import {
  cryptoOperationFailed,
  invalidProtocolMethod,
  invalidSniContext,
  pskHintFailed,
} from './node-codes.ts';

it('makes what the C++ of Node throws', () => {
  const pairs: readonly (readonly [Error, SecureContextOptions])[] = [
    [invalidProtocolMethod('Unknown method: nope'), { secureProtocol: 'nope' }],
    [invalidProtocolMethod('SSLv2 methods disabled'), { secureProtocol: 'SSLv2_method' }],
    [cryptoOperationFailed('Failed to set ECDH curve'), { ecdhCurve: 'nope' }],
  ];
  for (const [ours, options] of pairs) {
    let theirs: unknown;
    try {
      tls.createSecureContext(options);
    } catch (error) {
      theirs = error;
    }
    expect(portrait(ours, inspect)).toEqual(portrait(theirs, inspect));
  }
});

const psk = { ciphers: 'PSK+HIGH', maxVersion: 'TLSv1.2' } as const;

it.each<readonly [string, () => Error, TlsOptions]>([
  [
    'a hint that is too long',
    pskHintFailed,
    { ...psk, pskIdentityHint: 'x'.repeat(500), pskCallback: () => null },
  ],
  [
    'no context for a name',
    invalidSniContext,
    { ...psk, pskCallback: () => null, SNICallback: (_, done) => done(null, {} as never) },
  ],
])('tells a server of %s as Node does', async (_, ours, options) => {
  const server = tls.createServer(options);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const failed = once(server, 'tlsClientError');
  const client = tls.connect({
    ...psk,
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    servername: 'a.example',
    pskCallback: () => ({ psk: Buffer.alloc(16), identity: 'a' }),
    checkServerIdentity: () => undefined,
  });
  client.on('error', () => {});
  const [theirs] = await failed;
  client.destroy();
  server.close();
  expect(inspected(ours())).toEqual(inspected(theirs));
});

/** Some of them are made where nobody calls, and are printed in brackets for lack of frames. */
function inspected(error: unknown) {
  const { inspected: text, ...rest } = portrait(error, inspect);
  return { ...rest, text: text.replaceAll(/[[\]]/g, '') };
}
