import {
  type CryptoProvider,
  type DelegatedCredential,
  type PublicKey,
  delegatedCredentialContent,
  describeScheme,
  signsWhenDelegated,
} from '@sealwire/core';
import type { Certificate } from '../certificate/certificate.ts';
import { isX509Error } from '../errors.ts';
import { extensionIds } from '../extensions/registry.ts';
import { type Problem, problem } from '../path/outcome.ts';
import type { PathPolicy } from '../path/policy.ts';
import { bitsOfKey, bitsOfLevel } from '../path/security-level.ts';

/**
 * The checks of RFC 9345 §4.1.3 of a delegated credential: each returns what is wrong, or `undefined`. That the peer's
 * CertificateVerify is of its scheme, and that its schemes were offered, is core's part.
 */

/** A credential, and the certificate that it came with, which has been verified. */
export interface DelegationCheck {
  readonly certificate: Certificate;
  readonly credential: DelegatedCredential;
  /** The side of a connection that shows it. */
  readonly role: 'client' | 'server';
  readonly timeMs: number;
  readonly provider: CryptoProvider;
  readonly policy: PathPolicy;
}

export function checkDelegation(check: DelegationCheck): Problem | undefined {
  const { certificate, credential, policy } = check;
  return (
    checkPermission(certificate) ??
    checkDelegationTime(certificate, credential, check.timeMs) ??
    checkPeriod(certificate, credential, check.timeMs, policy.maxDelegationSeconds) ??
    checkDelegatedKey(credential, check.provider, policy) ??
    checkDelegationSignature(check)
  );
}

/** §4.2: "It has the DelegationUsage extension", which is not critical, and "the digitalSignature KeyUsage". */
export function checkPermission(certificate: Certificate): Problem | undefined {
  try {
    if (certificate.delegationUsage !== true)
      return problem('DELEGATION_NOT_PERMITTED', 0, 'expected the extension DelegationUsage');
    if (certificate.extensions.get(extensionIds.delegationUsage)?.critical === true)
      return problem('DELEGATION_NOT_PERMITTED', 0, 'expected DelegationUsage not to be critical');
    if (certificate.keyUsage?.has('digitalSignature') === true) return undefined;
    return problem('DELEGATION_NOT_PERMITTED', 0, 'expected the key usage digitalSignature');
  } catch (error) {
    if (isX509Error(error)) return problem('DELEGATION_NOT_PERMITTED', 0, error.message);
    throw error;
  }
}

/** Item 1 of §4.1.3: "the current time does not exceed the expiry time". */
export function checkDelegationTime(
  certificate: Certificate,
  credential: DelegatedCredential,
  timeMs: number,
): Problem | undefined {
  const expiryMs = delegationExpiryMs(certificate, credential);
  if (timeMs <= expiryMs) return undefined;
  return problem('DELEGATION_HAS_EXPIRED', 0, `valid until ${iso(expiryMs)}, checked at ${iso(timeMs)}`);
}

/** Item 2 of §4.1.3, and §3: not "beyond the validity period of the delegation certificate". */
export function checkPeriod(
  certificate: Certificate,
  credential: DelegatedCredential,
  timeMs: number,
  maxSeconds: number,
): Problem | undefined {
  const expiryMs = delegationExpiryMs(certificate, credential);
  if (expiryMs > timeMs + maxSeconds * 1_000) {
    const message = `expected at most ${maxSeconds} seconds from ${iso(timeMs)} on, valid until ${iso(expiryMs)}`;
    return problem('DELEGATION_TOO_LONG', 0, message);
  }
  if (expiryMs <= certificate.notAfterMs) return undefined;
  const message = `expected no longer than its certificate, until ${iso(certificate.notAfterMs)}, got ${iso(expiryMs)}`;
  return problem('DELEGATION_TOO_LONG', 0, message);
}

/** §4: a key of the scheme that it is for, and no rsaEncryption. */
export function checkDelegatedKey(
  { cred }: DelegatedCredential,
  provider: CryptoProvider,
  { minRsaBits, securityLevel }: Pick<PathPolicy, 'minRsaBits' | 'securityLevel'>,
): Problem | undefined {
  const { dcCertVerifyAlgorithm: scheme, subjectPublicKeyInfo } = cred;
  const key = provider.importPublicKey(subjectPublicKeyInfo);
  if (key === undefined) return problem('DELEGATION_BAD_KEY', 0, 'expected a public key of a known kind');
  if (!signsWhenDelegated(scheme) || describeScheme(scheme)?.fits(key.kind) !== true) {
    const message = `expected a key for the scheme 0x${scheme.toString(16)}, got one of type ${key.kind.type}`;
    return problem('DELEGATION_BAD_KEY', 0, message);
  }
  const { kind } = key;
  const [bits, least] = [bitsOfKey(kind), bitsOfLevel(securityLevel)];
  if (bits < least) {
    const message = `expected a key of at least ${least} bits of security (level ${securityLevel}), got ${bits}`;
    return problem('DELEGATION_BAD_KEY', 0, message);
  }
  if (kind.type !== 'rsa-pss' || kind.bits >= minRsaBits) return undefined;
  return problem(
    'DELEGATION_BAD_KEY',
    0,
    `expected an RSA key of at least ${minRsaBits} bits, got ${kind.bits}`,
  );
}

/** Item 5 of §4.1.3: signed with the certificate's key, for this role, by the algorithm that it names. */
function checkDelegationSignature(check: DelegationCheck): Problem | undefined {
  const key = check.provider.importPublicKey(check.certificate.spki);
  if (key !== undefined && isDelegatedBy(key, check)) return undefined;
  const message = `expected a signature for a ${check.role} by the key of ${check.certificate.subject}`;
  return problem('DELEGATION_SIGNATURE_FAILURE', 0, message);
}

/** Whether `key`, which is the certificate's, has signed this credential for this role. */
export function isDelegatedBy(
  key: PublicKey,
  { certificate, credential, role }: Pick<DelegationCheck, 'certificate' | 'credential' | 'role'>,
): boolean {
  const { cred, algorithm, signature } = credential;
  const scheme = describeScheme(algorithm);
  if (scheme?.signsHandshake !== true || !scheme.fits(key.kind)) return false;
  const content = delegatedCredentialContent(role, certificate.der, cred, algorithm);
  return key.verify(scheme.algorithm, content, signature);
}

/** §4.1.3: "the delegation certificate's notBefore value plus DelegatedCredential.cred.valid_time". */
export function delegationExpiryMs(certificate: Certificate, { cred }: DelegatedCredential): number {
  return certificate.notBeforeMs + cred.validTimeSeconds * 1_000;
}

function iso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}
