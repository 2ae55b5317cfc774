import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { AeadKey } from '@sealwire/core';
import { requireLength, wiped } from '../misuse.ts';
import { joinedWithRoom } from './text.ts';

/** ChaCha20-Poly1305 (RFC 8439 §2.8). Nothing can be worked out per key: the one-time key depends on the nonce. */
export class ChachaKey implements AeadKey {
  #key: Uint8Array | undefined;

  constructor(key: Uint8Array) {
    this.#key = Uint8Array.from(key);
  }

  seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array[] {
    const key = this.#key ?? wiped('AEAD key');
    requireLength(nonce, 12, 'a nonce');
    const text = pieces.length === 1 ? pieces[0]! : joinedWithRoom(pieces, 0);
    return [chacha20poly1305(key, nonce, aad).encrypt(text)];
  }

  open(nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const key = this.#key ?? wiped('AEAD key');
    requireLength(nonce, 12, 'a nonce');
    if (sealed.length < 16) return undefined;
    try {
      return chacha20poly1305(key, nonce, aad).decrypt(sealed);
    } catch {
      return undefined; // the tag does not verify: lengths are checked above
    }
  }

  wipe(): void {
    this.#key?.fill(0);
    this.#key = undefined;
  }
}
