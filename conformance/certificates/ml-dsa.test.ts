import {
  type ClientOptions,
  type CryptoProvider,
  defaultLimits,
  type MlDsaName,
  pinnedPublicKeys,
  rawPublicKeyCredential,
  type ServerOptions,
  signatureSchemes as schemes,
  tls13,
  type X509Credential,
} from '@sealwire/core';
import { tls12 } from '@sealwire/core/tls12';
import { nobleProvider } from '@sealwire/crypto-noble';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { nodeProvider } from '@sealwire/crypto-node';
import {
  createVerifier,
  issueDelegatedCredential,
  loadCredential,
  makeCertificate,
  makeTestPki,
  type TestPki,
} from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { serverCredential, nowMs, pairOf, verifyPeer as verifyOlder } from '../ends.ts';

/** ML-DSA (draft-ietf-tls-mldsa, RFC 9881) with real certificates: what core, the providers and `@sealwire/x509` make of it together. */

const provider = withMlDsa(nodeProvider);
const names = ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const;
const schemeOf: Readonly<Record<MlDsaName, number>> = {
  'ml-dsa-44': schemes.mldsa44,
  'ml-dsa-65': schemes.mldsa65,
  'ml-dsa-87': schemes.mldsa87,
};
const pkis = new Map(
  names.map((type) => [type, makeTestPki({ provider, nowMs, keySpec: { type }, delegationUsage: true })]),
);
const pkiOf = (type: MlDsaName): TestPki => pkis.get(type)!;
const roots = [...pkis.values()].map(({ root }) => root.certificate);
const verifyPeer = createVerifier({ provider, roots });

function credentialOf(type: MlDsaName, role: 'server' | 'client' = 'server'): X509Credential {
  const { chain, key } = pkiOf(type)[role];
  return loadCredential({ provider, chain, key: key.exportPkcs8() });
}

function handshake(client: Partial<ClientOptions>, server: Partial<ServerOptions>) {
  return pairOf(
    { provider, ...client, answers: { verifyPeer, ...client.answers } },
    { provider, ...server, answers: { verifyPeer, ...server.answers } },
  ).run();
}

describe.each(names)('%s', (type) => {
  it.each([provider, withMlDsa(nobleProvider)])(
    'signs for both sides, with $name',
    (each: CryptoProvider) => {
      const { client, server } = handshake(
        { provider: each, credentials: [credentialOf(type, 'client')] },
        { provider: each, credentials: [credentialOf(type)], clientAuthentication: 'require' },
      );
      for (const { facts } of [client, server])
        expect(facts).toMatchObject({
          handshakes: 1,
          version: 0x0304,
          ownSignatureScheme: schemeOf[type],
          peerSignatureScheme: schemeOf[type],
          peerVerdict: { authorized: true },
        });
    },
  );

  it('signs nothing in TLS 1.2 (draft-ietf-tls-mldsa §3.3)', () => {
    const { client, server } = handshake(
      { versions: [tls13, tls12] },
      { versions: [tls12], credentials: [credentialOf(type)] },
    );
    expect(server.failure).toMatchObject({
      error: { code: 'incompatible.signatureSchemes' },
      alert: 'handshake_failure',
      sentBy: 'us',
    });
    expect(client.failure).toMatchObject({ alert: 'handshake_failure', sentBy: 'peer' });
  });

  it('as a raw public key (RFC 7250)', () => {
    const own = rawPublicKeyCredential(provider.generateKeyPair({ type }));
    expect(own.signatureSchemes).toEqual([schemeOf[type]]);
    const { client } = handshake(
      { peerCertificateTypes: ['rawPublicKey'], answers: { verifyPeer: pinnedPublicKeys([own.spki]) } },
      { credentials: [own] },
    );
    expect(client.facts).toMatchObject({ handshakes: 1, peerSignatureScheme: schemeOf[type] });
  });

  it('in a delegated credential (RFC 9345)', () => {
    const { certificate, key, chain } = pkiOf(type).server;
    const to = provider.generateKeyPair({ type });
    const expiresAtMs = nowMs + 86_400_000;
    const credential = issueDelegatedCredential({
      provider,
      certificate,
      key,
      to,
      role: 'server',
      nowMs,
      expiresAtMs,
    });
    const { client } = handshake(
      { acceptDelegatedCredentials: true },
      {
        credentials: [
          loadCredential({ provider, chain, delegations: [{ credential, key: to.exportPkcs8() }] }),
        ],
      },
    );
    expect(client.facts).toMatchObject({
      handshakes: 1,
      peerVerdict: { authorized: true, delegatedUntilMs: expiresAtMs },
      peerSignatureScheme: schemeOf[type],
    });
  });

  it('a signature of another key is refused', () => {
    const other = provider.generateKeyPair({ type });
    const { client } = handshake({}, { credentials: [{ ...credentialOf(type), key: other }] });
    expect(client.failure).toMatchObject({
      error: { code: 'peer.badSignature' },
      alert: 'decrypt_error',
      sentBy: 'us',
    });
  });
});

describe('which key a server signs with', () => {
  const both = [credentialOf('ml-dsa-65'), serverCredential];

  it('the first that the client verifies', () => {
    const answers = { verifyPeer: createVerifier({ provider, roots }) };
    expect(handshake({ answers }, { credentials: both }).client.facts).toMatchObject({
      peerSignatureScheme: schemes.mldsa65,
    });
    const older = { provider: nobleProvider, answers: { verifyPeer: verifyOlder } };
    expect(handshake(older, { credentials: both }).client.facts).toMatchObject({
      peerSignatureScheme: schemes.ecdsa_secp256r1_sha256,
    });
  });

  it('none, where the client verifies no ML-DSA', () => {
    const { server } = handshake({ provider: nobleProvider }, { credentials: [credentialOf('ml-dsa-65')] });
    expect(server.failure).toMatchObject({
      error: { code: 'incompatible.signatureSchemes' },
      alert: 'handshake_failure',
      sentBy: 'us',
    });
  });

  it('one of another set is of no use', () => {
    const { server } = handshake(
      { signatureSchemes: [schemes.mldsa44, schemes.mldsa87] },
      { credentials: [credentialOf('ml-dsa-65')] },
    );
    expect(server.failure).toMatchObject({ error: { code: 'incompatible.signatureSchemes' } });
  });
});

describe('the largest keys fit the default limits', () => {
  /** A leaf below so many intermediates, all with keys and signatures of ML-DSA-87. */
  function longChain(intermediates: number): X509Credential {
    const key = pkiOf('ml-dsa-87').root.key;
    const validity = { provider, notBeforeMs: nowMs - 1_000, notAfterMs: nowMs + 1_000 };
    let issuer = pkiOf('ml-dsa-87').root;
    const chain: Uint8Array[] = [];
    for (let i = 0; i < intermediates; i++) {
      const certificate = makeCertificate({ ...validity, subject: { CN: `${i}` }, key, issuer, ca: true });
      issuer = { certificate, key };
      chain.unshift(certificate);
    }
    const leaf = makeCertificate({
      ...validity,
      subject: { CN: 'leaf' },
      key,
      issuer,
      dnsNames: ['localhost'],
    });
    return loadCredential({ provider, chain: [leaf, ...chain], key });
  }

  const bytesOf = ({ chain }: X509Credential): number => chain.reduce((sum, { length }) => sum + length, 0);

  it('eight intermediates, as many as the default policy follows', () => {
    const credential = longChain(8);
    expect(bytesOf(credential)).toBeGreaterThan(9 * (2_592 + 4_627));
    expect(bytesOf(credential)).toBeLessThan(defaultLimits.certificateMessageBytes);
    expect(4_627 + 8).toBeLessThan(defaultLimits.handshakeMessageBytes);
    for (const limits of [{}, { certificateMessageBytes: bytesOf(credential) }]) {
      const { client } = handshake({ limits }, { credentials: [credential] });
      // With a limit of the certificates alone their framing is too much.
      if ('certificateMessageBytes' in limits)
        expect(client.failure?.error.code).toBe('peer.messageTooLarge');
      else expect(client.facts).toMatchObject({ handshakes: 1, peerVerdict: { authorized: true } });
    }
  });
});
