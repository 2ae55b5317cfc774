import { describe, expect, it } from 'vitest';
import { p256Credential, takesFixtures } from '../../../test/harness/fixtures.ts';
import { olderProvider } from '../../../test/harness/older-provider.ts';
import { rsaCredential } from '../../../test/harness/rsa-keys.ts';
import { connect } from '../../../test/harness/two-ends.ts';
import { createClient, createServer, type Credential, signatureSchemes } from '../../index.ts';
import { suites12 } from '../../registry/suites12.ts';
import { tls12 } from '../module.ts';

const {
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: ecdheRsa,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: ecdheEcdsa,
  TLS_RSA_WITH_AES_128_GCM_SHA256: staticRsa,
} = suites12;

const rsaSpki = rsaCredential.chain[0]!;

/** A client that verifies no signature of RSA keys. */
function negotiated(credentials: readonly Credential[]) {
  const cipherSuites = [ecdheRsa, ecdheEcdsa, staticRsa];
  const shared = { provider: olderProvider, versions: [tls12], cipherSuites };
  const client = createClient({
    ...shared,
    signatureSchemes: [signatureSchemes.ecdsa_secp256r1_sha256],
    answers: {
      verifyPeer: (ask) =>
        ask.evidence.type === 'x509' && ask.evidence.chain[0]!.certificate.length === rsaSpki.length
          ? { ok: true, publicKey: rsaSpki }
          : takesFixtures(ask),
    },
  });
  const server = createServer({ ...shared, credentials });
  const { b } = connect(client, server);
  const failed = b.flatMap((output) => (output.type === 'failed' ? [output.error.code] : []));
  return { suite: client.facts.cipherSuite, serverSuite: server.facts.cipherSuite, failed };
}

describe('signature_algorithms without a scheme of an RSA key (RFC 5246 §7.4.2)', () => {
  it('leaves the key transport, in which nobody signs', () => {
    expect(negotiated([rsaCredential])).toEqual({ suite: staticRsa, serverSuite: staticRsa, failed: [] });
  });

  it('prefers a key whose signatures the client verifies', () => {
    expect(negotiated([rsaCredential, p256Credential])).toMatchObject({ suite: ecdheEcdsa, failed: [] });
  });

  it('is for keys that decrypt', () => {
    const external: Credential = { ...p256Credential, key: 'external' };
    expect(negotiated([external]).failed).toEqual([]);
    expect(negotiated([]).failed).toEqual(['incompatible.signatureSchemes']);
  });
});
