import type { Certificate } from '../../certificate/certificate.ts';
import { sameBytes } from '../../der/bytes.ts';
import { buildPath } from '../../path/build.ts';
import { checkCertificate, withoutThrowing } from '../../path/certificate-checks.ts';
import { TrustAnchors } from '../../path/anchors.ts';
import { type Problem, problem } from '../../path/outcome.ts';
import { signatureFault } from '../signature.ts';
import { type Check, type Superior, type Target, superior, superiorsOf } from '../status.ts';
import type { CertificateRevocationList } from './crl.ts';

/** A way in which the status of somebody who signs CRLs is found: the same as that of any other certificate. */
export type StatusOf = (target: Target, check: Check) => Problem | undefined;

/**
 * Whose key has signed the CRL, if he may sign CRLs about `target` (RFC 5280 §6.3.3 (f), (g)): the issuer of the
 * certificate; the same issuer with another key; somebody else with a path to the same trust anchor, for indirect CRLs.
 */
export function findSigner(
  crl: CertificateRevocationList,
  target: Target,
  check: Check,
  statusOf: StatusOf,
): { readonly signer: Superior } | { readonly problem: Problem } {
  const { depth, above } = target;
  let telling: Problem | undefined;
  for (const { signer, isInPath } of candidates(crl, target, check)) {
    const wrong =
      signatureProblem(crl, signer, depth, check) ??
      (isInPath ? undefined : authorityProblem(signer.certificate!, target, check, statusOf));
    if (wrong === undefined) return { signer };
    if (telling === undefined || weight(wrong) > weight(telling)) telling = wrong;
    if (wrong.code === 'WORK_LIMIT_EXCEEDED') break;
  }
  const message = `expected a certificate of ${crl.issuer}, who has issued the CRL, below the anchor ${above[above.length - 1]!.subject}`;
  return { problem: telling ?? problem('UNABLE_TO_GET_CRL_ISSUER', depth, message) };
}

/** Those of the chain first, then those that the caller and the peer brought; all have the name of the CRL's issuer. */
function* candidates(crl: CertificateRevocationList, target: Target, check: Check) {
  for (const signer of target.above) if (signer.subject.equals(crl.issuer)) yield { signer, isInPath: true };
  for (const certificate of [...check.settings.crlIssuers, ...(check.context.certificates ?? [])]) {
    const isKnown = target.above.some(
      (known) => known.certificate !== undefined && sameBytes(known.certificate.der, certificate.der),
    );
    if (!isKnown && certificate.subject.equals(crl.issuer))
      yield { signer: superior(certificate), isInPath: false };
  }
}

/** Whether this key has signed the CRL and may sign CRLs; the key usage first, which costs nothing. */
export function signatureProblem(
  crl: CertificateRevocationList,
  signer: Superior,
  depth: number,
  { context, work }: Check,
): Problem | undefined {
  const usage = withoutThrowing(depth, () =>
    signer.certificate?.keyUsage?.has('cRLSign') === false
      ? problem('KEYUSAGE_NO_CRL_SIGN', depth, `expected the key usage cRLSign in ${signer.subject}`)
      : undefined,
  );
  if (usage !== undefined) return usage;
  if (--work.signatureChecks < 0) return problem('WORK_LIMIT_EXCEEDED', depth, 'expected fewer signatures');
  const fault = signatureFault(crl, signer.spki, context.provider, context.policy);
  if (fault === undefined) return undefined;
  const code = fault.kind === 'wrong' ? 'CRL_SIGNATURE_FAILURE' : 'UNABLE_TO_DECRYPT_CRL_SIGNATURE';
  return problem(code, depth, `${fault.message}: CRL of ${crl.issuer}`);
}

/** A certificate from outside of the path: is it good at this time, and was it given to this very issuer? */
function authorityProblem(
  signer: Certificate,
  target: Target,
  check: Check,
  statusOf: StatusOf,
): Problem | undefined {
  const { context, asked } = check;
  const { depth, above, certificate } = target;
  if (asked.some((known) => sameBytes(known.der, signer.der)))
    return problem('CRL_PATH_VALIDATION_ERROR', depth, `${signer.subject} would vouch for itself`);
  const chain = signer.subject.equals(certificate.issuer)
    ? chainOfOtherKey(signer, above, check)
    : chainOfStranger(signer, above, check);
  if ('code' in chain) return { ...chain, depth };
  const use = { timeMs: context.timeMs, purpose: 'any', keyUse: undefined } as const;
  const invalid = withoutThrowing(depth, () => checkCertificate(signer, depth, use));
  const deeper = { ...check, asked: [...asked, signer] };
  const wrong = invalid ?? statusOfChain(chain, deeper, statusOf);
  if (wrong === undefined) return undefined;
  const message = `${signer.subject}, who has signed the CRL: ${wrong.code}: ${wrong.message}`;
  return problem('CRL_PATH_VALIDATION_ERROR', depth, message);
}

/**
 * The issuer's other key: certified by whoever certified the one in the path, or by that one itself, as it is when keys
 * change (RFC 4210 §4.4). Somebody else below the same anchor may give the same name to anybody.
 */
function chainOfOtherKey(
  signer: Certificate,
  above: readonly Superior[],
  { context, work }: Check,
): readonly Superior[] | Problem {
  const [issuer, ...higher] = above;
  for (const chain of [higher, above]) {
    const [by] = chain;
    if (by === undefined || !signer.issuer.equals(by.subject)) continue;
    if (--work.signatureChecks < 0) return problem('WORK_LIMIT_EXCEEDED', 0, 'expected fewer signatures');
    if (signatureFault(signer, by.spki, context.provider, context.policy) === undefined)
      return [superior(signer), ...chain];
  }
  const message = `expected ${issuer!.subject}, or who certified it, to have certified the other key`;
  return problem('CRL_PATH_VALIDATION_ERROR', 0, message);
}

/** Anybody whom the certificate names as the issuer of its CRLs, with a path to the same anchor. */
function chainOfStranger(
  signer: Certificate,
  above: readonly Superior[],
  { context, settings }: Check,
): readonly Superior[] | Problem {
  const anchor = above[above.length - 1]!;
  const { subject, spki, certificate } = anchor;
  const outcome = buildPath({
    endEntity: signer,
    intermediates: [
      ...above.slice(0, -1).flatMap((one) => one.certificate ?? []),
      ...settings.crlIssuers,
      ...(context.certificates ?? []),
    ],
    anchors:
      certificate === undefined
        ? new TrustAnchors([], { named: [{ subject: subject.der, publicKey: spki }] })
        : new TrustAnchors([certificate.der]),
    use: { timeMs: context.timeMs, purpose: 'any', keyUse: undefined },
    policy: context.policy,
    provider: context.provider,
  });
  // Limits that were given to the anchor without a certificate bind those who sign CRLs like everybody else.
  if (outcome.ok && anchor.nameConstraints === undefined)
    return superiorsOf(outcome.chain, { ...context, anchor });
  const why = outcome.ok ? 'the anchor has name constraints' : `${outcome.code}: ${outcome.message}`;
  return problem('CRL_PATH_VALIDATION_ERROR', 0, `${signer.subject}: ${why}`);
}

/** The signer, and the CAs between it and the anchor, may have been revoked themselves. */
function statusOfChain(chain: readonly Superior[], check: Check, statusOf: StatusOf): Problem | undefined {
  for (const [depth, { certificate }] of chain.slice(0, -1).entries()) {
    const wrong = certificate && statusOf({ certificate, depth, above: chain.slice(depth + 1) }, check);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** That a key of the right name did not sign says less than that who signed may not. */
function weight({ code }: Problem): number {
  if (code === 'WORK_LIMIT_EXCEEDED') return 3;
  return code === 'CRL_SIGNATURE_FAILURE' ? 1 : 2;
}
