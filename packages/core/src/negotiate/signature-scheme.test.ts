import { expect, it } from 'vitest';
import { signatureSchemes as schemes } from '../registry/signature-schemes.ts';
import { selectHandshakeScheme } from './signature-scheme.ts';

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
