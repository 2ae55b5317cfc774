import type { CbcCipher, CbcKey, CbcName } from '@sealwire/core';
import { nobleProvider, requireBlocks, requireLength, wiped } from '@sealwire/crypto-noble';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { plain } from './bytes.ts';
import { cbcOr } from './fallback.ts';

/** CBC mode of node:crypto, without the padding that it would add: one cipher object per record, as for the AEADs. */
export const cbcs: Readonly<Record<CbcName, CbcCipher>> = {
  'aes-128-cbc': cipher('aes-128-cbc', 'aes-128-cbc', 16, 16),
  'aes-192-cbc': cipher('aes-192-cbc', 'aes-192-cbc', 24, 16),
  'aes-256-cbc': cipher('aes-256-cbc', 'aes-256-cbc', 32, 16),
  '3des-ede-cbc': cipher('3des-ede-cbc', 'des-ede3-cbc', 24, 8),
  // OpenSSL keeps single DES among what is not loaded by default; three times the same key is as good.
  'des-cbc': cipher('des-cbc', 'des-ede3-cbc', 8, 8, (key) => Buffer.concat([key, key, key])),
};

function cipher(
  name: CbcName,
  algorithm: string,
  keyBytes: number,
  blockBytes: number,
  whole: (key: Uint8Array) => Uint8Array = (key) => key,
): CbcCipher {
  const native: CbcCipher = {
    name,
    keyBytes,
    blockBytes,
    key(key) {
      requireLength(key, keyBytes, `a key for ${name}`);
      return new NodeCbcKey(algorithm, blockBytes, Uint8Array.from(whole(key)));
    },
  };
  return cbcOr(native, nobleProvider.cbcs![name]!);
}

class NodeCbcKey implements CbcKey {
  readonly #algorithm: string;
  readonly #blockBytes: number;
  #key: Uint8Array | undefined;

  constructor(algorithm: string, blockBytes: number, key: Uint8Array) {
    this.#algorithm = algorithm;
    this.#blockBytes = blockBytes;
    this.#key = key;
  }

  encrypt(iv: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array {
    const key = this.#key ?? wiped('CBC key');
    requireLength(iv, this.#blockBytes, 'an initialisation vector');
    const text = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    requireBlocks(text, this.#blockBytes, 'a text');
    return finished(crypto.createCipheriv(this.#algorithm, key, iv), text);
  }

  decrypt(iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const key = this.#key ?? wiped('CBC key');
    requireLength(iv, this.#blockBytes, 'an initialisation vector');
    requireBlocks(ciphertext, this.#blockBytes, 'a ciphertext');
    return finished(crypto.createDecipheriv(this.#algorithm, key, iv), ciphertext);
  }

  wipe(): void {
    this.#key?.fill(0);
    this.#key = undefined;
  }
}

function finished(cipher: crypto.Cipher | crypto.Decipher, input: Uint8Array): Uint8Array {
  cipher.setAutoPadding(false);
  const output = cipher.update(input);
  cipher.final(); // nothing is left: whole blocks went in
  return plain(output);
}
