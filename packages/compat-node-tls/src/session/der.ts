import { ApiMisuseError } from '@sealwire/core';

/**
 * The little DER that an SSL_SESSION is made of (X.690 §8, §10): definite lengths in the shortest form, tags of one byte,
 * integers in the fewest octets. Whatever deviates is none, so that what is read is written back byte for byte.
 */

/** A window on bytes that gives `undefined` for whatever it does not find; after that it is at its end. */
export class DerWindow {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at === this.#end;
  }

  get nextTag(): number | undefined {
    return this.#at < this.#end ? this.#bytes[this.#at] : undefined;
  }

  /** The contents of the next element, if it has this tag. */
  enter(tag: number): DerWindow | undefined {
    const bytes = this.#bytes;
    let at = this.#at + 2;
    if (this.nextTag !== tag || at > this.#end) return undefined;
    const first = bytes[at - 1]!;
    let length = first;
    if (first >= 0x80) {
      const octets = first & 0x7f;
      if (octets === 0 || octets > 4 || at + octets > this.#end) return undefined;
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + bytes[at + i]!;
      // The shortest form (X.690 §10.1).
      if (length < 0x80 || length < 256 ** (octets - 1)) return undefined;
      at += octets;
    }
    if (length > this.#end - at) return undefined;
    this.#at = at + length;
    return new DerWindow(bytes, at, at + length);
  }

  /** What is left, as a copy. */
  rest(): Uint8Array {
    const rest = Uint8Array.from(this.#bytes.subarray(this.#at, this.#end));
    this.#at = this.#end;
    return rest;
  }
}

/** OCTET STRING, of at most so many bytes. */
export function readOctets(from: DerWindow, most: number): Uint8Array | undefined {
  const octets = from.enter(octetString)?.rest();
  return octets !== undefined && octets.length <= most ? octets : undefined;
}

/** INTEGER that a `number` holds. */
export function readInteger(from: DerWindow): number | undefined {
  const octets = from.enter(integer)?.rest();
  if (octets === undefined || octets.length === 0 || octets.length > 8) return undefined;
  const [first, second] = octets as unknown as [number, number | undefined];
  // In the fewest octets (X.690 §8.3.2).
  const isPadded = (first === 0 && second! < 0x80) || (first === 0xff && second! >= 0x80);
  if (octets.length > 1 && isPadded) return undefined;
  let value = first >= 0x80 ? first - 256 : first;
  for (const octet of octets.subarray(1)) value = value * 256 + octet;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** An element of this tag around these contents. */
export function derElement(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, each) => sum + each.length, 0);
  const octets: number[] = [];
  if (length >= 0x80)
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | octets.length, ...octets];
  return Buffer.concat([Uint8Array.from(header), ...contents]);
}

export const derOctets = (octets: Uint8Array): Uint8Array => derElement(octetString, octets);

/** INTEGER of a safe integer, in the fewest octets. */
export function derInteger(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new ApiMisuseError(`expected an integer, got ${value}`);
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(((rest % 256) + 256) % 256);
    rest = Math.floor(rest / 256);
  } while (rest !== (octets[0]! >= 0x80 ? -1 : 0));
  return derElement(integer, Uint8Array.from(octets));
}

/** `[number] EXPLICIT`. */
export const explicit = (number: number): number => 0xa0 | number;

export const sequence = 0x30;
const integer = 0x02;
const octetString = 0x04;
