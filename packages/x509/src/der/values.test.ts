import { describe, expect, test } from 'vitest';
import { generalizedTime, tlv, utcTime } from '../../test/der.ts';
import { thrownCode } from '../../test/thrown.ts';
import { DerReader, tags } from './reader.ts';
import { decodeString, decodeUtf8, encodeUtf8 } from './strings.ts';
import { readTime } from './time.ts';
import {
  readBitString,
  readBoolean,
  readInteger,
  readObjectIdentifier,
  readOctetsOfBitString,
  readSmallInteger,
} from './values.ts';

const over = (der: Uint8Array) => new DerReader(der, 'Test');

test('BOOLEAN is 0x00 or 0xff (X.690 §11.1)', () => {
  expect(readBoolean(over(tlv(0x01, [0xff])), 'b')).toBe(true);
  expect(readBoolean(over(tlv(0x01, [0x00])), 'b')).toBe(false);
  expect(thrownCode(() => readBoolean(over(tlv(0x01, [0x01])), 'b'))).toBe('der.badBoolean');
  expect(thrownCode(() => readBoolean(over(tlv(0x01, [])), 'b'))).toBe('der.badBoolean');
});

describe('INTEGER', () => {
  test.each([
    [[0], 0],
    [[0x7f], 127],
    [[0, 0x80], 128],
    [[0x7f, 0xff, 0xff, 0xff], 0x7fff_ffff],
  ])('%j is %i', (octets, value) => expect(readSmallInteger(over(tlv(0x02, octets)), 'i')).toBe(value));
  test.each([[[]], [[0, 0x7f]], [[0xff, 0x80]]])('%j is not the shortest form', (octets) => {
    expect(thrownCode(() => readInteger(over(tlv(0x02, octets)), 'i'))).toBe('der.badInteger');
  });
  test.each([[[0x80]], [[0, 0x80, 0, 0, 0]]])('%j is no small number', (octets) => {
    expect(thrownCode(() => readSmallInteger(over(tlv(0x02, octets)), 'i'))).toBe('der.badInteger');
  });
});

describe('BIT STRING', () => {
  test('unused bits', () => {
    expect(readBitString(over(tlv(0x03, [5, 0xa0])), 'b')).toEqual({
      octets: Uint8Array.of(0xa0),
      unusedBits: 5,
    });
    expect(readBitString(over(tlv(0x03, [0])), 'b').octets.length).toBe(0);
  });
  test.each([[[]], [[8, 0]], [[1]], [[5, 0xb0]]])('%j is refused', (octets) => {
    expect(thrownCode(() => readBitString(over(tlv(0x03, octets)), 'b'))).toBe('der.badBitString');
  });
  test('keys and signatures have whole octets', () => {
    expect(thrownCode(() => readOctetsOfBitString(over(tlv(0x03, [1, 0xa0])), 'b'))).toBe('der.badBitString');
  });
});

describe('OBJECT IDENTIFIER', () => {
  test.each([
    [[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d], '1.2.840.113549'],
    [[0x55, 0x1d, 0x11], '2.5.29.17'],
    [[0x00], '0.0'],
    [[0x4f], '1.39'],
    [[0x88, 0x37, 0x03], '2.999.3'],
    // Beyond 2^53 two arcs that differ by 1 are two.
    [[0x2a, 0x90, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], `1.2.${2n ** 53n + 1n}`],
    [[0x2a, 0xa0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], `1.2.${2n ** 54n + 1n}`],
    [[0xa0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], `2.${2n ** 54n + 1n - 80n}`],
    [[0x2a, 0xc0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81, 0x01], `1.2.${2n ** 62n + 129n}`],
    // 2.25 followed by a UUID of 128 bits.
    [
      [
        0x69, 0x83, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0x7f,
      ],
      `2.25.${2n ** 128n - 1n}`,
    ],
  ])('%j', (octets, text) => expect(readObjectIdentifier(over(tlv(0x06, octets)), 'o')).toBe(text));
  test.each([[[]], [[0x2a, 0x86]], [[0x2a, 0x80, 0x01]], [[0x80, 0x01]], [new Array(129).fill(1)]])(
    '%j is refused',
    (octets) => {
      expect(thrownCode(() => readObjectIdentifier(over(tlv(0x06, octets)), 'o'))).toBe(
        'der.badObjectIdentifier',
      );
    },
  );
});

describe('time (RFC 5280 §4.1.2.5)', () => {
  const at = (der: Uint8Array) => new Date(readTime(over(der), 't')).toISOString();
  test.each([
    [utcTime('500101000000Z'), '1950-01-01T00:00:00.000Z'],
    [utcTime('491231235959Z'), '2049-12-31T23:59:59.000Z'],
    [utcTime('240229120000Z'), '2024-02-29T12:00:00.000Z'],
    [generalizedTime('20500101000000Z'), '2050-01-01T00:00:00.000Z'],
    [generalizedTime('99991231235959Z'), '9999-12-31T23:59:59.000Z'],
    [generalizedTime('00010101000000Z'), '0001-01-01T00:00:00.000Z'],
  ])('%#', (der, text) => expect(at(der)).toBe(text));
  test.each([
    utcTime('2601010000Z'),
    utcTime('260101000000+0000'),
    utcTime('260101000000'),
    utcTime('261301000000Z'),
    utcTime('260001000000Z'),
    utcTime('260230000000Z'),
    utcTime('230229000000Z'),
    utcTime('260101240000Z'),
    utcTime('260101006000Z'),
    utcTime('260101000060Z'),
    utcTime('26010a000000Z'),
    generalizedTime('20500101000000.5Z'),
    generalizedTime('260101000000Z'),
    generalizedTime('21000229000000Z'),
  ])('%# is refused', (der) => expect(thrownCode(() => at(der))).toBe('der.badTime'));
});

describe('character strings', () => {
  test('UTF-8 there and back', () => {
    for (const text of ['', 'abc', 'é', '€', '𝄞', 'Zürich 東京'])
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
  });
  test.each([
    [[0xc0, 0x80]],
    [[0xe0, 0x80, 0x80]],
    [[0xed, 0xa0, 0x80]],
    [[0xf4, 0x90, 0x80, 0x80]],
    [[0xff]],
    [[0xc3]],
    [[0xc3, 0x41]],
    [[0x80]],
  ])('%j is no UTF-8', (octets) => expect(decodeUtf8(Uint8Array.from(octets))).toBeUndefined());
  test('others', () => {
    expect(decodeString(tags.bmpString, Uint8Array.of(0x20, 0xac))).toBe('€');
    expect(decodeString(tags.bmpString, Uint8Array.of(0x20))).toBeUndefined();
    expect(decodeString(tags.bmpString, Uint8Array.of(0xd8, 0x34, 0xdd, 0x1e))).toBeUndefined();
    expect(decodeString(tags.universalString, Uint8Array.of(0, 1, 0xd1, 0x1e))).toBe('𝄞');
    expect(decodeString(tags.universalString, Uint8Array.of(1, 1, 0xd1, 0x1e))).toBeUndefined();
    expect(decodeString(tags.teletexString, Uint8Array.of(0xe9))).toBe('é');
    expect(decodeString(tags.printableString, Uint8Array.of(0xe9))).toBeUndefined();
    expect(decodeString(tags.integer, Uint8Array.of(1))).toBeUndefined();
  });
});
