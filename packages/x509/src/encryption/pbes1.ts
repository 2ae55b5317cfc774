import type { HashName } from '@sealwire/core';
import { type DerReader, tags } from '../der/reader.ts';
import { type FileCipher, fileCiphers, rc2Cipher } from './ciphers.ts';
import { pkcs12Derivation } from './pkcs12-derivation.ts';
import { type EncryptionScheme, readCount, readSalt, requireHash } from './parameters.ts';

/**
 * Old encryption of keys, whose parameters are salt and iterations (RFC 8018 appendix A.3, RFC 7292 appendix C):
 *
 *     PBEParameter ::= SEQUENCE { salt OCTET STRING (SIZE(8)), iterationCount INTEGER }
 *
 * PBES1 takes key and initialisation vector from PBKDF1 (RFC 8018 §5.1, §6.1.2).
 */
export function readPbes1(id: string, algorithm: DerReader): EncryptionScheme | undefined {
  const known = pbes1.get(id);
  if (known === undefined) return undefined;
  const { salt, iterations } = readParameters(algorithm);
  if (salt.length !== 8)
    throw algorithm.error('encryption.malformed', `expected 8 bytes of salt, got ${salt.length}`, 'salt');
  return {
    cipher: known.cipher,
    keyAndIv({ bytes }, { provider, work }) {
      const hash = requireHash(provider, known.hash);
      work.spend(iterations);
      let derived = hash.digest([bytes, salt]);
      for (let i = 1; i < iterations; i++) derived = hash.digest([derived]);
      return { key: derived.slice(0, 8), iv: derived.slice(8, 16) };
    },
  };
}

/** Encryption of PKCS #12, with SHA-1; also seen in PKCS #8. */
export function readPkcs12Pbe(id: string, algorithm: DerReader): EncryptionScheme | undefined {
  const cipher = pkcs12Pbe.get(id);
  if (cipher === undefined) return undefined;
  const { salt, iterations } = readParameters(algorithm);
  return {
    cipher,
    keyAndIv({ utf16 }, { provider, work }) {
      const hash = requireHash(provider, 'sha1');
      work.spend(iterations * (Math.ceil(cipher.keyBytes / hash.outputBytes) + 1));
      return {
        key: pkcs12Derivation(hash, 'key', utf16, salt, iterations, cipher.keyBytes),
        iv: pkcs12Derivation(hash, 'iv', utf16, salt, iterations, cipher.blockBytes),
      };
    },
  };
}

function readParameters(algorithm: DerReader): { salt: Uint8Array; iterations: number } {
  const parameters = algorithm.enter(tags.sequence, 'PBEParameter');
  const salt = readSalt(parameters);
  const iterations = readCount(parameters, 'iterationCount');
  parameters.finish();
  return { salt, iterations };
}

const pbes1: ReadonlyMap<string, { readonly hash: HashName; readonly cipher: FileCipher }> =
  /* @__PURE__ */ new Map<string, { hash: HashName; cipher: FileCipher }>([
    ['1.2.840.113549.1.5.3', { hash: 'md5', cipher: fileCiphers.des }],
    ['1.2.840.113549.1.5.6', { hash: 'md5', cipher: rc2Cipher(8, 64) }],
    ['1.2.840.113549.1.5.10', { hash: 'sha1', cipher: fileCiphers.des }],
    ['1.2.840.113549.1.5.11', { hash: 'sha1', cipher: rc2Cipher(8, 64) }],
  ]);

const pkcs12Pbe: ReadonlyMap<string, FileCipher> = /* @__PURE__ */ new Map<string, FileCipher>([
  ['1.2.840.113549.1.12.1.3', fileCiphers['3des']],
  ['1.2.840.113549.1.12.1.4', fileCiphers['3des-two-keys']],
  ['1.2.840.113549.1.12.1.5', rc2Cipher(16, 128)],
  ['1.2.840.113549.1.12.1.6', rc2Cipher(5, 40)],
]);
