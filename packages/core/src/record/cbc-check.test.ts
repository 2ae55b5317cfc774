import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countingHash } from '../../test/harness/counting-hash.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import type { HashFunction } from '../crypto/provider.ts';
import { concat, hex, sameBytes } from '../wire/bytes.ts';
import { contentLengthOf, openMacThenEncrypt } from './cbc-check.ts';
import { pseudoHeader } from './older-records.ts';

const hashes = [olderProvider.hashes.sha1!, olderProvider.hashes.sha256!, olderProvider.hashes.sha384!];
const macKey = Uint8Array.from({ length: 20 }, (_, i) => i);
const header = () => pseudoHeader(7, 23, 0x0302, 0);

/** content ‖ MAC ‖ padding ‖ padding_length. */
function plainOf(hash: HashFunction, content: Uint8Array, paddingLength: number): Uint8Array {
  const mac = hash.hmac(macKey, [pseudoHeader(7, 23, 0x0302, content.length), content]);
  return concat([content, mac, new Uint8Array(paddingLength + 1).fill(paddingLength)]);
}

/** The same check as anyone would write it who need not hide anything. */
function openPlainly(hash: HashFunction, plain: Uint8Array): Uint8Array | undefined {
  const paddingLength = plain.at(-1)!;
  const length = plain.length - 1 - paddingLength - hash.outputBytes;
  if (length < 0) return undefined;
  if (plain.subarray(-1 - paddingLength).some((byte) => byte !== paddingLength)) return undefined;
  const content = plain.subarray(0, length);
  return sameBytes(plainOf(hash, content, paddingLength), plain) ? content : undefined;
}

describe.each(hashes)('MAC-then-encrypt with $name', (hash) => {
  const open = (plain: Uint8Array, own = hash) => openMacThenEncrypt(own, macKey, header(), plain);

  it('takes off every length of padding', () => {
    for (let paddingLength = 0; paddingLength < 256; paddingLength++) {
      for (const length of [0, 1, 63, 300]) {
        const content = Uint8Array.from({ length }, (_, i) => i + 1);
        expect(open(plainOf(hash, content, paddingLength))).toEqual(content);
      }
    }
  });

  it('refuses every byte of padding that is not its length, and every changed byte of content and MAC', () => {
    for (const paddingLength of [0, 1, 15, 100, 255]) {
      const plain = plainOf(hash, new Uint8Array(33), paddingLength);
      for (let at = 0; at < plain.length; at++) {
        const changed = plain.slice();
        changed[at]! ^= 0x80;
        expect(open(changed)).toBeUndefined();
      }
    }
  });

  it('refuses padding for which there is no room', () => {
    for (let length = hash.outputBytes + 1; length < hash.outputBytes + 40; length++) {
      for (const paddingLength of [length - hash.outputBytes, length - 1, length, 255])
        expect(open(new Uint8Array(length).fill(paddingLength))).toBeUndefined();
    }
  });

  it('finds what a plain check finds', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.nat(255),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }),
        (content, paddingLength, changes) => {
          const plain = plainOf(hash, content, paddingLength);
          // Counted from the end, where padding and MAC are.
          for (const [at, byte] of changes) plain[plain.length - 1 - (at % plain.length)] = byte;
          const expected = openPlainly(hash, plain);
          const found = open(plain);
          expect(found && hex(found)).toEqual(expected && hex(expected));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does the same work for every record of a length, whatever is inside', () => {
    const { hash: counted, count } = countingHash(hash);
    for (const total of [...lengths(hash.outputBytes + 1, 420), 1_024, 16_384 + 64]) {
      const work = new Set<string>();
      const result = new Set<boolean>();
      const openCounted = (plain: Uint8Array) => {
        result.add(open(plain, counted) !== undefined);
        const { compressions, digests } = count();
        work.add(`${compressions} in ${digests}`);
      };
      for (let paddingLength = 0; paddingLength < 256; paddingLength++) {
        // A MAC that is right, wrong ones, and padding that is wrong in its first byte.
        const length = total - hash.outputBytes - 1 - paddingLength;
        if (length >= 0) openCounted(plainOf(hash, new Uint8Array(length), paddingLength));
        const wrong = new Uint8Array(total).fill(paddingLength);
        openCounted(wrong);
        wrong[Math.max(0, total - 1 - paddingLength)]! ^= 1;
        openCounted(wrong);
      }
      expect(work.size).toBe(1);
      expect(result).toEqual(new Set([true, false]));
    }
  });

  it('asks for an HMAC whose time says nothing more, where there is one', () => {
    const unasked = () => {
      throw new Error('its time may depend on the length in other ways');
    };
    const own = { ...hash, hmac: unasked, evenHmac: hash.hmac };
    const content = Uint8Array.of(1, 2, 3);
    expect(open(plainOf(hash, content, 100), own)).toEqual(content);
  });

  it('would be caught if it did not: the MAC alone takes more for longer content', () => {
    const { hash: counted, count } = countingHash(hash);
    const work = new Set<number>();
    for (let paddingLength = 0; paddingLength < 256; paddingLength++) {
      plainOf(counted, new Uint8Array(400 - paddingLength), paddingLength);
      work.add(count().compressions);
    }
    expect(work.size).toBeGreaterThan(2);
  });
});

describe('padding behind a MAC of its own (RFC 7366)', () => {
  it('may be of any length that fits', () => {
    for (let paddingLength = 0; paddingLength < 256; paddingLength++) {
      const padding = new Uint8Array(paddingLength + 1).fill(paddingLength);
      expect(contentLengthOf(padding, 0)).toBe(0);
      expect(contentLengthOf(concat([new Uint8Array(300), padding]), 0)).toBe(300);
      if (paddingLength > 0) expect(contentLengthOf(padding.subarray(1), 0)).toBe(-1);
    }
  });
});

function lengths(from: number, to: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
}

/** Coprime to the blocks, so that no remainder is favoured. */
const step = process.env.SEALWIRE_PROFILE === 'full' ? 1 : 45;
