import { ApiMisuseError } from '@sealwire/core';
import { requireLength } from './misuse.ts';

/**
 * One block of the key stream of ChaCha20 (RFC 8439 §2.3). The cipher of `@noble/ciphers` refuses the last of all block
 * counters, so that no stream wraps; in QUIC the counter is part of what the peer sends, and may be any.
 */
export function chacha20(key: Uint8Array, start: Uint8Array, length: number): Uint8Array {
  requireLength(key, 32, 'a key for ChaCha20');
  requireLength(start, 16, 'a block counter and nonce');
  if (!Number.isInteger(length) || length < 0 || length > 64)
    throw new ApiMisuseError(`expected a length of up to 64 bytes, got ${length}`);
  const first = new Uint32Array([...constants, ...wordsOf(key), ...wordsOf(start)]);
  const words = Uint32Array.from(first);
  for (let i = 0; i < 10; i++) for (const [a, b, c, d] of rounds) quarterRound(words, a, b, c, d);
  const block = new DataView(new ArrayBuffer(64));
  for (let i = 0; i < 16; i++) block.setUint32(4 * i, words[i]! + first[i]!, true);
  words.fill(0);
  first.fill(0);
  return new Uint8Array(block.buffer).slice(0, length);
}

/** RFC 8439 §2.1. */
function quarterRound(words: Uint32Array, a: number, b: number, c: number, d: number): void {
  const step = (sum: number, add: number, mixed: number, bits: number) => {
    words[sum] = words[sum]! + words[add]!;
    const x = words[mixed]! ^ words[sum]!;
    words[mixed] = (x << bits) | (x >>> (32 - bits));
  };
  step(a, b, d, 16);
  step(c, d, b, 12);
  step(a, b, d, 8);
  step(c, d, b, 7);
}

function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}

/** "expand 32-byte k". */
const constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

/** Columns, then diagonals. */
const rounds = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;
