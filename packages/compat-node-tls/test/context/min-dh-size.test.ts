import { createDiffieHellmanGroup } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { encodePem } from '@sealwire/x509';
import { expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { integer, sequence } from '../openssl/der.ts';
import { parityPki } from '../parity/pki.ts';

it.each([[0], ['x'], [-1], [Number.NaN], [null]])(
  'minDHSize %j is refused as by the builtin',
  (minDHSize) => {
    const refusal = (from: unknown): unknown => {
      try {
        (from as typeof tls).connect({ port: 1, minDHSize } as never).destroy();
      } catch (error) {
        const { name, code, message } = error as Error & { code: string };
        return { name, code, message };
      }
      return undefined;
    };
    expect(refusal(ours)).toEqual(refusal(tls));
    expect(refusal(ours)).toBeDefined();
  },
);

/** What becomes of a client of a builtin server whose group has this many bits. */
async function outcomeOf(from: typeof tls, group: string, ciphers: string): Promise<unknown> {
  const numbers = [createDiffieHellmanGroup(group).getPrime(), Uint8Array.of(2)].map(integer);
  const dhparam = encodePem('DH PARAMETERS', sequence(numbers));
  const server = tls.createServer({
    ...parityPki().rsa,
    dhparam,
    ciphers: 'DHE:@SECLEVEL=0',
    maxVersion: 'TLSv1.2',
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  server.on('tlsClientError', () => {}).on('secureConnection', (socket) => socket.on('error', () => {}));
  const { port } = server.address() as AddressInfo;
  const client = from.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ciphers });
  try {
    return await Promise.race([
      once(client, 'secureConnect').then(() => client.getEphemeralKeyInfo()),
      once(client, 'close').then(() => 'closed'),
    ]);
  } catch (error) {
    const { code, reason } = error as { code: string; reason: string };
    return { code, reason };
  } finally {
    client.destroy();
    server.close();
  }
}

it.each([
  ['modp2', 0],
  ['modp2', 1],
  ['modp2', 2],
  ['modp14', 2],
  ['modp14', 3],
])('a server with %s at level %i is taken, or not, as by the builtin', async (group, level) => {
  const ciphers = `DHE:@SECLEVEL=${level}`;
  const theirs = await outcomeOf(tls, group, ciphers);
  expect(await outcomeOf(ours as unknown as typeof tls, group, ciphers)).toEqual(theirs);
  expect(theirs).toMatchObject(
    (group === 'modp2' && level > 1) || level > 2 ? { code: 'ERR_SSL_DH_KEY_TOO_SMALL' } : { type: 'DH' },
  );
});
