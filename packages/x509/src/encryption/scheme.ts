import { type DerReader, tags } from '../der/reader.ts';
import { readObjectIdentifier } from '../der/values.ts';
import { X509Error } from '../errors.ts';
import { decryptPadded, requireCipher } from './ciphers.ts';
import { type DecryptionContext, type EncryptionScheme, unsupported } from './parameters.ts';
import type { Password } from './passphrase.ts';
import { readPbes1, readPkcs12Pbe } from './pbes1.ts';
import { pbes2Id, readPbes2 } from './pbes2.ts';

/**
 * The AlgorithmIdentifier of password-based encryption (RFC 8018 appendix A, RFC 7292 appendix C). Throws `X509Error`:
 * `encryption.unsupported`, naming it, for what we do not decrypt, `encryption.malformed` or `der.…` for parameters that are none.
 */
export function readEncryptionScheme(reader: DerReader, field: string): EncryptionScheme {
  const sequence = reader.enter(tags.sequence, field);
  const id = readObjectIdentifier(sequence, 'algorithm');
  const scheme =
    id === pbes2Id ? readPbes2(sequence) : (readPbes1(id, sequence) ?? readPkcs12Pbe(id, sequence));
  if (scheme === undefined) throw unsupported(sequence, 'encryption with a passphrase', id);
  sequence.finish();
  return scheme;
}

/**
 * Decrypts by a scheme; `undefined` when the passphrase is wrong or the ciphertext damaged, which cannot be told apart.
 * Throws `X509Error` for what is not wanted, not known to the provider, or too much work.
 */
export function decrypt(
  scheme: EncryptionScheme,
  password: Password,
  ciphertext: Uint8Array,
  context: DecryptionContext,
): Uint8Array | undefined {
  const { cipher } = scheme;
  requireCipher(cipher, context.provider, context.allowRc2);
  if (ciphertext.length === 0 || ciphertext.length % cipher.blockBytes !== 0) {
    throw new X509Error(
      'encryption.malformed',
      `expected whole blocks of ${cipher.blockBytes} bytes, got ${ciphertext.length} bytes`,
    );
  }
  const { key, iv } = scheme.keyAndIv(password, context);
  const text = decryptPadded(cipher, context.provider, key, iv, ciphertext);
  key.fill(0);
  return text;
}
