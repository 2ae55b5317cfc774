import type { Certificate } from '../certificate/certificate.ts';
import { isX509Error } from '../errors.ts';
import { isKnownQualifier } from '../extensions/policies.ts';
import { type KeyPurpose, extensionIds, keyPurposeIds } from '../extensions/registry.ts';
import { mlDsaKeyUsageProblem } from '../keys/ml-dsa-key-usage.ts';
import { type Problem, problem } from './outcome.ts';

/**
 * The checks of RFC 5280 §6.1 that concern one certificate at its place in the chain. Each returns what is
 * wrong, or `undefined`. A malformed extension throws `X509Error`; `withoutThrowing` turns that into a problem.
 */

export interface Use {
  readonly timeMs: number;
  /** `any`: the extended key usage is not looked at. */
  readonly purpose: KeyPurpose;
  /** `undefined`: the end entity's key usage is not looked at. */
  readonly keyUse: 'sign' | 'encipher' | undefined;
}

/** Checks of any certificate, at any depth. */
export function checkCertificate(certificate: Certificate, depth: number, use: Use): Problem | undefined {
  return (
    checkValidity(certificate, depth, use.timeMs) ??
    checkCriticalExtensions(certificate, depth) ??
    checkUsageOfKind(certificate, depth) ??
    checkPurpose(certificate, depth, use.purpose)
  );
}

/** What `PathPolicy.profile` chooses. */
export interface CertificateRules {
  readonly checkCertificate: typeof checkCertificate;
  readonly checkEndEntity: typeof checkEndEntity;
  readonly checkIssuer: typeof checkIssuer;
  /** What an issuer asks of each certificate that it signs. */
  readonly checkIssued: typeof checkIssued;
  /** Whether key identifiers and the like rule out what the names allow. */
  readonly mayHaveIssued: (issuer: Certificate, subject: Certificate) => boolean;
  /** What makes an anchor self-issued where the policy asks for that. */
  readonly isOwnIssuer: (certificate: Certificate) => boolean;
  /** Whether common names of the end entity are under constraints of DNS names, where it has no DNS name. */
  readonly commonNamesAreConstrained: boolean;
  readonly policiesAreChecked: boolean;
}

/** The end entity's certificate: its key must be allowed to do what it is going to do. */
export function checkEndEntity(certificate: Certificate, use: Use): Problem | undefined {
  const usage = certificate.keyUsage;
  if (usage === undefined || use.keyUse === undefined) return undefined;
  // RFC 9846 §4.5.1: digitalSignature for signing; RFC 5246 §7.4.2: keyEncipherment for RSA key transport.
  const needed = use.keyUse === 'sign' ? 'digitalSignature' : 'keyEncipherment';
  if (usage.has(needed)) return undefined;
  return problem('INVALID_PURPOSE', 0, `expected the key usage ${needed}, got ${[...usage].join(', ')}`);
}

/**
 * A certificate that signs others. §6.1.4 (k): version 3 certificates must say that they are CAs; older ones
 * cannot, and are believed only when they are trust anchors ("verify … through out-of-band means").
 */
export function checkIssuer(
  issuer: Certificate,
  depth: number,
  isAnchor: boolean,
  intermediatesBelow: number,
): Problem | undefined {
  const constraints = issuer.basicConstraints;
  if (constraints === undefined ? issuer.version === 3 || !isAnchor : !constraints.ca) {
    return problem('INVALID_CA', depth, 'expected basicConstraints with cA');
  }
  const usage = issuer.keyUsage;
  if (usage !== undefined && !usage.has('keyCertSign')) {
    return problem('KEYUSAGE_NO_CERTSIGN', depth, 'expected the key usage keyCertSign');
  }
  if (constraints?.pathLength !== undefined && intermediatesBelow > constraints.pathLength) {
    const message = `expected at most ${constraints.pathLength} intermediates below, got ${intermediatesBelow}`;
    return problem('PATH_LENGTH_EXCEEDED', depth, message);
  }
  return undefined;
}

/**
 * RFC 7633 §4.2.2: who is signed by a CA with a TLS feature extension has one as well, with the same features or more. Clients may
 * pass over that; then a promise that a CA has made for all below it would be kept by nobody.
 */
export function checkIssued(subject: Certificate, depth: number, issuer: Certificate): Problem | undefined {
  const promised = subject.tlsFeature ?? [];
  const missing = issuer.tlsFeature?.filter((feature) => !promised.includes(feature)) ?? [];
  if (missing.length === 0) return undefined;
  const message = `expected the TLS features ${missing.join(', ')}, which ${issuer.subject} asks for`;
  return problem('TLS_FEATURE_MISSING', depth, message);
}

/** What `check` returns, with a malformed extension as a problem like others. */
export function withoutThrowing(depth: number, check: () => Problem | undefined): Problem | undefined {
  try {
    return check();
  } catch (error) {
    if (isX509Error(error)) return problem('MALFORMED_CERTIFICATE', depth, error.message);
    throw error;
  }
}

/** Those of RFC 5280; identifiers of keys are hints there (§4.2.1.1). */
export const rfc5280Rules: CertificateRules = {
  checkCertificate,
  checkEndEntity,
  checkIssuer,
  checkIssued,
  mayHaveIssued: () => true,
  isOwnIssuer: (certificate) => certificate.isSelfIssued,
  // They are never compared with anything.
  commonNamesAreConstrained: false,
  policiesAreChecked: true,
};

/** §4.1.2.5: both dates are included; they have whole seconds, so the last second counts to its end. */
function checkValidity(certificate: Certificate, depth: number, timeMs: number): Problem | undefined {
  if (timeMs < certificate.notBeforeMs) {
    return problem(
      'CERT_NOT_YET_VALID',
      depth,
      `valid from ${iso(certificate.notBeforeMs)}, checked at ${iso(timeMs)}`,
    );
  }
  if (timeMs >= certificate.notAfterMs + 1_000) {
    return problem(
      'CERT_HAS_EXPIRED',
      depth,
      `valid until ${iso(certificate.notAfterMs)}, checked at ${iso(timeMs)}`,
    );
  }
  return undefined;
}

/** §4.2: "A certificate-using system MUST reject the certificate if it encounters a critical extension it does not recognize". */
function checkCriticalExtensions(certificate: Certificate, depth: number): Problem | undefined {
  for (const extension of certificate.extensions.values()) {
    if (extension.critical && !understood.has(extension.id)) {
      return problem('UNHANDLED_CRITICAL_EXTENSION', depth, `expected no critical extension ${extension.id}`);
    }
  }
  // Known extensions must be readable, used or not: a malformed one may hide what it was to forbid.
  certificate.readEverything();
  return checkPolicyQualifiers(certificate, depth);
}

/** RFC 9881 §5: an ML-DSA key encrypts nothing and agrees on nothing, and no certificate may say that it does. */
function checkUsageOfKind({ spki, keyUsage }: Certificate, depth: number): Problem | undefined {
  const wrong = keyUsage && mlDsaKeyUsageProblem(spki, [...keyUsage]);
  return wrong === undefined ? undefined : problem('INVALID_PURPOSE', depth, wrong);
}

/**
 * §4.2.1.4: whoever processes a critical certificatePolicies "MUST be able to interpret this extension (including the optional
 * qualifier)"; we know the two qualifiers of the profile, which restrict nothing.
 */
function checkPolicyQualifiers(certificate: Certificate, depth: number): Problem | undefined {
  if (certificate.extensions.get(extensionIds.certificatePolicies)?.critical !== true) return undefined;
  const strange = certificate.certificatePolicies
    ?.flatMap(({ qualifiers }) => qualifiers)
    .find((kind) => !isKnownQualifier(kind));
  if (strange === undefined) return undefined;
  const message = `expected no qualifier ${strange} of a policy in a critical extension`;
  return problem('UNHANDLED_CRITICAL_EXTENSION', depth, message);
}

/**
 * §4.2.1.12 for the end entity; in CAs the extension bounds what their subjects may be used for, as the web's
 * PKI and every current validator read it.
 */
function checkPurpose(certificate: Certificate, depth: number, purpose: Use['purpose']): Problem | undefined {
  const purposes = certificate.extendedKeyUsage;
  if (
    purpose === 'any' ||
    purposes === undefined ||
    purposes.includes(keyPurposeIds[purpose]) ||
    purposes.includes(keyPurposeIds.any)
  )
    return undefined;
  return problem(
    'INVALID_PURPOSE',
    depth,
    `expected the extended key usage ${purpose}, got ${purposes.join(', ')}`,
  );
}

export function iso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}

/** Extensions whose rules this package follows. */
const understood: ReadonlySet<string> = /* @__PURE__ */ new Set([
  extensionIds.subjectKeyIdentifier,
  extensionIds.authorityKeyIdentifier,
  extensionIds.keyUsage,
  extensionIds.extendedKeyUsage,
  extensionIds.basicConstraints,
  extensionIds.subjectAltName,
  extensionIds.nameConstraints,
  extensionIds.certificatePolicies,
  extensionIds.policyMappings,
  extensionIds.policyConstraints,
  extensionIds.inhibitAnyPolicy,
  // Where revocation is asked for it is followed, and where it is not it forbids nothing.
  extensionIds.crlDistributionPoints,
  // It forbids nothing either (RFC 6960 §4.2.2.2.1), and responders' certificates have it.
  extensionIds.ocspNoCheck,
]);
