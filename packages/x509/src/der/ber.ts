import { X509Error, type X509ErrorCode } from '../errors.ts';
import { maxBerDepth, maxContainerBytes } from '../limits.ts';
import { tags } from './reader.ts';
import { derElement, derElementOf } from './write.ts';

/**
 * BER of PKCS #7 and PKCS #12 (X.690 §8) as DER, as far as the strict reader needs it: definite lengths in their shortest
 * form, octet strings in one piece. Other programs write these containers as a stream. What is DER stays as it is, and is
 * handed back as a view. Values are not looked at: the reader does.
 *
 * One element, and nothing behind it. Throws `X509Error` with a `der.…` code.
 */
export function berToDer(input: Uint8Array): Uint8Array {
  if (input.length > maxContainerBytes) {
    throw new X509Error(
      'container.tooLarge',
      `expected at most ${maxContainerBytes} bytes, got ${input.length}`,
    );
  }
  const { der, end } = convert(input, 0, input.length, 0);
  if (end !== input.length)
    throw broken('der.trailingBytes', `expected the end, got ${input.length - end} more bytes`, end);
  return der;
}

interface Converted {
  readonly der: Uint8Array;
  /** Where the element ends in the input. */
  readonly end: number;
  readonly isChanged: boolean;
}

function convert(input: Uint8Array, at: number, limit: number, depth: number): Converted {
  if (depth > maxBerDepth) throw broken('der.tooDeep', `expected at most ${maxBerDepth} levels`, at);
  const header = readHeader(input, at, limit);
  const { tag, contentStart, isMinimal } = header;
  if ((tag & constructed) === 0) {
    const { contentEnd: end } = header;
    if (end === undefined)
      throw broken('der.indefiniteLength', 'expected a definite length of a primitive element', at);
    if (isMinimal) return { der: input.subarray(at, end), end, isChanged: false };
    return { der: derElement(tag, input.subarray(contentStart, end)), end, isChanged: true };
  }
  const inside = convertContents(input, header, limit, depth);
  const { end } = inside;
  if (tag === (tags.octetString | constructed))
    return { der: derElementOf(tags.octetString, inside.pieces.map(segment)), end, isChanged: true };
  if (isMinimal && header.contentEnd !== undefined && !inside.isChanged)
    return { der: input.subarray(at, end), end, isChanged: false };
  return { der: derElementOf(tag, inside.pieces), end, isChanged: true };
}

/** The elements inside, up to the end of the element or to the end-of-contents octets (§8.1.5). */
function convertContents(
  input: Uint8Array,
  header: Header,
  limit: number,
  depth: number,
): { pieces: Uint8Array[]; end: number; isChanged: boolean } {
  const { contentStart, contentEnd } = header;
  const pieces: Uint8Array[] = [];
  let isChanged = false;
  let at = contentStart;
  for (;;) {
    if (contentEnd !== undefined && at === contentEnd) return { pieces, end: at, isChanged };
    if (contentEnd === undefined && at + 2 <= limit && input[at] === 0 && input[at + 1] === 0)
      return { pieces, end: at + 2, isChanged };
    const child = convert(input, at, contentEnd ?? limit, depth + 1);
    pieces.push(child.der);
    isChanged ||= child.isChanged;
    at = child.end;
  }
}

interface Header {
  readonly tag: number;
  readonly contentStart: number;
  /** `undefined` for an indefinite length. */
  readonly contentEnd: number | undefined;
  readonly isMinimal: boolean;
}

function readHeader(input: Uint8Array, at: number, limit: number): Header {
  if (at + 2 > limit) throw broken('der.truncated', 'expected an element, got the end', at);
  const tag = input[at]!;
  if ((tag & 0x1f) === 0x1f) throw broken('der.longTag', 'expected a tag below 31', at);
  if (tag === 0) throw broken('der.unexpectedTag', 'expected an element, got the end of contents', at);
  const first = input[at + 1]!;
  if (first === 0x80) return { tag, contentStart: at + 2, contentEnd: undefined, isMinimal: false };
  const octets = first < 0x80 ? 0 : first & 0x7f;
  const contentStart = at + 2 + octets;
  if (contentStart > limit) throw broken('der.truncated', 'expected a length, got the end', at);
  let length = octets === 0 ? first : 0;
  for (let i = at + 2; i < contentStart; i++) length = length * 256 + input[i]!;
  if (!(length <= limit - contentStart)) {
    throw broken('der.truncated', `expected ${length} bytes of contents, got ${limit - contentStart}`, at);
  }
  const isMinimal = octets === 0 || (length >= 0x80 && input[at + 2] !== 0);
  return { tag, contentStart, contentEnd: contentStart + length, isMinimal };
}

/** The contents of a segment of a constructed octet string (§8.7.3.2). */
function segment(der: Uint8Array): Uint8Array {
  if (der[0] !== tags.octetString)
    throw new X509Error('der.unexpectedTag', 'expected an octet string made of octet strings');
  const length = der[1]!;
  return der.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}

function broken(code: X509ErrorCode, message: string, offset: number): X509Error {
  return new X509Error(code, message, { offset });
}

const constructed = 0x20;
