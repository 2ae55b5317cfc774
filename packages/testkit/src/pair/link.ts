import { ApiMisuseError, type RandomSource } from '@sealwire/core';
import { concatenated } from '../bytes.ts';
import { integerBelow } from '../seeded-random.ts';

/**
 * How the bytes of one side reach the other:
 *  - `whole`: what one output `transmit` holds, in one call of `receive`;
 *  - `merged`: everything that is under way, in one call;
 *  - `random`: sizes drawn from the seed, from single bytes to several kilobytes, across transmits;
 *  - a number: that many bytes a call, the last one shorter.
 */
export type Chunking = 'whole' | 'merged' | 'random' | number;

/** One direction of a connection: bytes in order, cut for delivery. */
export class Link {
  readonly #chunking: Chunking;
  readonly #random: RandomSource;
  readonly #underWay: Uint8Array[] = [];

  constructor(chunking: Chunking, random: RandomSource) {
    if (typeof chunking === 'number' && (!Number.isInteger(chunking) || chunking < 1)) {
      throw new ApiMisuseError(`chunking expects a whole number of bytes, got ${chunking}`);
    }
    this.#chunking = chunking;
    this.#random = random;
  }

  get isEmpty(): boolean {
    return this.#underWay.length === 0;
  }

  /** Takes over `bytes`. */
  put(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#underWay.push(bytes);
  }

  /** All that is under way, in chunks that share no memory with one another. */
  take(): Uint8Array[] {
    const transmits = this.#underWay.splice(0);
    if (this.#chunking === 'whole' || transmits.length === 0) return transmits;
    const all = concatenated(transmits);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < all.length; ) {
      const end = Math.min(all.length, at + this.#nextSize(all.length));
      chunks.push(all.slice(at, end));
      at = end;
    }
    return chunks;
  }

  #nextSize(all: number): number {
    if (typeof this.#chunking === 'number') return this.#chunking;
    if (this.#chunking === 'merged') return all;
    // Each order of magnitude equally often: header boundaries matter as much as whole flights.
    return 1 + integerBelow(this.#random, 2 ** integerBelow(this.#random, 13));
  }
}
