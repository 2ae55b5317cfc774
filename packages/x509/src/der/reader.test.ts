import { describe, expect, test } from 'vitest';
import { bytes, tlv } from '../../test/der.ts';
import { thrownCode } from '../../test/thrown.ts';
import { X509Error } from '../errors.ts';
import { maxDerDepth } from '../limits.ts';
import { DerReader, tags } from './reader.ts';

const read = (...octets: number[]) =>
  new DerReader(Uint8Array.from(octets), 'Test').content(tags.octetString, 'value');

describe('lengths (X.690 §10.1)', () => {
  test('short and long forms', () => {
    expect(read(0x04, 2, 7, 8)).toEqual(Uint8Array.of(7, 8));
    const long = new DerReader(bytes([0x04, 0x82, 0x01, 0x00], new Uint8Array(256)), 'Test');
    expect(long.content(tags.octetString, 'value').length).toBe(256);
    expect(long.done).toBe(true);
  });
  test.each([
    ['der.nonMinimalLength', [0x04, 0x81, 0x02, 7, 8]],
    ['der.nonMinimalLength', [0x04, 0x82, 0x00, 0x02, 7, 8]],
    ['der.indefiniteLength', [0x04, 0x80, 7, 0, 0]],
    ['der.lengthTooLarge', [0x04, 0x85, 1, 0, 0, 0, 0]],
    ['der.truncated', [0x04, 0x84, 0xff, 0xff, 0xff, 0xff]],
    ['der.truncated', [0x04, 3, 7, 8]],
    ['der.truncated', [0x04, 0x82, 1]],
    ['der.truncated', [0x04]],
    ['der.truncated', []],
    ['der.unexpectedTag', [0x30, 0]],
  ] as const)('%s: %j', (code, octets) => {
    expect(thrownCode(() => read(...octets))).toBe(code);
  });
  test('tags above 30', () => {
    expect(thrownCode(() => new DerReader(Uint8Array.of(0x1f, 0x22, 0), 'Test').element('value'))).toBe(
      'der.longTag',
    );
  });
});

test('an element inside may not reach beyond its parent', () => {
  const parent = new DerReader(Uint8Array.of(0x30, 2, 0x04, 1, 9), 'Test').enter(tags.sequence, 'inner');
  expect(thrownCode(() => parent.content(tags.octetString, 'value'))).toBe('der.truncated');
});

test('errors name the field and count from the start of the input', () => {
  const outer = new DerReader(tlv(0x30, tlv(0x30, [0x05, 0x00])), 'Outer').enter(tags.sequence, 'Outer');
  const inner = outer.enter(tags.sequence, 'inner');
  try {
    inner.content(tags.integer, 'number');
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(X509Error);
    expect(error).toMatchObject({ code: 'der.unexpectedTag', offset: 4, path: 'Outer.inner.number' });
    expect((error as Error).message).toBe(
      'expected INTEGER (0x02), got NULL (0x05) (Outer.inner.number, offset 4)',
    );
  }
});

test('bytes left over', () => {
  const reader = new DerReader(Uint8Array.of(0x05, 0, 0), 'Test');
  reader.content(tags.null, 'value');
  expect(thrownCode(() => reader.finish())).toBe('der.trailingBytes');
});

test('nesting is bounded', () => {
  let der = Uint8Array.of(0x30, 0) as Uint8Array;
  for (let i = 0; i < maxDerDepth + 2; i++) der = tlv(0x30, der);
  const dive = (reader: DerReader): void => dive(reader.enter(tags.sequence, 'deeper'));
  expect(thrownCode(() => dive(new DerReader(der, 'Test')))).toBe('der.tooDeep');
});
