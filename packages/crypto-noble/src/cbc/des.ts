/**
 * The DES block cipher (FIPS 46-3), as three keys in a row (TDEA, SP 800-67 §3.1). No well-kept library that is small
 * has it. Each S-box is one table together with the permutation P behind it, 2 KiB in all, made when first needed.
 *
 * Which entries are looked up depends on key and text, so whoever shares the processor's caches may learn of them: with
 * tables as small as these less than with those of AES, but no promise. Nothing else branches or waits on a secret.
 */
export class TripleDes {
  /** For each of 48 rounds the two words that `mix` takes. */
  readonly #encryption: Int32Array;
  readonly #decryption: Int32Array;

  /** Three keys of 8 bytes; their parity bits are not looked at. */
  constructor(key: Uint8Array) {
    const [first, second, third] = [0, 8, 16].map((at) => roundKeys(key.subarray(at, at + 8)));
    // Encrypt with the first key, decrypt with the second, encrypt with the third.
    this.#encryption = Int32Array.of(...first!, ...reversed(second!), ...third!);
    this.#decryption = reversed(this.#encryption);
    for (const keys of [first!, second!, third!]) keys.fill(0);
  }

  /** One block from `source` at `from` into `target` at `to`; the two may be the same. */
  encrypt(source: Uint8Array, from: number, target: Uint8Array, to: number): void {
    cipher(this.#encryption, source, from, target, to);
  }

  decrypt(source: Uint8Array, from: number, target: Uint8Array, to: number): void {
    cipher(this.#decryption, source, from, target, to);
  }

  wipe(): void {
    this.#encryption.fill(0);
    this.#decryption.fill(0);
  }
}

/**
 * The initial permutation, 48 rounds, and its inverse. Between two keys the inverse and the permutation cancel, and only
 * the exchange of the halves after 16 rounds is left.
 */
function cipher(keys: Int32Array, source: Uint8Array, from: number, target: Uint8Array, to: number): void {
  let left = 0;
  let right = 0;
  // IP turns columns of bits into bytes: even bits to the left, odd ones to the right, the last byte first.
  for (let i = 0; i < 8; i++) {
    const byte = source[from + i]!;
    left |= spread(byte) << i;
    right |= spread(byte >>> 1) << i;
  }
  const boxes = substitutions();
  for (let at = 0; at < 96; at += 4) {
    // Two rounds at once, which spares exchanging the halves after each.
    left ^= mix(boxes, right, keys[at]!, keys[at + 1]!);
    right ^= mix(boxes, left, keys[at + 2]!, keys[at + 3]!);
    if (at % 32 === 28) [left, right] = [right, left];
  }
  for (let i = 0; i < 8; i++) target[to + i] = gather(left >>> i) | (gather(right >>> i) << 1);
}

/** Bits 6, 4, 2 and 0 of a byte, each as the lowest bit of a byte of the result. */
function spread(byte: number): number {
  return ((byte & 0x40) << 18) | ((byte & 0x10) << 12) | ((byte & 0x04) << 6) | (byte & 0x01);
}

/** The inverse of `spread`. */
function gather(word: number): number {
  return (
    ((word & 0x0100_0000) >>> 18) | ((word & 0x01_0000) >>> 12) | ((word & 0x0100) >>> 6) | (word & 0x01)
  );
}

/**
 * The function f: E makes eight groups of six bits that overlap by two, so those with even numbers stand side by side
 * in one rotation of the half and the odd ones in another; the round key is laid out likewise.
 */
function mix(boxes: Int32Array, half: number, evenKey: number, oddKey: number): number {
  const even = ((half >>> 1) | (half << 31)) ^ evenKey;
  const odd = ((half << 3) | (half >>> 29)) ^ oddKey;
  return (
    boxes[even >>> 26]! ^
    boxes[0x40 | (odd >>> 26)]! ^
    boxes[0x80 | ((even >>> 18) & 0x3f)]! ^
    boxes[0xc0 | ((odd >>> 18) & 0x3f)]! ^
    boxes[0x100 | ((even >>> 10) & 0x3f)]! ^
    boxes[0x140 | ((odd >>> 10) & 0x3f)]! ^
    boxes[0x180 | ((even >>> 2) & 0x3f)]! ^
    boxes[0x1c0 | ((odd >>> 2) & 0x3f)]!
  );
}

/** Round keys in the layout of `mix`: groups 0, 2, 4, 6 and 1, 3, 5, 7, each six bits with two empty ones behind. */
function roundKeys(key: Uint8Array): Int32Array {
  const bitOf = (number: number): number => (key[(number - 1) >>> 3]! >>> (7 - ((number - 1) & 7))) & 1;
  const halves = [choice1.slice(0, 28), choice1.slice(28)].map((numbers) => numbers.map(bitOf));
  const keys = new Int32Array(32);
  let shifted = 0;
  for (let round = 0; round < 16; round++) {
    shifted += round === 0 || round === 1 || round === 8 || round === 15 ? 1 : 2;
    choice2.forEach((number, i) => {
      const half = halves[number > 28 ? 1 : 0]!;
      const bit = half[(((number - 1) % 28) + shifted) % 28]!;
      const group = Math.floor(i / 6);
      keys[2 * round + (group & 1)]! |= bit << (31 - 8 * (group >>> 1) - (i % 6));
    });
  }
  for (const half of halves) half.fill(0);
  return keys;
}

/** The rounds in the opposite order. */
function reversed(keys: Int32Array): Int32Array {
  return keys.map((_, i) => keys[keys.length - 2 - (i & ~1) + (i & 1)]!);
}

let boxesMade: Int32Array | undefined;

/** For each S-box 64 words: its output, moved to where P puts it. */
function substitutions(): Int32Array {
  if (boxesMade !== undefined) return boxesMade;
  const boxes = new Int32Array(8 * 64);
  sBoxes.forEach((rows, box) => {
    for (let input = 0; input < 64; input++) {
      // The outer two bits choose the row, the inner four the column.
      const at = 16 * (((input >>> 4) & 2) | (input & 1)) + ((input >>> 1) & 0x0f);
      const output = Number.parseInt(rows[at]!, 16);
      for (let bit = 0; bit < 4; bit++) {
        const place = permutation.indexOf(4 * box + bit + 1);
        boxes[64 * box + input]! |= ((output >>> (3 - bit)) & 1) << (31 - place);
      }
    }
  });
  boxesMade = boxes;
  return boxes;
}

/** FIPS 46-3, Appendix 1; bits are counted from 1, beginning with the highest. Four rows of each S-box in hexadecimal. */
const sBoxes = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
];
const permutation = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22,
  11, 4, 25,
];
const choice1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
];
const choice2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47,
  55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
