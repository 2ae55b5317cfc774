import * as asn1 from 'asn1js';
import {
  ApiMisuseError,
  type CryptoProvider,
  type PrivateKey,
  type RandomSource,
  type SignatureAlgorithm,
  refuseUnknownOptions,
} from '@sealwire/core';
import { requireKeyPair, requirePrivateKey, requireProvider } from '../callers.ts';
import { type Certificate, parseCertificate } from '../certificate/certificate.ts';
import { DerReader, tags } from '../der/reader.ts';
import { readOctetsOfBitString } from '../der/values.ts';
import type { KeyUsage } from '../extensions/key-usage.ts';
import { extensionIds } from '../extensions/registry.ts';
import { DistinguishedName } from '../names/distinguished-name.ts';
import { explicit, integer, raw, sequence, toDer } from './asn1.ts';
import { writeSignatureAlgorithm } from './algorithm.ts';
import { type ExtensionContents, extensionContentNames, withOwn, writtenExtensions } from './contents.ts';
import {
  type ExtensionInput,
  authorityKeyIdentifier,
  subjectAltName,
  subjectKeyIdentifier,
  writeExtension,
} from './extensions.ts';
import { type NameInput, writeName } from './name.ts';
import { mlDsaKeyUsageProblem } from '../keys/ml-dsa-key-usage.ts';
import { usualSignatureAlgorithm } from '../keys/usual-algorithm.ts';
import { derSequence } from '../der/write.ts';
import { signatureOver } from './signed.ts';

export interface CertificateContents extends ExtensionContents {
  readonly provider: CryptoProvider;
  /** May be empty (`{}`) if there are alternative names. A name that was read is written as it stands. */
  readonly subject: NameInput | DistinguishedName;
  /** The key that is certified: a private key, of which the public half is taken, or a DER SubjectPublicKeyInfo. */
  readonly key: PrivateKey | Uint8Array;
  /** Who signs: DER certificate and its key. Absent: self-signed, and `key` must be a private key. */
  readonly issuer?: { readonly certificate: Uint8Array; readonly key: PrivateKey };
  /** Validity, in ms since the epoch; cut to whole seconds. Both ends are included. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Big-endian, 1 to 20 octets. Default: 16 random octets. */
  readonly serialNumber?: Uint8Array;
  /** Default: what suits the signer's key (SHA-256 for RSA and P-256, SHA-384 for P-384, SHA-512 for P-521). */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** True or a path length makes a CA. Default false, which is said. */
  readonly ca?: boolean | { readonly pathLength: number };
  /** Default: keyCertSign and cRLSign for a CA, digitalSignature (and keyEncipherment with RSA) otherwise. Empty list: no extension. */
  readonly keyUsage?: readonly KeyUsage[];
  /** Where the serial number and the signature's randomness come from; with it the result depends on the arguments alone. */
  readonly source?: RandomSource;
}

/** Makes and signs a version 3 certificate (RFC 5280 §4); DER. Throws `ApiMisuseError` for contents that cannot be written. */
export function makeCertificate(contents: CertificateContents): Uint8Array {
  refuseUnknownOptions('makeCertificate', contents, Object.keys(contentNames));
  const { provider, key, issuer, source } = contents;
  requireProvider(provider);
  if (issuer !== undefined) requirePrivateKey(issuer.key, 'issuer.key');
  if (!(key instanceof Uint8Array)) requireKeyPair(key);
  const spki = key instanceof Uint8Array ? key : key.publicKey.spki;
  const signer = issuer?.key ?? (key instanceof Uint8Array ? undefined : key);
  if (signer === undefined)
    throw new ApiMisuseError('expected an issuer, or a private key to sign itself with');
  const algorithm = contents.signatureAlgorithm ?? usualSignatureAlgorithm(signer.kind);
  const issuerCertificate = issuer === undefined ? undefined : parseCertificate(issuer.certificate);
  const subject = subjectOf(contents.subject);
  requireNames(contents, issuerCertificate);
  const issuerKeyIdentifier =
    issuerCertificate?.subjectKeyIdentifier ?? keyIdentifier(signer.publicKey.spki, provider);

  const tbs = toDer(
    sequence([
      explicit(0, [integer(Uint8Array.of(2))]),
      integer(serialNumber(contents)),
      writeSignatureAlgorithm(algorithm),
      issuerCertificate === undefined ? subjectOf(contents.subject) : raw(issuerCertificate.subject.der),
      sequence([time(contents.notBeforeMs, 'notBeforeMs'), time(contents.notAfterMs, 'notAfterMs')]),
      subject,
      raw(spki),
      explicit(3, [sequence(extensionsOf(contents, spki, issuerKeyIdentifier).map(writeExtension))]),
    ]),
  );
  return derSequence(tbs, ...signatureOver(tbs, algorithm, signer, source));
}

function extensionsOf(
  contents: CertificateContents,
  spki: Uint8Array,
  issuerKeyIdentifier: Uint8Array,
): ExtensionInput[] {
  const { provider, ca = false } = contents;
  const isCa = ca !== false;
  const usages = contents.keyUsage ?? defaultKeyUsage(isCa, spki, provider);
  // No usages are written as no extension at all.
  const wrong = usages.length === 0 ? undefined : mlDsaKeyUsageProblem(spki, usages);
  if (wrong !== undefined) throw new ApiMisuseError(`keyUsage: ${wrong} (RFC 9881 §5)`);
  const extensions = [
    ...writtenExtensions({ ...contents, ca, keyUsage: usages }, isEmpty(contents.subject)),
    subjectKeyIdentifier(keyIdentifier(spki, provider)),
    authorityKeyIdentifier(issuerKeyIdentifier),
  ];
  return withOwn(extensions, contents.extensions);
}

/** RFC 5280 §4.1.2.4, §4.1.2.6, §4.2.1.6: who has no subject has alternative names, and issues nothing. */
function requireNames(contents: CertificateContents, issuer: Certificate | undefined): void {
  if (issuer?.subject.isEmpty === true)
    throw new ApiMisuseError('expected an issuer with a subject, got one without');
  if (!isEmpty(contents.subject)) return;
  if ((contents.ca ?? false) !== false || issuer === undefined)
    throw new ApiMisuseError('expected a subject that is not empty, for a CA or whoever signs himself');
  const hasNames = subjectAltName(contents, true) !== undefined;
  if (!hasNames && !contents.extensions?.some(({ id }) => id === extensionIds.subjectAltName))
    throw new ApiMisuseError('expected a subject or alternative names');
}

function subjectOf(subject: NameInput | DistinguishedName): asn1.AsnType {
  return subject instanceof DistinguishedName ? raw(subject.der) : writeName(subject);
}

function isEmpty(subject: NameInput | DistinguishedName): boolean {
  return subject instanceof DistinguishedName ? subject.isEmpty : Object.keys(subject).length === 0;
}

function defaultKeyUsage(isCa: boolean, spki: Uint8Array, provider: CryptoProvider): KeyUsage[] {
  if (isCa) return ['keyCertSign', 'cRLSign'];
  return provider.importPublicKey(spki)?.kind.type === 'rsa'
    ? ['digitalSignature', 'keyEncipherment']
    : ['digitalSignature'];
}

/** RFC 7093 §2 (1): the leftmost 160 bits of the SHA-256 of the key's bits. */
function keyIdentifier(spki: Uint8Array, provider: CryptoProvider): Uint8Array {
  const { sha256 } = provider.hashes;
  if (sha256 === undefined) throw new ApiMisuseError(`expected a provider with sha256, got ${provider.name}`);
  const info = new DerReader(spki, 'SubjectPublicKeyInfo').enter(tags.sequence, 'SubjectPublicKeyInfo');
  info.element('algorithm');
  return sha256.digest([readOctetsOfBitString(info, 'subjectPublicKey')]).slice(0, 20);
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets; ours have the first bit clear and another set, so that all count. */
function serialNumber({ serialNumber: given, source, provider }: CertificateContents): Uint8Array {
  if (given === undefined) {
    const random = (source ?? ((length: number) => provider.random(length)))(16);
    return Uint8Array.of((random[0]! & 0x7f) | 0x40, ...random.subarray(1));
  }
  if (!(given instanceof Uint8Array))
    throw new ApiMisuseError(`expected serialNumber in octets (Uint8Array), got ${typeof given}`);
  if (given.length === 0 || given.length > 20)
    throw new ApiMisuseError(`expected 1 to 20 octets of serial number, got ${given.length}`);
  if (given.every((octet) => octet === 0))
    throw new ApiMisuseError('expected a positive serial number, got 0');
  return given;
}

/** §4.1.2.5: UTCTime through the year 2049, GeneralizedTime from 2050 on. */
function time(ms: number, name: string): asn1.AsnType {
  const valueDate = new Date(Math.floor(ms / 1_000) * 1_000);
  const year = valueDate.getUTCFullYear();
  if (!(year >= 1950 && year <= 9999))
    throw new ApiMisuseError(`expected ${name} in ms since the epoch, from 1950 to 9999, got ${ms}`);
  return year < 2050 ? new asn1.UTCTime({ valueDate }) : new asn1.GeneralizedTime({ valueDate });
}

const contentNames: Readonly<Record<keyof CertificateContents, true>> = {
  ...extensionContentNames,
  provider: true,
  subject: true,
  key: true,
  issuer: true,
  notBeforeMs: true,
  notAfterMs: true,
  serialNumber: true,
  signatureAlgorithm: true,
  source: true,
};
