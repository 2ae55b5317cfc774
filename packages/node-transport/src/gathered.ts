/**
 * The same bytes in fewer pieces: headers, tags and short records are joined with what stands beside them. A write costs a
 * stream more than the copying of a few KiB; large pieces are left as they are.
 */
export function gathered(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  if (pieces.length < 2) return pieces;
  return pieces.every(isSmall) ? [Buffer.concat(pieces)] : joinedBesides(pieces);
}

function joinedBesides(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  const joined: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = () => {
    if (small.length > 0) joined.push(small.length === 1 ? small[0]! : Buffer.concat(small));
    small = [];
  };
  for (const piece of pieces) {
    if (isSmall(piece)) {
      small.push(piece);
      continue;
    }
    flush();
    joined.push(piece);
  }
  flush();
  return joined;
}

function isSmall({ length }: Uint8Array): boolean {
  return length <= smallBytes;
}

const smallBytes = 4_096;
