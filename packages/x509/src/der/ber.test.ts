import { describe, expect, test } from 'vitest';
import { bytes, sequence, tlv } from '../../test/der.ts';
import { thrownCode } from '../../test/thrown.ts';
import { maxBerDepth, maxContainerBytes } from '../limits.ts';
import { berToDer } from './ber.ts';

const indefinite = (tag: number, ...content: Uint8Array[]) => bytes([tag, 0x80], ...content, [0, 0]);
const octets = (...values: number[]) => tlv(0x04, values);

test('DER stays as it is, and is not copied', () => {
  const der = sequence(octets(1, 2), tlv(0xa0, tlv(0x02, [5])), tlv(0x05));
  expect(berToDer(der)).toEqual(der);
  expect(berToDer(der).buffer).toBe(der.buffer);
});

test.each([
  ['an indefinite length', indefinite(0x30, octets(1)), sequence(octets(1))],
  [
    'indefinite lengths inside each other',
    indefinite(0x30, indefinite(0xa0, octets(1)), octets(2)),
    sequence(tlv(0xa0, octets(1)), octets(2)),
  ],
  ['a length that could be shorter', bytes([0x30, 0x81, 3], octets(1)), sequence(octets(1))],
  ['a length with zeros in front', bytes([0x30, 0x84, 0, 0, 0, 3], octets(1)), sequence(octets(1))],
  ['one that could be shorter inside', sequence(bytes([0x04, 0x82, 0, 1], [7])), sequence(octets(7))],
  ['an octet string in segments', indefinite(0x24, octets(1, 2), octets(), octets(3)), octets(1, 2, 3)],
  ['segments of segments', tlv(0x24, octets(1), indefinite(0x24, octets(2), octets(3))), octets(1, 2, 3)],
  ['nothing in an octet string', indefinite(0x24), octets()],
  ['zeros that are contents', indefinite(0x30, octets(0, 0)), sequence(octets(0, 0))],
])('%s', (_name, ber, der) => expect(berToDer(ber)).toEqual(der));

test('a length grows where the contents do', () => {
  const inside = new Uint8Array(300).fill(7);
  const ber = indefinite(
    0x30,
    indefinite(0x24, tlv(0x04, inside.subarray(0, 100)), tlv(0x04, inside.subarray(100))),
  );
  expect(berToDer(ber)).toEqual(sequence(tlv(0x04, inside)));
});

describe('damage', () => {
  test.each([
    ['der.truncated', []],
    ['der.truncated', [0x30]],
    ['der.truncated', [0x30, 0x80]],
    ['der.truncated', [0x30, 0x80, 0]],
    ['der.truncated', [0x30, 0x80, 0x04, 1, 0, 0]],
    ['der.truncated', [0x30, 3, 4, 2, 1]],
    ['der.truncated', [0x30, 0x85, 1, 0, 0, 0, 0]],
    ['der.truncated', [0x30, 0xff, 1]],
    ['der.truncated', [0x30, 0x81]],
    ['der.indefiniteLength', [0x04, 0x80, 0, 0]],
    ['der.longTag', [0x30, 0x80, 0x1f, 0x22, 0, 0, 0]],
    ['der.unexpectedTag', [0x30, 2, 0, 0]],
    ['der.unexpectedTag', [0x24, 2, 0x05, 0]],
    ['der.trailingBytes', [0x30, 0x80, 0, 0, 0]],
    ['der.trailingBytes', [0x30, 0, 0]],
  ])('%s %j', (code, input) => expect(thrownCode(() => berToDer(Uint8Array.from(input)))).toBe(code));
  test('nesting is bounded', () => {
    let ber = octets(1);
    for (let i = 0; i < maxBerDepth; i++) ber = indefinite(0x30, ber);
    expect(thrownCode(() => berToDer(ber))).toBe('none');
    expect(thrownCode(() => berToDer(indefinite(0x30, ber)))).toBe('der.tooDeep');
    const open = Uint8Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? 0x30 : 0x80));
    expect(thrownCode(() => berToDer(open))).toBe('der.tooDeep');
  });
  test('size is bounded, and many elements are no trouble', () => {
    expect(thrownCode(() => berToDer(new Uint8Array(maxContainerBytes + 1)))).toBe('container.tooLarge');
    const many = new Uint8Array(2_000_004);
    many.set([0x30, 0x80]);
    for (let i = 2; i < many.length - 2; i += 2) many[i] = 0x05;
    expect(berToDer(many).length).toBe(2_000_000 + 5);
  });
});
