import { describe, expect, it } from 'vitest';
import { client12 as client, connect12 as connect, server12 as server } from '../../test/harness/pair12.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { rsaCredential } from '../../test/harness/rsa-keys.ts';
import type { CurveName } from '../crypto/provider.ts';
import { tls13 } from '../index.ts';
import { namedGroups } from '../registry/groups.ts';
import { signatureSchemes } from '../registry/signature-schemes.ts';
import { suites12 } from '../registry/suites12.ts';
import type { X509Credential } from '../values/credential.ts';
import { tls10, tls11, tls12 } from '../tls12/module.ts';

const older = ['secp256k1', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'] as const;
const schemeOf = {
  secp256k1: 0xff02,
  brainpoolP256r1: signatureSchemes.ecdsa_brainpoolP256r1tls13_sha256,
  brainpoolP384r1: signatureSchemes.ecdsa_brainpoolP384r1tls13_sha384,
  brainpoolP512r1: signatureSchemes.ecdsa_brainpoolP512r1tls13_sha512,
} as const;
const { x25519, secp256r1, X25519MLKEM768 } = namedGroups;

/** The "certificate" is the key. */
function credentialOn(curve: CurveName, signatureSchemes: readonly number[]): X509Credential {
  const key = olderProvider.generateKeyPair({ type: 'ec', curve });
  return { type: 'x509', chain: [key.publicKey.spki], signatureSchemes, key };
}

describe('curves that TLS 1.3 does not have', () => {
  it.each(older)('%s: keys are exchanged on it where it is named', (curve) => {
    const groups = [namedGroups[curve], x25519];
    const [a, b] = [client({ groups }), server({ groups })];
    expect(connect(a, b)).toEqual([]);
    expect([a.facts.group, b.facts.group]).toEqual([groups[0], groups[0]]);
  });

  it.each(older)('%s: both sides sign with keys on it', (curve) => {
    const groups = [x25519, namedGroups[curve]];
    const cipherSuites = [suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA];
    const credentials = [credentialOn(curve, [schemeOf[curve]])];
    for (const version of [tls12, tls11, tls10]) {
      const options = { versions: [version], groups, cipherSuites, credentials };
      const a = client(options);
      const b = server({ ...options, clientAuthentication: 'require' });
      expect(connect(a, b)).toEqual([]);
      expect([a.facts.peerEvidence, b.facts.peerEvidence]).toEqual([
        { type: 'x509', chain: [{ certificate: credentials[0]!.chain[0] }] },
        { type: 'x509', chain: [{ certificate: credentials[0]!.chain[0] }] },
      ]);
    }
  });

  it.each(older)('%s: no part of TLS 1.3, whatever else is spoken', (curve) => {
    const versions = [tls13, tls12];
    const groups = [namedGroups[curve], x25519];
    const rsaToo = { credentials: [credentialOn(curve, [schemeOf[curve]]), rsaCredential] };
    const a = client({ versions, groups });
    const b = server({ versions, groups, announceGroups: true, ...rsaToo });
    expect(connect(a, b)).toEqual([]);
    expect(a.facts).toMatchObject({ version: 0x0304, group: x25519, helloRetried: false });
    expect(b.facts.ownChain).toEqual(rsaCredential.chain);
    // Nor with a server that lists it first, and has nothing in common with us.
    const only = server({ versions: [tls13, tls12], groups: [namedGroups[curve], secp256r1] });
    expect(connect(client({ versions, groups }), only)).toEqual(['incompatible.groups']);
    const alone = server({ versions: [tls13], credentials: [credentialOn(curve, [schemeOf[curve]])] });
    expect(connect(client({ versions: [tls13] }), alone)).toEqual(['incompatible.signatureSchemes']);
    expect(() => client({ versions, groups, keyShares: [namedGroups[curve]] })).toThrow(
      'of a group that TLS 1.3 does not have',
    );
    expect(() => client({ versions: [tls13], groups })).toThrow('is not supported by the versions given');
  });

  it('take the place of those of TLS 1.3 alone', () => {
    expect(() => client({ groups: [X25519MLKEM768 as never] })).toThrow('is not supported');
  });

  it('must be those of the key', () => {
    for (const schemes of [[0x0403], [0x081a, 0x0403], [0x081b], [0xff02], [0x0804]]) {
      const credentials = [credentialOn('brainpoolP256r1', schemes)];
      expect(() => server({ credentials })).toThrow("does not fit a credential's ec key");
    }
    expect(() => server({ credentials: [credentialOn('brainpoolP256r1', [0x081a])] })).not.toThrow();
  });

  it('are shown to none but clients that list them (RFC 8422 §5.3)', () => {
    const mine = credentialOn('brainpoolP256r1', [0x081a]);
    const groups = [x25519, namedGroups.brainpoolP256r1];
    for (const [listed, chain] of [
      [groups, mine.chain],
      [[x25519], rsaCredential.chain],
    ] as const) {
      const a = client({ groups: listed });
      const b = server({ groups, credentials: [mine, rsaCredential] });
      expect(connect(a, b)).toEqual([]);
      expect(b.facts.ownChain).toEqual(chain);
    }
  });
});

describe('SHA-1', () => {
  const listed = [signatureSchemes.rsa_pkcs1_sha1, signatureSchemes.rsa_pss_rsae_sha256];

  it('signs where it is named on both sides, and nothing else can be had', () => {
    const credentials = [{ ...rsaCredential, signatureSchemes: listed }];
    const taking = { signatureSchemes: [signatureSchemes.ed25519, signatureSchemes.rsa_pkcs1_sha1] };
    const a = client(taking);
    expect(connect(a, server({ credentials }))).toEqual([]);
    expect(a.facts.peerSignatureScheme).toBe(signatureSchemes.rsa_pkcs1_sha1);
    expect(connect(client(taking), server({}))).toEqual(['incompatible.signatureSchemes']);
    const both = client({
      signatureSchemes: [...taking.signatureSchemes, signatureSchemes.rsa_pkcs1_sha256],
    });
    expect(connect(both, server({ credentials }))).toEqual([]);
    expect(both.facts.peerSignatureScheme).toBe(signatureSchemes.rsa_pkcs1_sha256);
  });

  it('is for the kind of key that it names', () => {
    const key = credentialOn('secp256r1', [signatureSchemes.ecdsa_sha1]);
    expect(() => server({ credentials: [key] })).not.toThrow();
    expect(() => server({ credentials: [{ ...key, signatureSchemes: listed }] })).toThrow('does not fit');
  });
});
