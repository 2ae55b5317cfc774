import { InternalError } from '@sealwire/core';
import { compareBytes } from './bytes.ts';
import { contextTag, tags } from './reader.ts';

/** DER of what goes around bytes that exist already: containers, whose contents may be large and must stay as they are. */
export function derElement(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  return derElementOf(tag, contents);
}

/** The same for any number of pieces: an argument each would be too many. */
export function derElementOf(tag: number, contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, piece) => sum + piece.length, 0);
  const header = derHeader(tag, length);
  const element = new Uint8Array(header.length + length);
  element.set(header);
  let at = header.length;
  for (const piece of contents) {
    element.set(piece, at);
    at += piece.length;
  }
  return element;
}

/** Tag and length, in the shortest form (X.690 §10.1). */
function derHeader(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 | octets.length, ...octets);
}

export const derSequence = (...contents: readonly Uint8Array[]): Uint8Array =>
  derElement(tags.sequence, ...contents);
export const derSequenceOf = (contents: readonly Uint8Array[]): Uint8Array =>
  derElementOf(tags.sequence, contents);
export const derOctetString = (...contents: readonly Uint8Array[]): Uint8Array =>
  derElement(tags.octetString, ...contents);
export const derNull: Uint8Array = /* @__PURE__ */ Uint8Array.of(tags.null, 0);

/** `[number] EXPLICIT`. */
export const derExplicit = (number: number, ...contents: readonly Uint8Array[]): Uint8Array =>
  derElement(contextTag.constructed(number), ...contents);

/** BIT STRING of whole octets. */
export const derBitString = (octets: Uint8Array): Uint8Array =>
  derElement(tags.bitString, Uint8Array.of(0), octets);

/** SET OF: the elements in ascending order of their bytes (X.690 §11.6). */
export function derSetOf(...elements: readonly Uint8Array[]): Uint8Array {
  return derElement(tags.set, ...[...elements].sort(compareBytes));
}

/** A number that is not negative, below 2^53. */
export function derInteger(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new InternalError(`expected an integer, got ${value}`);
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return derUnsigned(Uint8Array.from(octets));
}

/** A number that is not negative, big-endian; leading zeros are of no account. */
export function derUnsigned(magnitude: Uint8Array): Uint8Array {
  let start = 0;
  while (start < magnitude.length && magnitude[start] === 0) start++;
  const digits = magnitude.subarray(start);
  const needsSign = digits.length === 0 || digits[0]! >= 0x80;
  return derElement(tags.integer, ...(needsSign ? [Uint8Array.of(0)] : []), digits);
}

/** An object identifier from its text, which is one of ours or has passed the reader. */
export function derObjectIdentifier(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map((arc) => BigInt(arc));
  const arcs = [BigInt(first) * 40n + BigInt(second), ...rest];
  return derElement(tags.objectIdentifier, Uint8Array.from(arcs.flatMap(base128)));
}

function base128(arc: bigint): number[] {
  const digits = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) digits.unshift(Number(rest & 0x7fn) | 0x80);
  return digits;
}
