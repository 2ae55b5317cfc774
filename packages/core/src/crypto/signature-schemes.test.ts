import { describe, expect, it } from 'vitest';
import { signatureSchemes as schemes } from '../registry/signature-schemes.ts';
import type { KeyKind } from './provider.ts';
import { describeScheme } from './signature-schemes.ts';

const p256: KeyKind = { type: 'ec', curve: 'secp256r1' };
const p384: KeyKind = { type: 'ec', curve: 'secp384r1' };
const rsa = (bits: number): KeyKind => ({ type: 'rsa', bits });
const pss = (hash: 'sha256' | 'sha384', saltBytes: number): KeyKind => ({
  type: 'rsa-pss',
  bits: 2_048,
  restriction: { hash, mgfHash: hash, saltBytes },
});

describe('a scheme and a key (RFC 9846 §4.3.3)', () => {
  it.each([
    ['ecdsa_secp256r1_sha256', p256, true],
    ['ecdsa_secp256r1_sha256', p384, false],
    ['ecdsa_secp384r1_sha384', p384, true],
    // TLS 1.3 has no scheme for these: the names of the others hold their curve.
    ['ecdsa_secp256r1_sha256', { type: 'ec', curve: 'secp256k1' }, false],
    ['ecdsa_secp256r1_sha256', { type: 'ec', curve: 'brainpoolP256r1' }, false],
    ['ecdsa_secp384r1_sha384', { type: 'ec', curve: 'brainpoolP384r1' }, false],
    ['ecdsa_secp521r1_sha512', { type: 'ec', curve: 'brainpoolP512r1' }, false],
    ['ed25519', { type: 'ed25519' }, true],
    ['ed25519', { type: 'ed448' }, false],
    ['mldsa44', { type: 'ml-dsa-44' }, true],
    ['mldsa44', { type: 'ml-dsa-65' }, false],
    ['mldsa65', { type: 'ml-dsa-65' }, true],
    ['mldsa87', { type: 'ml-dsa-87' }, true],
    ['mldsa87', { type: 'ed25519' }, false],
    ['rsa_pss_rsae_sha256', rsa(2_048), true],
    ['rsa_pss_rsae_sha256', pss('sha256', 32), false],
    ['rsa_pss_pss_sha256', rsa(2_048), false],
    ['rsa_pss_pss_sha256', { type: 'rsa-pss', bits: 2_048 }, true],
    ['rsa_pss_pss_sha256', pss('sha256', 32), true],
    ['rsa_pss_pss_sha256', pss('sha256', 33), false],
    ['rsa_pss_pss_sha384', pss('sha256', 32), false],
    // Room for hash, salt and two bytes (RFC 8017 §9.1.1).
    ['rsa_pss_rsae_sha512', rsa(1_024), false],
    ['rsa_pss_rsae_sha512', rsa(1_040), true],
    ['rsa_pkcs1_sha256', rsa(2_048), true],
    ['rsa_pkcs1_sha256', p256, false],
  ] as const)('%s with %o: %s', (name, kind, fits) => {
    expect(describeScheme(schemes[name])!.fits(kind)).toBe(fits);
  });

  it('says that PKCS #1 v1.5 signs no handshake', () => {
    expect(describeScheme(schemes.rsa_pkcs1_sha256)!.signsHandshake).toBe(false);
    expect(describeScheme(schemes.rsa_pss_rsae_sha256)!.signsHandshake).toBe(true);
  });

  it('says that ML-DSA is for TLS 1.3 alone (draft-ietf-tls-mldsa §3.3)', () => {
    const names = Object.entries(schemes).filter(([, scheme]) => describeScheme(scheme)?.sinceTls13);
    expect(names.map(([name]) => name)).toEqual(['mldsa44', 'mldsa65', 'mldsa87']);
  });

  it.each([0x0201, 0x0203, 0x081a, 0x081b, 0x081c, 0x6a6a])('does not know 0x%i', (scheme) => {
    expect(describeScheme(scheme)).toBeUndefined();
  });
});
