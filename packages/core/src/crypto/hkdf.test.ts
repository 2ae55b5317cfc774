import { describe, expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { hex } from '../wire/bytes.ts';
import { deriveSecret, hkdfExpand, hkdfExpandLabel, hkdfExtract } from './hkdf.ts';

const sha256 = testProvider.hashes.sha256!;

describe('HKDF', () => {
  it('gives test case 1 of RFC 5869 §A.1', () => {
    const salt = Uint8Array.from({ length: 13 }, (_, i) => i);
    const info = Uint8Array.from({ length: 10 }, (_, i) => 0xf0 + i);
    const prk = hkdfExtract(sha256, salt, new Uint8Array(22).fill(0x0b));
    expect(hex(prk)).toBe('077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5');
    expect(hex(hkdfExpand(sha256, prk, info, 42))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
  });

  it('gives test case 2 of RFC 5869 §A.2: several blocks', () => {
    const range = (from: number) => Uint8Array.from({ length: 80 }, (_, i) => from + i);
    const prk = hkdfExtract(sha256, range(0x60), range(0));
    expect(hex(hkdfExpand(sha256, prk, range(0xb0), 82))).toBe(
      'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09' +
        'da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
    );
  });

  it('gives every length, one the beginning of the other', () => {
    const secret = new Uint8Array(32).fill(3);
    const long = hkdfExpand(sha256, secret, new Uint8Array(0), 100);
    for (const length of [0, 1, 31, 32, 33, 64, 99]) {
      expect(hkdfExpand(sha256, secret, new Uint8Array(0), length)).toEqual(long.slice(0, length));
    }
  });

  it('writes HkdfLabel as RFC 9846 §7.1 lays it out', () => {
    const secret = new Uint8Array(32).fill(3);
    const context = new Uint8Array([9, 8]);
    const label = [...'tls13 key'].map((character) => character.charCodeAt(0));
    const info = new Uint8Array([0, 16, label.length, ...label, 2, 9, 8]);
    expect(hkdfExpandLabel(sha256, secret, 'key', context, 16)).toEqual(hkdfExpand(sha256, secret, info, 16));
    expect(deriveSecret(sha256, secret, 'derived', new Uint8Array(32))).toHaveLength(32);
  });

  it('mixes nothing up between labels, contexts and lengths that take turns', () => {
    const secret = new Uint8Array(32).fill(3);
    const bytes = (text: string) => [...text].map((character) => character.charCodeAt(0));
    const plainly = (label: string, context: Uint8Array, length: number) => {
      const name = bytes(`tls13 ${label}`);
      const info = [length >>> 8, length & 0xff, name.length, ...name, context.length, ...context];
      return hkdfExpand(sha256, secret, Uint8Array.from(info), length);
    };
    const labels = ['key', 'iv', ...Array.from({ length: 66 }, (_, i) => `label ${i}`)];
    const contexts = [0, 32].flatMap((size) => [1, 2].map((fill) => new Uint8Array(size).fill(fill)));
    const wrong: unknown[] = [];
    for (const length of [12, 32, 33, 100, 12])
      for (const context of contexts)
        for (const label of labels) {
          const got = hkdfExpandLabel(sha256, secret, label, context, length);
          if (hex(got) !== hex(plainly(label, context, length))) wrong.push([label, context, length]);
        }
    expect(wrong).toEqual([]);
  });
});
