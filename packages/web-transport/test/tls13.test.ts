import { nodeProvider as provider } from '@sealwire/crypto-node';
import { expect, it } from 'vitest';
import * as both from '../src/index.ts';
import { secureClient, secureServer } from '../src/tls13.ts';
import { errorOf, identities, send, streamPair, textOf } from './pairs.ts';

const client = { provider, serverName: 'localhost', roots: identities.roots };
const server = { provider, ...identities.server };

it('two ends of TLS 1.3 alone talk', async () => {
  const [near, far] = streamPair();
  const [a, b] = [secureClient(near, client), secureServer(far, server)];
  expect((await a.opened).version).toBe(0x0304);
  await Promise.all([send(a, 'hello'), send(b, 'and back')]);
  expect(await Promise.all([textOf(b), textOf(a)])).toEqual(['hello', 'and back']);
});

it.each([
  ['client', secureClient, both.secureServer],
  ['server', both.secureClient, secureServer],
])('a %s of TLS 1.3 alone talks to no peer of TLS 1.2 alone', async (which, begin, serve) => {
  const { tls12 } = await import('@sealwire/core/tls12');
  const old = { versions: [tls12] };
  const [near, far] = streamPair();
  const a = begin(near, { ...client, ...(which === 'client' ? {} : old) });
  const b = serve(far, { ...server, ...(which === 'client' ? old : {}) });
  expect(await errorOf(b.opened)).toMatchObject({ code: 'incompatible.version' });
  expect(await errorOf(a.opened)).toMatchObject({ receivedAlert: 70 });
});
