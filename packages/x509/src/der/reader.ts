import { X509Error, type X509ErrorCode } from '../errors.ts';
import { maxDerDepth } from '../limits.ts';

/**
 * Strict DER (X.690 §10): one encoding per value. A length that could be shorter, an indefinite length, bytes
 * left over or missing are errors that name the field.
 *
 * A reader is a window on the bytes of the whole input, so that offsets in errors count from its start. It
 * hands out views of the input, never copies.
 */
export class DerReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly #field: string;
  readonly #parent: DerReader | undefined;
  readonly #depth: number;
  #at: number;
  // The element that `#header` found last.
  #contentStart = 0;
  #contentEnd = 0;

  constructor(
    bytes: Uint8Array,
    field: string,
    window: { start?: number; end?: number; parent?: DerReader } = {},
  ) {
    this.bytes = bytes;
    this.#at = window.start ?? 0;
    this.end = window.end ?? bytes.length;
    this.#field = field;
    this.#parent = window.parent;
    this.#depth = window.parent === undefined ? 0 : window.parent.#depth + 1;
    if (this.#depth > maxDerDepth)
      throw this.error('der.tooDeep', `expected at most ${maxDerDepth} levels`, field);
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at === this.end;
  }

  /** The next element's tag; -1 at the end. */
  get nextTag(): number {
    return this.#at < this.end ? this.bytes[this.#at]! : -1;
  }

  /** A reader of the next element's contents. */
  enter(tag: number, field: string): DerReader {
    this.#expect(tag, field);
    return new DerReader(this.bytes, field, {
      start: this.#contentStart,
      end: this.#contentEnd,
      parent: this,
    });
  }

  /** The next element's contents. */
  content(tag: number, field: string): Uint8Array {
    this.#expect(tag, field);
    return this.bytes.subarray(this.#contentStart, this.#contentEnd);
  }

  /** The next element with its header, whatever its tag is; its contents are not looked at. */
  element(field: string, tag?: number): Uint8Array {
    const start = this.#at;
    this.#header(field);
    if (tag !== undefined && this.bytes[start] !== tag) throw this.#unexpected(tag, start, field);
    this.#at = this.#contentEnd;
    return this.bytes.subarray(start, this.#contentEnd);
  }

  /** Ends the reading: bytes left are an error. */
  finish(): void {
    if (this.#at !== this.end) {
      throw this.error('der.trailingBytes', `expected the end, got ${this.end - this.#at} more bytes`);
    }
  }

  /** An error at the current position (or at `offset`), with the path of this reader. */
  error(code: X509ErrorCode, message: string, field?: string, offset = this.#at): X509Error {
    return new X509Error(code, message, { offset, path: this.path(field) });
  }

  path(field?: string): string {
    const own = this.#parent === undefined ? this.#field : this.#parent.path(this.#field);
    return field === undefined || field === this.#field ? own : `${own}.${field}`;
  }

  #expect(tag: number, field: string): void {
    const start = this.#at;
    if (start >= this.end) {
      throw this.error('der.truncated', `expected ${tagName(tag)}, got the end`, field);
    }
    if (this.bytes[start] !== tag) throw this.#unexpected(tag, start, field);
    this.#header(field);
    this.#at = this.#contentEnd;
  }

  #unexpected(tag: number, offset: number, field: string): X509Error {
    const got = tagName(this.bytes[offset]!);
    return this.error('der.unexpectedTag', `expected ${tagName(tag)}, got ${got}`, field, offset);
  }

  /** X.690 §8.1.2–8.1.3, §10.1. Tags above 30 take more octets; nothing in X.509 has one. */
  #header(field: string): void {
    const { bytes, end } = this;
    const start = this.#at;
    if (start + 2 > end) throw this.error('der.truncated', 'expected an element, got the end', field);
    if ((bytes[start]! & 0x1f) === 0x1f) throw this.error('der.longTag', 'expected a tag below 31', field);
    const first = bytes[start + 1]!;
    let contentStart = start + 2;
    let length = first;
    if (first >= 0x80) {
      const octets = first & 0x7f;
      if (octets === 0) throw this.error('der.indefiniteLength', 'expected a definite length', field);
      if (octets > 4)
        throw this.error('der.lengthTooLarge', `expected a length of at most 4 octets, got ${octets}`, field);
      contentStart += octets;
      if (contentStart > end) throw this.error('der.truncated', 'expected a length, got the end', field);
      length = 0;
      for (let i = start + 2; i < contentStart; i++) length = length * 256 + bytes[i]!;
      if (bytes[start + 2] === 0 || length < 0x80) {
        throw this.error('der.nonMinimalLength', `expected the shortest form of the length ${length}`, field);
      }
    }
    if (length > end - contentStart) {
      throw this.error(
        'der.truncated',
        `expected ${length} bytes of contents, got ${end - contentStart}`,
        field,
      );
    }
    this.#contentStart = contentStart;
    this.#contentEnd = contentStart + length;
  }
}

/** `0x30` as `SEQUENCE (0x30)`. */
function tagName(tag: number): string {
  const number = `0x${tag.toString(16).padStart(2, '0')}`;
  const name = tagNames.get(tag);
  if (name !== undefined) return `${name} (${number})`;
  return (tag & 0xc0) === 0x80 ? `[${tag & 0x1f}] (${number})` : number;
}

/** Tags as they stand on the wire: class and constructed bit included. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific tag `[number]`: `primitive` holds a value, `constructed` holds elements. */
export const contextTag = {
  primitive: (number: number): number => 0x80 | number,
  constructed: (number: number): number => 0xa0 | number,
} as const;

const tagNames: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [0x01, 'BOOLEAN'],
  [0x02, 'INTEGER'],
  [0x03, 'BIT STRING'],
  [0x04, 'OCTET STRING'],
  [0x05, 'NULL'],
  [0x06, 'OBJECT IDENTIFIER'],
  [0x0a, 'ENUMERATED'],
  [0x0c, 'UTF8String'],
  [0x13, 'PrintableString'],
  [0x16, 'IA5String'],
  [0x17, 'UTCTime'],
  [0x18, 'GeneralizedTime'],
  [0x30, 'SEQUENCE'],
  [0x31, 'SET'],
]);
