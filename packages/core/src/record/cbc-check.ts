import type { HashFunction } from '../crypto/provider.ts';
import { pseudoHeaderBytes } from './older-records.ts';

/**
 * Taking apart what CBC decrypted, with the same work for every input of one length: see `cbc.ts`. A mask is -1 (all
 * bits) or 0, numbers are small and signed, and nothing here branches on a secret or indexes with one. `0 - x` stands
 * for `-x`, which makes of 0 a number that is no integer.
 */

/**
 * The content of `plain` = content ‖ MAC ‖ padding ‖ padding_length (RFC 5246 §6.2.3.2), if both are right.
 * `plain` has at least a MAC and one byte more. `header` is the pseudo-header, whose length is filled in here.
 */
export function openMacThenEncrypt(
  hash: HashFunction,
  macKey: Uint8Array,
  header: Uint8Array,
  plain: Uint8Array,
): Uint8Array | undefined {
  const macBytes = hash.outputBytes;
  const found = contentLengthOf(plain, macBytes);
  const paddingIsRight = ~(found >> 31);
  // Wrong padding counts as none: RFC 5246 §6.2.3.2 "implementations MUST ensure that record processing time is
  // essentially the same whether or not the padding is correct".
  const length = select(paddingIsRight, found, plain.length - macBytes - 1);
  header[11] = length >>> 8;
  header[12] = length & 0xff;
  const covered = [header, plain.subarray(0, length)];
  const expected = hash.evenHmac?.(macKey, covered) ?? hash.hmac(macKey, covered);
  levelCompressions(hash, plain.length - macBytes - 1, length);
  const macIsRight = equalMask(expected, macAt(plain, length, macBytes), macBytes);
  return (paddingIsRight & macIsRight) === 0 ? undefined : plain.subarray(0, length);
}

/**
 * How much content there is in front of a MAC of `macBytes` bytes and padding; negative when there is no room for what
 * the padding says, or a byte of it is not its length (RFC 5246 §6.2.3.2). Looks at all the padding there can be.
 */
export function contentLengthOf(plain: Uint8Array, macBytes: number): number {
  const last = plain.length - 1;
  const paddingLength = plain[last]!;
  const length = last - macBytes - paddingLength;
  let good = -1;
  const scanned = Math.min(maxPaddingLength, last);
  for (let i = 0; i < scanned; i++) {
    const isPadding = (i - paddingLength) >> 31;
    const differs = (0 - (plain[last - 1 - i]! ^ paddingLength)) >> 31;
    good &= ~(isPadding & differs);
  }
  return select(good, length, -1);
}

/**
 * Calls the compression function as often as the MAC of `length` bytes did not, but that of `longest` bytes would have,
 * and once more: a hash always has a last block. The outer hash of HMAC and its keys cost the same for all.
 */
function levelCompressions(hash: HashFunction, longest: number, length: number): void {
  const missing = compressions(hash, longest) - compressions(hash, length);
  hash.digest([filler.subarray(0, missing * hash.blockBytes)]);
}

/** Of HMAC's inner hash: the key's block, pseudo-header, content, the bit 1 and the length (FIPS 180-4 §5.1, RFC 1321 §3). */
function compressions(hash: HashFunction, length: number): number {
  // Blocks are 64 bytes with a length field of 8, or 128 with one of 16. Shifts, because division takes its time.
  const log2 = 31 - Math.clz32(hash.blockBytes);
  const hashed = hash.blockBytes + pseudoHeaderBytes + length + 1 + (hash.blockBytes >> 3);
  return (hashed + hash.blockBytes - 1) >> log2;
}

/** The `macBytes` bytes at `start`, which is secret: reads all places where a MAC can be. Valid until the next call. */
function macAt(plain: Uint8Array, start: number, macBytes: number): Uint8Array {
  const first = Math.max(0, plain.length - 1 - maxPaddingLength - macBytes);
  // Every byte goes to its place modulo the length of a MAC: what is of the MAC stays, rotated by some amount.
  let rotated = scratch[0].fill(0);
  let rotation = 0;
  let place = 0;
  for (let i = first; i < plain.length; i++) {
    const fromStart = ~((i - start) >> 31);
    const beforeEnd = (i - start - macBytes) >> 31;
    rotated[place]! |= plain[i]! & fromStart & beforeEnd;
    rotation |= place & equalNumbers(i, start);
    place = place + 1 === macBytes ? 0 : place + 1;
  }
  // And back, bit by bit of the amount.
  let next = scratch[1];
  for (let bit = 0; 1 << bit < macBytes; bit++) {
    const step = 1 << bit;
    const isSet = 0 - ((rotation >> bit) & 1);
    for (let i = 0; i < macBytes; i++) {
      next[i] = select(isSet, rotated[(i + step) % macBytes]!, rotated[i]!);
    }
    [rotated, next] = [next, rotated];
  }
  return rotated;
}

function equalMask(a: Uint8Array, b: Uint8Array, bytes: number): number {
  let difference = 0;
  for (let i = 0; i < bytes; i++) difference |= a[i]! ^ b[i]!;
  return ~((0 - difference) >> 31);
}

function equalNumbers(a: number, b: number): number {
  const difference = a ^ b;
  return ~((difference | (0 - difference)) >> 31);
}

function select(mask: number, ifSet: number, otherwise: number): number {
  return (ifSet & mask) | (otherwise & ~mask);
}

const maxPaddingLength = 255;

/** The longest hash that TLS has. */
const scratch = [/* @__PURE__ */ new Uint8Array(64), /* @__PURE__ */ new Uint8Array(64)] as const;

/** As many blocks as padding can make a difference: four of 64 bytes, two of 128. */
const filler = /* @__PURE__ */ new Uint8Array(256);
