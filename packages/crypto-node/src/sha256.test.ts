import fc from 'fast-check';
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hmacSha256, maxShortBytes, Sha256State } from './sha256.ts';

const ascii = (text: string) => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function hashOf(pieces: readonly Uint8Array[]): Uint8Array {
  const state = new Sha256State();
  for (const piece of pieces) state.update(piece);
  return state.digest();
}

describe('SHA-256', () => {
  it('has the examples of FIPS 180-4 (csrc.nist.gov, SHA256.pdf)', () => {
    expect(hex(hashOf([ascii('abc')]))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(hex(hashOf([ascii('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')]))).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
  });

  it('agrees with node:crypto at every length around the blocks', () => {
    for (let length = 0; length < 330; length++) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);
      const expected = createHash('sha256').update(message).digest('hex');
      expect(hex(hashOf([message]))).toBe(expected);
      expect(hex(hashOf([message.subarray(0, length >> 1), message.subarray(length >> 1)]))).toBe(expected);
    }
  });

  it('agrees with node:crypto however a message is cut, and copies are independent', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 6 }), (pieces) => {
        const state = new Sha256State();
        const expected = createHash('sha256');
        for (const piece of pieces) {
          state.update(piece);
          expected.update(piece);
          const other = state.fork();
          other.update(ascii('something else'));
          expect(hex(state.fork().digest())).toBe(expected.copy().digest('hex'));
          expect(hex(other.digest())).toBe(expected.copy().update('something else').digest('hex'));
        }
        expect(hex(state.digest())).toBe(expected.digest('hex'));
      }),
      { numRuns: 60 },
    );
  });
});

describe('HMAC of SHA-256', () => {
  it('has test case 2 of RFC 4231 §4.3', () => {
    const mac = hmacSha256(ascii('Jefe'), [ascii('what do ya want '), ascii('for nothing?')]);
    expect(hex(mac)).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });

  it('agrees with node:crypto for every length of key and message that it takes', () => {
    for (let length = 0; length <= maxShortBytes; length++) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 5 + length) & 0xff);
      const key = message.slice(0, length % 65);
      const expected = createHmac('sha256', key).update(message).digest('hex');
      expect(hex(hmacSha256(key, [message]))).toBe(expected);
      expect(hex(hmacSha256(key, [message.subarray(0, length >> 1), message.subarray(length >> 1)]))).toBe(
        expected,
      );
    }
  });

  it('leaves a running hash alone', () => {
    const state = new Sha256State();
    state.update(ascii('a'));
    hmacSha256(ascii('key'), [ascii('message')]);
    state.update(ascii('bc'));
    expect(hex(state.digest())).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
