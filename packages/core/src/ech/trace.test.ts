import { expect, it } from 'vitest';
import { p256Credential, takesFixtures } from '../../test/harness/fixtures.ts';
import { testProvider as provider } from '../../test/harness/node-provider.ts';
import { connect } from '../../test/harness/two-ends.ts';
import type { Output } from '../connection/outputs.ts';
import { type ClientOptions, createClient, createServer } from '../index.ts';
import { namedGroups } from '../registry/groups.ts';
import { clientEch } from './client.ts';
import { encodeEchConfigList } from './config-list.ts';
import { greaseEch } from './grease.ts';
import { generateEchKey } from './keys.ts';
import { serverEch } from './server.ts';

const key = generateEchKey({ provider, publicName: 'public.test', configId: 1 });
const shared = { provider, trace: true } as const;
const hiding = {
  ...shared,
  serverName: 'secret.test',
  ech: clientEch({ provider, configList: encodeEchConfigList([key.config]) }),
};

const begin = (options: Partial<ClientOptions>, keys = [key]) =>
  connect(
    createClient({ ...hiding, answers: { verifyPeer: takesFixtures }, ...options }),
    createServer({
      ...shared,
      credentials: [p256Credential],
      groups: [namedGroups.x25519],
      acceptEch: serverEch({ provider, keys }),
    }),
  );

/** ClientHellos in the order of the trace. */
const hellos = (outputs: readonly Output[]) =>
  outputs.flatMap((each) => {
    if (each.type !== 'trace') return [];
    const { event } = each;
    if (event.what !== 'innerClientHello' && event.what !== 'handshake') return [];
    if (event.raw[0] !== 1) return [];
    const text = Buffer.from(event.raw).toString('latin1');
    return [
      `${event.direction} ${event.what} ${['secret.test', 'public.test'].filter((name) => text.includes(name))}`,
    ];
  });

it('shows the inner hello before the outer one to the client, after it to the server', () => {
  const { a, b } = begin({});
  expect(hellos(a)).toEqual(['sent innerClientHello secret.test', 'sent handshake public.test']);
  expect(hellos(b)).toEqual(['received handshake public.test', 'received innerClientHello secret.test']);
});

it('shows both inner hellos where the first is answered by a HelloRetryRequest', () => {
  const { a, b } = begin({ keyShares: [namedGroups.secp256r1] });
  expect(hellos(a)).toHaveLength(4);
  expect(hellos(a)[2]).toBe('sent innerClientHello secret.test');
  expect(hellos(b)[3]).toBe('received innerClientHello secret.test');
});

it('shows none to a server that cannot decrypt it, and none of GREASE', () => {
  const other = generateEchKey({ provider, publicName: 'public.test', configId: 1 });
  expect(hellos(begin({}, [other]).b)).toEqual(['received handshake public.test']);
  expect(hellos(begin({ ech: greaseEch({ provider }) }).a)).toEqual(['sent handshake secret.test']);
});
