import { maxObjectIdentifierBytes } from '../limits.ts';
import { type DerReader, tags } from './reader.ts';

/** Primitive DER values (X.690 §8, §11), each in its one allowed encoding. */

/** X.690 §11.1: TRUE is 0xff and nothing else. */
export function readBoolean(reader: DerReader, field: string, tag: number = tags.boolean): boolean {
  const content = reader.content(tag, field);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) {
    throw reader.error('der.badBoolean', 'expected one octet, 0x00 or 0xff', field);
  }
  return content[0] === 0xff;
}

/** A BOOLEAN with DEFAULT FALSE: it is there and TRUE, or it is not there (X.690 §11.5). */
export function readFlag(reader: DerReader, field: string, tag: number = tags.boolean): boolean {
  const start = reader.at;
  if (reader.nextTag !== tag) return false;
  if (readBoolean(reader, field, tag)) return true;
  throw reader.error('der.badBoolean', 'expected FALSE, which is the default, to be left out', field, start);
}

/** The octets of an INTEGER: two's complement, no octet too many (X.690 §8.3.2). */
export function readInteger(reader: DerReader, field: string, tag: number = tags.integer): Uint8Array {
  const content = reader.content(tag, field);
  if (content.length === 0) throw reader.error('der.badInteger', 'expected at least one octet', field);
  if (content.length > 1) {
    const nineBits = (content[0]! << 1) | (content[1]! >> 7);
    if (nineBits === 0 || nineBits === 0x1ff) {
      throw reader.error('der.badInteger', 'expected the shortest form of the integer', field);
    }
  }
  return content;
}

/** An INTEGER from 0 to 2^31 - 1; larger ones are refused, not cut. */
export function readSmallInteger(reader: DerReader, field: string, tag: number = tags.integer): number {
  const content = readInteger(reader, field, tag);
  if (content[0]! >= 0x80) throw reader.error('der.badInteger', 'expected no negative number', field);
  if (content.length > 4) throw reader.error('der.badInteger', 'expected a number below 2^31', field);
  return content.reduce((value, octet) => value * 256 + octet, 0);
}

export interface BitString {
  /** The bits, first bit in the top of the first octet; unused ones at the end are zero (X.690 §11.2.1). */
  readonly octets: Uint8Array;
  readonly unusedBits: number;
}

export function readBitString(reader: DerReader, field: string, tag: number = tags.bitString): BitString {
  const content = reader.content(tag, field);
  const unusedBits = content[0] ?? 8;
  if (unusedBits > 7 || (unusedBits > 0 && content.length === 1)) {
    throw reader.error('der.badBitString', 'expected 0 to 7 unused bits in the last octet', field);
  }
  if ((content[content.length - 1]! & ((1 << unusedBits) - 1)) !== 0 && unusedBits > 0) {
    throw reader.error('der.badBitString', 'expected unused bits to be zero', field);
  }
  return { octets: content.subarray(1), unusedBits };
}

/** A BIT STRING of whole octets: keys and signatures. */
export function readOctetsOfBitString(reader: DerReader, field: string): Uint8Array {
  const { octets, unusedBits } = readBitString(reader, field);
  if (unusedBits !== 0) throw reader.error('der.badBitString', 'expected whole octets', field);
  return octets;
}

/** An object identifier as text, for example `1.2.840.113549.1.1.11`. */
export function readObjectIdentifier(
  reader: DerReader,
  field: string,
  tag: number = tags.objectIdentifier,
): string {
  const content = reader.content(tag, field);
  const text = objectIdentifierText(content);
  if (text === undefined) {
    throw reader.error('der.badObjectIdentifier', 'expected arcs in their shortest form', field);
  }
  return text;
}

/** Passes over an object identifier; the same are refused as by `readObjectIdentifier`. */
export function skipObjectIdentifier(reader: DerReader, field: string): void {
  if (!isObjectIdentifier(reader.content(tags.objectIdentifier, field))) {
    throw reader.error('der.badObjectIdentifier', 'expected arcs in their shortest form', field);
  }
}

/** X.690 §8.19.2: arcs of seven bits an octet, the last with its top bit clear, none starting with 0x80. */
function isObjectIdentifier(content: Uint8Array): boolean {
  if (content.length === 0 || content.length > maxObjectIdentifierBytes) return false;
  let fresh = true;
  for (let i = 0; i < content.length; i++) {
    const octet = content[i]!;
    if (fresh && octet === 0x80) return false;
    fresh = octet < 0x80;
  }
  return fresh;
}

function objectIdentifierText(content: Uint8Array): string | undefined {
  if (!isObjectIdentifier(content)) return undefined;
  let text = '';
  // Below 2^46 seven bits more are still a number that is exact.
  let arc = 0;
  let big: bigint | undefined;
  for (const octet of content) {
    if (big !== undefined) big = (big << 7n) | BigInt(octet & 0x7f);
    else if (arc >= 2 ** 46) big = (BigInt(arc) << 7n) | BigInt(octet & 0x7f);
    else arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (text !== '') text += `.${big ?? arc}`;
    else if (big !== undefined) text = `2.${big - 80n}`;
    else text = arc < 80 ? `${arc < 40 ? 0 : 1}.${arc % 40}` : `2.${arc - 80}`;
    arc = 0;
    big = undefined;
  }
  return text;
}
