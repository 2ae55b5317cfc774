import type { CbcName, CryptoProvider } from '@sealwire/core';
import { X509Error } from '../errors.ts';
import { Rc2 } from './rc2.ts';

/** A block cipher in CBC mode, as files of keys name them. */
export type FileCipher = CbcFileCipher | Rc2FileCipher;

interface CbcFileCipher {
  readonly type: 'cbc';
  readonly cbc: CbcName;
  readonly keyBytes: number;
  readonly blockBytes: 8 | 16;
}

/** For RC2 the bytes of the key and the bits of them that count are independent (RFC 2268 §1). */
interface Rc2FileCipher {
  readonly type: 'rc2';
  readonly keyBytes: number;
  readonly blockBytes: 8;
  readonly effectiveBits: number;
}

export const fileCiphers = {
  'aes-128': { type: 'cbc', cbc: 'aes-128-cbc', keyBytes: 16, blockBytes: 16 },
  'aes-192': { type: 'cbc', cbc: 'aes-192-cbc', keyBytes: 24, blockBytes: 16 },
  'aes-256': { type: 'cbc', cbc: 'aes-256-cbc', keyBytes: 32, blockBytes: 16 },
  '3des': { type: 'cbc', cbc: '3des-ede-cbc', keyBytes: 24, blockBytes: 8 },
  /** The third key is the first again. */
  '3des-two-keys': { type: 'cbc', cbc: '3des-ede-cbc', keyBytes: 16, blockBytes: 8 },
  des: { type: 'cbc', cbc: 'des-cbc', keyBytes: 8, blockBytes: 8 },
} as const satisfies Record<string, FileCipher>;

export function rc2Cipher(keyBytes: number, effectiveBits: number): FileCipher {
  return { type: 'rc2', keyBytes, blockBytes: 8, effectiveBits };
}

/** Before any work is done for it: an error unless `provider` has it, or for RC2 the caller wants it. */
export function requireCipher(cipher: FileCipher, provider: CryptoProvider, allowRc2: boolean): void {
  if (cipher.type === 'rc2') {
    if (allowRc2) return;
    throw new X509Error(
      'encryption.rc2NotAllowed',
      `expected a cipher that is not broken, got RC2 with ${cipher.effectiveBits} bits: read it with allowRc2`,
    );
  }
  if (provider.cbcs?.[cipher.cbc] === undefined)
    throw new X509Error(
      'encryption.unsupported',
      `expected a provider with ${cipher.cbc}, got ${provider.name}`,
    );
}

/**
 * Decrypts and takes the padding off (RFC 8018 §6.1.1): `undefined` when there is none, which has the one reason that the
 * key is wrong or the ciphertext damaged. `ciphertext` is one or more whole blocks, `key` and `iv` have the right lengths.
 */
export function decryptPadded(
  cipher: FileCipher,
  provider: CryptoProvider,
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  if (cipher.type === 'rc2') {
    const rc2 = new Rc2(key, cipher.effectiveBits);
    const text = rc2.decryptCbc(iv, ciphertext);
    rc2.wipe();
    return withoutPadding(text, cipher.blockBytes);
  }
  const prepared = provider.cbcs![cipher.cbc]!.key(wholeKey(cipher, key));
  const text = prepared.decrypt(iv, ciphertext);
  prepared.wipe();
  return withoutPadding(text, cipher.blockBytes);
}

function wholeKey(cipher: CbcFileCipher, key: Uint8Array): Uint8Array {
  if (cipher.cbc !== '3des-ede-cbc' || key.length === 24) return key;
  return Uint8Array.of(...key, ...key.subarray(0, 8));
}

/** All of the last block is looked at, whatever is wrong with it. */
function withoutPadding(text: Uint8Array, blockBytes: number): Uint8Array | undefined {
  const count = text[text.length - 1]!;
  let wrong = count === 0 || count > blockBytes ? 1 : 0;
  for (let i = 1; i <= blockBytes; i++) {
    if (i <= count) wrong |= text[text.length - i]! ^ count;
  }
  return wrong === 0 ? text.subarray(0, text.length - count) : undefined;
}
