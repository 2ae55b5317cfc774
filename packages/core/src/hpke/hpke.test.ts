import { describe, expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { hpkeVectors } from '../../test/vectors/hpke.ts';
import { hpkeAeads } from '../registry/hpke-aeads.ts';
import { hpkeKdfs } from '../registry/hpke-kdfs.ts';
import { hpkeKems } from '../registry/hpke-kems.ts';
import { hex } from '../wire/bytes.ts';
import { hpkeOf, type Hpke } from './hpke.ts';

const { DHKEM_X25519_HKDF_SHA256: x25519, DHKEM_P256_HKDF_SHA256: p256 } = hpkeKems;
const { HKDF_SHA256 } = hpkeKdfs;
const { AES_128_GCM } = hpkeAeads;

/** The provider of these tests has X25519 and P-256; all curves are tested with the real providers. */
const mine = hpkeVectors.filter(({ kem }) => kem === x25519 || kem === p256);

describe.each(mine)('RFC 9180 §A: $name', (vector) => {
  const hpke = hpkeOf(testProvider, vector.kem as never, vector.kdf as never, vector.aead as never)!;
  const { group } = hpke.kem;

  it('derives the key pairs', () => {
    expect(hex(hpke.kem.deriveKey(bytes(vector.ikmE))!.exportPrivate())).toBe(vector.skEm);
    const recipient = hpke.kem.deriveKey(bytes(vector.ikmR))!;
    expect(hex(recipient.exportPrivate())).toBe(vector.skRm);
    expect(hex(recipient.share)).toBe(vector.pkRm);
  });

  it('seals and opens', () => {
    const sender = hpke.seal(bytes(vector.pkRm), bytes(vector.info), group.restore(bytes(vector.skEm))!)!;
    expect(hex(sender.enc)).toBe(vector.enc);
    const recipient = hpke.open(sender.enc, bytes(vector.info), group.restore(bytes(vector.skRm))!)!;
    for (const { sequence, aad, plaintext, sealed } of vector.encryptions) {
      expect(hex(sender.context.seal(sequence, bytes(aad), bytes(plaintext)))).toBe(sealed);
      expect(hex(recipient.open(sequence, bytes(aad), bytes(sealed))!)).toBe(plaintext);
      expect(recipient.open(sequence + 1, bytes(aad), bytes(sealed))).toBeUndefined();
      expect(recipient.open(sequence, bytes(`${aad}00`), bytes(sealed))).toBeUndefined();
    }
  });
});

describe('HPKE', () => {
  const hpke = hpkeOf(testProvider, x25519, HKDF_SHA256, AES_128_GCM) as Hpke;
  const info = new Uint8Array(3);

  it('knows the algorithms that it and the provider have', () => {
    expect(hpkeOf(testProvider, 0x0030 as never, HKDF_SHA256, AES_128_GCM)).toBeUndefined();
    expect(hpkeOf(testProvider, hpkeKems.DHKEM_X448_HKDF_SHA512, HKDF_SHA256, AES_128_GCM)).toBeUndefined();
    expect(hpkeOf(testProvider, x25519, 0x0004 as never, AES_128_GCM)).toBeUndefined();
    expect(hpkeOf(testProvider, x25519, HKDF_SHA256, 0xffff as never)).toBeUndefined();
  });

  it('refuses public keys that are none (RFC 9180 §7.1.4)', () => {
    const { group } = hpke.kem;
    for (const key of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(32)]) {
      expect(hpke.seal(key, info, group.generate())).toBeUndefined();
      expect(hpke.open(key, info, group.generate())).toBeUndefined();
    }
    const curve = hpkeOf(testProvider, p256, HKDF_SHA256, AES_128_GCM)!;
    const off = Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i));
    expect(curve.seal(off, info, curve.kem.group.generate())).toBeUndefined();
    expect(curve.open(off, info, curve.kem.group.generate())).toBeUndefined();
  });

  it('opens for the right key and info alone', () => {
    const { group } = hpke.kem;
    const recipient = group.generate();
    const { enc, context } = hpke.seal(recipient.share, info, group.generate())!;
    const sealed = context.seal(0, info, bytes('aabb'));
    expect(hpke.open(enc, info, recipient)!.open(0, info, sealed)).toEqual(bytes('aabb'));
    expect(hpke.open(enc, info, group.generate())!.open(0, info, sealed)).toBeUndefined();
    expect(hpke.open(enc, new Uint8Array(4), recipient)!.open(0, info, sealed)).toBeUndefined();
    expect(hpke.open(enc, info, recipient)!.open(0, info, sealed.subarray(1))).toBeUndefined();
  });
});

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
