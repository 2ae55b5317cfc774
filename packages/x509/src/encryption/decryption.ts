import type { CryptoProvider } from '@sealwire/core';
import { X509Error } from '../errors.ts';
import type { DecryptionContext } from './parameters.ts';
import { type Passphrase, type Password, passwordOf } from './passphrase.ts';
import { Work, type WorkLimits } from './work.ts';

/** What reading an encrypted file takes. */
export interface DecryptionOptions extends WorkLimits {
  /** Text (its UTF-8) or bytes. */
  readonly passphrase?: Passphrase;
  /** Read what is encrypted with RC2, which is broken in the strength that files have it in. Default false. */
  readonly allowRc2?: boolean;
}

export function decryptionContext(provider: CryptoProvider, options: DecryptionOptions): DecryptionContext {
  return { provider, work: new Work(options), allowRc2: options.allowRc2 === true };
}

export function requirePassword(passphrase: Passphrase | undefined, what: string): Password {
  if (passphrase === undefined)
    throw new X509Error(
      'encryption.passphraseMissing',
      `expected a passphrase for ${what}, which is encrypted`,
    );
  return passwordOf(passphrase);
}

/** Wrong padding, or contents that are not what they should be: the same error, or it would tell a guesser how near he came. */
export function wrongPassphrase(what: string): X509Error {
  return new X509Error(
    'encryption.passphraseWrong',
    `expected the passphrase of ${what}, got another (or the file is damaged)`,
  );
}
