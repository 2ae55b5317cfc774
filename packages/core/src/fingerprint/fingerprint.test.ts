import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { fingerprintVectors } from '../../test/vectors/fingerprints.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import { ja3, ja4 } from '../fingerprint.ts';

const md5 = testProvider.hashes.md5!;
const sha256 = testProvider.hashes.sha256!;

describe('published fingerprints', () => {
  it.each(fingerprintVectors)('JA3 of $name', ({ hello, ja3: expected }) => {
    expect(ja3(bytes(hello), md5)).toEqual(expected);
  });

  it.each(fingerprintVectors)('JA4 of $name', ({ hello, ja4: expected }) => {
    expect(ja4(bytes(hello), sha256)).toEqual(expected);
  });
});

/** A ClientHello of TLS 1.2 with one suite, and these extensions. */
function hello(extensions: readonly (readonly [type: number, data: string])[] | undefined): Uint8Array {
  const block = (extensions ?? []).map(([type, data]) => u16(type) + u16(data.length / 2) + data).join('');
  const body = `0303${'00'.repeat(32)}00000213010100${extensions === undefined ? '' : u16(block.length / 2) + block}`;
  return bytes(`01${(body.length / 2).toString(16).padStart(6, '0')}${body}`);
}

const alpn = (name: string): [number, string] => {
  const entry = u8(name.length / 2) + name;
  return [16, u16(entry.length / 2) + entry];
};

describe('the readable part of JA4', () => {
  const readable = (...extensions: [number, string][]) => ja4(hello(extensions), sha256)!.ja4.split('_')[0];

  // The examples of FoxIO's technical description of JA4, as of 2026-06-19.
  it.each([
    ['ab', 'ab'],
    ['20', '20'],
    ['abcd', 'ad'],
    ['2061', '21'],
    ['30ab', '3b'],
    ['6120', '60'],
    ['3031abcd', '3d'],
    ['30abcd31', '01'],
    ['6832', 'h2'],
    ['68', 'hh'],
    ['687474702f312e31', 'h1'],
  ])('an ALPN name of the bytes %s shows as %s', (name, shown) => {
    expect(readable(alpn(name))).toBe(`t12i0101${shown}`);
  });

  it('takes the highest version that is no GREASE, and counts no GREASE', () => {
    expect(readable([0x0a0a, ''], [43, '060a0a03040303'], alpn('0a0a'), [0x1a1a, '00'])).toBe('t13i010200');
    expect(readable([43, '0413010304'])).toBe('t00i010100');
  });

  it('tells QUIC from TCP, and names from addresses', () => {
    expect(ja4(hello([[0, '']]), sha256, 'quic')!.ja4).toMatch(/^q12d0101/);
  });

  it('says zeros where there is nothing to hash', () => {
    expect(ja4(hello(undefined), sha256)!.ja4).toMatch(/^t12i010000_[0-9a-f]{12}_000000000000$/);
    expect(ja4(hello([[0, '']]), sha256)!.ja4).toMatch(/^t12d010100_[0-9a-f]{12}_000000000000$/);
  });
});

describe('JA3', () => {
  // The examples of the README of salesforce/ja3, as of 2023-10-20.
  it.each([
    [
      '769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0',
      'ada70206e40642a3e4461f35503241d5',
    ],
    ['769,4-5-10-9-100-98-3-6-19-18-99,,,', 'de350869b8c85de67a350c8d186f11e6'],
  ])('hashes %s', (text, hash) => {
    const [version, suites, types, groups] = text.split(',');
    const list = (part: string) => part.split('-').map((each) => u16(Number(each)));
    const named = list(groups === '' ? '23' : groups!).join('');
    const data = new Map([
      ['10', u16(named.length / 2) + named],
      ['11', '0100'],
    ]);
    const extensions =
      types === ''
        ? ''
        : types!
            .split('-')
            .map((type) => {
              const content = data.get(type) ?? '';
              return u16(Number(type)) + u16(content.length / 2) + content;
            })
            .join('');
    const offered = list(suites!).join('');
    const body = `${u16(Number(version))}${'00'.repeat(32)}00${u16(offered.length / 2)}${offered}0100${
      types === '' ? '' : u16(extensions.length / 2) + extensions
    }`;
    expect(ja3(bytes(`01${(body.length / 2).toString(16).padStart(6, '0')}${body}`), md5)).toEqual({
      text,
      hash,
    });
  });
});

it('gives nothing for what is no ClientHello, and never throws', () => {
  const whole = bytes(fingerprintVectors[0]!.hello);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, length) => {
      const changed = Uint8Array.from(whole);
      changed[at] = value;
      ja3(changed, md5);
      ja4(changed, sha256);
      if (length < whole.length) expect(ja4(changed.subarray(0, length), sha256)).toBeUndefined();
    }),
    { seed: 8701 },
  );
  expect(ja3(new Uint8Array(0), md5)).toBeUndefined();
});

it('refuses the wrong hash function', () => {
  expect(() => ja3(new Uint8Array(0), sha256)).toThrow(ApiMisuseError);
  expect(() => ja4(new Uint8Array(0), undefined!)).toThrow(ApiMisuseError);
});

function u8(value: number): string {
  return value.toString(16).padStart(2, '0');
}

function u16(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
