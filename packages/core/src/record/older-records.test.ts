import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import { concat, copyOf, hex } from '../wire/bytes.ts';
import { Aead12 } from './aead12.ts';
import { maxOlderCiphertextBytes } from './deframer.ts';
import { NullMac } from './null-mac.ts';
import { pseudoHeader } from './older-records.ts';
import type { RecordProtection } from './protection.ts';

const aeadNames = [
  'aes-128-gcm',
  'aes-256-gcm',
  'chacha20-poly1305',
  'aes-128-ccm',
  'aes-256-ccm-8',
] as const;

function aead12(name: (typeof aeadNames)[number]): Aead12 {
  const aead = olderProvider.aeads[name]!;
  const fixedIv = new Uint8Array(name === 'chacha20-poly1305' ? 12 : 4).fill(4);
  return new Aead12({
    aead,
    key: new Uint8Array(aead.keyBytes).fill(1),
    fixedIv,
    version: 0x0303,
    recordLimit: 100,
  });
}

const nullMac = (name: 'md5' | 'sha1' | 'sha256' | 'sha384') =>
  new NullMac({
    hash: olderProvider.hashes[name]!,
    macKey: new Uint8Array(20).fill(6),
    version: 0x0303,
    recordLimit: 100,
  });

const protections: readonly (readonly [name: string, overhead: number, made: () => RecordProtection])[] = [
  ...aeadNames.map((name) => {
    const overhead = name === 'chacha20-poly1305' ? 16 : name === 'aes-256-ccm-8' ? 16 : 24;
    return [name, overhead, () => aead12(name)] as const;
  }),
  ['HMAC-MD5 alone', 16, () => nullMac('md5')],
  ['HMAC-SHA-1 alone', 20, () => nullMac('sha1')],
  ['HMAC-SHA-384 alone', 48, () => nullMac('sha384')],
];

describe.each(protections)('%s', (_, overhead, made) => {
  it('opens what it seals: the type is in the header, and counts for nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 23 }),
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 3 }),
        fc.nat(Number.MAX_SAFE_INTEGER),
        (type, pieces, sequence) => {
          const content = concat(pieces);
          const record = concat(made().seal(type, pieces, 0, sequence));
          expect(hex(record.subarray(0, 5))).toBe(
            hex(new Uint8Array([type, 3, 3, 0, content.length + overhead])),
          );
          expect(record).toHaveLength(5 + content.length + overhead);
          expect(made().tryOpen(record, sequence)).toEqual({ type, content, innerBytes: content.length });
        },
      ),
    );
  });

  it('refuses every changed bit but those of the length, which cut the record, and another sequence number', () => {
    const record = concat(made().seal(23, [new Uint8Array(10)], 0, 5));
    for (let bit = 0; bit < record.length * 8; bit++) {
      if (bit >= 24 && bit < 40) continue;
      const changed = copyOf(record);
      changed[bit >> 3]! ^= 0x80 >> (bit & 7);
      expect(made().tryOpen(changed, 5)).toBeUndefined();
    }
    for (const sequence of [4, 6, 5 + 2 ** 32]) expect(made().tryOpen(record, sequence)).toBeUndefined();
  });

  it('refuses what is cut or longer', () => {
    const record = concat(made().seal(23, [new Uint8Array(10)], 0, 0));
    for (let length = 5; length < record.length; length++)
      expect(made().tryOpen(record.subarray(0, length), 0)).toBeUndefined();
    expect(made().tryOpen(concat([record, new Uint8Array(1)]), 0)).toBeUndefined();
  });

  it('opens records as large as they come, and leaves the limit to whoever counts', () => {
    const length = maxOlderCiphertextBytes - overhead;
    const record = concat(made().seal(23, [new Uint8Array(length)], 0, 0));
    expect(made().tryOpen(record, 0)).toMatchObject({ innerBytes: length });
    expect(made()).toMatchObject({
      hidesType: false,
      splitsFirstByte: false,
      maxFragmentBytes: 18_432,
      recordLimit: 100,
      updateAfter: 100,
    });
  });

  it('keeps nothing of what is given, and gives nothing that is kept', () => {
    const content = new Uint8Array(10).fill(5);
    const sealed = made().seal(23, [content], 0, 0);
    const record = concat(sealed);
    content.fill(0);
    expect(concat(sealed)).toEqual(record);
    const received = copyOf(record);
    const opened = made().tryOpen(received, 0)!;
    received.fill(0);
    expect(opened.content).toEqual(new Uint8Array(10).fill(5));
  });

  it('takes no padding', () => {
    expect(() => made().seal(23, [], 1, 0)).toThrow(InternalError);
  });

  it('is wiped for good', () => {
    const record = concat(made().seal(23, [new Uint8Array(10)], 0, 0));
    const wiped = made();
    wiped.wipe();
    expect(wiped.tryOpen(record, 0)).toBeUndefined();
  });
});

describe('nonces', () => {
  const key = (name: (typeof aeadNames)[number]) => {
    const aead = olderProvider.aeads[name]!;
    return aead.key(new Uint8Array(aead.keyBytes).fill(1));
  };

  it('of GCM and CCM: four bytes of the key block, and eight that the record carries (RFC 5288 §3, RFC 6655 §3)', () => {
    for (const name of ['aes-128-gcm', 'aes-128-ccm'] as const) {
      const record = concat(aead12(name).seal(23, [new Uint8Array([7])], 0, 2 ** 40 + 2));
      expect(hex(record.subarray(5, 13))).toBe('0000010000000002');
      // The peer's may be anything.
      const explicit = new Uint8Array(8).fill(0xee);
      const nonce = concat([new Uint8Array(4).fill(4), explicit]);
      const sealed = concat(key(name).seal(nonce, pseudoHeader(3, 23, 0x0303, 1), [new Uint8Array([8])]));
      const theirs = concat([new Uint8Array([23, 3, 3, 0, 25]), explicit, sealed]);
      expect(aead12(name).tryOpen(theirs, 3)).toMatchObject({ content: new Uint8Array([8]) });
    }
  });

  it('of ChaCha20-Poly1305: the sequence number XORed into twelve bytes, and nothing on the wire (RFC 7905 §2)', () => {
    const sequence = 2 ** 52 + 0x1_0203_0405;
    const nonce = new Uint8Array(12).fill(4);
    new DataView(nonce.buffer).setBigUint64(4, 0x0404_0404_0404_0404n ^ BigInt(sequence));
    const record = concat(aead12('chacha20-poly1305').seal(23, [new Uint8Array([7])], 0, sequence));
    const aad = pseudoHeader(sequence, 23, 0x0303, 1);
    expect(key('chacha20-poly1305').open(nonce, aad, record.subarray(5))).toEqual(new Uint8Array([7]));
  });
});

it('the pseudo-header is sequence number, type, version and length (RFC 5246 §6.2.3.1)', () => {
  expect(hex(pseudoHeader(2 ** 48 + 5, 22, 0x0302, 0x0407))).toBe(
    '0001000000000005' + '16' + '0302' + '0407',
  );
});
