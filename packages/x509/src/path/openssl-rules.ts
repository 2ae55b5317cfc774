import type { Certificate } from '../certificate/certificate.ts';
import { readExtensionValue } from '../certificate/extension-list.ts';
import { sameBytes } from '../der/bytes.ts';
import { readBitString } from '../der/values.ts';
import { isX509Error } from '../errors.ts';
import { extensionIds, keyPurposeIds } from '../extensions/registry.ts';
import type { KeyUsage } from '../extensions/key-usage.ts';
import {
  type CertificateRules,
  type Use,
  checkEndEntity as checkKeyUse,
  checkIssuer as checkStrictIssuer,
  iso,
  rfc5280Rules,
} from './certificate-checks.ts';
import { type Problem, problem } from './outcome.ts';
import type { PathPolicy } from './policy.ts';

/**
 * The rules of one certificate as OpenSSL 3 has them without its strict flag, where they differ from RFC 5280 or from
 * how we read it. The policy `profile: 'openssl'` decides by them; `openssl-walk.ts` tells its errors by them.
 */
const opensslRules: CertificateRules = {
  checkCertificate: (certificate, depth, use) =>
    checkTime(certificate, depth, use.timeMs) ??
    checkCriticalExtensions(certificate, depth) ??
    checkPurpose(readable(certificate), depth, use),
  checkEndEntity: checkKeyUse,
  checkIssuer: (issuer, depth, isAnchor, intermediatesBelow) =>
    checkCa(issuer, depth, isAnchor) ??
    checkKeyCertSign(issuer, depth) ??
    checkPathLength(issuer, depth, isAnchor, intermediatesBelow),
  checkIssued: () => undefined,
  mayHaveIssued,
  isOwnIssuer: isSelfSigned,
  commonNamesAreConstrained: true,
  policiesAreChecked: false,
};

export function rulesOf({ profile }: PathPolicy): CertificateRules {
  return profile === 'openssl' ? opensslRules : rfc5280Rules;
}

/** The last second does not count: whole seconds are compared, and `notAfter` is to be later than now. */
export function checkTime(certificate: Certificate, depth: number, timeMs: number): Problem | undefined {
  const nowMs = Math.floor(timeMs / 1_000) * 1_000;
  const { notBeforeMs, notAfterMs } = certificate;
  if (notBeforeMs > nowMs) return problem('CERT_NOT_YET_VALID', depth, `valid from ${iso(notBeforeMs)}`);
  if (notAfterMs <= nowMs) return problem('CERT_HAS_EXPIRED', depth, `valid until ${iso(notAfterMs)}`);
  return undefined;
}

export function checkCriticalExtensions(certificate: Certificate, depth: number): Problem | undefined {
  for (const { id, critical } of certificate.extensions.values())
    if (critical && !handled.has(id))
      return problem('UNHANDLED_CRITICAL_EXTENSION', depth, `expected no critical extension ${id}`);
  return undefined;
}

/** X509_check_ca: by basicConstraints; else version 1 that is self-signed, or a key usage that says so, is an "old" CA. */
export function caKind(certificate: Certificate): 'no' | 'yes' | 'old' {
  const { basicConstraints, keyUsage } = certificate;
  if (keyUsage?.has('keyCertSign') === false) return 'no';
  if (basicConstraints !== undefined) return basicConstraints.ca ? 'yes' : 'no';
  const isOldRoot = certificate.version === 1 && isSelfSigned(certificate);
  return isOldRoot || keyUsage !== undefined ? 'old' : 'no';
}

export function checkCa(certificate: Certificate, depth: number, isLast: boolean): Problem | undefined {
  const kind = caKind(certificate);
  if (kind === 'yes' || (kind === 'old' && isLast)) return undefined;
  return problem('INVALID_CA', depth, 'expected basicConstraints with cA');
}

/** Extended key usage at any depth; anyExtendedKeyUsage is no purpose of TLS here. The leaf's key usage has to suit TLS. */
export function checkPurpose(certificate: Certificate, depth: number, use: Use): Problem | undefined {
  const wrong = (message: string) => problem('INVALID_PURPOSE', depth, message);
  const { keyUsage } = certificate;
  const extendedKeyUsage = purposesOf(certificate);
  const { purpose } = use;
  if (purpose === 'any') return undefined;
  const accepted = purpose === 'serverAuth' ? serverPurposes : [keyPurposeIds[purpose]];
  if (extendedKeyUsage?.some((each) => accepted.includes(each)) === false)
    return wrong(`expected the extended key usage ${purpose}, got ${extendedKeyUsage.join(', ')}`);
  if (depth > 0) return caKind(certificate) === 'no' ? wrong('expected a CA') : undefined;
  const usages = endEntityUsages[purpose as keyof typeof endEntityUsages];
  if (usages === undefined) return undefined;
  if (keyUsage !== undefined && !usages.some((usage) => keyUsage.has(usage)))
    return wrong(`expected a key usage among ${usages.join(', ')}, got ${[...keyUsage].join(', ')}`);
  const type = netscapeType(certificate);
  if (type === undefined || (type & (purpose === 'serverAuth' ? 0x40 : 0x80)) !== 0) return undefined;
  return wrong(`expected Netscape's certificate type of ${purpose}`);
}

/** The first octet of Netscape's certificate type: 0x80 is for TLS clients, 0x40 for servers. Throws where it is malformed. */
function netscapeType(certificate: Certificate): number | undefined {
  const extension = certificate.extensions.get(netscapeTypeId);
  if (extension === undefined) return undefined;
  return readExtensionValue(certificate.der, extension, 'netscapeCertType', (value) => {
    const { octets } = readBitString(value, 'netscapeCertType');
    value.finish();
    return octets[0] ?? 0;
  });
}

function purposesOf(certificate: Certificate): readonly string[] | undefined {
  try {
    return certificate.extendedKeyUsage;
  } catch (error) {
    if (isX509Error(error)) return [];
    throw error;
  }
}

export function checkKeyCertSign(issuer: Certificate, depth: number): Problem | undefined {
  if (issuer.keyUsage?.has('keyCertSign') !== false) return undefined;
  return problem('KEYUSAGE_NO_CERTSIGN', depth, 'expected the key usage keyCertSign');
}

/** ossl_x509_likely_issued: key identifier, issuer and serial number agree where both certificates say them. */
export function mayHaveIssued(issuer: Certificate, subject: Certificate): boolean {
  if (!issuer.subject.equals(subject.issuer) || !isReadable(issuer) || !isReadable(subject)) return false;
  const { authorityKeyIdentifier: wanted } = subject;
  const own = issuer.subjectKeyIdentifier;
  if (wanted?.keyIdentifier !== undefined && own !== undefined && !sameBytes(wanted.keyIdentifier, own))
    return false;
  if (wanted?.serialNumber !== undefined && !sameBytes(wanted.serialNumber, issuer.serialNumber))
    return false;
  const directory = wanted?.issuer?.find((name) => name.type === 'directory');
  return directory === undefined || directory.value.equals(issuer.issuer);
}

/** Self-issued, and with identifiers that do not speak against it; its signature is not checked. */
export function isSelfSigned(certificate: Certificate): boolean {
  return certificate.isSelfIssued && mayHaveIssued(certificate, certificate);
}

/**
 * A certificate with a malformed extension, policies apart, is nobody's issuer and has none. Lists without entries and
 * addresses of any length are well-formed to OpenSSL; `opensslRules` refuses them all the same.
 */
export function isReadable(certificate: Certificate): boolean {
  try {
    readable(certificate);
    return true;
  } catch (error) {
    if (isX509Error(error)) return error.code === 'certificate.badExtension' && isLoose(error.path);
    throw error;
  }
}

function isLoose(path: string | undefined): boolean {
  return path?.includes('.extKeyUsage') === true || path?.includes('.subjectAltName') === true;
}

function readable(certificate: Certificate): Certificate {
  void certificate.subjectAltName;
  void certificate.basicConstraints;
  void certificate.keyUsage;
  void certificate.extendedKeyUsage;
  void certificate.nameConstraints;
  void certificate.subjectKeyIdentifier;
  void certificate.authorityKeyIdentifier;
  netscapeType(certificate);
  return certificate;
}

function checkPathLength(
  issuer: Certificate,
  depth: number,
  isAnchor: boolean,
  intermediatesBelow: number,
): Problem | undefined {
  const wrong = checkStrictIssuer(issuer, depth, isAnchor, intermediatesBelow);
  return wrong?.code === 'PATH_LENGTH_EXCEEDED' ? wrong : undefined;
}

/** Those two of Microsoft and Netscape are from before serverAuth. */
const serverPurposes: readonly string[] = [
  keyPurposeIds.serverAuth,
  '1.3.6.1.4.1.311.10.3.3',
  '2.16.840.1.113730.4.1',
];

const endEntityUsages: Readonly<Partial<Record<Use['purpose'], readonly KeyUsage[]>>> = {
  serverAuth: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  clientAuth: ['digitalSignature', 'keyAgreement'],
};

const netscapeTypeId = '2.16.840.1.113730.1.1';

/** Those of key identifiers are not among them. */
const handled: ReadonlySet<string> = /* @__PURE__ */ new Set([
  extensionIds.keyUsage,
  extensionIds.subjectAltName,
  extensionIds.basicConstraints,
  extensionIds.certificatePolicies,
  extensionIds.crlDistributionPoints,
  extensionIds.extendedKeyUsage,
  extensionIds.policyConstraints,
  extensionIds.nameConstraints,
  extensionIds.policyMappings,
  extensionIds.inhibitAnyPolicy,
  netscapeTypeId,
  // OCSP responders that need not be asked about.
  '1.3.6.1.5.5.7.48.1.5',
]);
