/** One DER element around the concatenation of `pieces`, of fewer than 2^24 bytes. */
export function encode(tag: number, ...pieces: readonly Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const octets = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 3;
  const element = new Uint8Array(2 + octets + length);
  element[0] = tag;
  element[1] = octets === 0 ? length : 0x80 | octets;
  for (let i = 0; i < octets; i++) element[2 + i] = (length >> (8 * (octets - 1 - i))) & 0xff;
  let at = 2 + octets;
  for (const piece of pieces) {
    element.set(piece, at);
    at += piece.length;
  }
  return element;
}
