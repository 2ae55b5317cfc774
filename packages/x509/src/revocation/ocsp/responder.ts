import { type Certificate, parseCertificate } from '../../certificate/certificate.ts';
import { sameBytes } from '../../der/bytes.ts';
import { isX509Error } from '../../errors.ts';
import { extensionIds, keyPurposeIds } from '../../extensions/registry.ts';
import { checkCertificate, withoutThrowing } from '../../path/certificate-checks.ts';
import { type Problem, problem } from '../../path/outcome.ts';
import { signatureFault } from '../signature.ts';
import type { Check, Superior, Target } from '../status.ts';
import { superior } from '../status.ts';
import { keyBits } from './cert-id.ts';
import type { BasicOcspResponse } from './response.ts';

/** How the status of a responder's certificate is found: a problem, if it is not good. */
export type StatusOf = (target: Target, check: Check) => Problem | undefined;

/**
 * Why the response is not one that may be believed about certificates of the issuer (RFC 6960 §3.2, §4.2.2.2): it must be
 * signed by the issuer's own key, by one that the issuer has certified for this with that same key, or by a responder that the
 * caller trusts. `undefined`: it is.
 */
export function responderProblem(
  response: BasicOcspResponse,
  target: Target,
  check: Check,
  statusOf: StatusOf,
): Problem | undefined {
  const [issuer] = target.above;
  let telling: Problem | undefined;
  for (const { responder, delegate, trusted } of candidates(response, issuer!, check)) {
    const wrong =
      signatureProblem(response, responder, target, check) ??
      (delegate && delegateProblem(delegate, target, check, statusOf)) ??
      (trusted && trustedProblem(trusted, target, check));
    if (wrong === undefined) return undefined;
    // Of those with a certificate for this more can be said than that the issuer itself did not sign.
    telling = wrong;
    if (wrong.code === 'WORK_LIMIT_EXCEEDED') break;
  }
  const expected = `expected a response of ${issuer!.subject}, or of whom it has certified for that`;
  return telling ?? problem('OCSP_VERIFY_FAILED', target.depth, expected);
}

interface Candidate {
  readonly responder: Superior;
  /** Its certificate, where the issuer is to have certified it. */
  readonly delegate?: Certificate;
  /** Its certificate, where the caller trusts it. */
  readonly trusted?: Certificate;
}

/**
 * Those whom the response may name: the issuer, whom the caller trusts, and who came along with the response. Certificates that
 * cannot be read are nobody's.
 */
function* candidates(response: BasicOcspResponse, issuer: Superior, check: Check): Generator<Candidate> {
  if (isNamed(response, issuer, check)) yield { responder: issuer };
  for (const trusted of check.settings.ocspResponders) {
    const responder = superior(trusted);
    if (isNamed(response, responder, check)) yield { responder, trusted };
  }
  for (const der of response.certificates) {
    const certificate = readable(der);
    if (certificate === undefined || sameBytes(certificate.spki, issuer.spki)) continue;
    const responder = superior(certificate);
    if (isNamed(response, responder, check)) yield { responder, delegate: certificate };
  }
}

/** By its name, or by the SHA-1 of its key (§4.2.1). */
function isNamed(
  { responderId }: BasicOcspResponse,
  { subject, spki }: Superior,
  { context }: Check,
): boolean {
  if (responderId.type === 'byName') return responderId.name.equals(subject);
  const { sha1 } = context.provider.hashes;
  return sha1 !== undefined && sameBytes(sha1.digest([keyBits(spki)]), responderId.hash);
}

function signatureProblem(
  response: BasicOcspResponse,
  responder: Superior,
  { depth }: Target,
  { context, work }: Check,
): Problem | undefined {
  if (--work.signatureChecks < 0) return problem('WORK_LIMIT_EXCEEDED', depth, 'expected fewer signatures');
  const fault = signatureFault(response, responder.spki, context.provider, context.policy);
  return fault && problem('OCSP_VERIFY_FAILED', depth, `${fault.message}: response of ${responder.subject}`);
}

/**
 * A responder with a certificate of its own: issued by the same key as the certificate that it speaks of, for this purpose,
 * and valid. Whether it has been revoked is looked up where its certificate does not ask not to be (§4.2.2.2.1), as far as
 * CRLs are at hand: "it is up to the OCSP client's local security policy".
 */
function delegateProblem(
  responder: Certificate,
  target: Target,
  check: Check,
  statusOf: StatusOf,
): Problem | undefined {
  const { context, work, asked } = check;
  const { depth, above } = target;
  const issuer = above[0]!;
  const failed = (message: string): Problem =>
    problem('OCSP_VERIFY_FAILED', depth, `responder ${responder.subject}: ${message}`);
  if (!responder.issuer.equals(issuer.subject))
    return failed(`expected to be certified by ${issuer.subject}`);
  if (--work.signatureChecks < 0) return problem('WORK_LIMIT_EXCEEDED', depth, 'expected fewer signatures');
  const fault = signatureFault(responder, issuer.spki, context.provider, context.policy);
  if (fault !== undefined) return failed(`certificate: ${fault.message}`);
  const use = { timeMs: context.timeMs, purpose: 'any', keyUse: undefined } as const;
  const invalid = withoutThrowing(depth, () => {
    const purposes = responder.extendedKeyUsage;
    // Any purpose is not enough: "OCSP signing delegation SHALL be designated by the inclusion of id-kp-OCSPSigning".
    if (purposes?.includes(keyPurposeIds.ocspSigning) !== true)
      return failed('expected the purpose OCSPSigning');
    if (responder.keyUsage?.has('digitalSignature') === false && !responder.keyUsage.has('nonRepudiation'))
      return failed('expected the key usage digitalSignature');
    return checkCertificate(responder, depth, use);
  });
  if (invalid !== undefined)
    return invalid.code === 'OCSP_VERIFY_FAILED' ? invalid : failed(`${invalid.code}: ${invalid.message}`);
  if (responder.extensions.has(extensionIds.ocspNoCheck)) return undefined;
  // Who would answer for the responder is the responder itself, or another of the same CA: CRLs alone are asked.
  const wrong = statusOf(
    { certificate: responder, depth, above },
    { ...check, asked: [...asked, responder] },
  );
  return wrong?.code === 'CERT_REVOKED' ? failed(wrong.message) : undefined;
}

/** The caller says who it is; that its certificate has ended, or says what nobody understands, still counts. */
function trustedProblem(responder: Certificate, { depth }: Target, { context }: Check): Problem | undefined {
  const use = { timeMs: context.timeMs, purpose: 'any', keyUse: undefined } as const;
  const invalid = withoutThrowing(depth, () => checkCertificate(responder, depth, use));
  if (invalid === undefined) return undefined;
  const message = `responder ${responder.subject}: ${invalid.code}: ${invalid.message}`;
  return problem('OCSP_VERIFY_FAILED', depth, message);
}

function readable(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}
