import { ApiMisuseError, type CryptoProvider, type HashName } from '@sealwire/core';
import type { Certificate } from '../certificate/certificate.ts';
import { DerReader, tags } from '../der/reader.ts';
import { readObjectIdentifier } from '../der/values.ts';
import { isX509Error } from '../errors.ts';
import { extensionIds } from '../extensions/registry.ts';
import { type LegacyInfoAccess, altNamesText, infoAccessText, legacyInfoAccess } from './general-names.ts';
import { isAuthority } from './issuance.ts';
import { keyFacts } from './key-facts.ts';
import { type LegacyName, legacyName } from './name-text.ts';
import { type NodeRelease, defaultRelease } from './object-names.ts';
import { upperHex } from './strings.ts';
import { timeText } from './time-text.ts';

/** How certificates are shown. */
export interface ShowOptions<B extends Uint8Array = Uint8Array> {
  /** For fingerprints and signatures; needs SHA-1, SHA-256 and SHA-512. */
  readonly provider: CryptoProvider;
  /**
   * What bytes are shown as, for example `(bytes) => Buffer.from(bytes)`; called with bytes that belong to the certificate, so
   * that a copy is its to make. Absent: they are shown as they are, and not to be changed.
   */
  readonly bytes?: (bytes: Uint8Array) => B;
  /** Which Node is followed where they differ. Default 20. */
  readonly release?: NodeRelease;
}

/**
 * A certificate as `getPeerCertificate()` of Node gives it, with its properties in the same order. What the certificate has not is
 * left out, or from Node 24 on `undefined`.
 */
export interface LegacyCertificate<B extends Uint8Array = Uint8Array> {
  /** Attributes by short name, or by identifier where OpenSSL knows none; without prototype. Left out when a value is no text. */
  subject?: LegacyName | undefined;
  issuer?: LegacyName | undefined;
  /** `DNS:a.example, IP Address:127.0.0.1`; `null` for an extension that is malformed. */
  subjectaltname?: string | null | undefined;
  infoAccess?: LegacyInfoAccess | null | undefined;
  ca: boolean;
  /** RSA: in upper-case hexadecimal. */
  modulus?: string | undefined;
  /** RSA: of the modulus; elliptic curves: of the group's order. */
  bits?: number | undefined;
  /** RSA: `0x10001`. */
  exponent?: string | undefined;
  /** RSA: DER SubjectPublicKeyInfo; elliptic curves: the point. */
  pubkey?: B | undefined;
  asn1Curve?: string | undefined;
  nistCurve?: string | undefined;
  valid_from: string;
  valid_to: string;
  /** SHA-1, SHA-256 and SHA-512 of the DER, in upper case with colons. */
  fingerprint: string;
  fingerprint256: string;
  fingerprint512: string;
  /** Object identifiers. */
  ext_key_usage?: string[] | undefined;
  /** In upper-case hexadecimal. */
  serialNumber: string;
  /** DER. */
  raw: B;
  /** Only of `legacyCertificateChain`; of a self-signed certificate itself. */
  issuerCertificate?: LegacyCertificate<B>;
}

/** The legacy object of one certificate; a new one each time. */
export function legacyCertificate<B extends Uint8Array = Uint8Array>(
  certificate: Certificate,
  options: ShowOptions<B>,
): LegacyCertificate<B> {
  const { provider, release = defaultRelease } = options;
  const infoAccess = infoAccessOf(certificate, release);
  const facts = keyFacts(certificate.spki, release);
  const fields: Fields<B> = {
    subject: legacyName(certificate.subject, release),
    issuer: legacyName(certificate.issuer, release),
    subjectaltname: altNamesOf(certificate, release),
    infoAccess: typeof infoAccess === 'string' ? legacyInfoAccess(infoAccess) : infoAccess,
    ca: isAuthority(certificate),
    modulus: facts?.type === 'rsa' ? facts.modulus : undefined,
    bits: facts?.bits,
    exponent: facts?.type === 'rsa' ? facts.exponent : undefined,
    pubkey: facts === undefined ? undefined : shown(facts.pubkey, options),
    asn1Curve: facts?.type === 'ec' ? facts.asn1Curve : undefined,
    nistCurve: facts?.type === 'ec' ? facts.nistCurve : undefined,
    valid_from: timeText(certificate.notBeforeMs),
    valid_to: timeText(certificate.notAfterMs),
    fingerprint: fingerprintOf(certificate, 'sha1', provider),
    fingerprint256: fingerprintOf(certificate, 'sha256', provider),
    fingerprint512: fingerprintOf(certificate, 'sha512', provider),
    ext_key_usage: purposesOf(certificate),
    serialNumber: serialNumberOf(certificate),
    raw: shown(certificate.der, options),
  };
  const entries =
    release >= 24
      ? newerOrder.map((name) => [name, fields[name]])
      : Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as LegacyCertificate<B>;
}

/** Bytes for whoever looks; what they are shown as is the caller's. */
export function shown<B extends Uint8Array>(bytes: Uint8Array, { bytes: convert }: ShowOptions<B>): B {
  // Without a conversion B is Uint8Array, as nothing else infers it.
  return convert === undefined ? (bytes as B) : convert(bytes);
}

export function altNamesOf(certificate: Certificate, release: NodeRelease): string | null | undefined {
  const extension = certificate.extensions.get(extensionIds.subjectAltName);
  return extension === undefined ? undefined : altNamesText(extension.value, release);
}

export function infoAccessOf(certificate: Certificate, release: NodeRelease): string | null | undefined {
  const extension = certificate.extensions.get(extensionIds.authorityInfoAccess);
  return extension === undefined ? undefined : infoAccessText(extension.value, release);
}

/** `AB:CD:…` of the DER. */
export function fingerprintOf(certificate: Certificate, hash: HashName, provider: CryptoProvider): string {
  const algorithm = provider.hashes[hash];
  if (algorithm === undefined)
    throw new ApiMisuseError(`expected a provider with ${hash}, got ${provider.name}`);
  return upperHex(algorithm.digest([certificate.der])).replace(/..(?=.)/g, '$&:');
}

/** Object identifiers of the extended key usage; `undefined` where it is absent or malformed. */
export function purposesOf(certificate: Certificate): string[] | undefined {
  const extension = certificate.extensions.get(extensionIds.extendedKeyUsage);
  if (extension === undefined) return undefined;
  try {
    const list = new DerReader(extension.value, 'ExtKeyUsageSyntax').enter(
      tags.sequence,
      'ExtKeyUsageSyntax',
    );
    const purposes: string[] = [];
    while (!list.done) purposes.push(readObjectIdentifier(list, 'KeyPurposeId').slice(0, 255));
    return purposes;
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}

/** Without octets of zeros in front, and `0` for zero. */
export function serialNumberOf(certificate: Certificate): string {
  return upperHex(certificate.serialNumber).replace(/^(00)+/, '') || '0';
}

type Field = keyof Omit<LegacyCertificate, 'issuerCertificate'>;

/** In the order in which Node 20 has them. */
type Fields<B extends Uint8Array> = { [K in Field]-?: LegacyCertificate<B>[K] | undefined };

const newerOrder: readonly Field[] = [
  ...([
    'subject',
    'issuer',
    'subjectaltname',
    'infoAccess',
    'ca',
    'modulus',
    'exponent',
    'pubkey',
    'bits',
  ] as const),
  ...([
    'valid_from',
    'valid_to',
    'fingerprint',
    'fingerprint256',
    'fingerprint512',
    'ext_key_usage',
  ] as const),
  ...(['serialNumber', 'raw', 'asn1Curve', 'nistCurve'] as const),
];
