import { concat, fromHex, magnitude } from '../bytes.ts';
import { tags } from './reader.ts';

/** The counterpart of the reader: DER out of values, each function one element. */

export function element(tag: number, ...content: Uint8Array[]): Uint8Array {
  const body = concat(content);
  return concat([header(tag, body.length), body]);
}

export function sequence(...content: Uint8Array[]): Uint8Array {
  return element(tags.sequence, ...content);
}

/** INTEGER from a big-endian magnitude; leading zeros do not matter. */
export function unsigned(value: Uint8Array): Uint8Array {
  const bytes = magnitude(value);
  return bytes.length === 0 || bytes[0]! >= 0x80
    ? element(tags.integer, new Uint8Array(1), bytes)
    : element(tags.integer, bytes);
}

/** OBJECT IDENTIFIER from its content in hex. */
export function oid(content: string): Uint8Array {
  return element(tags.oid, fromHex(content));
}

export function octetString(...content: Uint8Array[]): Uint8Array {
  return element(tags.octetString, ...content);
}

export function bitString(...content: Uint8Array[]): Uint8Array {
  return element(tags.bitString, new Uint8Array(1), ...content);
}

export function nothing(): Uint8Array {
  return element(tags.null);
}

function header(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const bytes = magnitude(Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length));
  return concat([Uint8Array.of(tag, 0x80 + bytes.length), bytes]);
}
