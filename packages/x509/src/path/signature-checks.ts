import type { CryptoProvider, PublicKey } from '@sealwire/core';
import { type CertificateSignatureAlgorithm, signatureAlgorithmOf } from '../certificate/algorithm.ts';
import type { Certificate } from '../certificate/certificate.ts';
import type { PathPolicy } from './policy.ts';
import { type Problem, problem } from './outcome.ts';
import { weaknessOfAlgorithm, weaknessOfKey } from './strength.ts';

/** A certificate, or a trust anchor without one. */
export type Issuer = Pick<Certificate, 'subject' | 'spki'>;

/** Is `certificate`, at `depth`, signed with `issuer`'s key, by an algorithm that the policy allows (RFC 5280 §6.1.3 (a)(1))? */
export function checkSignature(
  certificate: Certificate,
  issuer: Issuer,
  depth: number,
  provider: CryptoProvider,
  policy: PathPolicy,
): Problem | undefined {
  const algorithm = signatureAlgorithmOf(certificate.signatureAlgorithm);
  if (algorithm === undefined) {
    const message = `expected a known signature algorithm, got ${certificate.signatureAlgorithm.algorithm}`;
    return problem('UNSUPPORTED_SIGNATURE_ALGORITHM', depth, message);
  }
  const weak = checkAlgorithm(algorithm, depth, policy);
  if (weak !== undefined) return weak;
  const key = provider.importPublicKey(issuer.spki);
  if (key === undefined)
    return problem('UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', depth + 1, 'expected a public key of a known kind');
  const small = checkKeySize(key, depth + 1, policy);
  if (small !== undefined) return small;
  if (
    !isSignedBy(certificate, issuer, provider, () =>
      key.verify(algorithm, certificate.tbs, certificate.signature),
    )
  ) {
    return problem('CERT_SIGNATURE_FAILURE', depth, `expected a signature by the key of ${issuer.subject}`);
  }
  return undefined;
}

/**
 * A signature that was good once is good for ever: certificates that a verifier keeps parsed are not put through the
 * same arithmetic again. The rules that a policy or the time may change are all outside. A bad one is not remembered.
 */
function isSignedBy(
  certificate: Certificate,
  issuer: Issuer,
  provider: CryptoProvider,
  verify: () => boolean,
): boolean {
  let byCertificate = good.get(provider);
  if (byCertificate === undefined) good.set(provider, (byCertificate = new WeakMap()));
  let issuers = byCertificate.get(certificate);
  if (issuers?.has(issuer) === true) return true;
  if (!verify()) return false;
  if (issuers === undefined) byCertificate.set(certificate, (issuers = new WeakSet()));
  issuers.add(issuer);
  return true;
}

/** Certificates, and anchors without one, as the very objects that were parsed from one encoding; nothing outlives them. */
const good = new WeakMap<CryptoProvider, WeakMap<Certificate, WeakSet<Issuer>>>();

/** The end entity's own key must be one that the provider knows and that is large enough. */
export function checkEndEntityKey(
  certificate: Certificate,
  provider: CryptoProvider,
  policy: PathPolicy,
): Problem | undefined {
  const key = provider.importPublicKey(certificate.spki);
  if (key === undefined) return problem('UNSUPPORTED_PUBLIC_KEY', 0, 'expected a public key of a known kind');
  return checkKeySize(key, 0, policy);
}

function checkAlgorithm(
  algorithm: CertificateSignatureAlgorithm,
  depth: number,
  policy: PathPolicy,
): Problem | undefined {
  const weakness = weaknessOfAlgorithm(algorithm, policy);
  return weakness === undefined ? undefined : problem('CA_MD_TOO_WEAK', depth, weakness);
}

function checkKeySize(key: PublicKey, depth: number, policy: PathPolicy): Problem | undefined {
  const weakness = weaknessOfKey(key, policy);
  if (weakness === undefined) return undefined;
  return problem(depth === 0 ? 'EE_KEY_TOO_SMALL' : 'CA_KEY_TOO_SMALL', depth, weakness);
}

/** As OpenSSL takes them apart: a key that it cannot read is too weak for every level but 0. */
export function checkStrengthOfKey(
  certificate: Certificate,
  depth: number,
  provider: CryptoProvider,
  policy: PathPolicy,
): Problem | undefined {
  const key = provider.importPublicKey(certificate.spki);
  if (key !== undefined) return checkKeySize(key, depth, policy);
  const code = depth === 0 ? 'EE_KEY_TOO_SMALL' : 'CA_KEY_TOO_SMALL';
  return policy.securityLevel === 0
    ? undefined
    : problem(code, depth, 'expected a public key of a known kind');
}

/** Likewise an algorithm that it does not know. */
export function checkStrengthOfSignature(
  certificate: Certificate,
  depth: number,
  policy: PathPolicy,
): Problem | undefined {
  const algorithm = signatureAlgorithmOf(certificate.signatureAlgorithm);
  if (algorithm !== undefined) return checkAlgorithm(algorithm, depth, policy);
  if (policy.securityLevel === 0) return undefined;
  return problem('CA_MD_TOO_WEAK', depth, 'expected a known signature algorithm');
}

/** Whether the signature is the issuer's, however weak it is. */
export function checkIsSigned(
  certificate: Certificate,
  issuer: Issuer,
  depth: number,
  provider: CryptoProvider,
): Problem | undefined {
  const key = provider.importPublicKey(issuer.spki);
  if (key === undefined)
    return problem('UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', depth + 1, 'expected a public key of a known kind');
  const algorithm = signatureAlgorithmOf(certificate.signatureAlgorithm);
  const verify = () =>
    algorithm !== undefined && key.verify(algorithm, certificate.tbs, certificate.signature);
  if (isSignedBy(certificate, issuer, provider, verify)) return undefined;
  return problem('CERT_SIGNATURE_FAILURE', depth, `expected a signature by the key of ${issuer.subject}`);
}
