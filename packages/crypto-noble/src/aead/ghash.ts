/**
 * GHASH (SP 800-38D §6.4) under one key, with the products of H by every nibble at every position worked out
 * beforehand: 2,048 words. The table is what makes a kept key pay: building it costs as much as hashing
 * about 1 KiB. Lookups depend on secret data, so their timing may leak through caches, as with every table.
 */
export class GhashKey {
  /** Four words for nibble value v at nibble position p, at 4 (16 p + v). */
  readonly #table = new Int32Array(4 * 16 * 32);
  /** The running hash, as big-endian words. */
  readonly #state = new Int32Array(4);

  /** `h` is the block cipher's output for the zero block. */
  constructor(h: Uint8Array) {
    const view = viewOf(h);
    let a = view.getInt32(0);
    let b = view.getInt32(4);
    let c = view.getInt32(8);
    let d = view.getInt32(12);
    const table = this.#table;
    for (let position = 0; position < 32; position++) {
      for (let bit = 8; bit >= 1; bit >>= 1) {
        table.set([a, b, c, d], 4 * (16 * position + bit));
        // Multiply by x: shift right in GCM's reflected order, reduce by 0xe1 at the top (§6.3).
        const carry = -(d & 1) & 0xe1000000;
        d = (d >>> 1) | (c << 31);
        c = (c >>> 1) | (b << 31);
        b = (b >>> 1) | (a << 31);
        a = (a >>> 1) ^ carry;
      }
      for (let value = 3; value < 16; value++) {
        const low = value & -value;
        if (low === value) continue;
        const at = 4 * (16 * position + value);
        const one = 4 * (16 * position + low);
        const rest = 4 * (16 * position + (value ^ low));
        for (let i = 0; i < 4; i++) table[at + i] = table[one + i]! ^ table[rest + i]!;
      }
    }
  }

  /** GHASH of `aad` and `length` bytes of `text`, each padded to whole blocks, and their lengths in bits. */
  hash(aad: Uint8Array, text: Uint8Array, length: number): Uint8Array {
    this.#state.fill(0);
    this.#absorb(aad, aad.length);
    this.#absorb(text, length);
    const last = new Uint8Array(16);
    const view = viewOf(last);
    view.setUint32(0, Math.floor(aad.length / 0x2000_0000));
    view.setUint32(4, aad.length << 3);
    view.setUint32(8, Math.floor(length / 0x2000_0000));
    view.setUint32(12, length << 3);
    this.#absorb(last, 16);
    for (let i = 0; i < 4; i++) view.setInt32(4 * i, this.#state[i]!);
    return last;
  }

  wipe(): void {
    this.#table.fill(0);
    this.#state.fill(0);
  }

  #absorb(bytes: Uint8Array, length: number): void {
    const whole = length & ~15;
    this.#blocks(bytes, whole);
    if (whole === length) return;
    const padded = new Uint8Array(16);
    padded.set(bytes.subarray(whole, length));
    this.#blocks(padded, 16);
  }

  #blocks(bytes: Uint8Array, length: number): void {
    const table = this.#table;
    const state = this.#state;
    const view = viewOf(bytes);
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    for (let at = 0; at < length; at += 16) {
      let wordA = a ^ view.getInt32(at);
      let wordB = b ^ view.getInt32(at + 4);
      let wordC = c ^ view.getInt32(at + 8);
      let wordD = d ^ view.getInt32(at + 12);
      a = b = c = d = 0;
      // From the least significant nibble of each word up; 64 table words per nibble position.
      for (let base = 448; base >= 0; base -= 64) {
        const i = base + ((wordA & 15) << 2);
        const j = base + 512 + ((wordB & 15) << 2);
        const k = base + 1024 + ((wordC & 15) << 2);
        const l = base + 1536 + ((wordD & 15) << 2);
        a ^= table[i]! ^ table[j]! ^ table[k]! ^ table[l]!;
        b ^= table[i + 1]! ^ table[j + 1]! ^ table[k + 1]! ^ table[l + 1]!;
        c ^= table[i + 2]! ^ table[j + 2]! ^ table[k + 2]! ^ table[l + 2]!;
        d ^= table[i + 3]! ^ table[j + 3]! ^ table[k + 3]! ^ table[l + 3]!;
        wordA >>>= 4;
        wordB >>>= 4;
        wordC >>>= 4;
        wordD >>>= 4;
      }
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = d;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
