import { macOf } from '../../src/containers/pkcs12/mac.ts';
import {
  derExplicit,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
} from '../../src/der/write.ts';
import { passwordOf } from '../../src/encryption/passphrase.ts';
import {
  encodeDhParameters,
  encodeTrustedCertificate,
  encryptPrivateKey,
  makeCertificateRequest,
  makePkcs12,
  makePkcs7,
  parseCertificateRequest,
  privateKeyPkcs8,
  publicKeySpki,
  readDhParameters,
  readPkcs12,
  readPkcs7,
  readTrustedCertificate,
  verifyCertificateRequest,
} from '../../src/index.ts';
import { authority, issue, newKey, provider } from '../authority.ts';
import { sequence, tlv } from '../der.ts';

/** Keys with passphrases, containers and certificate requests, for `subjects`. */

const root = authority('root');
const leaf = issue('leaf', { issuer: root });
const rsa = newKey({ type: 'rsa', bits: 512 });
const passphrase = 'p';
const written = { provider, passphrase, derivation: { type: 'pbkdf2', iterations: 1 } } as const;
const identities = [{ key: leaf.key, chain: [leaf.certificate, root.certificate], friendlyName: 'ü' }];
const pkcs12 = makePkcs12({ ...written, identities });
const encryptedKeys = [
  encryptPrivateKey(leaf.key, written),
  encryptPrivateKey(leaf.key, { ...written, derivation: { type: 'scrypt', N: 2, r: 1, p: 1 } }),
];
/** So that an input which asks for much work is refused, and not worked on for a second. */
const limits = { provider, passphrase, allowRc2: true, maxIterations: 500, maxScryptBytes: 1_000_000 };

export const containerSubjects = [
  {
    name: 'PKCS #12',
    samples: [pkcs12, makePkcs12({ ...written, identities, mac: 'pbmac1' })],
    read: (file: Uint8Array): void => {
      readPkcs12(file, { ...limits, allowMissingMac: true });
    },
  },
  {
    name: 'inside of PKCS #12',
    // Not encrypted, so that damage reaches it; the MAC is made right again.
    samples: [openContents()],
    read: (contents: Uint8Array): void => {
      readPkcs12(sealed(contents), limits);
    },
  },
  {
    name: 'encrypted private key',
    samples: encryptedKeys,
    read: (file: Uint8Array): void => {
      privateKeyPkcs8(file, limits);
    },
  },
  {
    name: 'PKCS #7',
    samples: [makePkcs7({ certificates: [leaf.certificate, root.certificate], crls: [sequence()] })],
    read: (file: Uint8Array): void => {
      readPkcs7(file);
    },
  },
  {
    name: 'TRUSTED CERTIFICATE',
    samples: [
      encodeTrustedCertificate({ certificate: root.certificate, trusted: ['any'], rejected: [], alias: 'ü' }),
    ],
    read: (file: Uint8Array): void => {
      readTrustedCertificate(file);
    },
  },
  {
    name: 'DH parameters',
    samples: [
      encodeDhParameters({
        prime: new Uint8Array(64).fill(0xff),
        generator: Uint8Array.of(2),
        privateBits: 160,
      }),
    ],
    read: (file: Uint8Array): void => {
      provider.dh?.(readDhParameters(file));
    },
  },
  {
    name: 'public key',
    samples: [leaf.key.publicKey.spki, rsa.publicKey.spki],
    read: (file: Uint8Array): void => {
      provider.importPublicKey(publicKeySpki(file));
    },
  },
  {
    name: 'certificate request',
    samples: [
      makeCertificateRequest({
        key: leaf.key,
        subject: { CN: 'x' },
        dnsNames: ['a.example'],
        ca: true,
        challengePassword: 'ü',
      }),
    ],
    read: (file: Uint8Array): void => {
      verifyCertificateRequest(parseCertificateRequest(file), provider);
    },
  },
];

function openContents(): Uint8Array {
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
    bag(2, encryptedKeys[0]!),
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
  const sha1 = derSequence(derObjectIdentifier('1.3.14.3.2.26'));
  const macData = derSequence(derSequence(sha1, derOctetString(digest)), derOctetString(salt));
  const data = derSequence(
    derObjectIdentifier('1.2.840.113549.1.7.1'),
    derExplicit(0, derOctetString(contents)),
  );
  return derSequence(derInteger(3), data, macData);
}
