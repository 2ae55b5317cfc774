import { ApiMisuseError, type CryptoProvider, type PrivateKey } from '@sealwire/core';
import { hashIds } from '../../certificate/algorithm.ts';
import { parseCertificate } from '../../certificate/certificate.ts';
import { tags } from '../../der/reader.ts';
import { codeUnitsOf } from '../../der/strings.ts';
import {
  derElement,
  derExplicit,
  derInteger,
  derNull,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derSequenceOf,
  derSetOf,
} from '../../der/write.ts';
import { derivePbkdf2, encrypt, type EncryptionOptions, pbkdf2Algorithm } from '../../encryption/encrypt.ts';
import { passwordOf } from '../../encryption/passphrase.ts';
import { pbmac1Id, prfIds } from '../../encryption/pbes2.ts';
import { type CertificateInput, certificatesDer } from '../../inputs.ts';
import { loadPrivateKey, requireSameKey } from '../../keys/own-key.ts';
import { defaultIterations } from '../../limits.ts';
import { attributeIds, bagIds, contentIds, x509CertificateId, x509CrlId } from './ids.ts';
import { macOf } from './mac.ts';

export interface Pkcs12Contents extends EncryptionOptions {
  /** Keys with their certificates: the key's own first, then those above it. */
  readonly identities?: readonly {
    readonly key: PrivateKey | Uint8Array | string;
    readonly chain: CertificateInput;
    readonly friendlyName?: string;
  }[];
  /** Certificates beside those. */
  readonly certificates?: readonly { readonly certificate: Uint8Array; readonly friendlyName?: string }[];
  /** DER CertificateLists. */
  readonly crls?: readonly Uint8Array[];
  /**
   * What protects the file from changes. Default `pkcs12`, with SHA-256, which OpenSSL 1.0 and later, Java and Windows read;
   * `pbmac1` (RFC 9879) is read by few programs older than 2024.
   */
  readonly mac?: 'pkcs12' | 'pbmac1';
  /** Iterations for the MAC. Default: as many as for the encryption by PBKDF2, otherwise 600,000. */
  readonly macIterations?: number;
}

/**
 * A PKCS #12 file (RFC 7292) with modern encryption: PBES2 with AES-256 for keys and certificates, HMAC with SHA-256; DER.
 * Each draw from `source` is 16 bytes. Throws `ApiMisuseError` for what cannot be written, such as a key that is not that of
 * the certificate beside it, and `X509Error` for keys and certificates that cannot be read.
 */
export function makePkcs12(contents: Pkcs12Contents): Uint8Array {
  const { provider } = contents;
  const password = passwordOf(contents.passphrase);
  const keys: Uint8Array[] = [];
  const certificates: Uint8Array[] = [];
  for (const { key: input, chain: chainInput, friendlyName } of contents.identities ?? []) {
    const chain = certificatesDer(chainInput);
    const own = chain[0];
    if (own === undefined) throw new ApiMisuseError('expected a certificate for each key, got none');
    const key =
      typeof input === 'string' || input instanceof Uint8Array ? loadPrivateKey(input, provider) : input;
    requireSameKey(key, parseCertificate(own).spki, provider, 'the key of the certificate beside it');
    // Any number that the entries of this file do not share would do.
    const localKeyId = Uint8Array.of(keys.length + 1);
    const { algorithm, ciphertext } = encrypt(key.exportPkcs8(), contents);
    const attributes = attributesOf(friendlyName, localKeyId);
    keys.push(bag(bagIds.shroudedKey, derSequence(algorithm, derOctetString(ciphertext)), attributes));
    certificates.push(certificateBag(own, attributes));
    certificates.push(...chain.slice(1).map((der) => certificateBag(der, [])));
  }
  for (const { certificate, friendlyName } of contents.certificates ?? [])
    certificates.push(certificateBag(certificate, attributesOf(friendlyName, undefined)));
  for (const crl of contents.crls ?? []) certificates.push(bag(bagIds.crl, typed(x509CrlId, crl), []));

  const safes: Uint8Array[] = [];
  if (certificates.length > 0) safes.push(encryptedData(derSequenceOf(certificates), contents));
  if (keys.length > 0) safes.push(data(derSequenceOf(keys)));
  const authenticatedSafe = derSequenceOf(safes);
  const mac = macData(authenticatedSafe, contents, password);
  return derSequence(derInteger(3), data(authenticatedSafe), mac);
}

function bag(id: string, value: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  return derSequence(
    derObjectIdentifier(id),
    derExplicit(0, value),
    ...(attributes.length === 0 ? [] : [derSetOf(...attributes)]),
  );
}

function certificateBag(certificate: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  return bag(bagIds.certificate, typed(x509CertificateId, certificate), attributes);
}

function typed(id: string, der: Uint8Array): Uint8Array {
  return derSequence(derObjectIdentifier(id), derExplicit(0, derOctetString(der)));
}

function attributesOf(friendlyName: string | undefined, localKeyId: Uint8Array | undefined): Uint8Array[] {
  const attribute = (id: string, value: Uint8Array): Uint8Array =>
    derSequence(derObjectIdentifier(id), derSetOf(value));
  const attributes: Uint8Array[] = [];
  if (friendlyName !== undefined) {
    if (/\p{Surrogate}/u.test(friendlyName))
      throw new ApiMisuseError('expected a friendlyName of whole characters, got half of a surrogate pair');
    attributes.push(
      attribute(attributeIds.friendlyName, derElement(tags.bmpString, codeUnitsOf(friendlyName))),
    );
  }
  if (localKeyId !== undefined)
    attributes.push(attribute(attributeIds.localKeyId, derOctetString(localKeyId)));
  return attributes;
}

function data(contents: Uint8Array): Uint8Array {
  return derSequence(derObjectIdentifier(contentIds.data), derExplicit(0, derOctetString(contents)));
}

function encryptedData(contents: Uint8Array, options: EncryptionOptions): Uint8Array {
  const { algorithm, ciphertext } = encrypt(contents, options);
  const info = derSequence(derObjectIdentifier(contentIds.data), algorithm, derElement(0x80, ciphertext));
  return derSequence(
    derObjectIdentifier(contentIds.encryptedData),
    derExplicit(0, derSequence(derInteger(0), info)),
  );
}

function macData(
  contents: Uint8Array,
  options: Pkcs12Contents,
  password: ReturnType<typeof passwordOf>,
): Uint8Array {
  const { provider, derivation, mac = 'pkcs12' } = options;
  const salt = (options.source ?? ((length: number) => provider.random(length)))(16);
  const iterations =
    options.macIterations ??
    (derivation?.type === 'pbkdf2' ? (derivation.iterations ?? defaultIterations) : defaultIterations);
  if (!(Number.isInteger(iterations) && iterations > 0 && iterations < 2 ** 31))
    throw new ApiMisuseError(`expected 1 to 2^31 - 1 iterations, got ${iterations}`);
  if (mac === 'pbmac1') return pbmac1(contents, provider, password.bytes, salt, iterations);
  const digest = macOf(provider, 'sha256', password, contents, { salt, iterations });
  return derSequence(
    derSequence(derSequence(derObjectIdentifier(hashIds.sha256), derNull), derOctetString(digest)),
    derOctetString(salt),
    derInteger(iterations),
  );
}

/** RFC 9879; the salt and the iterations outside have no meaning, but a place. */
function pbmac1(
  contents: Uint8Array,
  provider: CryptoProvider,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
): Uint8Array {
  const key = derivePbkdf2(provider, 'sha256', password, salt, iterations, 32);
  const digest = provider.hashes.sha256!.hmac(key, [contents]);
  const scheme = derSequence(derObjectIdentifier(prfIds.sha256), derNull);
  const algorithm = derSequence(
    derObjectIdentifier(pbmac1Id),
    derSequence(pbkdf2Algorithm('sha256', salt, iterations, 32), scheme),
  );
  return derSequence(
    derSequence(algorithm, derOctetString(digest)),
    derOctetString(new Uint8Array([0x4e, 0x4f, 0x54, 0x20, 0x55, 0x53, 0x45, 0x44])), // "NOT USED"
    derInteger(1),
  );
}
