import type { KeyKind } from '@sealwire/core';
import {
  type Certificate,
  extensionIds,
  formatIpAddress,
  type GeneralName,
  isX509Error,
  keyPurposeIds,
  signatureAlgorithmOf,
} from '@sealwire/x509';
import { distanceText, hexOf, timeText } from '../text/units.ts';
import { provider } from './provider.ts';

/** A certificate for `--json`; what cannot be read of it is in `malformed`. */
export interface CertificateReport {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly names: readonly string[];
  readonly key: string;
  readonly signatureAlgorithm: string;
  readonly isCa: boolean;
  readonly keyUsage: readonly string[];
  readonly purposes: readonly string[];
  readonly ocsp: readonly string[];
  readonly sha256: string;
  readonly spkiSha256: string;
  readonly malformed: readonly string[];
}

export function certificateReport(certificate: Certificate): CertificateReport {
  const malformed: string[] = [];
  // The inside of an extension is read when it is asked for, and may be anything.
  const read = <T>(ask: () => T, otherwise: T): T => {
    try {
      return ask();
    } catch (error) {
      if (!isX509Error(error)) throw error;
      malformed.push(error.message);
      return otherwise;
    }
  };
  return {
    subject: String(certificate.subject),
    issuer: String(certificate.issuer),
    serialNumber: certificate.serialNumberHex,
    notBefore: new Date(certificate.notBeforeMs).toISOString(),
    notAfter: new Date(certificate.notAfterMs).toISOString(),
    names: read(() => (certificate.subjectAltName ?? []).map(nameText), []),
    key: keyText(certificate.spki),
    signatureAlgorithm: algorithmText(certificate),
    isCa: read(() => certificate.basicConstraints?.ca === true, false),
    keyUsage: read(() => [...(certificate.keyUsage ?? [])], []),
    purposes: read(() => (certificate.extendedKeyUsage ?? []).map(purposeText), []),
    ocsp: read(() => certificate.authorityInfoAccess?.ocsp ?? [], []),
    sha256: fingerprint(certificate.der),
    spkiSha256: fingerprint(certificate.spki),
    malformed,
  };
}

/** Rows for people. */
export function certificateRows(
  certificate: Certificate,
  nowMs: number,
): readonly (readonly [name: string, value: string | undefined])[] {
  const report = certificateReport(certificate);
  const list = (values: readonly string[]) => (values.length === 0 ? undefined : values.join(', '));
  const known = new Set<string>(shownExtensions.map((name) => extensionIds[name]));
  const others = [...certificate.extensions.keys()].filter((id) => !known.has(id));
  return [
    ['subject', report.subject === '' ? '(none)' : report.subject],
    ['issuer', certificate.isSelfIssued ? `${report.issuer} (itself)` : report.issuer],
    ['serial number', report.serialNumber],
    ['valid from', `${timeText(certificate.notBeforeMs)}, ${distanceText(certificate.notBeforeMs, nowMs)}`],
    ['valid until', `${timeText(certificate.notAfterMs)}, ${distanceText(certificate.notAfterMs, nowMs)}`],
    ['names', list(report.names)],
    ['key', report.key],
    ['signed with', report.signatureAlgorithm],
    ['CA', report.isCa ? 'yes' : 'no'],
    ['key usage', list(report.keyUsage)],
    ['purposes', list(report.purposes)],
    ['OCSP', list(report.ocsp)],
    ['other extensions', list(others)],
    ['SHA-256', report.sha256],
    ['SHA-256 of its key', report.spkiSha256],
    ['malformed', list(report.malformed)],
  ];
}

export function nameText(name: GeneralName): string {
  switch (name.type) {
    case 'ip':
      return `IP:${formatIpAddress(name.value) ?? hexOf(name.value)}`;
    case 'directory':
      return `DirName:${name.value}`;
    case 'other':
      return `${name.form}:${hexOf(name.value)}`;
    default:
      return `${prefixes[name.type]}:${name.value}`;
  }
}

/** `EC P-256`, `RSA 2048`, … */
export function keyText(spki: Uint8Array): string {
  const key = provider.importPublicKey(spki);
  return key === undefined ? 'of an unknown kind' : kindText(key.kind);
}

export function kindText(kind: KeyKind): string {
  switch (kind.type) {
    case 'ec':
      return `EC ${kind.curve}`;
    case 'ed25519':
      return 'Ed25519';
    case 'ed448':
      return 'Ed448';
    case 'ml-dsa-44':
    case 'ml-dsa-65':
    case 'ml-dsa-87':
      return kind.type.toUpperCase();
    default:
      return `${kind.type === 'rsa' ? 'RSA' : 'RSA-PSS'} of ${kind.bits} bits`;
  }
}

export function fingerprint(bytes: Uint8Array): string {
  return hexOf(provider.hashes.sha256!.digest([bytes]));
}

function algorithmText({ signatureAlgorithm }: Certificate): string {
  const algorithm = signatureAlgorithmOf(signatureAlgorithm);
  if (algorithm === undefined) return signatureAlgorithm.algorithm;
  return 'hash' in algorithm ? `${algorithm.type} with ${algorithm.hash}` : algorithm.type;
}

function purposeText(id: string): string {
  return Object.entries(keyPurposeIds).find(([, each]) => each === id)?.[0] ?? id;
}

const prefixes = { email: 'email', dns: 'DNS', uri: 'URI' } as const;
/** Those that a row is about, or that only help to find issuers. */
const shownExtensions = [
  'subjectAltName',
  'basicConstraints',
  'keyUsage',
  'extendedKeyUsage',
  'authorityInfoAccess',
  'subjectKeyIdentifier',
  'authorityKeyIdentifier',
] as const;
