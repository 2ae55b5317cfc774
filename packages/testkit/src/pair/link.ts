import { ApiMisuseError, type RandomSource } from '@sealwire/core';
import { concatenated } from '../bytes.ts';
import { integerBelow } from '../seeded-random.ts';

/**
 * How the bytes of one side reach the other:
 *  - `whole`: what one output `transmit` holds, in one call of `receive`;
 *  - `merged`: everything that has arrived, in one call;
 *  - `random`: sizes drawn from the seed, from single bytes to several kilobytes, across transmits;
 *  - a number: that many bytes a call, the last one shorter.
 */
export type Chunking = 'whole' | 'merged' | 'random' | number;

/** What happens on the way, in one direction. By default nothing does: bytes arrive at once, all and in order. */
export interface LinkConditions {
  /** From the end of a write to its arrival. Default 0. */
  readonly latencyMs?: number;
  /** At most so much more, drawn from the seed for each write. Order is kept all the same. Default 0. */
  readonly jitterMs?: number;
  /** How fast writes leave, one after the other. Default: infinitely. */
  readonly bytesPerSecond?: number;
  /** After so many bytes the link is dead: nothing more arrives, and nobody is told. Default: never. */
  readonly loseAfterBytes?: number;
  /**
   * Each write may overtake this many of those before it. For protocols over datagrams: a byte stream keeps its
   * order, and TLS over one must refuse anything else. Writes arrive whole then, whatever the chunking. Default 0.
   */
  readonly reorderWrites?: number;
  /** Chance that a write is lost, from 0 to 1; for datagrams, as above. Default 0. */
  readonly loseWrites?: number;
  /** Chance that a write arrives twice, from 0 to 1; for datagrams, as above. Default 0. */
  readonly doubleWrites?: number;
}

export interface LinkOptions extends LinkConditions {
  /** Default `whole`. */
  readonly chunking?: Chunking;
  /** What chance is drawn from. */
  readonly random: RandomSource;
}

interface Write {
  readonly bytes: Uint8Array;
  readonly arrivesAtMs: number;
}

/** One direction of a connection: what is written at one end arrives at the other. Time is an argument. */
export class Link {
  readonly #options: Required<LinkOptions>;
  #underWay: Write[] = [];
  #freeAtMs = 0;
  #lastArrivalMs = 0;
  #bytesLeft: number;

  constructor(options: LinkOptions) {
    this.#options = { ...untouched, ...options };
    this.#bytesLeft = this.#options.loseAfterBytes;
    refuseUnfit(this.#options);
  }

  get isEmpty(): boolean {
    return this.#underWay.length === 0;
  }

  get bytesUnderWay(): number {
    return this.#underWay.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** When the next bytes arrive, in ms of the caller's clock; infinity if none are under way. */
  get nextArrivalMs(): number {
    return Math.min(...this.#underWay.map(({ arrivesAtMs }) => arrivesAtMs));
  }

  /** Takes over `bytes`, which are written at `nowMs`. */
  put(bytes: Uint8Array, nowMs: number): void {
    const written = bytes.subarray(0, Math.max(0, this.#bytesLeft));
    this.#bytesLeft -= bytes.length;
    if (written.length === 0) return;
    if (this.#isDatagrams) this.#putDatagram(written, nowMs);
    else for (const segment of this.#segments(written)) this.#add(segment, nowMs, this.#underWay.length);
  }

  /** The link is dead: what is under way is lost, and whatever comes. */
  cut(): void {
    this.#underWay = [];
    this.#bytesLeft = 0;
  }

  /** All that has arrived by `nowMs`, in chunks that share no memory with one another. */
  take(nowMs = Number.POSITIVE_INFINITY): Uint8Array[] {
    const arrived = this.#underWay
      .filter(({ arrivesAtMs }) => arrivesAtMs <= nowMs)
      .map(({ bytes }) => bytes);
    this.#underWay = this.#underWay.filter(({ arrivesAtMs }) => arrivesAtMs > nowMs);
    if (this.#options.chunking === 'whole' || this.#isDatagrams || arrived.length === 0) return arrived;
    const all = concatenated(arrived);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < all.length; ) {
      const end = Math.min(all.length, at + this.#nextSize(all.length));
      chunks.push(all.slice(at, end));
      at = end;
    }
    return chunks;
  }

  get #isDatagrams(): boolean {
    const { reorderWrites, loseWrites, doubleWrites } = this.#options;
    return reorderWrites > 0 || loseWrites > 0 || doubleWrites > 0;
  }

  #putDatagram(bytes: Uint8Array, nowMs: number): void {
    const { reorderWrites, loseWrites, doubleWrites, random } = this.#options;
    if (this.#happens(loseWrites)) return;
    const copies = this.#happens(doubleWrites) ? [bytes, bytes.slice()] : [bytes];
    for (const copy of copies) {
      const overtakes = Math.min(this.#underWay.length, integerBelow(random, reorderWrites + 1));
      this.#add(copy, nowMs, this.#underWay.length - overtakes);
    }
  }

  /** A slow link delivers a large write bit by bit, unless chunks are to be whole writes. */
  #segments(bytes: Uint8Array): Uint8Array[] {
    const { chunking, bytesPerSecond } = this.#options;
    if (chunking === 'whole' || bytesPerSecond === Number.POSITIVE_INFINITY) return [bytes];
    const segments: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += segmentBytes) {
      segments.push(bytes.subarray(at, at + segmentBytes));
    }
    return segments;
  }

  #add(bytes: Uint8Array, nowMs: number, index: number): void {
    const { latencyMs, jitterMs, bytesPerSecond, random } = this.#options;
    this.#freeAtMs = Math.max(nowMs, this.#freeAtMs) + (bytes.length / bytesPerSecond) * 1_000;
    const jitter = jitterMs === 0 ? 0 : integerBelow(random, Math.floor(jitterMs) + 1);
    const arrivesAtMs = Math.max(this.#freeAtMs + latencyMs + jitter, this.#lastArrivalMs);
    this.#lastArrivalMs = arrivesAtMs;
    // Who overtakes arrives when the one in front of it would have.
    const overtaken = this.#underWay[index];
    this.#underWay.splice(index, 0, { bytes, arrivesAtMs: overtaken?.arrivesAtMs ?? arrivesAtMs });
  }

  #happens(chance: number): boolean {
    return chance > 0 && integerBelow(this.#options.random, 1_000_000) < chance * 1_000_000;
  }

  #nextSize(all: number): number {
    const { chunking, random } = this.#options;
    if (typeof chunking === 'number') return chunking;
    if (chunking === 'merged') return all;
    // Each order of magnitude equally often: header boundaries matter as much as whole flights.
    return 1 + integerBelow(random, 2 ** integerBelow(random, 13));
  }
}

function refuseUnfit(options: Required<LinkOptions>): void {
  const { chunking, latencyMs, jitterMs, bytesPerSecond, loseAfterBytes, reorderWrites } = options;
  if (typeof chunking === 'number' && (!Number.isInteger(chunking) || chunking < 1)) {
    throw new ApiMisuseError(`chunking expects a whole number of bytes, got ${chunking}`);
  }
  for (const [name, value] of Object.entries({ latencyMs, jitterMs, loseAfterBytes, reorderWrites })) {
    if (!(value >= 0)) throw new ApiMisuseError(`${name} expects zero or more, got ${value}`);
  }
  if (!Number.isFinite(latencyMs + jitterMs + reorderWrites)) {
    throw new ApiMisuseError('latencyMs, jitterMs and reorderWrites expect finite numbers');
  }
  if (!(bytesPerSecond > 0)) {
    throw new ApiMisuseError(`bytesPerSecond expects more than zero, got ${bytesPerSecond}`);
  }
  for (const name of ['loseWrites', 'doubleWrites'] as const) {
    if (!(options[name] >= 0 && options[name] <= 1)) {
      throw new ApiMisuseError(`${name} expects a chance from 0 to 1, got ${options[name]}`);
    }
  }
}

const untouched = {
  chunking: 'whole',
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  loseAfterBytes: Number.POSITIVE_INFINITY,
  reorderWrites: 0,
  loseWrites: 0,
  doubleWrites: 0,
} as const;

/** What a packet of Ethernet carries of a TCP stream. */
const segmentBytes = 1_460;
