import { unsafe } from '@noble/ciphers/aes.js';
import { sameBytes } from '../bytes.ts';
import { requireLength, wiped } from '../misuse.ts';
import type { AeadKey } from '@sealwire/core';
import { GhashKey } from './ghash.ts';
import { joinedWithRoom, xorInto } from './text.ts';

/**
 * AES-GCM (SP 800-38D) under a kept key. The library's own GCM expands the key and rebuilds its GHASH table
 * at every call, which costs more than sealing a short record; here both happen once per key.
 */
export class GcmKey implements AeadKey {
  #schedule: Uint32Array | undefined;
  readonly #ghash: GhashKey;

  constructor(key: Uint8Array) {
    this.#schedule = unsafe.expandKeyLE(key);
    this.#ghash = new GhashKey(unsafe.encryptBlock(this.#schedule, new Uint8Array(16)));
  }

  seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array[] {
    const schedule = this.#schedule ?? wiped('AEAD key');
    requireLength(nonce, 12, 'a nonce');
    const sealed = joinedWithRoom(pieces, tagBytes);
    const text = sealed.subarray(0, sealed.length - tagBytes);
    const { counter, mask } = start(schedule, nonce);
    unsafe.ctr32(schedule, false, counter, text, text);
    const tag = this.#ghash.hash(aad, text, text.length);
    xorInto(tag, mask);
    sealed.set(tag, text.length);
    return [sealed];
  }

  open(nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const schedule = this.#schedule ?? wiped('AEAD key');
    requireLength(nonce, 12, 'a nonce');
    const length = sealed.length - tagBytes;
    if (length < 0) return undefined;
    const { counter, mask } = start(schedule, nonce);
    const tag = this.#ghash.hash(aad, sealed, length);
    xorInto(tag, mask);
    if (!sameBytes(tag, sealed.subarray(length))) return undefined;
    const text = new Uint8Array(sealed.subarray(0, length));
    unsafe.ctr32(schedule, false, counter, text, text);
    return text;
  }

  wipe(): void {
    this.#schedule?.fill(0);
    this.#schedule = undefined;
    this.#ghash.wipe();
  }
}

/** The pre-counter block J0 = nonce‖1 (§7.1 step 2): its encryption masks the tag, its successor starts the text. */
function start(schedule: Uint32Array, nonce: Uint8Array): { counter: Uint8Array; mask: Uint8Array } {
  const counter = new Uint8Array(16);
  counter.set(nonce);
  counter[15] = 1;
  const mask = Uint8Array.from(counter);
  unsafe.encryptBlock(schedule, mask);
  counter[15] = 2;
  return { counter, mask };
}

const tagBytes = 16;
