import type { Certificate } from '../certificate/certificate.ts';
import { sameBytes } from '../der/bytes.ts';
import type { TrustAnchor } from './anchors.ts';
import { checkDistrustAfter, checkTrust } from './trust-checks.ts';
import type { PathInput } from './build.ts';
import { withoutThrowing } from './certificate-checks.ts';
import { checkNameConstraints, nameBudget } from './name-checks.ts';
import {
  checkCa,
  checkCriticalExtensions,
  checkKeyCertSign,
  checkPurpose,
  checkTime,
  isReadable,
  isSelfSigned,
  mayHaveIssued,
} from './openssl-rules.ts';
import { type Problem, problem } from './outcome.ts';
import { checkIsSigned, checkStrengthOfKey, checkStrengthOfSignature } from './signature-checks.ts';

/**
 * What OpenSSL 3 would find wrong with a chain, in its order, going on after each error as it does where the callback
 * always says yes, which is how `node:tls` uses it: the last error is the one that is shown. It decides nothing here: a
 * chain that was refused gets the code that people know.
 *
 * OpenSSL builds one chain, without turning back, and looks at it in rounds: extensions and purpose from the end entity
 * upwards, strength, CRLs, then signatures and times from the top downwards, and names.
 */
export function opensslErrors(input: PathInput): readonly Problem[] {
  const { endEntity, policy, provider, use } = input;
  const built = buildChain(input);
  const { chain } = built;
  const last = chain.length - 1;
  const errors: Problem[] = [];
  const add = (wrong: Problem | undefined): void => {
    if (wrong !== undefined) errors.push(wrong);
  };
  const check = (depth: number, rule: () => Problem | undefined): void => add(withoutThrowing(depth, rule));

  add(checkStrengthOfKey(endEntity, 0, provider, policy));
  add(built.problem);
  for (const [depth, certificate] of chain.entries()) add(checkTrust(certificate, depth, input));
  const anchor = built.signer ?? input.anchors.find(chain[last]!);
  if (anchor !== undefined) add(checkDistrustAfter(endEntity, anchor, last, use));
  let intermediates = 0;
  for (const [depth, certificate] of chain.entries()) {
    add(checkCriticalExtensions(certificate, depth));
    if (!isReadable(certificate)) continue;
    if (depth > 0) add(checkCa(certificate, depth, depth === last));
    add(checkPurpose(certificate, depth, use));
    const most = certificate.basicConstraints?.pathLength;
    if (depth > 1 && most !== undefined && intermediates > most)
      add(problem('PATH_LENGTH_EXCEEDED', depth, `expected at most ${most} intermediates below`));
    if (depth > 0 && !certificate.isSelfIssued) intermediates++;
  }
  for (const [depth, certificate] of chain.entries()) {
    if (depth > 0) add(checkStrengthOfKey(certificate, depth, provider, policy));
    if (depth < last || built.signer !== undefined) add(checkStrengthOfSignature(certificate, depth, policy));
  }
  if (input.crlProblems !== undefined) errors.push(...input.crlProblems(chain));
  if (last === 0 && built.signer === undefined && !isSelfSigned(endEntity) && policy.anchorsMustBeSelfIssued)
    add(problem('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 0, 'expected a certificate of the issuer'));
  for (let depth = last; depth >= 0; depth--) {
    const [certificate, issuer] = [chain[depth]!, chain[depth + 1]];
    const signer = issuer ?? built.signer;
    if (issuer !== undefined) check(depth + 1, () => checkKeyCertSign(issuer, depth + 1));
    if (signer !== undefined) add(checkIsSigned(certificate, signer, depth, provider));
    // Whoever stands at the top without having signed himself is not looked at but as an issuer.
    const isTop = depth === last && last > 0 && built.signer === undefined;
    if (!isTop || isSelfSigned(certificate) || !policy.anchorsMustBeSelfIssued)
      add(checkTime(certificate, depth, use.timeMs));
  }
  const budget = nameBudget(policy.maxNameComparisons);
  for (let depth = last; depth >= 0; depth--) {
    const certificate = chain[depth]!;
    if (depth > 0 && certificate.isSelfIssued) continue;
    for (let above = last; above > depth; above--)
      check(above, () => {
        const { nameConstraints } = chain[above]!;
        if (nameConstraints === undefined) return undefined;
        return checkNameConstraints(certificate, depth, nameConstraints, budget, depth === 0);
      });
  }
  return errors;
}

interface BuiltChain {
  readonly chain: readonly Certificate[];
  /** An anchor without a certificate, above the chain. */
  readonly signer: TrustAnchor | undefined;
  readonly problem: Problem | undefined;
}

/** build_chain: issuers from the store before those that were sent, and none of these once one is from the store. */
function buildChain({ endEntity, intermediates, anchors, policy, use }: PathInput): BuiltChain {
  const chain = [endEntity];
  const unused = new Set(intermediates);
  let fromStore = anchors.find(endEntity) === undefined ? 0 : 1;
  const done = (wrong?: Problem, signer?: BuiltChain['signer']): BuiltChain => ({
    chain,
    signer,
    problem: wrong,
  });
  for (;;) {
    const depth = chain.length - 1;
    const top = chain[depth]!;
    const selfSigned = isSelfSigned(top);
    if (fromStore > 0 && (selfSigned || !policy.anchorsMustBeSelfIssued)) return done();
    if (depth > policy.maxIntermediates + 1)
      return done(
        problem('CERT_CHAIN_TOO_LONG', depth, `expected at most ${policy.maxIntermediates} intermediates`),
      );
    const candidates = anchors.bySubject(top.issuer.comparisonKey);
    const trusted = candidates.flatMap(({ certificate }) => certificate ?? []);
    const issuer = selfSigned
      ? trusted.find((one) => sameBytes(one.der, top.der))
      : best(top, trusted, use.timeMs);
    if (issuer !== undefined && !chain.includes(issuer)) {
      fromStore++;
      if (!selfSigned) chain.push(issuer);
      continue;
    }
    const named = candidates.find(({ certificate }) => certificate === undefined);
    if (named !== undefined && !selfSigned) return done(undefined, named);
    const sent = fromStore > 0 || selfSigned ? undefined : best(top, [...unused], use.timeMs);
    if (sent === undefined) return done(unfinished(chain, selfSigned, fromStore > 0));
    unused.delete(sent);
    chain.push(sent);
  }
}

/** The first that may have issued it and is valid now; else the one that has expired last. */
function best(
  subject: Certificate,
  candidates: readonly Certificate[],
  timeMs: number,
): Certificate | undefined {
  const possible = candidates.filter((candidate) => mayHaveIssued(candidate, subject));
  const valid = possible.find((candidate) => checkTime(candidate, 0, timeMs) === undefined);
  return valid ?? possible.toSorted((a, b) => b.notAfterMs - a.notAfterMs)[0];
}

function unfinished(chain: readonly Certificate[], selfSigned: boolean, fromStore: boolean): Problem {
  const depth = chain.length - 1;
  const top = chain[depth]!;
  if (selfSigned) {
    const code = depth === 0 ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN';
    return problem(code, depth, `expected a trust anchor above, got the self-signed ${top.subject}`);
  }
  const code = fromStore ? 'UNABLE_TO_GET_ISSUER_CERT' : 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
  return problem(code, depth, `expected a certificate of the issuer ${top.issuer}`);
}
