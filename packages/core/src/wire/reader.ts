import { TlsError } from '../errors/tls-error.ts';

/**
 * A bounded reader over bytes of the peer (the presentation language of RFC 9846 §3).
 *
 * Every length-prefixed structure is read inside a `region`, which must be consumed exactly: missing and
 * trailing bytes are both `peer.malformedMessage`. What is read is a view of the input, never a copy.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #name: string;
  #at = 0;

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#name = name;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    this.#need(1);
    return this.#bytes[this.#at++]!;
  }

  u16(): number {
    this.#need(2);
    const value = (this.#bytes[this.#at]! << 8) | this.#bytes[this.#at + 1]!;
    this.#at += 2;
    return value;
  }

  u24(): number {
    this.#need(3);
    const value =
      (this.#bytes[this.#at]! << 16) | (this.#bytes[this.#at + 1]! << 8) | this.#bytes[this.#at + 2]!;
    this.#at += 3;
    return value;
  }

  u32(): number {
    return this.u16() * 0x1_0000 + this.u16();
  }

  /** The next `length` bytes, as a view. */
  bytes(length: number): Uint8Array {
    this.#need(length);
    const view = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return view;
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** Reads exactly `length` bytes as the structure called `name`; bytes left over refuse the message. */
  region<T>(length: number, name: string, read: (reader: Reader) => T): T {
    const inner = new Reader(this.bytes(length), `${this.#name}.${name}`);
    const value = read(inner);
    inner.end();
    return value;
  }

  /** Refuses bytes that nobody read. */
  end(): void {
    if (this.remaining > 0) this.fail(`${this.remaining} bytes too many`);
  }

  fail(what: string): never {
    throw new TlsError('peer.malformedMessage', `${this.#name}: ${what}`, {
      section: 'RFC 9846 §6.2',
      field: this.#name,
    });
  }

  #need(length: number): void {
    if (this.remaining < length) {
      this.fail(`needs ${length} more bytes, has ${this.remaining}`);
    }
  }
}
