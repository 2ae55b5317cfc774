import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { HashFunction, HashName, HashState } from '@sealwire/core';

/** What this package needs of a hash of the library. */
export type NobleHash =
  | typeof sha256
  | typeof sha224
  | typeof sha384
  | typeof sha512
  | typeof sha1
  | typeof md5;

export const nobleHashes: Readonly<Record<HashName, NobleHash>> = {
  md5,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
};

/** Hashes and HMAC in pure JavaScript. */
export const hashes: Readonly<Record<HashName, HashFunction>> = {
  md5: hashFunction('md5'),
  sha1: hashFunction('sha1'),
  sha224: hashFunction('sha224'),
  sha256: hashFunction('sha256'),
  sha384: hashFunction('sha384'),
  sha512: hashFunction('sha512'),
};

function hashFunction(name: HashName): HashFunction {
  const hash = nobleHashes[name];
  return {
    name,
    outputBytes: hash.outputLen,
    blockBytes: hash.blockLen,
    digest(pieces) {
      const running = hash.create();
      for (const piece of pieces) running.update(piece);
      return running.digest();
    },
    hmac(key, pieces) {
      const running = hmac.create(hash, key);
      for (const piece of pieces) running.update(piece);
      return running.digest();
    },
    create: () => new NobleHashState(hash.create()),
  };
}

type Running = ReturnType<NobleHash['create']>;

class NobleHashState implements HashState {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  update(bytes: Uint8Array): void {
    this.#running.update(bytes);
  }

  fork(): HashState {
    return new NobleHashState(this.#running.clone() as Running);
  }

  digest(): Uint8Array {
    return this.#running.digest();
  }
}
