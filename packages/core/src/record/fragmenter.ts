import { totalLength } from '../wire/bytes.ts';

/**
 * Cuts content that may come in several pieces into fragments of at most `maxBytes`, copying nothing. With `splitBytes` as many stand
 * in a fragment of their own before each of them.
 */
export function fragments(
  pieces: readonly Uint8Array[],
  maxBytes: number,
  splitBytes: number = maxBytes,
): Iterable<readonly Uint8Array[]> {
  const total = totalLength(pieces);
  if (total === 0) return [];
  // Most messages fit: what a generator takes of memory would be collected with every one of them.
  return total <= splitBytes ? [pieces] : cut(pieces, maxBytes, splitBytes);
}

function* cut(
  pieces: readonly Uint8Array[],
  maxBytes: number,
  splitBytes: number,
): Generator<readonly Uint8Array[]> {
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
  const record = [recordHeader(type, legacyVersion, totalLength(fragment))];
  for (const piece of fragment) record.push(piece);
  return record;
}

/** The header of a record that goes on for `length` bytes (RFC 9846 §5.1). */
export function recordHeader(type: number, version: number, length: number): Uint8Array {
  const header = new Uint8Array(5);
  writeRecordHeader(header, 0, type, version, length);
  return header;
}

/** Five bytes; what protects records covers the same fields. */
export function writeRecordHeader(
  bytes: Uint8Array,
  at: number,
  type: number,
  version: number,
  length: number,
): void {
  bytes[at] = type;
  bytes[at + 1] = version >>> 8;
  bytes[at + 2] = version & 0xff;
  bytes[at + 3] = length >>> 8;
  bytes[at + 4] = length & 0xff;
}
