import { expect, it } from 'vitest';
import { client12, connect12, server12 } from '../../test/harness/pair12.ts';
import { olderProvider as provider } from '../../test/harness/older-provider.ts';
import { psk12 } from '../../test/harness/psk12.ts';
import { rsaCredential } from '../../test/harness/rsa-keys.ts';
import { type ClientOptions, tls13 } from '../index.ts';
import { suites13 } from '../registry/suites13.ts';
import { suites12 } from '../registry/suites12.ts';
import { tls12 } from '../tls12/module.ts';
import { clientEch } from './client.ts';
import { encodeEchConfigList } from './config-list.ts';
import { generateEchKey } from './keys.ts';

const key = generateEchKey({ provider, publicName: 'public.test', configId: 1 });
const ech = clientEch({ provider, configList: encodeEchConfigList([key.config]) });

/** How a client that hides its name ends with a server of TLS 1.2. */
function end(suite: (typeof suites12)[keyof typeof suites12]): readonly string[] {
  const shared = { cipherSuites: [suite], externalPsks: [psk12] };
  return connect12(
    client12({
      ...shared,
      cipherSuites: [suites13.TLS_AES_128_GCM_SHA256, suite],
      ech,
      versions: [tls13, tls12],
      serverName: 'secret.test',
    }),
    server12(shared),
  );
}

it('takes the word of a server of TLS 1.2 that proves the public name', () => {
  expect(end(suites12.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)).toEqual([
    'incompatible.encryptedHelloRejected',
  ]);
});

it.each([
  ['a pre-shared key', suites12.TLS_PSK_WITH_AES_128_GCM_SHA256],
  ['a pre-shared key beside a certificate', suites12.TLS_RSA_PSK_WITH_AES_128_GCM_SHA256],
  ['nothing', suites12.TLS_ECDH_anon_WITH_AES_128_CBC_SHA],
])('does not take the word of one that proves %s (RFC 9849 §6.1.7)', (_, suite) => {
  expect(end(suite)).toEqual(['incompatible.cipherSuites']);
});

it('shows such a server no certificate (RFC 9849 §6.1.7)', () => {
  const asked = (hidden: Partial<ClientOptions>) => {
    const credentials = [rsaCredential];
    const b = server12({ clientAuthentication: 'request' });
    const errors = connect12(client12({ versions: [tls13, tls12], credentials, ...hidden }), b);
    return { errors, shown: b.facts.peerEvidence?.type };
  };
  expect(asked({})).toEqual({ errors: [], shown: 'x509' });
  expect(asked({ ech, serverName: 'secret.test' })).toEqual({
    errors: ['incompatible.encryptedHelloRejected'],
    shown: undefined,
  });
});
