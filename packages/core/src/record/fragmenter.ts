import { totalLength } from '../wire/bytes.ts';

/**
 * Cuts content that may come in several pieces into fragments of at most `maxBytes`, copying nothing. With `splitBytes` as many stand
 * in a fragment of their own before each of them.
 */
export function* fragments(
  pieces: readonly Uint8Array[],
  maxBytes: number,
  splitBytes: number = maxBytes,
): Generator<Uint8Array[]> {
  let fragment: Uint8Array[] = [];
  let room = splitBytes;
  let isSplit = true;
  for (const piece of pieces) {
    let rest = piece;
    while (rest.length > room) {
      if (room > 0) fragment.push(rest.subarray(0, room));
      rest = rest.subarray(room);
      yield fragment;
      fragment = [];
      room = isSplit ? maxBytes : splitBytes;
      isSplit = !isSplit;
    }
    if (rest.length > 0) {
      fragment.push(rest);
      room -= rest.length;
    }
  }
  if (fragment.length > 0) yield fragment;
}

/** The first `bytes` bytes of `pieces`. */
export function limited(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const first: Uint8Array[] = [];
  let left = bytes;
  for (const piece of pieces) {
    if (left > 0) first.push(piece.subarray(0, left));
    left = Math.max(0, left - piece.length);
  }
  return first;
}

/** `pieces` without their first `bytes` bytes. */
export function dropped(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = bytes;
  for (const piece of pieces) {
    if (skip < piece.length) rest.push(skip === 0 ? piece : piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return rest;
}

/** A record without protection (RFC 9846 §5.1). */
export function plaintextRecord(
  type: number,
  legacyVersion: number,
  fragment: readonly Uint8Array[],
): Uint8Array[] {
  return [recordHeader(type, legacyVersion, totalLength(fragment)), ...fragment];
}

/** The header of a record that goes on for `length` bytes (RFC 9846 §5.1). */
export function recordHeader(type: number, version: number, length: number): Uint8Array {
  return new Uint8Array([type, version >>> 8, version & 0xff, length >>> 8, length & 0xff]);
}
