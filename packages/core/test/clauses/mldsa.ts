import type { CryptoProvider } from '../../src/crypto/provider.ts';
import { defaultSignatureSchemes } from '../../src/config/defaults.ts';
import { signatureSchemes as schemes } from '../../src/registry/signature-schemes.ts';
import { extension } from '../../src/extensions/definition.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { ed25519Credential } from '../harness/fixtures.ts';
import { olderProvider } from '../harness/older-provider.ts';
import { testProvider } from '../harness/node-provider.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { helloWith, scriptedClient12 } from '../harness/scripted-client12.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { clause, clauses } from './clause.ts';

/** ML-DSA (draft-ietf-tls-mldsa). What a signature is worth is for the provider; these say that they have it. */

const mldsa = [schemes.mldsa44, schemes.mldsa65, schemes.mldsa87];
const all = ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const;
const having = (provider: CryptoProvider): CryptoProvider => ({ ...provider, mlDsa: all });

const signedSo = (provider: CryptoProvider) => ({
  client: mldsa.map(
    (algorithm) =>
      [
        `0x${algorithm.toString(16)}`,
        () =>
          scriptedServer({ provider })
            .before('certificateVerify')
            .certificateVerify((message) => ({ ...message, algorithm })),
      ] as const,
  ),
  server: mldsa.map(
    (algorithm) =>
      [
        `0x${algorithm.toString(16)}`,
        () =>
          scriptedClient({ provider, clientAuthentication: 'require' })
            .before('certificateVerify')
            .certificateVerify((message) => ({ ...message, algorithm })),
      ] as const,
  ),
});

clauses(
  'draft-ietf-tls-mldsa §3: a peer that signs with a scheme that the provider lacks',
  signedSo(testProvider),
);
clauses('draft-ietf-tls-mldsa §3.2: such a scheme for a key of another kind', signedSo(having(testProvider)));

/** Only its schemes are looked at before it would sign. */
const mldsaCredential = { ...ed25519Credential, key: 'external', signatureSchemes: mldsa } as const;

const offering = {
  provider: having(olderProvider),
  signatureSchemes: [...mldsa, ...defaultSignatureSchemes],
};
clause(
  'draft-ietf-tls-mldsa §3.3: a ServerKeyExchange that is signed so, though it was offered',
  ...mldsa.map((scheme) => () => scriptedServer12(offering, { scheme }).before('newKeys')),
);
clause(
  'draft-ietf-tls-mldsa §3.3: a proof that is signed so, though the server takes it in TLS 1.3',
  ...mldsa.map(
    (algorithm) => () =>
      scriptedClient12({ ...offering, clientAuthentication: 'require' })
        .before('certificateVerify')
        .certificateVerify((message) => ({ ...message, algorithm })),
  ),
);
clause(
  'draft-ietf-tls-mldsa §3.3: a client that verifies nothing else',
  ...[{}, { credentials: [mldsaCredential] }].map(
    (change) => () =>
      scriptedClient12({ ...offering, ...change }).clientHello((hello) =>
        helloWith(hello, extension('CH', signatureAlgorithmsExtension, mldsa)),
      ),
  ),
);
