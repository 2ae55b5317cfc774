import type { CryptoProvider, HashFunction, HashName } from '@sealwire/core';
import { type DerReader, tags } from '../der/reader.ts';
import { readInteger } from '../der/values.ts';
import { X509Error } from '../errors.ts';
import { maxSaltBytes } from '../limits.ts';
import type { FileCipher } from './ciphers.ts';
import type { Password } from './passphrase.ts';
import type { Work } from './work.ts';

/** How something is encrypted: what its AlgorithmIdentifier says, understood but for whether the caller wants it. */
export interface EncryptionScheme {
  readonly cipher: FileCipher;
  /** Spends work, then derives; all of its lengths are right. */
  keyAndIv(password: Password, context: DecryptionContext): { key: Uint8Array; iv: Uint8Array };
}

export interface DecryptionContext {
  readonly provider: CryptoProvider;
  readonly work: Work;
  readonly allowRc2: boolean;
}

/** `encryption.unsupported`, by the name of the algorithm if it has one. */
export function unsupported(reader: DerReader, what: string, id: string): X509Error {
  const name = unsupportedNames.get(id);
  return reader.error(
    'encryption.unsupported',
    `expected a known ${what}, got ${name === undefined ? id : `${name} (${id})`}`,
  );
}

export function requireHash(provider: CryptoProvider, name: HashName): HashFunction {
  const hash = provider.hashes[name];
  if (hash === undefined)
    throw new X509Error('encryption.unsupported', `expected a provider with ${name}, got ${provider.name}`);
  return hash;
}

/** A positive INTEGER; from 2^31 on infinite, which is beyond any limit. */
export function readCount(reader: DerReader, field: string): number {
  const octets = readInteger(reader, field);
  if (octets[0]! >= 0x80 || (octets.length === 1 && octets[0] === 0))
    throw reader.error('encryption.malformed', 'expected a number above 0', field);
  if (octets.length > 4) return Number.POSITIVE_INFINITY;
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

export function readSalt(reader: DerReader, field = 'salt'): Uint8Array {
  const salt = reader.content(tags.octetString, field);
  if (salt.length > maxSaltBytes) {
    throw reader.error(
      'encryption.malformed',
      `expected at most ${maxSaltBytes} bytes of salt, got ${salt.length}`,
      field,
    );
  }
  return salt;
}

/** What other programs write, and we do not read, by name. */
const unsupportedNames: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['1.2.840.113549.1.5.1', 'pbeWithMD2AndDES-CBC'],
  ['1.2.840.113549.1.5.4', 'pbeWithMD2AndRC2-CBC'],
  ['1.2.840.113549.1.5.12', 'PBKDF2 without PBES2'],
  ['1.2.840.113549.1.5.14', 'PBMAC1'],
  ['1.2.840.113549.1.12.1.1', 'pbeWithSHAAnd128BitRC4'],
  ['1.2.840.113549.1.12.1.2', 'pbeWithSHAAnd40BitRC4'],
  ['1.2.840.113549.3.4', 'RC4'],
  ['1.2.840.113549.3.9', 'RC5-CBC'],
  ['1.2.840.113533.7.66.10', 'CAST5-CBC'],
  ['1.3.6.1.4.1.3029.1.2', 'Blowfish-CBC'],
  ['1.2.410.200004.1.4', 'SEED-CBC'],
  ['1.2.392.200011.61.1.1.1.2', 'Camellia-128-CBC'],
  ['1.2.392.200011.61.1.1.1.3', 'Camellia-192-CBC'],
  ['1.2.392.200011.61.1.1.1.4', 'Camellia-256-CBC'],
  ['1.2.410.200046.1.1.2', 'ARIA-128-CBC'],
  ['1.2.410.200046.1.1.7', 'ARIA-192-CBC'],
  ['1.2.410.200046.1.1.12', 'ARIA-256-CBC'],
  ['1.2.156.10197.1.104.2', 'SM4-CBC'],
  ['2.16.840.1.101.3.4.1.3', 'AES-128-OFB'],
  ['2.16.840.1.101.3.4.1.4', 'AES-128-CFB'],
  ['2.16.840.1.101.3.4.1.6', 'AES-128-GCM'],
  ['2.16.840.1.101.3.4.1.46', 'AES-256-GCM'],
  ['1.2.643.7.1.1.4.2', 'HMAC by GOST R 34.11-2012'],
  ['1.2.156.10197.1.401.2', 'HMAC by SM3'],
]);
