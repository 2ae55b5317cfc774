/** Small operations on bytes. */

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Negative when `a` comes first: the order of a SET OF in DER (X.690 §11.6). */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexDigits[byte >>> 4]! + hexDigits[byte & 15]!;
  return text;
}

const hexDigits = '0123456789abcdef';

/** The last six octets as a number: of a certificate they belong to the signature. What agrees in them is to be compared whole. */
export function lastOctets(der: Uint8Array): number {
  let number = 0;
  for (let i = Math.max(0, der.length - 6); i < der.length; i++) number = number * 256 + der[i]!;
  return number;
}

/** A copy in a buffer of its own: what is kept must not hold a peer's whole message in memory. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** A list, not arguments: a CRL has a hundred thousand pieces. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
