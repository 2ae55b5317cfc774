import { describe, expect, it } from 'vitest';
import { misuse } from '../../test/harness/misuse.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { clientConfig, serverConfig, type SharedOptions, tls13 } from '../index.ts';
import { signatureSchemes as schemes } from '../registry/signature-schemes.ts';
import { tls12 } from '../tls12/module.ts';
import { defaultSignatureSchemes } from './defaults.ts';

const mldsa = [schemes.mldsa44, schemes.mldsa65, schemes.mldsa87];
const having = { ...testProvider, mlDsa: ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] } as const;
const lacking = { ...testProvider, mlDsa: [] };

describe('schemes of ML-DSA', () => {
  const listed = (options: Partial<SharedOptions>) =>
    [clientConfig, serverConfig].map((make) => make({ provider: testProvider, ...options }).signatureSchemes);
  const older = defaultSignatureSchemes.filter((scheme) => !mldsa.includes(scheme));

  it('are offered first where the provider has them', () => {
    for (const list of listed({ provider: having })) expect(list).toEqual([...mldsa, ...older]);
    const one = { ...testProvider, mlDsa: ['ml-dsa-65'] } as const;
    for (const list of listed({ provider: one })) expect(list).toEqual([schemes.mldsa65, ...older]);
  });

  it('are not offered where it lacks them, or says nothing of them', () => {
    for (const provider of [lacking, testProvider])
      for (const list of listed({ provider })) expect(list).toEqual(older);
  });

  it('are not offered without TLS 1.3', () => {
    for (const list of listed({ provider: having, versions: [tls12] })) expect(list).toEqual(older);
    for (const list of listed({ provider: having, versions: [tls13, tls12] }))
      expect(list).toContain(mldsa[0]);
  });

  it.each(['signatureSchemes', 'certificateSignatureSchemes', 'acceptDelegatedCredentials'] as const)(
    'are the caller’s mistake in %s where the provider lacks them',
    (name) => {
      const list = [schemes.ed25519, schemes.mldsa87];
      const options = { provider: lacking, [name]: list };
      expect(() => clientConfig(options)).toThrow(misuse(`${name}: 0x906 is not supported by the provider`));
      expect(clientConfig({ ...options, provider: having })[name]).toEqual(list);
    },
  );

  it('sign no handshake before TLS 1.3', () => {
    const options = { provider: having, signatureSchemes: mldsa };
    expect(() => clientConfig({ ...options, versions: [tls12] })).toThrow(misuse('at least one scheme'));
    expect(clientConfig({ ...options, versions: [tls13] }).signatureSchemes).toEqual(mldsa);
  });
});
