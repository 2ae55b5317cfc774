import { copyOf } from '../wire/bytes.ts';

/** Numbers without sign, most significant byte first, as RFC 5246 §7.4.3 writes them: of any length. */

/** Without the zero bytes in front; a copy. */
export function withoutZeros(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0);
  return copyOf(first < 0 ? number.subarray(0, 0) : number.subarray(first));
}

/** With as many zeros in front as make it `length` bytes; as it is if it has more that count. */
export function padded(number: Uint8Array, length: number): Uint8Array {
  const own = withoutZeros(number);
  if (own.length >= length) return own;
  const all = new Uint8Array(length);
  all.set(own, length - own.length);
  return all;
}

/** The position of the highest bit that is set, 1 being the lowest; 0 for zero. */
export function bitsOf(number: Uint8Array): number {
  const own = withoutZeros(number);
  return own.length === 0 ? 0 : own.length * 8 - Math.clz32(own[0]!) + 24;
}
