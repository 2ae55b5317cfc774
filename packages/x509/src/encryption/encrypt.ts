import { ApiMisuseError, type CryptoProvider, type RandomSource } from '@sealwire/core';
import { derInteger, derNull, derObjectIdentifier, derOctetString, derSequence } from '../der/write.ts';
import { defaultIterations } from '../limits.ts';
import { type Passphrase, passwordOf } from './passphrase.ts';
import { cipherIds, pbes2Id, pbkdf2Id, prfIds, scryptId } from './pbes2.ts';

/** How a passphrase becomes a key. */
export type DerivationInput =
  | {
      readonly type: 'pbkdf2';
      /** HMAC with this hash. Default SHA-256. */
      readonly hash?: 'sha256' | 'sha384' | 'sha512';
      /** Default 600,000. */
      readonly iterations?: number;
    }
  | {
      readonly type: 'scrypt';
      /** Default 16,384, 8 and 5, which take 16 MiB: OpenSSL reads no files that want more than 32. */
      readonly N?: number;
      readonly r?: number;
      readonly p?: number;
    };

/** What writing an encrypted file takes. The cipher is AES-256 in CBC mode. */
export interface EncryptionOptions {
  readonly provider: CryptoProvider;
  /** Text (its UTF-8) or bytes. */
  readonly passphrase: Passphrase;
  /** Default: PBKDF2, which every program reads. */
  readonly derivation?: DerivationInput;
  /** Where salt and initialisation vector come from, 16 bytes each, in this order. Default: the provider's generator. */
  readonly source?: RandomSource;
}

/** Encrypts by PBES2 (RFC 8018 §6.2.1): the DER of the AlgorithmIdentifier, and the ciphertext. */
export function encrypt(
  text: Uint8Array,
  options: EncryptionOptions,
): { algorithm: Uint8Array; ciphertext: Uint8Array } {
  const { provider } = options;
  const source = options.source ?? ((length: number) => provider.random(length));
  const cipher = provider.cbcs?.['aes-256-cbc'];
  if (cipher === undefined)
    throw new ApiMisuseError(`expected a provider with aes-256-cbc, got ${provider.name}`);
  const { bytes } = passwordOf(options.passphrase);
  const derivation = derive(bytes, source(16), options.derivation ?? { type: 'pbkdf2' }, provider);
  const iv = source(16);
  const paddingBytes = 16 - (text.length % 16);
  const padding = new Uint8Array(paddingBytes).fill(paddingBytes);
  const prepared = cipher.key(derivation.key);
  const ciphertext = prepared.encrypt(iv, [text, padding]);
  prepared.wipe();
  derivation.key.fill(0);
  const scheme = derSequence(derObjectIdentifier(cipherIds['aes-256']), derOctetString(iv));
  return {
    algorithm: derSequence(derObjectIdentifier(pbes2Id), derSequence(derivation.algorithm, scheme)),
    ciphertext,
  };
}

function derive(
  password: Uint8Array,
  salt: Uint8Array,
  derivation: DerivationInput,
  provider: CryptoProvider,
): { algorithm: Uint8Array; key: Uint8Array } {
  if (derivation.type === 'scrypt') {
    if (provider.scrypt === undefined)
      throw new ApiMisuseError(`expected a provider with scrypt, got ${provider.name}`);
    const { N = 16_384, r = 8, p = 5 } = derivation;
    const key = provider.scrypt(password, salt, { N, r, p, maxmem: 2 ** 31 }, 32);
    return {
      algorithm: derSequence(
        derObjectIdentifier(scryptId),
        derSequence(derOctetString(salt), derInteger(N), derInteger(r), derInteger(p)),
      ),
      key,
    };
  }
  const { hash = 'sha256', iterations = defaultIterations } = derivation;
  const key = derivePbkdf2(provider, hash, password, salt, iterations, 32);
  return { algorithm: pbkdf2Algorithm(hash, salt, iterations), key };
}

export function derivePbkdf2(
  provider: CryptoProvider,
  hash: 'sha256' | 'sha384' | 'sha512',
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Uint8Array {
  if (provider.pbkdf2 === undefined)
    throw new ApiMisuseError(`expected a provider with pbkdf2, got ${provider.name}`);
  return provider.pbkdf2(hash, password, salt, iterations, length);
}

/** `keyLength` stands where no cipher says it: in PBMAC1 (RFC 9879). */
export function pbkdf2Algorithm(
  hash: 'sha256' | 'sha384' | 'sha512',
  salt: Uint8Array,
  iterations: number,
  keyLength?: number,
): Uint8Array {
  return derSequence(
    derObjectIdentifier(pbkdf2Id),
    derSequence(
      derOctetString(salt),
      derInteger(iterations),
      ...(keyLength === undefined ? [] : [derInteger(keyLength)]),
      derSequence(derObjectIdentifier(prfIds[hash]), derNull),
    ),
  );
}
