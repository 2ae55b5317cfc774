import { hpkeAeads, hpkeKdfs, hpkeKems, hpkeOf, type HpkeKem } from '@sealwire/core/hpke';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { seededRandom } from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import { hpkeVectors } from '../packages/core/test/vectors/hpke.ts';

const providers = [nodeProvider, nobleProvider];

describe.each(providers)('HPKE with $name', (provider) => {
  it.each(hpkeVectors)('gives the vectors of RFC 9180 §A: $name', (vector) => {
    const { kem, kdf, aead, info } = vector;
    const hpke = hpkeOf(provider, kem as never, kdf as never, aead as never)!;
    const ephemeral = hpke.kem.deriveKey(bytes(vector.ikmE))!;
    const recipient = hpke.kem.deriveKey(bytes(vector.ikmR))!;
    expect([hex(ephemeral.exportPrivate()), hex(recipient.exportPrivate()), hex(recipient.share)]).toEqual([
      vector.skEm,
      vector.skRm,
      vector.pkRm,
    ]);
    const { enc, context } = hpke.seal(recipient.share, bytes(info), ephemeral)!;
    expect(hex(enc)).toBe(vector.enc);
    const opened = hpke.open(enc, bytes(info), hpke.kem.group.restore(bytes(vector.skRm))!)!;
    for (const { sequence, aad, plaintext, sealed } of vector.encryptions) {
      expect(hex(context.seal(sequence, bytes(aad), bytes(plaintext)))).toBe(sealed);
      expect(hex(opened.open(sequence, bytes(aad), bytes(sealed))!)).toBe(plaintext);
    }
  });

  it('refuses public keys that are none, with every KEM (RFC 9180 §7.1.4)', () => {
    for (const kem of Object.values(hpkeKems)) {
      const hpke = hpkeOf(provider, kem, hpkeKdfs.HKDF_SHA256, hpkeAeads.AES_128_GCM)!;
      const { group } = hpke.kem;
      const zeros = new Uint8Array(group.clientShareBytes);
      for (const key of [new Uint8Array(0), zeros.subarray(1), zeros]) {
        expect(hpke.seal(key, zeros, group.generate())).toBeUndefined();
        expect(hpke.open(key, zeros, group.generate())).toBeUndefined();
      }
    }
  });
});

// Appendix A has no vectors of P-384 and X448: there the providers check each other.
describe.each(Object.entries(hpkeKems))('what one provider seals with %s', (_name, kem: HpkeKem) => {
  it.each([
    [nodeProvider, nobleProvider],
    [nobleProvider, nodeProvider],
  ])('the other opens', (ours, theirs) => {
    for (const kdf of Object.values(hpkeKdfs)) {
      for (const aead of Object.values(hpkeAeads)) {
        const [sender, receiver] = [hpkeOf(ours, kem, kdf, aead)!, hpkeOf(theirs, kem, kdf, aead)!];
        const source = seededRandom(`${kem} ${kdf} ${aead}`);
        const recipient = receiver.kem.group.generate(source);
        const sealed = sender.seal(recipient.share, bytes('0102'), sender.kem.group.generate(source))!;
        const text = sealed.context.seal(1, bytes('03'), bytes('040506'));
        expect(receiver.open(sealed.enc, bytes('0102'), recipient)!.open(1, bytes('03'), text)).toEqual(
          bytes('040506'),
        );
      }
    }
  });
});

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
