import { signatureSchemes as schemes } from '../../src/registry/signature-schemes.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { clause } from './clause.ts';

/** RSASSA-PKCS1-v1_5 in CertificateVerify of TLS 1.3 (RFC 9963). */

const legacy = [
  schemes.rsa_pkcs1_sha256_legacy,
  schemes.rsa_pkcs1_sha384_legacy,
  schemes.rsa_pkcs1_sha512_legacy,
];

clause('RFC 9963 §3: a server that signs with such a scheme', function* () {
  for (const algorithm of legacy)
    yield scriptedServer()
      .before('certificateVerify')
      .certificateVerify((message) => ({ ...message, algorithm }));
});
clause('RFC 9963 §3: a client that signs with such a scheme unasked', function* () {
  for (const algorithm of legacy)
    yield scriptedClient({ clientAuthentication: 'require' })
      .before('certificateVerify')
      .certificateVerify((message) => ({ ...message, algorithm }));
});
clause('RFC 9963 §3: such a scheme for a key of another kind', () =>
  scriptedClient({
    clientAuthentication: 'require',
    signatureSchemes: [schemes.ed25519, ...legacy],
  })
    .before('certificateVerify')
    .certificateVerify((message) => ({ ...message, algorithm: legacy[0]! })),
);
