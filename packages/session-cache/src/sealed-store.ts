import type { CryptoProvider } from '@sealwire/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { SecretBox } from './secret-box.ts';
import { type Awaitable, type SessionStore, whenThere } from './store.ts';
import { ownOptions } from './own-options.ts';

export interface SealedStoreOptions {
  /** Brings AES-256-GCM, SHA-256 and randomness. */
  readonly provider: CryptoProvider;
  /**
   * At least 32 random bytes that all who share the store have, and nobody who merely sees it. Of several the first seals and
   * all open: to change one, add the new one behind the old one everywhere, then put it first everywhere, then leave the old
   * one out.
   */
  readonly secret: Uint8Array | readonly Uint8Array[];
}

/**
 * A store in which everything is encrypted, for places that others see: what stands there says neither whose sessions
 * they are nor what is in them, and what others put there is not believed, nor what they have moved from one name to another.
 * Names are hashed. Whoever can write there can still make it forget, and bring back what it had forgotten.
 */
export class SealedStore implements SessionStore {
  readonly scope: SessionStore['scope'];
  readonly #store: SessionStore;
  readonly #box: SecretBox;

  constructor(store: SessionStore, options: SealedStoreOptions) {
    const { provider, secret } = ownOptions('SealedStore', options, { provider: true, secret: true });
    this.scope = store.scope;
    this.#store = store;
    this.#box = new SecretBox(provider, secret);
  }

  get(name: string): Awaitable<Uint8Array | undefined> {
    return whenThere(this.#store.get(hashed(name)), (sealed) => this.#opened(name, sealed));
  }

  set(name: string, value: Uint8Array, ttlMs: number): Awaitable<void> {
    return this.#store.set(hashed(name), this.#box.seal(name, value), ttlMs);
  }

  add(name: string, value: Uint8Array, ttlMs: number): Awaitable<boolean> {
    return this.#store.add(hashed(name), this.#box.seal(name, value), ttlMs);
  }

  delete(name: string): Awaitable<boolean> {
    return this.#store.delete(hashed(name));
  }

  push(name: string, value: Uint8Array, ttlMs: number, atMost: number): Awaitable<void> {
    return this.#store.push(hashed(name), this.#box.seal(name, value), ttlMs, atMost);
  }

  pop(name: string): Awaitable<Uint8Array | undefined> {
    return whenThere(this.#store.pop(hashed(name)), (sealed) => this.#opened(name, sealed));
  }

  keepsAll(): Awaitable<boolean> {
    return this.#store.keepsAll?.() ?? false;
  }

  #opened(name: string, sealed: Uint8Array | undefined): Uint8Array | undefined {
    return sealed === undefined ? undefined : this.#box.open(name, sealed);
  }
}

/** The same under any secret, so that what one has added is seen by all while secrets change. */
function hashed(name: string): string {
  return bytesToHex(sha256(utf8ToBytes(name)));
}
