/** Cuts content that may come in several pieces into fragments of at most `maxBytes`, copying nothing. */
export function* fragments(pieces: readonly Uint8Array[], maxBytes: number): Generator<Uint8Array[]> {
  let fragment: Uint8Array[] = [];
  let room = maxBytes;
  for (const piece of pieces) {
    let rest = piece;
    while (rest.length > room) {
      if (room > 0) fragment.push(rest.subarray(0, room));
      rest = rest.subarray(room);
      yield fragment;
      fragment = [];
      room = maxBytes;
    }
    if (rest.length > 0) {
      fragment.push(rest);
      room -= rest.length;
    }
  }
  if (fragment.length > 0) yield fragment;
}

/** A record without protection (RFC 9846 §5.1). */
export function plaintextRecord(
  type: number,
  legacyVersion: number,
  fragment: readonly Uint8Array[],
): Uint8Array[] {
  let length = 0;
  for (const piece of fragment) length += piece.length;
  return [
    new Uint8Array([type, legacyVersion >>> 8, legacyVersion & 0xff, length >>> 8, length & 0xff]),
    ...fragment,
  ];
}
