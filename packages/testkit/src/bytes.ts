import { ApiMisuseError } from '@sealwire/core';

/** Small operations on bytes that the rest of the kit needs. */

export function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Bytes of hex digits; white space between them is ignored. */
export function bytesOfHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) {
    throw new ApiMisuseError(`expected pairs of hex digits, got ${JSON.stringify(text.slice(0, 40))}`);
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** A number in this many bytes, the highest first. */
export function bytesOfNumber(number: number, length: number): Uint8Array {
  if (!Number.isInteger(number) || number < 0 || number >= 256 ** length) {
    throw new ApiMisuseError(`expected a number that fits ${length} bytes, got ${number}`);
  }
  const bytes = new Uint8Array(length);
  for (let i = length - 1, rest = number; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}

/** ASCII text as bytes. */
export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
