import { InternalError } from '../errors/tls-error.ts';

/** Small operations on bytes that every room needs; none of them knows TLS. */

/** A copy in memory of its own. (`slice` is none where the caller's array is of a subclass that overrides it.) */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(totalLength(pieces));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

export function totalLength(pieces: readonly Uint8Array[]): number {
  let total = 0;
  for (const piece of pieces) total += piece.length;
  return total;
}

/** Equality of public values; secrets are compared with `crypto/constant-time.ts`. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** ASCII text as bytes; labels and host names. Anything else than ASCII is a caller's mistake. */
export function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) throw new InternalError(`expected ASCII, got ${JSON.stringify(text)}`);
    bytes[i] = code;
  }
  return bytes;
}

/** Bytes as text, one character a byte (ISO 8859-1), so that nothing is lost or refused. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  // Not byte by byte: a text that is put together so keeps 32 bytes for each character, and peers send texts.
  for (let i = 0; i < bytes.length; i += 4_096) text += String.fromCharCode(...bytes.subarray(i, i + 4_096));
  return text;
}

/** Text of characters up to U+00FF as bytes, one each; anything else is a caller's mistake. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (character.length > 1 || code > 0xff) {
      throw new InternalError(`expected one byte a character, got ${JSON.stringify(text)}`);
    }
    return code;
  });
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexDigits[byte >>> 4]! + hexDigits[byte & 15]!;
  return text;
}

const hexDigits = '0123456789abcdef';
