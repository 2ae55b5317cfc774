import { expect } from 'vitest';
import { namedGroups } from '../../src/registry/groups.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { tls11, tls12 } from '../../src/tls12/module.ts';
import { ed25519Certificate, ed25519Key, p256Certificate } from '../harness/fixtures.ts';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { bytes, clause } from './clause.ts';

/** Keys, curves and certificates of a server that its suite or its version has no place for. */

const {
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: cbc,
  TLS_ECDH_anon_WITH_AES_128_CBC_SHA: anonymous,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: gcm,
} = suites12;

clause('RFC 8422 §5.4: a finite field in place of a curve', () => {
  const groups = [namedGroups.x25519, namedGroups.secp256r1, namedGroups.ffdhe2048];
  // A client that would do Diffie-Hellman in that field with another suite.
  const cipherSuites = [gcm, suites12.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256];
  const server = scriptedServer12({ groups, cipherSuites }).before('serverKeyExchange');
  const params = server.params(new Uint8Array(255).fill(5), namedGroups.ffdhe2048);
  return server.serverKeyExchange(() => server.keyExchange(params)).serverHelloDone();
});

clause('RFC 8422 §5.1.1: a key of EdDSA before TLS 1.2', () =>
  scriptedServer12(
    { versions: [tls12, tls11], cipherSuites: [cbc] },
    { suite: cbc, certificate: ed25519Certificate, key: ed25519Key, algorithm: { type: 'ed25519' } },
  )
    .speaking(protocolVersions.tls11)
    .before('newKeys'),
);

clause(
  'RFC 5246 §7.4.3: a scheme of RSA with SHA-1 by another key',
  () => {
    const { rsa_pkcs1_sha1: scheme, ecdsa_secp256r1_sha256: own } = signatureSchemes;
    return scriptedServer12({ signatureSchemes: [own, scheme] }, { scheme }).before('newKeys');
  },
  () => {
    const { ecdsa_sha1: scheme, ed25519: own } = signatureSchemes;
    const script = { scheme, certificate: ed25519Certificate, key: ed25519Key };
    return scriptedServer12(
      { signatureSchemes: [own, scheme] },
      { ...script, algorithm: { type: 'ed25519' } },
    ).before('newKeys');
  },
);

clause('RFC 5246 §7.4.2: a public key that cannot be used in TLS 1.2', () =>
  scriptedServer12({
    answers: { verifyPeer: () => ({ ok: true, publicKey: bytes(0x30, 0) }) },
  }).before('newKeys'),
);

clause('RFC 5246 §7.4.2: as many certificates as we take', () => {
  const certificateList = Array.from({ length: 3 }, () => p256Certificate);
  const server = scriptedServer12({ limits: { certificateEntries: 3 } })
    .serverHello()
    .certificate((message) => ({ ...message, certificateList }));
  server.serverKeyExchange().serverHelloDone().newKeys().finished();
  expect(server.victim.facts.peerEvidence).toMatchObject({ chain: { length: 3 } });
  return server.data(bytes(1));
});

clause('RFC 6066 §8: a CertificateStatus without a certificate', () =>
  scriptedServer12({ requestOcsp: true, cipherSuites: [anonymous] }, { suite: anonymous, staples: true })
    .serverHello()
    .certificateStatus(),
);
