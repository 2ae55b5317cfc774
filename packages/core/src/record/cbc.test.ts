import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { olderProvider } from '../../test/harness/older-provider.ts';
import type { CbcCipher } from '../crypto/provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import { concat, copyOf } from '../wire/bytes.ts';
import { Cbc, type CbcOptions } from './cbc.ts';
import { maxOlderCiphertextBytes } from './deframer.ts';
import { pseudoHeader } from './older-records.ts';

const hash = olderProvider.hashes.sha1!;
const macKey = new Uint8Array(20).fill(3);
const cipherNames = ['aes-128-cbc', 'aes-256-cbc', '3des-ede-cbc'] as const;
type Kind = 'chained' | 'explicit';

/** Nine sets: three ciphers, encrypt-then-MAC or not, IVs chained or not where it matters. */
const kinds = cipherNames.flatMap((name) =>
  [true, false].flatMap((encryptThenMac) =>
    (['chained', 'explicit'] as const).map((iv) => ({ name, encryptThenMac, iv })),
  ),
);

function keyOf({ keyBytes }: CbcCipher): Uint8Array {
  return Uint8Array.from({ length: keyBytes }, (_, i) => i + 1);
}

function options(name: (typeof cipherNames)[number], encryptThenMac: boolean, iv: Kind): CbcOptions {
  const cipher = olderProvider.cbcs![name]!;
  const first = new Uint8Array(cipher.blockBytes).fill(9);
  let drawn = 0;
  return {
    cipher,
    key: keyOf(cipher),
    hash,
    macKey,
    iv:
      iv === 'chained'
        ? { is: 'chained', first }
        : { is: 'explicit', entropy: { random: (length) => new Uint8Array(length).fill(++drawn) } },
    version: iv === 'chained' ? 0x0301 : 0x0303,
    encryptThenMac,
    recordLimit: 100,
  };
}

describe.each(kinds)('$name, encrypt-then-MAC $encryptThenMac, IVs $iv', ({ name, encryptThenMac, iv }) => {
  const own = options(name, encryptThenMac, iv);
  const made = () => new Cbc(options(name, encryptThenMac, iv));
  const { blockBytes } = own.cipher;
  const ivBytes = iv === 'explicit' ? blockBytes : 0;

  it('opens what it seals, record after record', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.integer({ min: 20, max: 23 }),
            fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 3 }),
          ),
          { maxLength: 5 },
        ),
        fc.nat(Number.MAX_SAFE_INTEGER - 10),
        (records, start) => {
          const [sealing, opening] = [made(), made()];
          records.forEach(([type, pieces], i) => {
            const content = concat(pieces);
            const record = concat(sealing.seal(type, pieces, 0, start + i));
            const inner = encryptThenMac ? content.length : content.length + 20;
            const blocks = Math.floor(inner / blockBytes) + 1;
            const fragmentBytes = ivBytes + blocks * blockBytes + (encryptThenMac ? 20 : 0);
            expect([...record.subarray(0, 5)]).toEqual([
              type,
              3,
              iv === 'chained' ? 1 : 3,
              fragmentBytes >> 8,
              fragmentBytes & 0xff,
            ]);
            expect(record).toHaveLength(5 + fragmentBytes);
            expect(opening.tryOpen(record, start + i)).toEqual({ type, content, innerBytes: content.length });
          });
        },
      ),
    );
  });

  it('refuses every changed bit, another type, version or sequence number', () => {
    const record = concat(made().seal(22, [new Uint8Array(21)], 0, 5));
    for (let bit = 0; bit < record.length * 8; bit++) {
      if (bit >= 24 && bit < 40) continue;
      const changed = copyOf(record);
      changed[bit >> 3]! ^= 0x80 >> (bit & 7);
      expect(made().tryOpen(changed, 5)).toBeUndefined();
    }
    for (const sequence of [4, 6, 5 + 2 ** 32]) expect(made().tryOpen(record, sequence)).toBeUndefined();
    expect(made().tryOpen(record, 5)).toBeDefined();
  });

  it('refuses what is cut or longer, however short', () => {
    const record = concat(made().seal(22, [new Uint8Array(40)], 0, 0));
    for (let length = 5; length < record.length; length++) {
      expect(made().tryOpen(record.subarray(0, length), 0)).toBeUndefined();
      expect(made().tryOpen(concat([record, new Uint8Array(length)]), 0)).toBeUndefined();
    }
    for (let length = 5; length < 100; length++)
      expect(
        made().tryOpen(concat([new Uint8Array([23, 3, 3]), new Uint8Array(length - 3)]), 0),
      ).toBeUndefined();
  });

  it('opens the largest there can be, and says how much is inside', () => {
    expect(made().maxFragmentBytes).toBe(maxOlderCiphertextBytes);
    for (const length of [2 ** 14, 2 ** 14 + 1, maxOlderCiphertextBytes - 64]) {
      const record = concat(made().seal(23, [new Uint8Array(length)], 0, 0));
      expect(made().tryOpen(record, 0)).toMatchObject({ innerBytes: length });
    }
  });

  it('opens every length of padding, and none with a wrong byte', () => {
    for (let paddingLength = 0; paddingLength < 256; paddingLength++) {
      const content = contentFor(paddingLength);
      expect(made().tryOpen(byHand(content, paddingLength, -1), 0)).toMatchObject({ content });
      if (paddingLength > 0) {
        expect(made().tryOpen(byHand(content, paddingLength, paddingLength >> 1), 0)).toBeUndefined();
        expect(made().tryOpen(byHand(content, paddingLength, 0), 0)).toBeUndefined();
      }
    }
  });

  /** Content that this much padding makes whole blocks of. */
  function contentFor(paddingLength: number): Uint8Array {
    const inside = paddingLength + 1 + (encryptThenMac ? 0 : 20);
    return new Uint8Array((blockBytes - (inside % blockBytes)) % blockBytes).fill(7);
  }

  /** A record as the RFC describes it, with one byte of padding wrong. */
  function byHand(content: Uint8Array, paddingLength: number, wrongAt: number): Uint8Array {
    const padding = new Uint8Array(paddingLength + 1).fill(paddingLength);
    if (wrongAt >= 0) padding[wrongAt]! ^= 1;
    const mac = (covered: Uint8Array) =>
      hash.hmac(macKey, [pseudoHeader(0, 23, own.version, covered.length), covered]);
    const firstIv = new Uint8Array(blockBytes).fill(9);
    const inside = encryptThenMac ? [content, padding] : [content, mac(content), padding];
    const ciphertext = own.cipher.key(own.key).encrypt(firstIv, inside);
    const encrypted = iv === 'chained' ? ciphertext : concat([firstIv, ciphertext]);
    const fragment = encryptThenMac ? concat([encrypted, mac(encrypted)]) : encrypted;
    const header = [23, own.version >> 8, own.version & 0xff, fragment.length >> 8, fragment.length & 0xff];
    return concat([new Uint8Array(header), fragment]);
  }

  it('takes no padding from outside', () => {
    expect(() => made().seal(23, [], 1, 0)).toThrow(InternalError);
  });

  it('lets go of its keys', () => {
    let wiped = 0;
    const key = own.cipher.key(own.key);
    const cipher = { ...own.cipher, key: () => ({ ...key, wipe: () => void wiped++ }) };
    const protection = new Cbc({ ...options(name, encryptThenMac, iv), cipher });
    const before = concat(protection.seal(23, [], 0, 0));
    protection.wipe();
    expect(wiped).toBe(1);
    expect(made().tryOpen(before, 0)).toBeDefined();
    // The MAC key is gone, not the caller's.
    expect(made().tryOpen(concat(protection.seal(23, [], 0, 0)), 0)).toBeUndefined();
    expect(macKey[0]).toBe(3);
  });
});

describe('chained IVs (RFC 2246 §6.2.3.2)', () => {
  it.each([true, false])('are the last block of the record before; encrypt-then-MAC %s', (encryptThenMac) => {
    const own = options('aes-128-cbc', encryptThenMac, 'chained');
    const sealing = new Cbc(own);
    const records = [0, 1, 2].map((i) => concat(sealing.seal(23, [new Uint8Array(50).fill(i)], 0, i)));
    const [first, second, third] = records as [Uint8Array, Uint8Array, Uint8Array];
    const end = first.length - (encryptThenMac ? 20 : 0);
    const plain = own.cipher.key(own.key).decrypt(first.subarray(end - 16, end), second.subarray(5, 5 + 64));
    expect(plain.subarray(0, 50)).toEqual(new Uint8Array(50).fill(1));
    const opening = new Cbc(own);
    expect(opening.tryOpen(first, 0)).toBeDefined();
    // Without the second, the third does not open, though its MAC key and sequence number are right.
    expect(opening.tryOpen(third, 2)?.content).not.toEqual(new Uint8Array(50).fill(2));
  });
});

describe('explicit IVs (RFC 4346 §6.2.3.2)', () => {
  it('are drawn for each record, a block each, and make equal records unlike', () => {
    const asked: number[] = [];
    const own = options('3des-ede-cbc', false, 'explicit');
    const sealing = new Cbc({
      ...own,
      iv: {
        is: 'explicit',
        entropy: {
          random(length) {
            asked.push(length);
            return new Uint8Array(length).fill(asked.length);
          },
        },
      },
    });
    const [one, other] = [0, 0].map((sequence) => concat(sealing.seal(23, [new Uint8Array(5)], 0, sequence)));
    expect(asked).toEqual([8, 8]);
    expect(one!.subarray(5, 13)).toEqual(new Uint8Array(8).fill(1));
    expect(one!.subarray(13)).not.toEqual(other!.subarray(13));
  });
});

describe('encrypt-then-MAC (RFC 7366 §3)', () => {
  it('decrypts nothing whose MAC is wrong', () => {
    const own = options('aes-128-cbc', true, 'explicit');
    let decrypted = 0;
    const key = own.cipher.key(own.key);
    const decrypt = (iv: Uint8Array, ciphertext: Uint8Array) => {
      decrypted++;
      return key.decrypt(iv, ciphertext);
    };
    const opening = new Cbc({ ...own, cipher: { ...own.cipher, key: () => ({ ...key, decrypt }) } });
    const record = concat(new Cbc(own).seal(23, [new Uint8Array(5)], 0, 0));
    const changed = copyOf(record);
    changed[30]! ^= 1;
    expect(opening.tryOpen(changed, 0)).toBeUndefined();
    expect(decrypted).toBe(0);
    expect(opening.tryOpen(record, 0)).toBeDefined();
    expect(decrypted).toBe(1);
  });

  it('is not MAC-then-encrypt: neither opens what the other sealed', () => {
    const [before, after] = [false, true].map((agreed) => options('aes-128-cbc', agreed, 'explicit'));
    for (const length of [0, 5, 11, 12, 100]) {
      const content = [new Uint8Array(length)];
      expect(new Cbc(before!).tryOpen(concat(new Cbc(after!).seal(23, content, 0, 0)), 0)).toBeUndefined();
      expect(new Cbc(after!).tryOpen(concat(new Cbc(before!).seal(23, content, 0, 0)), 0)).toBeUndefined();
    }
  });
});
