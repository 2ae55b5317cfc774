import { InternalError } from '../errors/tls-error.ts';

/**
 * A growing buffer; length prefixes are written as zero and filled in when their content is complete. Writers take turns
 * with one buffer, which an array of its own for each message would cost more than what is written into it.
 */
export class Writer {
  #buffer: Uint8Array = takeBuffer();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    this.#grow(1);
    this.#buffer[this.#length++] = value;
  }

  u16(value: number): void {
    this.u8(value >>> 8);
    this.u8(value & 0xff);
  }

  u24(value: number): void {
    this.u8(value >>> 16);
    this.u16(value & 0xffff);
  }

  u32(value: number): void {
    this.u16(Math.floor(value / 0x1_0000));
    this.u16(value % 0x1_0000);
  }

  bytes(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /**
   * Writes what `write` writes, preceded by its length in `lengthBytes` bytes. Content that does not fit
   * is an `InternalError`: sizes that a peer can influence are checked where they are known.
   */
  prefixed(lengthBytes: 1 | 2 | 3, write: (writer: this) => void): void {
    const start = this.#length;
    for (let i = 0; i < lengthBytes; i++) this.u8(0);
    write(this);
    let length = this.#length - start - lengthBytes;
    if (length >= 256 ** lengthBytes) {
      throw new InternalError(`${length} bytes do not fit a length of ${lengthBytes} bytes`);
    }
    for (let i = lengthBytes - 1; i >= 0; i--) {
      this.#buffer[start + i] = length & 0xff;
      length >>>= 8;
    }
  }

  /** The bytes written, as a copy of exactly their size; the writer is empty again, and should not be used further. */
  finish(): Uint8Array {
    const bytes = this.#buffer.slice(0, this.#length);
    // Some of what is written is secret, such as sessions.
    this.#buffer.fill(0, 0, this.#length);
    if (this.#buffer.length === spareBytes) spare = this.#buffer;
    this.#buffer = nothing;
    this.#length = 0;
    return bytes;
  }

  #grow(by: number): void {
    if (this.#length + by <= this.#buffer.length) return;
    const bigger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + by));
    bigger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer.fill(0, 0, this.#length);
    if (this.#buffer.length === spareBytes) spare = this.#buffer;
    this.#buffer = bigger;
  }
}

/** The buffer that waits for the next writer; one that begins inside another gets its own. */
let spare: Uint8Array | undefined;

function takeBuffer(): Uint8Array {
  const buffer = spare ?? new Uint8Array(spareBytes);
  spare = undefined;
  return buffer;
}

const spareBytes = 2_048;
const nothing = /* @__PURE__ */ new Uint8Array(0);
