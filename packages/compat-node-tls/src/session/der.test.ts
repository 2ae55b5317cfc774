import { describe, expect, it } from 'vitest';
import { DerWindow, derElement, derInteger, readInteger, readOctets } from './der.ts';

const window = (...bytes: number[]) => new DerWindow(Uint8Array.from(bytes));
const octets = (length: number) => derElement(0x04, new Uint8Array(length).fill(7));

describe('an element', () => {
  it('has its length in the shortest form', () => {
    for (const length of [0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000]) {
      const inside = new DerWindow(octets(length)).enter(0x04);
      expect(inside?.rest()).toHaveLength(length);
    }
    const long = (...header: number[]) => {
      const length = header.slice(1).reduce((sum, octet) => sum * 256 + octet, 0);
      return window(0x04, ...header, ...new Array<number>(length).fill(7)).enter(0x04);
    };
    expect(long(0x81, 0x80)).toBeDefined();
    expect(long(0x81, 0x7f)).toBeUndefined();
    expect(long(0x82, 0x00, 0x80)).toBeUndefined();
    expect(long(0x82, 0x01, 0x00)).toBeDefined();
    expect(long(0x83, 0x00, 0x01, 0x00)).toBeUndefined();
    expect(window(0x04, 0x80, 0, 0).enter(0x04)).toBeUndefined();
    expect(long(0x85, 0, 0, 0, 1, 0)).toBeUndefined();
  });

  it('is whole, and of the tag that is asked for', () => {
    const whole = octets(200);
    for (let length = 0; length < whole.length; length++)
      expect(new DerWindow(whole.subarray(0, length)).enter(0x04)).toBeUndefined();
    expect(new DerWindow(whole).enter(0x02)).toBeUndefined();
    expect(readOctets(new DerWindow(whole), 200)).toHaveLength(200);
    expect(readOctets(new DerWindow(whole), 199)).toBeUndefined();
  });
});

describe('an integer', () => {
  it('is read as it was written', () => {
    const most = Number.MAX_SAFE_INTEGER;
    for (const value of [0, 1, 127, 128, 255, 256, 2 ** 31, most, -1, -128, -129, -most])
      expect(readInteger(new DerWindow(derInteger(value)))).toBe(value);
  });

  it('has the fewest octets, at least one, and is one that a number holds', () => {
    expect(readInteger(window(2, 0))).toBeUndefined();
    expect(readInteger(window(2, 2, 0, 0x7f))).toBeUndefined();
    expect(readInteger(window(2, 2, 0, 0x80))).toBe(128);
    expect(readInteger(window(2, 2, 0xff, 0x80))).toBeUndefined();
    expect(readInteger(window(2, 2, 0xff, 0x7f))).toBe(-129);
    expect(readInteger(window(2, 7, 0x20, 0, 0, 0, 0, 0, 0))).toBeUndefined();
    expect(readInteger(window(2, 9, 0, 0x80, 0, 0, 0, 0, 0, 0, 0))).toBeUndefined();
  });
});
