import { ApiMisuseError, type RandomSource } from '@sealwire/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * A stream of bytes that is a function of `seed` alone, for `givenEntropy` and for repeatable tests: SHA-256 of
 * the hashed seed and a 64-bit block counter. NOT SECURE: whoever knows or guesses the seed knows every key.
 *
 * The stream does not depend on how it is drawn: 3 bytes and then 5 are the same as 8 at once. A number and its
 * decimal string are the same seed. Pure JavaScript, equal on every platform.
 */
export function seededRandom(seed: number | string): RandomSource {
  if (typeof seed !== 'string' && !Number.isFinite(seed)) {
    throw new ApiMisuseError(`seededRandom expects a finite number or a string, got ${String(seed)}`);
  }
  const input = new Uint8Array(40);
  input.set(sha256(utf8ToBytes(`${seed}`)));
  const counter = new DataView(input.buffer, 32);
  let blocks = 0;
  let block = new Uint8Array(0);
  let at = 0;

  return (length) => {
    if (!Number.isInteger(length) || length < 0) {
      throw new ApiMisuseError(`a random source expects a whole number of bytes, got ${length}`);
    }
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      if (at === block.length) {
        counter.setBigUint64(0, BigInt(blocks++));
        block = sha256(input);
        at = 0;
      }
      const taken = Math.min(length - filled, block.length - at);
      bytes.set(block.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
    }
    return bytes;
  };
}

/** A whole number from 0 to `below` - 1, evenly distributed, out of 6 or more bytes of `source`. */
export function integerBelow(source: RandomSource, below: number): number {
  if (!Number.isInteger(below) || below < 1 || below > range) {
    throw new ApiMisuseError(`integerBelow expects a whole number from 1 to 2^48, got ${below}`);
  }
  const fair = range - (range % below);
  for (;;) {
    const drawn = source(6).reduce((number, byte) => number * 256 + byte, 0);
    if (drawn < fair) return drawn % below;
  }
}

const range = 2 ** 48;
