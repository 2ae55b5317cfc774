import type { CbcKey } from '@sealwire/core';
import { concat } from '../bytes.ts';
import { requireBlocks, requireLength, wiped } from '../misuse.ts';
import { TripleDes } from './des.ts';

/** 3DES-EDE in CBC mode (SP 800-38A §6.2). */
export class TripleDesCbcKey implements CbcKey {
  #cipher: TripleDes | undefined;

  constructor(key: Uint8Array) {
    this.#cipher = new TripleDes(key);
  }

  encrypt(iv: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array {
    const cipher = this.#cipher ?? wiped('CBC key');
    requireLength(iv, 8, 'an initialisation vector');
    const text = concat(pieces);
    requireBlocks(text, 8, 'a text');
    for (let at = 0; at < text.length; at += 8) {
      for (let i = 0; i < 8; i++) text[at + i]! ^= at === 0 ? iv[i]! : text[at - 8 + i]!;
      cipher.encrypt(text, at, text, at);
    }
    return text;
  }

  decrypt(iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const cipher = this.#cipher ?? wiped('CBC key');
    requireLength(iv, 8, 'an initialisation vector');
    requireBlocks(ciphertext, 8, 'a ciphertext');
    const text = new Uint8Array(ciphertext.length);
    for (let at = 0; at < text.length; at += 8) {
      cipher.decrypt(ciphertext, at, text, at);
      for (let i = 0; i < 8; i++) text[at + i]! ^= at === 0 ? iv[i]! : ciphertext[at - 8 + i]!;
    }
    return text;
  }

  wipe(): void {
    this.#cipher?.wipe();
    this.#cipher = undefined;
  }
}
