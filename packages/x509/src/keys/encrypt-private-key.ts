import { ApiMisuseError, type PrivateKey } from '@sealwire/core';
import { derOctetString, derSequence } from '../der/write.ts';
import { encrypt, type EncryptionOptions } from '../encryption/encrypt.ts';
import { isPkcs8 } from './pkcs8.ts';

/**
 * A private key as DER EncryptedPrivateKeyInfo (RFC 5958 §3), by PBES2 with AES-256: for PEM its label is
 * `ENCRYPTED PRIVATE KEY`. `key` may also be DER PKCS #8. Throws `ApiMisuseError` for options that cannot be.
 */
export function encryptPrivateKey(key: PrivateKey | Uint8Array, options: EncryptionOptions): Uint8Array {
  const pkcs8 = key instanceof Uint8Array ? key : key.exportPkcs8();
  if (!isPkcs8(pkcs8)) throw new ApiMisuseError('expected a private key, or the DER of its PKCS #8 form');
  const { algorithm, ciphertext } = encrypt(pkcs8, options);
  if (!(key instanceof Uint8Array)) pkcs8.fill(0);
  return derSequence(algorithm, derOctetString(ciphertext));
}
