import type { CryptoProvider, HashName, Pbkdf2HashName } from '@sealwire/core';
import { type DerReader, tags } from '../der/reader.ts';
import { readInteger, readObjectIdentifier } from '../der/values.ts';
import { X509Error } from '../errors.ts';
import { type FileCipher, fileCiphers, rc2Cipher } from './ciphers.ts';
import type { Password } from './passphrase.ts';
import {
  type DecryptionContext,
  type EncryptionScheme,
  readCount,
  readSalt,
  unsupported,
} from './parameters.ts';

/**
 * RFC 8018 appendix A.4:
 *
 *     PBES2-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, encryptionScheme AlgorithmIdentifier }
 */
export function readPbes2(algorithm: DerReader): EncryptionScheme {
  const parameters = algorithm.enter(tags.sequence, 'PBES2-params');
  const derivation = readKeyDerivation(parameters, 'keyDerivationFunc');
  const { cipher, iv } = readCipher(parameters, derivation.keyBytes);
  parameters.finish();
  if (derivation.keyBytes !== undefined && derivation.keyBytes !== cipher.keyBytes) {
    throw algorithm.error(
      'encryption.malformed',
      `expected a keyLength of ${cipher.keyBytes}, got ${derivation.keyBytes}`,
      'keyDerivationFunc',
    );
  }
  return {
    cipher,
    keyAndIv: (password, context) => ({ key: derivation.derive(password, cipher.keyBytes, context), iv }),
  };
}

/** PBKDF2 or scrypt with the parameters of a file. */
export interface KeyDerivation {
  /** keyLength, where the file says it. */
  readonly keyBytes: number | undefined;
  /** PBKDF2's function; absent for scrypt. */
  readonly prf?: Pbkdf2HashName;
  derive(password: Password, length: number, context: DecryptionContext): Uint8Array;
}

export function readKeyDerivation(reader: DerReader, field: string): KeyDerivation {
  const sequence = reader.enter(tags.sequence, field);
  const id = readObjectIdentifier(sequence, 'algorithm');
  if (id !== pbkdf2Id && id !== scryptId) throw unsupported(sequence, 'key derivation', id);
  const derivation = id === pbkdf2Id ? readPbkdf2(sequence) : readScrypt(sequence);
  sequence.finish();
  return derivation;
}

/**
 * Appendix A.2; the salt may also come from "otherSource", which nothing ever defined.
 *
 *     PBKDF2-params ::= SEQUENCE {
 *          salt CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier }, iterationCount INTEGER (1..MAX),
 *          keyLength INTEGER (1..MAX) OPTIONAL, prf AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }
 */
function readPbkdf2(algorithm: DerReader): KeyDerivation {
  const parameters = algorithm.enter(tags.sequence, 'PBKDF2-params');
  const salt = readSalt(parameters);
  const iterations = readCount(parameters, 'iterationCount');
  const keyBytes = parameters.nextTag === tags.integer ? readCount(parameters, 'keyLength') : undefined;
  const prf = parameters.done ? 'sha1' : readPrf(parameters);
  parameters.finish();
  return {
    keyBytes,
    prf,
    derive({ bytes }, length, { provider, work }) {
      const derive = requireFunction(provider, 'pbkdf2');
      work.spend(iterations * Math.ceil(length / prfBytes[prf]));
      return derive.call(provider, prf, bytes, salt, iterations, length);
    },
  };
}

function readPrf(parameters: DerReader): Pbkdf2HashName {
  const sequence = parameters.enter(tags.sequence, 'prf');
  const id = readObjectIdentifier(sequence, 'algorithm');
  const prf = prfs.get(id);
  if (prf === undefined) throw unsupported(sequence, 'function for PBKDF2', id);
  if (!sequence.done) sequence.content(tags.null, 'parameters');
  sequence.finish();
  return prf;
}

/**
 * RFC 7914 §7.1:
 *
 *     scrypt-params ::= SEQUENCE {
 *          salt OCTET STRING, costParameter INTEGER (1..MAX), blockSize INTEGER (1..MAX),
 *          parallelizationParameter INTEGER (1..MAX), keyLength INTEGER (1..MAX) OPTIONAL }
 */
function readScrypt(algorithm: DerReader): KeyDerivation {
  const parameters = algorithm.enter(tags.sequence, 'scrypt-params');
  const salt = readSalt(parameters);
  const [N, r, p] = ['costParameter', 'blockSize', 'parallelizationParameter'].map((field) =>
    readCount(parameters, field),
  ) as [number, number, number];
  const keyBytes = parameters.done ? undefined : readCount(parameters, 'keyLength');
  parameters.finish();
  const tooLarge = 128 * r * (N + p + 2);
  if (Number.isFinite(tooLarge) && (!Number.isInteger(Math.log2(N)) || N < 2 || Math.log2(N) >= 16 * r)) {
    throw algorithm.error(
      'encryption.malformed',
      `expected for N a power of 2 from 2 to 2^(16 r - 1), got ${N}`,
      'costParameter',
    );
  }
  return {
    keyBytes,
    derive({ bytes }, length, { provider, work }) {
      const derive = requireFunction(provider, 'scrypt');
      const { maxScryptBytes } = work;
      if (tooLarge > maxScryptBytes || r * p >= 2 ** 30 || N > 2 ** 30) {
        throw new X509Error(
          'encryption.tooCostly',
          `expected at most ${maxScryptBytes} bytes of memory for scrypt, got ${tooLarge}`,
        );
      }
      work.spend(N * r * p);
      return derive.call(provider, bytes, salt, { N, r, p, maxmem: tooLarge }, length);
    },
  };
}

function requireFunction<K extends 'pbkdf2' | 'scrypt'>(
  provider: CryptoProvider,
  name: K,
): NonNullable<CryptoProvider[K]> {
  const found = provider[name];
  if (found === undefined)
    throw new X509Error('encryption.unsupported', `expected a provider with ${name}, got ${provider.name}`);
  return found;
}

/** Appendix B.2; the parameters are the initialisation vector, for RC2 in a structure of its own (appendix B.2.3). */
function readCipher(
  parameters: DerReader,
  keyBytes: number | undefined,
): { cipher: FileCipher; iv: Uint8Array } {
  const sequence = parameters.enter(tags.sequence, 'encryptionScheme');
  const id = readObjectIdentifier(sequence, 'algorithm');
  const found = id === rc2Id ? readRc2(sequence, keyBytes) : undefined;
  const cipher = found?.cipher ?? ciphers.get(id);
  if (cipher === undefined) throw unsupported(sequence, 'cipher', id);
  const iv = found?.iv ?? sequence.content(tags.octetString, 'iv');
  sequence.finish();
  if (iv.length !== cipher.blockBytes) {
    throw parameters.error(
      'encryption.malformed',
      `expected an initialisation vector of ${cipher.blockBytes} bytes, got ${iv.length}`,
      'encryptionScheme',
    );
  }
  return { cipher, iv };
}

/** `RC2-CBC-Parameter ::= SEQUENCE { rc2ParameterVersion INTEGER OPTIONAL, iv OCTET STRING (SIZE(8)) }` */
function readRc2(sequence: DerReader, keyBytes: number | undefined): { cipher: FileCipher; iv: Uint8Array } {
  const parameter = sequence.enter(tags.sequence, 'RC2-CBC-Parameter');
  const version =
    parameter.nextTag === tags.integer ? readInteger(parameter, 'rc2ParameterVersion') : undefined;
  const iv = parameter.content(tags.octetString, 'iv');
  parameter.finish();
  const number = version?.reduce((value, octet) => value * 256 + octet, 0);
  // Small versions stand for bits by a table of RFC 2268 §6, of which only these three are ever used.
  const bits = number === undefined ? 32 : (rc2Versions.get(number) ?? (number >= 256 ? number : 0));
  if (bits < 1 || bits > 1_024)
    throw sequence.error('encryption.unsupported', `expected a known version of RC2, got ${number}`);
  const length = keyBytes ?? Math.ceil(bits / 8);
  if (length > 128)
    throw sequence.error('encryption.malformed', `expected at most 128 bytes of key, got ${length}`);
  return { cipher: rc2Cipher(length, bits), iv };
}

export const pbes2Id = '1.2.840.113549.1.5.13';
export const pbkdf2Id = '1.2.840.113549.1.5.12';
export const scryptId = '1.3.6.1.4.1.11591.4.11';
export const pbmac1Id = '1.2.840.113549.1.5.14';
const rc2Id = '1.2.840.113549.3.2';

/** Appendix B.1. */
export const prfIds = {
  md5: '1.2.840.113549.2.6',
  sha1: '1.2.840.113549.2.7',
  sha224: '1.2.840.113549.2.8',
  sha256: '1.2.840.113549.2.9',
  sha384: '1.2.840.113549.2.10',
  sha512: '1.2.840.113549.2.11',
  'sha512-224': '1.2.840.113549.2.12',
  'sha512-256': '1.2.840.113549.2.13',
} as const satisfies Record<Pbkdf2HashName, string>;

/** Appendix B.2; AES from RFC 3565 §4.1. */
export const cipherIds = {
  'aes-128': '2.16.840.1.101.3.4.1.2',
  'aes-192': '2.16.840.1.101.3.4.1.22',
  'aes-256': '2.16.840.1.101.3.4.1.42',
  '3des': '1.2.840.113549.3.7',
  des: '1.3.14.3.2.7',
} as const satisfies Partial<Record<keyof typeof fileCiphers, string>>;

const prfBytes: Readonly<Record<Pbkdf2HashName, number>> = {
  md5: 16,
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
  'sha512-224': 28,
  'sha512-256': 32,
};

const prfs: ReadonlyMap<string, Pbkdf2HashName> = /* @__PURE__ */ byId(prfIds);

/** `hmacWithSHA256` and its like as hashes of a provider: what PBMAC1 authenticates with (RFC 9879). */
export function hmacHashOf(id: string): HashName | undefined {
  const hash = prfs.get(id);
  return hash === 'sha512-224' || hash === 'sha512-256' ? undefined : hash;
}

const ciphers: ReadonlyMap<string, FileCipher> = /* @__PURE__ */ new Map<string, FileCipher>(
  (Object.keys(cipherIds) as (keyof typeof cipherIds)[]).map((name) => [cipherIds[name], fileCiphers[name]]),
);

const rc2Versions: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  [160, 40],
  [120, 64],
  [58, 128],
]);

function byId<K extends string>(ids: Readonly<Record<K, string>>): ReadonlyMap<string, K> {
  return new Map((Object.entries(ids) as [K, string][]).map(([name, id]) => [id, name]));
}
