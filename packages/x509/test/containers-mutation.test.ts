import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passwordOf } from '../src/encryption/passphrase.ts';
import { macOf } from '../src/containers/pkcs12/mac.ts';
import {
  encodeDhParameters,
  encodeTrustedCertificate,
  encryptPrivateKey,
  isX509Error,
  makePkcs12,
  makePkcs7,
  privateKeyPkcs8,
  publicKeySpki,
  readDhParameters,
  readPkcs12,
  readPkcs7,
  readTrustedCertificate,
} from '../src/index.ts';
import { authority, issue, newKey, provider } from './authority.ts';
import { bytes, sequence, tlv } from './der.ts';
import { mutantsOf, restructuredOf } from './mutants.ts';

/**
 * Containers that somebody damages, by byte and by structure: nothing but X509Error, and no more work than is allowed,
 * whatever iterations they ask for.
 */
const isFull = process.env['SEALWIRE_PROFILE'] === 'full';
const numRuns = isFull ? 100_000 : 500;

const root = authority('root');
const leaf = issue('leaf', { issuer: root });
const passphrase = 'p';
const quick = { type: 'pbkdf2', iterations: 1 } as const;
const written = { provider, passphrase, derivation: quick };
const pkcs12 = makePkcs12({
  ...written,
  identities: [{ key: leaf.key, chain: [leaf.certificate, root.certificate], friendlyName: 'ü' }],
});
const pkcs8 = [
  encryptPrivateKey(leaf.key, written),
  encryptPrivateKey(leaf.key, { ...written, derivation: { type: 'scrypt', N: 2, r: 1, p: 1 } }),
];
/** What is inside is not encrypted, so that damage reaches it. */
const open = makeOpen();
const rsa = newKey({ type: 'rsa', bits: 512 });

const limits = { provider, passphrase, allowRc2: true, maxIterations: 500, maxScryptBytes: 1_000_000 };

const subjects: Readonly<Record<string, [samples: Uint8Array[], read: (file: Uint8Array) => unknown]>> = {
  'PKCS #12': [
    [pkcs12, makePkcs12({ ...written, mac: 'pbmac1' })],
    (file) => readPkcs12(file, { ...limits, allowMissingMac: true }),
  ],
  'PKCS #12 whose MAC is right': [[open], (contents) => readPkcs12(sealed(contents), limits)],
  'encrypted PKCS #8': [pkcs8, (file) => privateKeyPkcs8(file, limits)],
  'private keys': [
    [leaf.key.exportPkcs8(), rsa.exportPkcs8()],
    (file) => provider.importPrivateKey(privateKeyPkcs8(file)),
  ],
  'PKCS #7': [[makePkcs7({ certificates: [leaf.certificate], crls: [sequence()] })], readPkcs7],
  'TRUSTED CERTIFICATE': [
    [encodeTrustedCertificate({ certificate: root.certificate, trusted: ['any'], rejected: [], alias: 'ü' })],
    readTrustedCertificate,
  ],
  'DH parameters': [
    [
      encodeDhParameters({
        prime: new Uint8Array(64).fill(0xff),
        generator: Uint8Array.of(2),
        privateBits: 160,
      }),
    ],
    readDhParameters,
  ],
  'public keys': [[leaf.key.publicKey.spki, rsa.publicKey.spki], publicKeySpki],
};

describe.each(Object.entries(subjects))('%s', (_name, [samples, read]) => {
  const holds = (file: Uint8Array): boolean => {
    try {
      read(file);
      return true;
    } catch (error) {
      if (!isX509Error(error)) throw error;
      return false;
    }
  };
  test('as they are', () => expect(samples.map(holds)).toEqual(samples.map(() => true)));
  test.each([
    ['bytes', mutantsOf(samples)],
    ['structure', restructuredOf(samples)],
  ])('damaged by %s', (_kind, mutants) => {
    fc.assert(
      fc.property(mutants, (file) => {
        holds(file);
      }),
      { numRuns },
    );
  });
});

function makeOpen(): Uint8Array {
  const { keys } = readPkcs12(pkcs12, { provider, passphrase });
  const id = (...octets: number[]) => tlv(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, ...octets]);
  const data = (content: Uint8Array) => sequence(id(7, 1), tlv(0xa0, tlv(0x04, content)));
  const bag = (type: number, value: Uint8Array) =>
    sequence(id(12, 10, 1, type), tlv(0xa0, value), attributes);
  const attributes = tlv(
    0x31,
    sequence(id(9, 20), tlv(0x31, tlv(0x1e, [0, 65, 0xd8, 0x34]))),
    sequence(id(9, 21), tlv(0x31, tlv(0x04, [1]))),
  );
  const certificate = sequence(id(9, 22, 1), tlv(0xa0, tlv(0x04, leaf.certificate)));
  const bags = [
    bag(1, keys[0]!.pkcs8),
    bag(2, pkcs8[0]!),
    bag(3, certificate),
    bag(4, sequence(id(9, 23, 1), tlv(0xa0, tlv(0x04, sequence())))),
    bag(5, sequence(id(1), tlv(0xa0, tlv(0x04, [1])))),
    bag(6, sequence(bag(3, certificate))),
  ];
  return sequence(data(sequence(...bags)), data(sequence()));
}

/** A file with these contents, and a MAC that says so. */
function sealed(contents: Uint8Array): Uint8Array {
  const salt = Uint8Array.of(1);
  const digest = macOf(provider, 'sha1', passwordOf(passphrase), contents, { salt, iterations: 1 });
  const macData = sequence(
    sequence(sequence(tlv(0x06, [0x2b, 14, 3, 2, 26])), tlv(0x04, digest)),
    tlv(0x04, salt),
  );
  const data = sequence(
    tlv(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1]),
    tlv(0xa0, tlv(0x04, contents)),
  );
  return bytes(sequence(tlv(0x02, [3]), data, macData));
}
