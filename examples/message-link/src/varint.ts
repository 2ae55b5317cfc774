/** Variable-length integers of QUIC (RFC 9000 §16), and a cursor over what has them. */

/** Whatever is wrong with bytes of the peer. */
export class PacketError extends Error {}

export function varint(value: number): number[] {
  if (value < 0x40) return [value];
  if (value < 0x4000) return [0x40 | (value >>> 8), value & 0xff];
  if (value < 0x4000_0000)
    return [0x80 | (value >>> 24), (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
  const high = Math.floor(value / 2 ** 32);
  const low = value >>> 0;
  return [
    ...[0xc0 | (high >>> 24), (high >>> 16) & 0xff, (high >>> 8) & 0xff, high & 0xff],
    ...[low >>> 24, (low >>> 16) & 0xff, (low >>> 8) & 0xff, low & 0xff],
  ];
}

export class Cursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new PacketError('a byte is missing');
    return value;
  }

  varint(): number {
    const value = this.#integer();
    if (!Number.isSafeInteger(value)) throw new PacketError('an integer beyond 2^53');
    return value;
  }

  /** Where beyond 2^53 nothing depends on the value any more: bounds of those who set none, and reserved numbers. */
  capped(): number {
    return Math.min(this.#integer(), Number.MAX_SAFE_INTEGER);
  }

  #integer(): number {
    const first = this.byte();
    let value = first & 0x3f;
    for (let i = (1 << (first >>> 6)) - 1; i > 0; i--) value = value * 256 + this.byte();
    return value;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new PacketError(`${length} bytes expected, ${this.left} left`);
    const bytes = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return bytes;
  }
}
