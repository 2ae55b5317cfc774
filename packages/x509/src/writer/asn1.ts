import * as asn1 from 'asn1js';
import { InternalError } from '@sealwire/core';
import { sameBytes } from '../der/bytes.ts';

/** The DER values that certificates and key containers are written with: asn1js, in our words. */

export function sequence(value: asn1.AsnType[]): asn1.Sequence {
  return new asn1.Sequence({ value });
}

export function set(value: asn1.AsnType[]): asn1.Set {
  return new asn1.Set({ value });
}

/** A number that is not negative, big-endian; leading zeros are of no account. */
export function integer(magnitude: Uint8Array): asn1.Integer {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const digits = magnitude.slice(start);
  const needsSign = (digits[0] ?? 0x80) >= 0x80;
  return new asn1.Integer({ valueHex: needsSign ? Uint8Array.of(0, ...digits) : digits });
}

export function objectIdentifier(value: string): asn1.ObjectIdentifier {
  return new asn1.ObjectIdentifier({ value });
}

export function nullValue(): asn1.Null {
  return new asn1.Null();
}

export function boolean(value: boolean): asn1.Boolean {
  return new asn1.Boolean({ value });
}

export function octetString(valueHex: Uint8Array): asn1.OctetString {
  return new asn1.OctetString({ valueHex });
}

export function bitString(valueHex: Uint8Array, unusedBits = 0): asn1.BitString {
  return new asn1.BitString({ valueHex, unusedBits });
}

/** `[number]` around elements. */
export function explicit(number: number, value: asn1.AsnType[]): asn1.Constructed {
  return new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber: number }, value });
}

/** `[number]` in place of a primitive's own tag. */
export function implicit(number: number, valueHex: Uint8Array): asn1.Primitive {
  return new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber: number }, valueHex });
}

/** DER that exists already; it must come out as it went in. */
export function raw(der: Uint8Array): asn1.AsnType {
  const { offset, result } = asn1.fromBER(der);
  if (offset !== der.length || !sameBytes(toDer(result), der))
    throw new InternalError('expected one element of DER');
  return result;
}

export function toDer(value: asn1.AsnType): Uint8Array {
  return new Uint8Array(value.toBER());
}
