import type { CbcCipher, CbcKey, CbcName } from '@sealwire/core';
import { concat } from '../bytes.ts';
import { requireLength } from '../misuse.ts';
import { AesCbcKey } from './aes.ts';
import { TripleDesCbcKey } from './triple-des.ts';

/** CBC mode in pure JavaScript; AES and DES both go through lookup tables, so their timing may leak key bits. */
export const cbcs: Readonly<Record<CbcName, CbcCipher>> = {
  'aes-128-cbc': cipher('aes-128-cbc', 16, 16, (key) => new AesCbcKey(key)),
  'aes-192-cbc': cipher('aes-192-cbc', 24, 16, (key) => new AesCbcKey(key)),
  'aes-256-cbc': cipher('aes-256-cbc', 32, 16, (key) => new AesCbcKey(key)),
  '3des-ede-cbc': cipher('3des-ede-cbc', 24, 8, (key) => new TripleDesCbcKey(key)),
  // Encrypted, decrypted and encrypted again with one key is encrypted once.
  'des-cbc': cipher('des-cbc', 8, 8, (key) => new TripleDesCbcKey(concat([key, key, key]))),
};

function cipher(
  name: CbcName,
  keyBytes: number,
  blockBytes: number,
  prepare: (key: Uint8Array) => CbcKey,
): CbcCipher {
  return {
    name,
    keyBytes,
    blockBytes,
    key(key) {
      requireLength(key, keyBytes, `a key for ${name}`);
      return prepare(key);
    },
  };
}
