/** Buffers of the AEADs. */

/** The pieces one after the other in fresh memory, with `extra` bytes of room behind them. */
export function joinedWithRoom(pieces: readonly Uint8Array[], extra: number): Uint8Array {
  let total = extra;
  for (const piece of pieces) total += piece.length;
  const joined = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

export function xorInto(target: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i]! ^= mask[i]!;
}
