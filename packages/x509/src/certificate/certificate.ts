import { requireDer } from '../callers.ts';
import { isX509Error, X509Error } from '../errors.ts';
import { hex, sameBytes } from '../der/bytes.ts';
import { type DerReader, contextTag, tags } from '../der/reader.ts';
import { readTime } from '../der/time.ts';
import {
  readBitString,
  readInteger,
  readObjectIdentifier,
  readOctetsOfBitString,
  readSmallInteger,
} from '../der/values.ts';
import { type AuthorityInfoAccess, readAuthorityInfoAccess } from '../extensions/authority-info-access.ts';
import { type BasicConstraints, readBasicConstraints } from '../extensions/basic-constraints.ts';
import { readDelegationUsage } from '../extensions/delegation-usage.ts';
import { type DistributionPoint, readCrlDistributionPoints } from '../extensions/distribution-point.ts';
import { readExtendedKeyUsage } from '../extensions/extended-key-usage.ts';
import { readTlsFeature } from '../extensions/tls-feature.ts';
import {
  type AuthorityKeyIdentifier,
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
} from '../extensions/key-identifiers.ts';
import { type KeyUsage, readKeyUsage } from '../extensions/key-usage.ts';
import { type NameConstraints, readNameConstraints } from '../extensions/name-constraints.ts';
import {
  type PolicyConstraints,
  type PolicyInformation,
  type PolicyMapping,
  readCertificatePolicies,
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
} from '../extensions/policies.ts';
import { extensionIds } from '../extensions/registry.ts';
import { readSubjectAltName } from '../extensions/subject-alt-name.ts';
import { maxCertificateBytes, maxSerialNumberBytes } from '../limits.ts';
import type { DistinguishedName } from '../names/distinguished-name.ts';
import { readDistinguishedName } from '../names/distinguished-name.ts';
import type { GeneralName } from '../names/general-name.ts';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm.ts';
import { type Extension, readExtensionList, readExtensionValue } from './extension-list.ts';
import { enterSigned } from '../der/signed.ts';

/**
 * A certificate, read strictly (RFC 5280 §4.1):
 *
 *     Certificate ::= SEQUENCE { tbsCertificate TBSCertificate, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
 *     TBSCertificate ::= SEQUENCE {
 *          version [0] EXPLICIT Version DEFAULT v1, serialNumber CertificateSerialNumber, signature AlgorithmIdentifier,
 *          issuer Name, validity Validity, subject Name, subjectPublicKeyInfo SubjectPublicKeyInfo,
 *          issuerUniqueID [1] IMPLICIT UniqueIdentifier OPTIONAL, subjectUniqueID [2] IMPLICIT UniqueIdentifier OPTIONAL,
 *          extensions [3] EXPLICIT Extensions OPTIONAL }
 *
 * `parseCertificate` checks this structure whole. What is inside an extension is read when its property is
 * asked for the first time, and that throws `X509Error` when it is malformed; `readEverything()` asks for all.
 * All byte properties are views of `der`.
 */
export class Certificate {
  readonly der: Uint8Array;
  /** DER of the TBSCertificate: what the signature is over. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2 | 3;
  /** Octets of the INTEGER: big-endian, with a zero octet in front where the first bit would be set. */
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** First and last second of validity, both included, in ms since the epoch. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** By object identifier, in the order of the certificate. */
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly #read = new Map<string, unknown>();

  constructor(fields: CertificateFields) {
    this.der = fields.der;
    this.tbs = fields.tbs;
    this.version = fields.version;
    this.serialNumber = fields.serialNumber;
    this.signatureAlgorithm = fields.signatureAlgorithm;
    this.signature = fields.signature;
    this.issuer = fields.issuer;
    this.subject = fields.subject;
    this.notBeforeMs = fields.notBeforeMs;
    this.notAfterMs = fields.notAfterMs;
    this.spki = fields.spki;
    this.extensions = fields.extensions;
  }

  /** Upper-case hexadecimal without a leading zero octet, as Node and OpenSSL print it. */
  get serialNumberHex(): string {
    const { serialNumber } = this;
    return hex(
      serialNumber.length > 1 && serialNumber[0] === 0 ? serialNumber.subarray(1) : serialNumber,
    ).toUpperCase();
  }

  /** Subject and issuer are the same name (RFC 5280 §3.2); says nothing about who signed. */
  get isSelfIssued(): boolean {
    return this.subject.equals(this.issuer);
  }

  get subjectAltName(): readonly GeneralName[] | undefined {
    return this.#extension(extensionIds.subjectAltName, 'subjectAltName', readSubjectAltName);
  }

  get basicConstraints(): BasicConstraints | undefined {
    return this.#extension(extensionIds.basicConstraints, 'basicConstraints', readBasicConstraints);
  }

  get keyUsage(): ReadonlySet<KeyUsage> | undefined {
    return this.#extension(extensionIds.keyUsage, 'keyUsage', readKeyUsage);
  }

  /** Object identifiers of the purposes. */
  get extendedKeyUsage(): readonly string[] | undefined {
    return this.#extension(extensionIds.extendedKeyUsage, 'extKeyUsage', readExtendedKeyUsage);
  }

  get nameConstraints(): NameConstraints | undefined {
    return this.#extension(extensionIds.nameConstraints, 'nameConstraints', readNameConstraints);
  }

  get certificatePolicies(): readonly PolicyInformation[] | undefined {
    return this.#extension(extensionIds.certificatePolicies, 'certificatePolicies', readCertificatePolicies);
  }

  get policyMappings(): readonly PolicyMapping[] | undefined {
    return this.#extension(extensionIds.policyMappings, 'policyMappings', readPolicyMappings);
  }

  get policyConstraints(): PolicyConstraints | undefined {
    return this.#extension(extensionIds.policyConstraints, 'policyConstraints', readPolicyConstraints);
  }

  /** How many more certificates, self-issued ones apart, may have anyPolicy stand for a policy. */
  get inhibitAnyPolicy(): number | undefined {
    return this.#extension(extensionIds.inhibitAnyPolicy, 'inhibitAnyPolicy', readInhibitAnyPolicy);
  }

  get subjectKeyIdentifier(): Uint8Array | undefined {
    return this.#extension(
      extensionIds.subjectKeyIdentifier,
      'subjectKeyIdentifier',
      readSubjectKeyIdentifier,
    );
  }

  get authorityKeyIdentifier(): AuthorityKeyIdentifier | undefined {
    return this.#extension(
      extensionIds.authorityKeyIdentifier,
      'authorityKeyIdentifier',
      readAuthorityKeyIdentifier,
    );
  }

  /** Where its CRLs are; `undefined`: nothing says so (RFC 5280 §4.2.1.13). */
  get crlDistributionPoints(): readonly DistributionPoint[] | undefined {
    return this.#extension(
      extensionIds.crlDistributionPoints,
      'cRLDistributionPoints',
      readCrlDistributionPoints,
    );
  }

  /** Where to ask about it; `undefined`: nothing says so. It decides nothing, so that a malformed one ends no chain. */
  get authorityInfoAccess(): AuthorityInfoAccess | undefined {
    return this.#extension(extensionIds.authorityInfoAccess, 'authorityInfoAccess', readAuthorityInfoAccess);
  }

  /** Numbers of the TLS extensions that the server promises to answer (RFC 7633); 5 is status_request: "must staple". */
  get tlsFeature(): readonly number[] | undefined {
    return this.#extension(extensionIds.tlsFeature, 'tlsFeature', readTlsFeature);
  }

  /** Whether the key may sign delegated credentials (RFC 9345 §4.2); `undefined`: nothing says so. */
  get delegationUsage(): true | undefined {
    return this.#extension(extensionIds.delegationUsage, 'delegationUsage', readDelegationUsage);
  }

  /** Reads every extension that paths are decided by (RFC 5280 §6, RFC 7633); throws the `X509Error` of the first that is malformed. */
  readEverything(): this {
    void this.subjectAltName;
    void this.basicConstraints;
    void this.keyUsage;
    void this.extendedKeyUsage;
    void this.nameConstraints;
    void this.subjectKeyIdentifier;
    void this.authorityKeyIdentifier;
    void this.crlDistributionPoints;
    void this.certificatePolicies;
    void this.policyMappings;
    void this.policyConstraints;
    void this.inhibitAnyPolicy;
    void this.tlsFeature;
    return this;
  }

  #extension<T>(id: string, name: string, read: (value: DerReader) => T): T | undefined {
    const extension = this.extensions.get(id);
    if (extension === undefined) return undefined;
    const known = this.#read.get(id);
    // A malformed extension is kept as such too: who asks a hundred times must not read a hundred times.
    if (known instanceof X509Error) throw known;
    if (known !== undefined) return known as T;
    try {
      const value = readExtensionValue(this.der, extension, name, read);
      this.#read.set(id, value);
      return value;
    } catch (error) {
      if (isX509Error(error)) this.#read.set(id, error);
      throw error;
    }
  }
}

/**
 * Reads one DER certificate. `der` is kept, not copied: the caller must not change it afterwards. Throws
 * `X509Error` for anything that is not exactly one certificate in DER.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  requireDer(der, 'Certificate');
  if (der.length > maxCertificateBytes) {
    throw new X509Error(
      'certificate.tooLarge',
      `expected at most ${maxCertificateBytes} bytes, got ${der.length}`,
      { path: 'Certificate' },
    );
  }
  const { whole: certificate, tbs, tbsBytes } = enterSigned(der, 'Certificate', 'tbsCertificate');
  const outerAlgorithmDer = certificate.element('signatureAlgorithm', tags.sequence);
  const signature = readOctetsOfBitString(certificate, 'signatureValue');
  certificate.finish();

  const version = readVersion(tbs);
  const serialNumber = readSerialNumber(tbs);
  const algorithmStart = tbs.at;
  const signatureAlgorithm = readAlgorithmIdentifier(tbs, 'signature');
  // RFC 5280 §4.1.1.2: "This field MUST contain the same algorithm identifier as the signature field".
  if (!sameBytes(der.subarray(algorithmStart, tbs.at), outerAlgorithmDer)) {
    throw tbs.error(
      'certificate.signatureAlgorithmMismatch',
      'expected signature and signatureAlgorithm to be equal',
      'signature',
      algorithmStart,
    );
  }
  const issuerStart = tbs.at;
  const issuer = readDistinguishedName(tbs, 'issuer');
  // §4.1.2.4: "The issuer field MUST contain a non-empty distinguished name (DN)."
  if (issuer.isEmpty)
    throw tbs.error('certificate.badName', 'expected an issuer that is not empty', 'issuer', issuerStart);
  const { notBeforeMs, notAfterMs } = readValidity(tbs);
  const subject = readDistinguishedName(tbs, 'subject');
  const spki = readSubjectPublicKeyInfo(tbs);
  const extensions = readOptionalFields(tbs, version);
  tbs.finish();

  return new Certificate({
    der,
    tbs: tbsBytes,
    version,
    serialNumber,
    signatureAlgorithm,
    signature,
    issuer,
    subject,
    notBeforeMs,
    notAfterMs,
    spki,
    extensions,
  });
}

type CertificateFields = Pick<
  Certificate,
  | 'der'
  | 'tbs'
  | 'version'
  | 'serialNumber'
  | 'signatureAlgorithm'
  | 'signature'
  | 'issuer'
  | 'subject'
  | 'notBeforeMs'
  | 'notAfterMs'
  | 'spki'
  | 'extensions'
>;

/** `Version ::= INTEGER { v1(0), v2(1), v3(2) }`; v1 is the default and is not written (X.690 §11.5). */
function readVersion(tbs: DerReader): 1 | 2 | 3 {
  if (tbs.nextTag !== contextTag.constructed(0)) return 1;
  const start = tbs.at;
  const explicit = tbs.enter(contextTag.constructed(0), 'version');
  const version = readSmallInteger(explicit, 'Version');
  explicit.finish();
  if (version !== 1 && version !== 2) {
    throw tbs.error('certificate.badVersion', `expected v2 (1) or v3 (2), got ${version}`, 'version', start);
  }
  return version === 1 ? 2 : 3;
}

/**
 * RFC 5280 §4.1.2.2: positive, at most 20 octets. Zero is let through: roots that people trust carry it, and
 * "certificate users SHOULD be prepared to gracefully handle such certificates".
 */
function readSerialNumber(tbs: DerReader): Uint8Array {
  const start = tbs.at;
  const serialNumber = readInteger(tbs, 'serialNumber');
  if (serialNumber[0]! >= 0x80) {
    throw tbs.error(
      'certificate.badSerialNumber',
      'expected a serial number that is not negative',
      'serialNumber',
      start,
    );
  }
  const octets = serialNumber[0] === 0 ? serialNumber.length - 1 : serialNumber.length;
  if (octets > maxSerialNumberBytes) {
    throw tbs.error(
      'certificate.badSerialNumber',
      `expected at most ${maxSerialNumberBytes} octets, got ${octets}`,
      'serialNumber',
      start,
    );
  }
  return serialNumber;
}

/** `Validity ::= SEQUENCE { notBefore Time, notAfter Time }` (§4.1.2.5). */
function readValidity(tbs: DerReader): { notBeforeMs: number; notAfterMs: number } {
  const validity = tbs.enter(tags.sequence, 'validity');
  const notBeforeMs = readTime(validity, 'notBefore');
  const notAfterMs = readTime(validity, 'notAfter');
  validity.finish();
  return { notBeforeMs, notAfterMs };
}

/** `SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }` (§4.1.2.7). */
function readSubjectPublicKeyInfo(tbs: DerReader): Uint8Array {
  const start = tbs.at;
  const info = tbs.enter(tags.sequence, 'subjectPublicKeyInfo');
  const algorithm = info.enter(tags.sequence, 'algorithm');
  readObjectIdentifier(algorithm, 'algorithm');
  if (!algorithm.done) algorithm.element('parameters');
  algorithm.finish();
  readOctetsOfBitString(info, 'subjectPublicKey');
  info.finish();
  return tbs.bytes.subarray(start, tbs.at);
}

/** Unique identifiers exist in versions 2 and 3, extensions in version 3 (§4.1.2.8, §4.1.2.9). */
function readOptionalFields(tbs: DerReader, version: 1 | 2 | 3): ReadonlyMap<string, Extension> {
  for (const number of [1, 2]) {
    const tag = contextTag.primitive(number);
    if (tbs.nextTag !== tag) continue;
    const field = number === 1 ? 'issuerUniqueID' : 'subjectUniqueID';
    if (version === 1)
      throw tbs.error('certificate.fieldNotInVersion', 'expected no unique identifier in version 1', field);
    readBitString(tbs, field, tag);
  }
  if (tbs.nextTag !== contextTag.constructed(3)) return noExtensions;
  if (version !== 3)
    throw tbs.error(
      'certificate.fieldNotInVersion',
      `expected no extensions in version ${version}`,
      'extensions',
    );
  return readExtensionList(tbs);
}

const noExtensions: ReadonlyMap<string, Extension> = /* @__PURE__ */ new Map<string, Extension>();
