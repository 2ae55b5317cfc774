import type { HashFunction, HashName, HashState } from '@sealwire/core';
import * as crypto from 'node:crypto';
import { plain } from './bytes.ts';

/** Hashes and HMAC of node:crypto. */
export const hashes: Readonly<Record<HashName, HashFunction>> = {
  md5: hashFunction('md5', 16, 64),
  sha1: hashFunction('sha1', 20, 64),
  sha224: hashFunction('sha224', 28, 64),
  sha256: hashFunction('sha256', 32, 64),
  sha384: hashFunction('sha384', 48, 128),
  sha512: hashFunction('sha512', 64, 128),
};

function hashFunction(name: HashName, outputBytes: number, blockBytes: number): HashFunction {
  return {
    name,
    outputBytes,
    blockBytes,
    digest(pieces) {
      // One-shot hashing (Node 20.12) spares the object: about 0.7 µs less for short input.
      if (pieces.length === 1 && crypto.hash !== undefined)
        return plain(crypto.hash(name, pieces[0]!, 'buffer'));
      const hash = crypto.createHash(name);
      for (const piece of pieces) hash.update(piece);
      return plain(hash.digest());
    },
    hmac(key, pieces) {
      const hmac = crypto.createHmac(name, key);
      for (const piece of pieces) hmac.update(piece);
      return plain(hmac.digest());
    },
    create: () => new NodeHashState(crypto.createHash(name)),
  };
}

class NodeHashState implements HashState {
  readonly #hash: crypto.Hash;

  constructor(hash: crypto.Hash) {
    this.#hash = hash;
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  fork(): HashState {
    return new NodeHashState(this.#hash.copy());
  }

  digest(): Uint8Array {
    return plain(this.#hash.digest());
  }
}
