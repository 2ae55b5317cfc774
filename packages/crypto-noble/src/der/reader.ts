import { hex } from '../bytes.ts';

/**
 * A strict reader for the DER (X.690 §10) that keys and signatures are made of: definite lengths in their
 * shortest form, minimal integers, whole octets in bit strings, nothing left over. Anything else is refused.
 */
export function readDer<T>(bytes: Uint8Array, read: (reader: DerReader) => T): T | undefined {
  try {
    const reader = new DerReader(bytes);
    const value = read(reader);
    reader.expectEnd();
    return value;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** Refused input. Thrown inside `readDer` only, which turns it into `undefined`. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  expectEnd(): void {
    if (!this.atEnd) throw new DerError('bytes are left over');
  }

  nextIs(tag: number): boolean {
    return this.#bytes[this.#at] === tag;
  }

  /** The content of the next element, which must have this tag. */
  content(tag: number): Uint8Array {
    if (!this.nextIs(tag)) throw new DerError(`expected tag 0x${tag.toString(16)}`);
    this.#at++;
    const length = this.#length();
    if (length > this.#bytes.length - this.#at) throw new DerError('an element is longer than what holds it');
    const content = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return content;
  }

  /** Reads the inside of a constructed element to its end. */
  inside<T>(tag: number, read: (reader: DerReader) => T): T {
    const reader = new DerReader(this.content(tag));
    const value = read(reader);
    reader.expectEnd();
    return value;
  }

  sequence<T>(read: (reader: DerReader) => T): T {
    return this.inside(tags.sequence, read);
  }

  /** A non-negative INTEGER, as its magnitude without a leading zero (0 is no bytes). */
  unsigned(): Uint8Array {
    const content = this.content(tags.integer);
    if (content.length === 0) throw new DerError('an INTEGER without content');
    if (content[0]! >= 0x80) throw new DerError('a negative INTEGER');
    if (content[0] !== 0) return content;
    if (content.length > 1 && content[1]! < 0x80) throw new DerError('an INTEGER that is not minimal');
    return content.subarray(1);
  }

  /** A non-negative INTEGER below 2^31. */
  smallUnsigned(): number {
    const bytes = this.unsigned();
    if (bytes.length > 4 || (bytes.length === 4 && bytes[0]! >= 0x80))
      throw new DerError('an INTEGER out of range');
    return bytes.reduce((value, byte) => value * 256 + byte, 0);
  }

  /** An OBJECT IDENTIFIER, as its content in hex (compare with `oids`). */
  oid(): string {
    return hex(this.content(tags.oid));
  }

  octetString(): Uint8Array {
    return this.content(tags.octetString);
  }

  /** A BIT STRING of whole octets; `tag` differs where it is tagged implicitly. */
  bitString(tag: number = tags.bitString): Uint8Array {
    const content = this.content(tag);
    if (content[0] !== 0) throw new DerError('a BIT STRING with unused bits');
    return content.subarray(1);
  }

  nothing(): void {
    if (this.content(tags.null).length !== 0) throw new DerError('a NULL with content');
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first - 0x80;
    if (count === 0 || count > 4) throw new DerError('an indefinite or oversized length');
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte();
    if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw new DerError('a length that is not minimal');
    return length;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new DerError('the input ends inside an element');
    return byte;
  }
}

export const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  context0: 0xa0,
  context1: 0xa1,
  context2: 0xa2,
  context3: 0xa3,
  /** `[0] IMPLICIT OCTET STRING`, primitive. */
  implicit0: 0x80,
  /** `[1] IMPLICIT BIT STRING`, primitive. */
  implicit1: 0x81,
} as const;
