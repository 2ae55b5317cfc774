import { ApiMisuseError } from '@sealwire/core';
import { codeUnitsOf, decodeUtf8, encodeUtf8, latin1 } from '../der/strings.ts';

/** Text, which stands for its UTF-8, or the bytes themselves. Text is taken as it is: composed and decomposed forms differ. */
export type Passphrase = string | Uint8Array;

/** A passphrase in the forms that derivations take. */
export interface Password {
  /** For RFC 8018 and the old form of PEM. */
  readonly bytes: Uint8Array;
  /** For RFC 7292 appendix B.1: 16 bits a character, big-endian, with a zero character behind. */
  readonly utf16: Uint8Array;
}

export function passwordOf(passphrase: Passphrase): Password {
  if (typeof passphrase === 'string') {
    if (/\p{Surrogate}/u.test(passphrase))
      throw new ApiMisuseError('expected a passphrase of whole characters, got half of a surrogate pair');
    return { bytes: encodeUtf8(passphrase), utf16: withTerminator(passphrase) };
  }
  if (!(passphrase instanceof Uint8Array))
    throw new ApiMisuseError(`expected a passphrase as a string or a Uint8Array, got ${typeof passphrase}`);
  // What is no UTF-8 is taken for ISO 8859-1, as OpenSSL takes it.
  return { bytes: passphrase, utf16: withTerminator(decodeUtf8(passphrase) ?? latin1(passphrase)) };
}

/** In PKCS #12, "no password" is not the same as the empty one, which has its terminator still. */
export const noPassword: Password = { bytes: new Uint8Array(), utf16: new Uint8Array() };

function withTerminator(text: string): Uint8Array {
  return codeUnitsOf(`${text}\0`);
}
