/** Small operations on bytes and big integers that every room of this package needs. */

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  let total = 0;
  for (const piece of pieces) total += piece.length;
  const joined = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** Equality in a time that depends on the lengths alone, as far as JavaScript allows. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

export function isAllZero(bytes: Uint8Array): boolean {
  let seen = 0;
  for (const byte of bytes) seen |= byte;
  return seen === 0;
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOfByte[byte]!;
  return text;
}

export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Big-endian bytes as an integer; no bytes are 0. */
export function integerOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${hex(bytes)}`);
}

/** An integer as exactly `length` big-endian bytes; it must fit. */
export function bytesOf(value: bigint, length: number): Uint8Array {
  const text = value.toString(16);
  if (text.length > 2 * length)
    throw new RangeError(`an integer of ${text.length} hex digits does not fit ${length} bytes`);
  return fromHex(text.padStart(2 * length, '0'));
}

/** The bytes without leading zeros. */
export function magnitude(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start++;
  return bytes.subarray(start);
}

/** Length in bits of a big-endian magnitude. */
export function bitLength(bytes: Uint8Array): number {
  const significant = magnitude(bytes);
  return significant.length === 0 ? 0 : 8 * significant.length - (Math.clz32(significant[0]!) - 24);
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
