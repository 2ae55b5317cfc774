import type { HashState } from '@sealwire/core';
import { compress, initial } from './sha256-block.ts';

/**
 * SHA-256 (FIPS 180-4 §6.2) of short inputs, and HMAC of it (RFC 2104 §2). A handshake makes some sixty HMACs of one or two
 * blocks and asks its transcript for a dozen hashes; what `node:crypto` spends on an object and a buffer for each is several
 * times what the blocks cost here. Nothing but additions, rotations and shifts of 32-bit integers, at places that do not depend on
 * what is hashed. All work is done in arrays of the module, which are wiped when a result is there.
 */

/** What `hmacSha256` takes: beyond it `node:crypto` is faster. */
export const maxShortBytes = 192;

/** For keys of at most 64 bytes, and `pieces` of at most `maxShortBytes` together. */
export function hmacSha256(key: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array {
  for (let i = 0; i < 16; i++) keyWords[i] = wordOf(key, 4 * i);
  begin(0x3636_3636);
  let length = 0;
  for (let i = 0; i < pieces.length; i++) {
    text.set(pieces[i]!, length);
    length += pieces[i]!.length;
  }
  const end = padded(length, blockBytes + length);
  for (let at = 0; at < end; at += blockBytes) compressAt(at);
  text.fill(0, 0, end);
  for (let i = 0; i < 8; i++) inner[i] = state[i]!;
  begin(0x5c5c_5c5c);
  for (let i = 0; i < 8; i++) {
    w[i] = inner[i]!;
    w[i + 8] = 0;
    inner[i] = 0;
  }
  w[8] = 0x8000_0000;
  w[15] = 8 * (blockBytes + hashBytes);
  compress(state, w);
  for (let i = 0; i < 16; i++) keyWords[i] = 0;
  return result();
}

/** The block of the key and `pad`. (Loops: for so few words a call of `set` or `fill` costs several times as much.) */
function begin(pad: number): void {
  for (let i = 0; i < 8; i++) state[i] = initial[i]!;
  for (let i = 0; i < 16; i++) w[i] = keyWords[i]! ^ pad;
  compress(state, w);
}

/** Big-endian, with zeros behind the end. */
function wordOf(bytes: Uint8Array, at: number): number {
  if (at + 4 <= bytes.length)
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  let word = 0;
  for (let i = at; i < bytes.length; i++) word |= bytes[i]! << (24 - 8 * (i - at));
  return word;
}

/** A running hash. Its copies cost next to nothing, of which a handshake makes one for each message. */
export class Sha256State implements HashState {
  readonly #words = new Int32Array(initial);
  /** The block that has begun. */
  readonly #block = new Uint8Array(blockBytes);
  #length = 0;

  update(bytes: Uint8Array): void {
    let filled = this.#length % blockBytes;
    this.#length += bytes.length;
    if (filled + bytes.length < blockBytes) {
      this.#block.set(bytes, filled);
      return;
    }
    state.set(this.#words);
    text.set(this.#block);
    let at = 0;
    while (filled + bytes.length - at >= blockBytes) {
      const taken = Math.min(bytes.length - at, text.length - filled);
      text.set(bytes.subarray(at, at + taken), filled);
      const end = filled + taken - ((filled + taken) % blockBytes);
      for (let block = 0; block < end; block += blockBytes) compressAt(block);
      at += end - filled;
      filled = 0;
    }
    this.#words.set(state);
    this.#block.set(bytes.subarray(at));
    text.fill(0);
    wipe();
  }

  fork(): Sha256State {
    const copy = new Sha256State();
    copy.#words.set(this.#words);
    copy.#block.set(this.#block);
    copy.#length = this.#length;
    return copy;
  }

  digest(): Uint8Array {
    return this.digestSoFar();
  }

  digestSoFar(): Uint8Array {
    const filled = this.#length % blockBytes;
    text.set(this.#block);
    const end = padded(filled, this.#length);
    state.set(this.#words);
    for (let at = 0; at < end; at += blockBytes) compressAt(at);
    text.fill(0, 0, end);
    return result();
  }
}

/** Pads `text`, which holds `length` bytes of a message of `wholeBytes` and may hold others behind them (§5.1.1); returns its end. */
function padded(length: number, wholeBytes: number): number {
  const end = (Math.floor((length + 8) / blockBytes) + 1) * blockBytes;
  text.fill(0, length, end);
  text[length] = 0x80;
  textView.setUint32(end - 8, Math.floor(wholeBytes / 2 ** 29));
  textView.setInt32(end - 4, wholeBytes << 3);
  return end;
}

/** The block of `text` that begins there. */
function compressAt(at: number): void {
  for (let i = 0; i < 16; i++) w[i] = textView.getInt32(at + 4 * i);
  compress(state, w);
}

/** What `state` says, in memory of its own. */
function result(): Uint8Array {
  const hash = new Uint8Array(hashBytes);
  for (let i = 0; i < 8; i++) {
    const word = state[i]!;
    hash[4 * i] = word >>> 24;
    hash[4 * i + 1] = word >>> 16;
    hash[4 * i + 2] = word >>> 8;
    hash[4 * i + 3] = word;
  }
  wipe();
  return hash;
}

function wipe(): void {
  for (let i = 0; i < 8; i++) state[i] = 0;
  for (let i = 0; i < 16; i++) w[i] = 0;
}

const hashBytes = 32;
const blockBytes = 64;

const state = new Int32Array(8);
const inner = new Int32Array(8);
const keyWords = new Int32Array(16);
const w = new Int32Array(16);
const text = new Uint8Array(maxShortBytes + 2 * blockBytes);
const textView = new DataView(text.buffer);
