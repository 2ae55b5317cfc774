import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import type { KeyKind, PrivateKey, PublicKey, SignatureAlgorithm } from '../../src/crypto/provider.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import type { X509Credential } from '../../src/values/credential.ts';

/** RSA keys for core's own tests: signatures, and the encryption of TLS 1.2 and older. */

export function rsaPublicKey(spki: Uint8Array): PublicKey | undefined {
  try {
    const key = crypto.createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' ? publicKey(key) : undefined;
  } catch {
    return undefined;
  }
}

export function rsaPrivateKey(pkcs8: Uint8Array): PrivateKey | undefined {
  try {
    const key = crypto.createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    return key.asymmetricKeyType === 'rsa' ? privateKey(key) : undefined;
  } catch {
    return undefined;
  }
}

function publicKey(key: crypto.KeyObject): PublicKey {
  return {
    kind: kindOf(key),
    spki: new Uint8Array(key.export({ format: 'der', type: 'spki' })),
    verify: (algorithm, message, signature) => crypto.verify(...signed(algorithm, message, key), signature),
    encryptPkcs1: (message) =>
      new Uint8Array(crypto.publicEncrypt({ key, padding: crypto.constants.RSA_PKCS1_PADDING }, message)),
  };
}

function privateKey(key: crypto.KeyObject): PrivateKey {
  return {
    kind: kindOf(key),
    publicKey: publicKey(crypto.createPublicKey(key)),
    sign: (algorithm, message) => new Uint8Array(crypto.sign(...signed(algorithm, message, key))),
    decryptPkcs1(ciphertext, fallback) {
      const { bits } = kindOf(key) as { bits: number };
      if (ciphertext.length !== bits / 8) return Uint8Array.from(fallback);
      const padding = crypto.constants.RSA_NO_PADDING;
      const block = new Uint8Array(crypto.privateDecrypt({ key, padding }, ciphertext));
      const end = block.length - fallback.length;
      const filled = block.subarray(2, end - 1);
      const isGood = block[0] === 0 && block[1] === 2 && block[end - 1] === 0 && !filled.includes(0);
      return Uint8Array.from(isGood ? block.subarray(end) : fallback);
    },
    exportPkcs8: () => new Uint8Array(key.export({ format: 'der', type: 'pkcs8' })),
  };
}

function signed(
  algorithm: SignatureAlgorithm,
  message: Uint8Array,
  key: crypto.KeyObject,
): [string, Uint8Array, crypto.SignKeyObjectInput] {
  if (algorithm.type === 'rsa-pss') {
    const padding = crypto.constants.RSA_PKCS1_PSS_PADDING;
    return [algorithm.hash, message, { key, padding, saltLength: algorithm.saltBytes }];
  }
  if (algorithm.type !== 'rsa-pkcs1') throw new Error(`an RSA key does not sign by ${algorithm.type}`);
  return [algorithm.hash, message, { key, padding: crypto.constants.RSA_PKCS1_PADDING }];
}

function kindOf(key: crypto.KeyObject): KeyKind {
  return { type: 'rsa', bits: key.asymmetricKeyDetails!.modulusLength! };
}

/** 1,024 bits, made with OpenSSL 3.0. */
const rsaKey = rsaPrivateKey(
  Uint8Array.from(
    Buffer.from(
      'MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAML0o/R+DABGCmdYAZt1MMj6gu5u4vb5+C2NCxSCv6TduK/WKpWMTZlgxxbeon' +
        'qb+4teKr93O22pJ+dN4n5KR9JSumt8i/Mjt2hW4MNhmy+/Wn8+wJr6xvWoqgn8VPyo1sIe7GLPDDrt41XiWIaRcRNVxvZFRZLiQX9Lj/EoyxAB' +
        'AgMBAAECgYA/HXZq89esywAZPuueSY1Ws4tp56pA7OJE1PGuXTnwBPwCqSI2Mir5KdSqeb8+VHtWPlE2lUI/GVFa1+MooaGoS8nifWpIg4Mmp8' +
        '0wp8TtEZPBvkNYpq99fXf+Ek/igZgnEIWHoQZbOu3UnAKkuBGePxWJfE+ae0UJTqGnyRT3xQJBAO0Yi3MgOOC8/8sCxTYGjTnYZcMrpYz8ZtC3' +
        'a8MYnlkLAtAuSvjyA0bafMVEG2tClYtRp8Byh1W1nFGj5i2Y5FcCQQDSf/Rvurw7F1cTXi+5lof4f1IPG/nbTHfiATklDN4YQtpWwlak6QvTeN' +
        '9dl6+Edaz+71uA486YGWY+evgjO7dnAkEAllBCUIm0JZ8NGFq4RskejfbIhVTNjzWRxW8T7ctU0KTvcqZ2t59PPoNUKQhFzdmXz4zEKnkxncAW' +
        'y5d6XZwZ3wJAZeRQAsFGGehbWuGtgk0uNggTRYMKN6/VG83xxlBrNR0vKO3bGOpBsjSBEoG5EQoRGjnsdgBPYWpyBm5prExcowJBAI+7YYIdp9' +
        '1S/rLLw7+CSrdHf2lMwWK80oZMEFCFLYa/O+XQuePHV2/zYWLeVh3pqMGqnVIuhHTDZFF+Gt6oun4=',
      'base64',
    ),
  ),
)!;

/** What it presents is no certificate but the bare key: core does not look into it. */
export const rsaCredential: X509Credential = {
  type: 'x509',
  chain: [rsaKey.publicKey.spki],
  signatureSchemes: [signatureSchemes.rsa_pss_rsae_sha256],
  key: rsaKey,
};
