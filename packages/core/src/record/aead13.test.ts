import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { concat } from '../wire/bytes.ts';
import { Aead13 } from './aead13.ts';
import { hex } from '../../test/harness/hex.ts';

const aead = testProvider.aeads['aes-128-gcm']!;
const key = new Uint8Array(16).fill(1);
const iv = new Uint8Array(12).fill(2);
const protection = () => new Aead13(aead, key, iv, 100);

describe('Aead13', () => {
  it('seals the record of RFC 8448 §3: application data of the client', () => {
    const client = new Aead13(
      aead,
      hex('17422dda596ed5d9acd890e3c63f5051'),
      hex('5b78923dee08579033e523d9'),
      100,
    );
    const sealed = concat(client.seal(23, [Uint8Array.from({ length: 50 }, (_, i) => i)], 0, 0));
    expect(sealed).toEqual(
      hex(
        '1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e' +
          '2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4',
      ),
    );
  });

  it('opens what it seals: type, content and the bytes inside', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 23 }),
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 3 }),
        fc.nat(50),
        fc.nat(Number.MAX_SAFE_INTEGER),
        (type, pieces, padding, sequence) => {
          const content = concat(pieces);
          const record = concat(protection().seal(type, pieces, padding, sequence));
          expect(record).toHaveLength(5 + content.length + 1 + padding + 16);
          const innerBytes = content.length + 1 + padding;
          expect(protection().tryOpen(record, sequence)).toEqual({ type, content, innerBytes });
        },
      ),
    );
  });

  it('XORs the sequence number into the IV, all 64 bits of it (RFC 9846 §5.3)', () => {
    const sequence = 2 ** 52 + 0x1_0203_0405;
    const expected = new Uint8Array(12).fill(2);
    new DataView(expected.buffer).setBigUint64(4, 0x0202_0202_0202_0202n ^ BigInt(sequence));
    const sealed = concat(protection().seal(23, [new Uint8Array([7])], 0, sequence));
    const opened = aead.key(key).open(expected, sealed.subarray(0, 5), sealed.subarray(5));
    expect(opened).toEqual(new Uint8Array([7, 23]));
  });

  it('refuses any change of header, ciphertext or tag', () => {
    const record = concat(protection().seal(22, [new Uint8Array(10)], 3, 5));
    for (let at = 0; at < record.length; at++) {
      const changed = record.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(protection().tryOpen(changed, 5)).toBeUndefined();
    }
    expect(protection().tryOpen(record, 6)).toBeUndefined();
  });

  it('refuses a version that the peer has sealed and is another (RFC 9846 §5.2)', () => {
    const header = new Uint8Array([23, 3, 1, 0, 1 + 16]);
    const sealed = concat([header, ...aead.key(key).seal(iv, header, [new Uint8Array([23])])]);
    expect(() => protection().tryOpen(sealed, 0)).toThrow(
      expect.objectContaining({ code: 'peer.badRecordVersion', field: 'legacy_record_version' }),
    );
    expect(protection().tryOpen(sealed, 1)).toBeUndefined();
  });

  it.each([0, 1, 20])('refuses an inner plaintext of %i zeros', (length) => {
    const header = new Uint8Array([23, 3, 3, 0, length + 16]);
    const sealed = concat([header, ...aead.key(key).seal(iv, header, [new Uint8Array(length)])]);
    expect(() => protection().tryOpen(sealed, 0)).toThrow(
      expect.objectContaining({ code: 'peer.allZeroInnerPlaintext' }),
    );
  });

  it('is wiped for good', () => {
    const wiped = protection();
    const record = concat(protection().seal(22, [new Uint8Array(10)], 0, 0));
    wiped.wipe();
    expect(wiped.tryOpen(record, 0)).toBeUndefined();
  });
});
