import { DerReader, tags } from '../der/reader.ts';
import { wrongPassphrase } from '../encryption/decryption.ts';
import type { DecryptionContext } from '../encryption/parameters.ts';
import type { Password } from '../encryption/passphrase.ts';
import { decrypt, readEncryptionScheme } from '../encryption/scheme.ts';
import { isX509Error } from '../errors.ts';
import { isPkcs8 } from './pkcs8.ts';

/**
 * RFC 5958 §3:
 *
 *     EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING }
 */
export function isEncryptedPkcs8(der: Uint8Array): boolean {
  try {
    const fields = fieldsOf(der);
    fields.element('encryptionAlgorithm', tags.sequence);
    fields.content(tags.octetString, 'encryptedData');
    return fields.done;
  } catch (error) {
    if (isX509Error(error)) return false;
    throw error;
  }
}

/** The PrivateKeyInfo inside; throws `X509Error`. Padding that is wrong and contents that are none end alike. */
export function decryptPkcs8(der: Uint8Array, password: Password, context: DecryptionContext): Uint8Array {
  const fields = fieldsOf(der);
  const scheme = readEncryptionScheme(fields, 'encryptionAlgorithm');
  const encrypted = fields.content(tags.octetString, 'encryptedData');
  fields.finish();
  const text = decrypt(scheme, password, encrypted, context);
  if (text === undefined || !isPkcs8(text)) throw wrongPassphrase('the private key');
  return text;
}

function fieldsOf(der: Uint8Array): DerReader {
  const reader = new DerReader(der, 'EncryptedPrivateKeyInfo');
  const fields = reader.enter(tags.sequence, 'EncryptedPrivateKeyInfo');
  reader.finish();
  return fields;
}
