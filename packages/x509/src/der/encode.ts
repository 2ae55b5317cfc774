import { ApiMisuseError } from '@sealwire/core';
import { joinBytes } from './bytes.ts';
import { tags } from './reader.ts';

/** One DER element: tag, length in its shortest form (X.690 §10.1), contents. */
export function encodeElement(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, piece) => sum + piece.length, 0);
  return joinBytes([Uint8Array.of(tag, ...lengthOctets(length)), ...contents]);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest & 0xff);
  return [0x80 | octets.length, ...octets];
}

/** RFC 5280 §4.1.2.5: UTCTime through the year 2049, GeneralizedTime from 2050 on; cut to whole seconds. */
export function encodeTime(ms: number): Uint8Array {
  const text = timeDigits(ms);
  return ms >= firstOf1950 && ms < firstOf2050
    ? encodeElement(tags.utcTime, ascii(text.slice(2)))
    : encodeElement(tags.generalizedTime, ascii(text));
}

export function encodeGeneralizedTime(ms: number): Uint8Array {
  return encodeElement(tags.generalizedTime, ascii(timeDigits(ms)));
}

/** An INTEGER that is not negative, from its octets: big-endian, leading zeros of no account. */
export function encodeInteger(magnitude: Uint8Array, tag: number = tags.integer): Uint8Array {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const digits = magnitude.subarray(start);
  return (digits[0] ?? 0x80) >= 0x80
    ? encodeElement(tag, Uint8Array.of(0), digits)
    : encodeElement(tag, digits);
}

/** `YYYYMMDDHHMMSSZ`. */
function timeDigits(ms: number): string {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999))
    throw new ApiMisuseError(`expected a time in ms since the epoch, from the year 0 to 9999, got ${ms}`);
  return `${date
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:T]/g, '')}Z`;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const firstOf1950 = /* @__PURE__ */ Date.UTC(1950, 0);
const firstOf2050 = /* @__PURE__ */ Date.UTC(2050, 0);
