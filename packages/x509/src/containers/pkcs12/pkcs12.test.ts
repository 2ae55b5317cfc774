import { describe, expect, test } from 'vitest';
import { ApiMisuseError } from '@sealwire/core';
import { authority, issue, newKey, provider } from '../../../test/authority.ts';
import { bytes, type Piece, sequence, tlv } from '../../../test/der.ts';
import { thrownCode } from '../../../test/thrown.ts';
import { codeUnitsOf } from '../../der/strings.ts';
import { derInteger, derObjectIdentifier } from '../../der/write.ts';
import { passwordOf } from '../../encryption/passphrase.ts';
import { loadCredential, makePkcs12, type Pkcs12Options, readPkcs12 } from '../../index.ts';
import { attributeIds, bagIds, contentIds, x509CertificateId, x509CrlId } from './ids.ts';
import { macOf } from './mac.ts';

const passphrase = 'secret';
const quick = { type: 'pbkdf2', iterations: 1 } as const;
const root = authority('root');
const middle = authority('middle', { issuer: root });
const leaf = issue('leaf', { issuer: middle });
const options: Pkcs12Options = { provider, passphrase };
const chainOf = (...issued: { certificate: Uint8Array }[]) => issued.map(({ certificate }) => certificate);

function made(more: Partial<Parameters<typeof makePkcs12>[0]> = {}): Uint8Array {
  return makePkcs12({
    provider,
    passphrase,
    derivation: quick,
    identities: [{ key: leaf.key, chain: chainOf(leaf, middle, root) }],
    ...more,
  });
}

// By hand: anything in a file with a good MAC.
const id = derObjectIdentifier;
const explicit = (...content: Piece[]) => tlv(0xa0, ...content);
const data = (content: Uint8Array) => sequence(id(contentIds.data), explicit(tlv(0x04, content)));
const bag = (type: string, value: Uint8Array, ...attributes: Uint8Array[]) =>
  sequence(id(type), explicit(value), ...(attributes.length === 0 ? [] : [tlv(0x31, ...attributes)]));
const attribute = (type: string, ...values: Uint8Array[]) => sequence(id(type), tlv(0x31, ...values));
const named = (name: string) => attribute(attributeIds.friendlyName, tlv(0x1e, codeUnitsOf(name)));
const numbered = (...octets: number[]) => attribute(attributeIds.localKeyId, tlv(0x04, octets));
const typed = (type: string, der: Uint8Array) => sequence(id(type), explicit(tlv(0x04, der)));
const certificateBag = (der: Uint8Array, ...attributes: Uint8Array[]) =>
  bag(bagIds.certificate, typed(x509CertificateId, der), ...attributes);
const keyBag = (key: { exportPkcs8(): Uint8Array }, ...attributes: Uint8Array[]) =>
  bag(bagIds.key, key.exportPkcs8(), ...attributes);

const salt = Uint8Array.of(1, 2, 3);
function sealed(authenticatedSafe: Uint8Array, iterations = 2, version = 3): Uint8Array {
  const digest = macOf(provider, 'sha1', passwordOf(passphrase), authenticatedSafe, { salt, iterations });
  const info = sequence(sequence(id('1.3.14.3.2.26'), [5, 0]), tlv(0x04, digest));
  return sequence(
    derInteger(version),
    data(authenticatedSafe),
    sequence(info, tlv(0x04, salt), derInteger(iterations)),
  );
}
const holding = (...bags: Uint8Array[]) => sealed(sequence(data(sequence(...bags))));
const read = (file: Uint8Array, more: Partial<Pkcs12Options> = {}) =>
  readPkcs12(file, { ...options, ...more });
const codeOf = (file: Uint8Array, more: Partial<Pkcs12Options> = {}) => thrownCode(() => read(file, more));

describe('what we write', () => {
  test('comes back, and makes a credential', () => {
    const other = issue('other', { issuer: root, keySpec: { type: 'ed25519' } });
    const crl = sequence(tlv(0x02, [1]));
    for (const mac of ['pkcs12', 'pbmac1'] as const) {
      const file = made({
        mac,
        identities: [
          { key: leaf.key, chain: chainOf(leaf, middle), friendlyName: 'one 𝄞' },
          { key: other.key.exportPkcs8(), chain: other.certificate },
        ],
        certificates: [{ certificate: root.certificate, friendlyName: 'the root' }],
        crls: [crl],
      });
      const found = read(file);
      expect(found.mac).toBe(mac);
      expect(found.identities.map(({ chain, friendlyName }) => [chain, friendlyName])).toEqual([
        [chainOf(leaf, middle, root), 'one 𝄞'],
        [chainOf(other, root), undefined],
      ]);
      expect(found.certificates.map(({ friendlyName }) => friendlyName)).toEqual([
        'one 𝄞',
        undefined,
        undefined,
        'the root',
      ]);
      expect([found.crls, found.secrets, found.others]).toEqual([[{ crl }], [], []]);
      const [identity] = found.identities;
      expect(loadCredential({ provider, ...identity! }).chain.length).toBe(3);
      expect(codeOf(file, { passphrase: 'Secret' })).toBe('encryption.passphraseWrong');
    }
  });
  test('nothing at all', () => {
    expect(read(makePkcs12({ provider, passphrase, derivation: quick }))).toMatchObject({
      keys: [],
      certificates: [],
    });
  });
  test('with a given source the arguments alone decide', () => {
    const source = () => {
      let next = 0;
      return (length: number) => new Uint8Array(length).fill(++next);
    };
    expect(made({ source: source() })).toEqual(made({ source: source() }));
    expect(made()).not.toEqual(made());
  });
  test("the caller's mistakes", () => {
    for (const more of [
      { identities: [{ key: newKey(), chain: leaf.certificate }] },
      { identities: [{ key: leaf.key, chain: [] }] },
      { identities: [{ key: leaf.key, chain: leaf.certificate, friendlyName: '\ud800' }] },
      { passphrase: 1 as never },
      { macIterations: 0 },
    ])
      expect(() => made(more)).toThrow(ApiMisuseError);
    expect(() => readPkcs12('text' as never, options)).toThrow(ApiMisuseError);
  });
});

describe('the MAC', () => {
  const file = made();
  test('is looked at before anything else: every changed byte of the contents, and none opens', () => {
    let wrong = 0;
    for (let i = 0; i < file.length; i += 3) {
      const changed = file.map((byte, at) => (at === i ? byte ^ 0x41 : byte));
      const code = codeOf(changed, { maxIterations: 100 });
      expect(code, `byte ${i}`).not.toBe('none');
      if (code === 'encryption.passphraseWrong') wrong++;
    }
    expect(wrong).toBeGreaterThan(file.length / 4);
  });
  test('cannot be taken off', () => {
    const withoutMac = sequence(derInteger(3), data(sequence(data(sequence(keyBag(leaf.key))))));
    expect(codeOf(withoutMac)).toBe('container.noMac');
    expect(read(withoutMac, { allowMissingMac: true })).toMatchObject({ mac: 'none', keys: [{}] });
  });
  test('asks for too much', () => {
    for (const iterations of [10_000_001, 2 ** 31, 2 ** 40]) {
      const info = sequence(sequence(id('1.3.14.3.2.26'), [5, 0]), tlv(0x04, new Uint8Array(20)));
      const huge = sequence(
        derInteger(3),
        data(sequence()),
        sequence(info, tlv(0x04, salt), derInteger(iterations)),
      );
      expect(codeOf(huge)).toBe('encryption.tooCostly');
    }
    expect(codeOf(sealed(sequence(), 100), { maxIterations: 99 })).toBe('encryption.tooCostly');
    expect(codeOf(sealed(sequence(), 100), { maxIterations: 100 })).toBe('none');
  });
  test('and all the rest together may not cost more than is allowed', () => {
    // MAC 1, certificates 1, key 1.
    expect(codeOf(file, { maxIterations: 3 })).toBe('none');
    expect(codeOf(file, { maxIterations: 2 })).toBe('encryption.tooCostly');
  });
  test('is there without a password, or with the empty one', () => {
    for (const empty of ['', new Uint8Array()]) {
      const file = made({ passphrase: empty });
      expect(thrownCode(() => readPkcs12(file, { provider }))).toBe('none');
      expect(codeOf(file, { passphrase: '' })).toBe('none');
      expect(codeOf(file)).toBe('encryption.passphraseWrong');
    }
    expect(thrownCode(() => readPkcs12(made(), { provider }))).toBe('encryption.passphraseMissing');
  });
  test.each([
    ['container.unsupported', 'a hash', sequence(id('1.2.3.4'), [5, 0])],
    ['container.malformed', 'PBMAC1 without keyLength', pbmac1([])],
    ['container.malformed', 'PBMAC1 with a key of a byte', pbmac1([derInteger(1)])],
    ['container.malformed', 'PBMAC1 with a key of 129 bytes', pbmac1([derInteger(129)])],
    ['encryption.passphraseWrong', 'PBMAC1 with a key of 20 bytes', pbmac1([derInteger(20)])],
    ['container.unsupported', 'PBMAC1 with another MAC', pbmac1([derInteger(32)], '1.2.3.4')],
    ['encryption.tooCostly', 'PBMAC1, costly', pbmac1([derInteger(32)], undefined, 2 ** 30)],
  ])('%s: %s', (code, _name, algorithm) => {
    const macData = sequence(
      sequence(algorithm, tlv(0x04, new Uint8Array(32))),
      tlv(0x04, salt),
      derInteger(1),
    );
    expect(codeOf(sequence(derInteger(3), data(sequence()), macData))).toBe(code);
  });
});

function pbmac1(keyLength: Uint8Array[], mac = '1.2.840.113549.2.9', iterations = 1): Uint8Array {
  const parameters = sequence(tlv(0x04, [1, 2, 3, 4, 5, 6, 7, 8]), derInteger(iterations), ...keyLength);
  const derivation = sequence(derObjectIdentifier('1.2.840.113549.1.5.12'), parameters);
  return sequence(
    derObjectIdentifier('1.2.840.113549.1.5.14'),
    sequence(derivation, sequence(derObjectIdentifier(mac))),
  );
}

describe('entries', () => {
  test('keys and certificates that do not belong together stay apart, whatever the file says', () => {
    const other = issue('other');
    const found = read(
      holding(
        keyBag(leaf.key, numbered(1), named('claims another')),
        certificateBag(other.certificate, numbered(1)),
        certificateBag(leaf.certificate, numbered(2)),
      ),
    );
    expect(found.identities.map(({ chain, friendlyName }) => [chain, friendlyName])).toEqual([
      [[leaf.certificate], 'claims another'],
    ]);
    expect(
      read(holding(keyBag(leaf.key, numbered(1)), certificateBag(other.certificate, numbered(1)))).identities,
    ).toEqual([]);
  });
  test('of two certificates of one key, that with its localKeyId', () => {
    const renewed = issue('leaf', { issuer: middle, key: leaf.key });
    const of = (number: number) =>
      read(
        holding(
          certificateBag(leaf.certificate, numbered(1)),
          certificateBag(renewed.certificate, numbered(2), named('renewed')),
          keyBag(leaf.key, numbered(number)),
        ),
      ).identities[0]!;
    expect(of(1).chain).toEqual([leaf.certificate]);
    expect(of(2)).toMatchObject({ chain: [renewed.certificate], friendlyName: 'renewed' });
    expect(of(3).chain).toEqual([leaf.certificate]);
  });
  test('chains: any order, same names, loops, a certificate that is none', () => {
    const impostor = authority('middle', { issuer: root });
    const noise = sequence(tlv(0x04, [1]));
    const bags = [root, impostor, middle, leaf].map(({ certificate }) => certificateBag(certificate));
    const found = read(holding(certificateBag(noise), ...bags, keyBag(leaf.key)));
    expect(found.identities[0]!.chain).toEqual(chainOf(leaf, middle, root));
    expect(found.certificates[0]!.certificate).toEqual(noise);
    const a = authority('a');
    const b = authority('b', { issuer: a });
    const aAgain = authority('a', { issuer: b, key: a.key });
    const loop = read(
      holding(...[b, aAgain].map(({ certificate }) => certificateBag(certificate)), keyBag(b.key)),
    );
    expect(loop.identities[0]!.chain).toEqual(chainOf(b, aAgain));
  });
  test('keys that the provider does not know are in the list alone', () => {
    const unknown = sequence(derInteger(0), sequence(id('1.2.3.4')), tlv(0x04, [1]));
    const { keys, identities } = read(holding(bag(bagIds.key, unknown)));
    expect([keys, identities]).toEqual([[{ pkcs8: unknown }], []]);
  });
  test('safe contents inside safe contents, as deep as the reader goes', () => {
    const nested = (depth: number): Uint8Array =>
      depth === 0 ? keyBag(leaf.key) : bag(bagIds.safeContents, sequence(nested(depth - 1)));
    expect(read(holding(nested(5))).keys.length).toBe(1);
    expect(codeOf(holding(nested(9)))).toBe('der.tooDeep');
    expect(codeOf(holding(nested(500)))).toBe('der.tooDeep');
  });
  test('secrets, lists, and kinds that nobody knows', () => {
    const found = read(
      holding(
        bag(bagIds.secret, sequence(id('1.2.3'), explicit(tlv(0x04, [1]))), named('s')),
        bag(bagIds.crl, typed(x509CrlId, sequence())),
        bag(bagIds.crl, typed('1.2.4', sequence())),
        bag(bagIds.certificate, typed('1.2.5', sequence())),
        bag('1.2.6', tlv(0x05)),
      ),
    );
    expect(found.secrets).toEqual([{ friendlyName: 's', type: '1.2.3', value: tlv(0x04, [1]) }]);
    expect([found.crls, found.others]).toEqual([[{ crl: sequence() }], ['1.2.4', '1.2.5', '1.2.6']]);
  });
  test('friendly names: pairs and halves of them', () => {
    const name = (...attributes: Uint8Array[]) =>
      read(holding(certificateBag(leaf.certificate, ...attributes))).certificates[0]!.friendlyName;
    expect(name(named('𝄞 ü'))).toBe('𝄞 ü');
    expect(name(named('a\ud834b'))).toBe('a\ufffdb');
    expect(name(named('\udd1e'))).toBe('\ufffd');
    expect(name(named(''))).toBe('');
    expect(name(attribute(attributeIds.friendlyName))).toBeUndefined();
    expect(name(attribute('1.2.3', tlv(0x05), tlv(0x05)))).toBeUndefined();
  });
  test.each([
    ['container.malformed', [named('a'), named('b')]],
    ['container.malformed', [attribute(attributeIds.friendlyName, tlv(0x1e, [0]))]],
    ['der.unexpectedTag', [attribute(attributeIds.friendlyName, tlv(0x0c, [65]))]],
    ['der.trailingBytes', [attribute(attributeIds.localKeyId, tlv(0x04, [1]), tlv(0x04, [2]))]],
  ])('%s %#', (code, attributes) => {
    expect(codeOf(holding(certificateBag(leaf.certificate, ...attributes)))).toBe(code);
  });
  test('too many', () => {
    expect(codeOf(holding(...Array.from({ length: 257 }, () => keyBag(leaf.key))))).toBe(
      'container.tooLarge',
    );
    const empty = bag('1.2.6', tlv(0x05));
    // By a length that the helper of tests cannot write.
    const many = new Uint8Array(10_001 * empty.length);
    for (let i = 0; i < 10_001; i++) many.set(empty, i * empty.length);
    const wide = (tag: number, content: Uint8Array) =>
      bytes([tag, 0x83, content.length >> 16, (content.length >> 8) & 0xff, content.length & 0xff], content);
    const contents = wide(
      0x30,
      wide(0x30, bytes(id(contentIds.data), wide(0xa0, wide(0x04, wide(0x30, many))))),
    );
    const digest = macOf(provider, 'sha1', passwordOf(passphrase), contents, { salt, iterations: 1 });
    const macData = sequence(sequence(sequence(id('1.3.14.3.2.26')), tlv(0x04, digest)), tlv(0x04, salt));
    const file = wide(
      0x30,
      bytes(derInteger(3), wide(0x30, bytes(id(contentIds.data), wide(0xa0, wide(0x04, contents)))), macData),
    );
    expect(codeOf(file)).toBe('container.tooLarge');
  });
});

describe('what is not read', () => {
  const integer3 = derInteger(3);
  test.each([
    ['container.unsupported', 'another version', sealed(sequence(), 1, 2)],
    [
      'container.unsupported',
      'a signature',
      sequence(integer3, sequence(id(contentIds.signedData), explicit(sequence()))),
    ],
    [
      'container.unsupported',
      'contents for a public key',
      sealed(sequence(sequence(id(contentIds.envelopedData), explicit(sequence())))),
    ],
    ['der.truncated', 'nothing', new Uint8Array()],
    ['der.trailingBytes', 'bytes behind', bytes(made(), [0])],
    ['container.tooLarge', 'a large file', new Uint8Array(8_388_609)],
  ])('%s: %s', (code, _name, file) => expect(codeOf(file)).toBe(code));
});

test('BER: indefinite lengths and octet strings in segments, inside and outside', () => {
  const segments = (content: Uint8Array) =>
    bytes([0x24, 0x80], tlv(0x04, content.subarray(0, 5)), tlv(0x04, content.subarray(5)), [0, 0]);
  const indefinite = (tag: number, ...content: Piece[]) => bytes([tag, 0x80], ...content, [0, 0]);
  const inside = indefinite(0x30, keyBag(leaf.key), certificateBag(leaf.certificate));
  const contents = indefinite(
    0x30,
    indefinite(0x30, id(contentIds.data), indefinite(0xa0, segments(inside))),
  );
  const digest = macOf(provider, 'sha1', passwordOf(passphrase), contents, { salt, iterations: 1 });
  const macData = sequence(
    sequence(sequence(id('1.3.14.3.2.26'), [5, 0]), tlv(0x04, digest)),
    tlv(0x04, salt),
  );
  const authSafe = indefinite(0x30, id(contentIds.data), indefinite(0xa0, segments(contents)));
  expect(read(indefinite(0x30, derInteger(3), authSafe, macData)).identities[0]!.chain).toEqual([
    leaf.certificate,
  ]);
});
