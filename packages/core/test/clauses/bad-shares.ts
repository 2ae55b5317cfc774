import { bytes } from './clause.ts';
import { hex } from '../harness/hex.ts';

type Shares = readonly (readonly [label: string, share: Uint8Array])[];

/** Shares of x25519 that must be refused (RFC 9846 §7.4.2, RFC 7748 §6.1): wrong sizes, and all points of small order. */
export const badX25519: Shares = [
  ['one byte short', new Uint8Array(31).fill(9)],
  ['one byte long', new Uint8Array(33).fill(9)],
  ['zero', new Uint8Array(32)],
  ['one', new Uint8Array(32).fill(1, 0, 1)],
  ['order 8', hex('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800')],
  ['order 8, the other', hex('5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157')],
  ['p - 1', hex(`ec${'ff'.repeat(30)}7f`)],
  ['p', hex(`ed${'ff'.repeat(30)}7f`)],
  ['p + 1', hex(`ee${'ff'.repeat(30)}7f`)],
];

const onCurve = hex(
  '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
    '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
);

/** Shares of secp256r1 that must be refused (RFC 9846 §4.3.8.2). */
export const badP256: Shares = [
  ['one byte short', bytes(4, ...onCurve.subarray(1))],
  ['one byte long', bytes(4, ...onCurve, 0)],
  ['the point at infinity', bytes(0)],
  ['compressed', bytes(3, ...onCurve.subarray(0, 32))],
  ['hybrid form', bytes(7, ...onCurve)],
  ['off the curve', bytes(4, ...onCurve.subarray(0, 63), 0xf6)],
  ['zeros', bytes(4, ...new Uint8Array(64))],
  ['a coordinate above the prime', bytes(4, ...new Uint8Array(64).fill(0xff))],
];
