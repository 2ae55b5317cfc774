import { cbc } from '@noble/ciphers/aes.js';
import type { CbcKey } from '@sealwire/core';
import { concat } from '../bytes.ts';
import { requireBlocks, requireLength, wiped } from '../misuse.ts';

/** AES-CBC of the library, whose objects serve one message each. */
export class AesCbcKey implements CbcKey {
  #key: Uint8Array | undefined;

  constructor(key: Uint8Array) {
    this.#key = Uint8Array.from(key);
  }

  encrypt(iv: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array {
    const key = this.#key ?? wiped('CBC key');
    requireLength(iv, 16, 'an initialisation vector');
    const text = concat(pieces);
    requireBlocks(text, 16, 'a text');
    return cbc(key, iv, { disablePadding: true }).encrypt(text);
  }

  decrypt(iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const key = this.#key ?? wiped('CBC key');
    requireLength(iv, 16, 'an initialisation vector');
    requireBlocks(ciphertext, 16, 'a ciphertext');
    return cbc(key, iv, { disablePadding: true }).decrypt(ciphertext);
  }

  wipe(): void {
    this.#key?.fill(0);
    this.#key = undefined;
  }
}
