import { expect, it } from 'vitest';
import { signatureSchemes as schemes } from '../registry/signature-schemes.ts';
import { canSign, selectHandshakeScheme } from './signature-scheme.ts';

it('takes the first of the key that the peer verifies', () => {
  const ofKey = [schemes.rsa_pss_rsae_sha256, schemes.rsa_pss_rsae_sha512];
  expect(selectHandshakeScheme(ofKey, [schemes.rsa_pss_rsae_sha512, schemes.rsa_pss_rsae_sha256])).toBe(
    ofKey[0],
  );
  expect(selectHandshakeScheme(ofKey, [schemes.rsa_pss_rsae_sha512])).toBe(ofKey[1]);
  expect(selectHandshakeScheme(ofKey, [schemes.ed25519])).toBeUndefined();
});

it('RFC 9846 §4.3.3: never signs a handshake with what is for certificates alone, or unknown', () => {
  const pkcs1 = [schemes.rsa_pkcs1_sha256];
  expect(selectHandshakeScheme(pkcs1, pkcs1)).toBeUndefined();
  expect(selectHandshakeScheme([0x6a6a], [0x6a6a])).toBeUndefined();
});

it.each([
  ['another padding', [schemes.rsa_pss_rsae_sha256], [schemes.rsa_pkcs1_sha256], true],
  ['another hash', [schemes.ecdsa_secp384r1_sha384], [schemes.ecdsa_secp256r1_sha256], true],
  ['another hash of that padding', [schemes.rsa_pss_rsae_sha384], [schemes.rsa_pss_rsae_sha256], false],
  ['SHA-1 that is not named', [schemes.ecdsa_secp256r1_sha256], [schemes.ecdsa_sha1], false],
  ['another kind of key', [schemes.ed25519], [schemes.ecdsa_secp256r1_sha256, schemes.ed448], false],
  ['a key for PSS alone', [schemes.rsa_pss_pss_sha256], [schemes.rsa_pss_rsae_sha256], false],
  ['nothing', [schemes.ed25519], [], false],
] as const)('before TLS 1.3 a key also signs with %s, or does not', (_, ofKey, ofPeer, expected) => {
  expect(canSign(ofKey, ofPeer, 0x0303)).toBe(expected);
  expect(canSign(ofKey, ofPeer, 0x0304)).toBe(false);
  expect(canSign(ofKey, [...ofKey, ...ofPeer], 0x0304)).toBe(true);
});

it('signs with SHA-1 where it is named, or where nothing is (RFC 4346 §7.4.3)', () => {
  const named = [schemes.ecdsa_secp256r1_sha256, schemes.ecdsa_sha1];
  expect(canSign(named, [schemes.ecdsa_sha1], 0x0303)).toBe(true);
  expect(canSign(named.slice(0, 1), [schemes.ecdsa_sha1], 0x0302)).toBe(true);
});
