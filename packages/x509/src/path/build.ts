import type { CryptoProvider } from '@sealwire/core';
import type { Certificate } from '../certificate/certificate.ts';
import { sameBytes } from '../der/bytes.ts';
import { type TrustAnchor, type TrustAnchors, orderByKeyIdentifier } from './anchors.ts';
import { type CertificateRules, type Use, withoutThrowing } from './certificate-checks.ts';
import { type NameBudget, checkNameConstraints, nameBudget } from './name-checks.ts';
import { rulesOf } from './openssl-rules.ts';
import { Attempts, type PathOutcome, type Problem, problem } from './outcome.ts';
import { checkPolicies } from './policy-checks.ts';
import type { PathPolicy } from './policy.ts';
import { checkDistrustAfter, checkTrust } from './trust-checks.ts';
import { type Issuer, checkEndEntityKey, checkSignature } from './signature-checks.ts';

export interface PathInput {
  readonly endEntity: Certificate;
  /** In any order, with any surplus: only certificates that are needed are looked at closely. */
  readonly intermediates: readonly Certificate[];
  readonly anchors: TrustAnchors;
  readonly use: Use;
  readonly policy: PathPolicy;
  readonly provider: CryptoProvider;
  /** Asked about each chain that reaches an anchor and is valid: revocation. A problem ends that way like any other. */
  readonly checkComplete?: (chain: readonly Certificate[], anchor: TrustAnchor) => Problem | undefined;
  /** What OpenSSL's CRL checks would say of a chain, also of one that is otherwise bad: only for the words of a refusal. */
  readonly crlProblems?: (chain: readonly Certificate[]) => readonly Problem[];
}

/**
 * Builds a chain from the end entity's certificate up to a trust anchor and validates it (RFC 5280 §6, in the
 * manner of RFC 4158 §2): depth first, anchors before intermediates, every rule of §6.1 applied to a candidate
 * as soon as it is put on top, the signature last because it costs most; policies, which run downwards from the
 * anchor, when the chain is complete. A candidate that fails is one way that ended; the next is tried, until the
 * work allowed is used up.
 */
export function buildPath(input: PathInput): PathOutcome {
  return new PathBuilder(input).build();
}

type Accepted = Extract<PathOutcome, { ok: true }>;

class PathBuilder {
  readonly #input: PathInput;
  readonly #attempts = new Attempts();
  readonly #intermediates = new Map<string, Certificate[]>();
  readonly #names: NameBudget;
  readonly #rules: CertificateRules;
  #signatureChecks: number;
  #candidates: number;

  constructor(input: PathInput) {
    this.#input = input;
    this.#rules = rulesOf(input.policy);
    this.#names = nameBudget(input.policy.maxNameComparisons);
    this.#signatureChecks = input.policy.maxSignatureChecks;
    this.#candidates = input.policy.maxCandidates;
    for (const certificate of input.intermediates) {
      const key = certificate.subject.comparisonKey;
      const same = this.#intermediates.get(key);
      if (same === undefined) this.#intermediates.set(key, [certificate]);
      else if (!same.some((known) => sameBytes(known.der, certificate.der))) same.push(certificate);
    }
  }

  build(): PathOutcome {
    const { endEntity, provider, policy, use } = this.#input;
    const wrong = withoutThrowing(
      0,
      () =>
        checkTrust(endEntity, 0, this.#input) ??
        this.#rules.checkCertificate(endEntity, 0, use) ??
        this.#rules.checkEndEntity(endEntity, use) ??
        checkEndEntityKey(endEntity, provider, policy),
    );
    if (wrong !== undefined) {
      this.#fail([endEntity], wrong);
      return this.#attempts.refusal();
    }
    if (!this.#isAnchor(endEntity)) return this.#climb([endEntity]) ?? this.#attempts.refusal();
    return this.#complete([endEntity], this.#input.anchors.find(endEntity)!) ?? this.#attempts.refusal();
  }

  /** The chain completed to an anchor; `undefined` when every way ended, each noted in `#attempts`. */
  #climb(chain: readonly Certificate[]): Accepted | undefined {
    const { anchors, policy } = this.#input;
    const { mayHaveIssued } = this.#rules;
    const top = chain[chain.length - 1]!;
    const key = top.issuer.comparisonKey;
    let tried = 0;
    for (const anchor of orderByKeyIdentifier(top, anchors.bySubject(key), (one) => one.certificate)) {
      const { certificate } = anchor;
      if (certificate !== undefined && !(this.#isAnchor(certificate) && mayHaveIssued(certificate, top)))
        continue;
      tried++;
      const wrong = this.#checkAnchor(chain, anchor);
      const longer = certificate === undefined ? chain : [...chain, certificate];
      if (wrong !== undefined) this.#fail(longer, wrong);
      else {
        const complete = this.#complete(longer, anchor);
        if (complete !== undefined) return complete;
      }
      if (this.#attempts.outOfWork) return undefined;
    }
    for (const issuer of orderByKeyIdentifier(top, this.#intermediatesNamed(key), (one) => one)) {
      if (this.#isAnchor(issuer) || !mayHaveIssued(issuer, top)) continue;
      if (chain.some((below) => isSameEntity(below, issuer))) continue;
      tried++;
      // The end entity does not count, and an anchor has still to come.
      if (chain.length > policy.maxIntermediates) {
        const message = `expected at most ${policy.maxIntermediates} intermediates`;
        this.#fail(chain, problem('CERT_CHAIN_TOO_LONG', chain.length, message));
        break;
      }
      const longer = [...chain, issuer];
      const wrong = this.#checkIntermediate(chain, issuer);
      if (wrong !== undefined) {
        if (this.#fail(longer, wrong)) return undefined;
        continue;
      }
      const complete = this.#climb(longer);
      if (complete !== undefined || this.#attempts.outOfWork) return complete;
    }
    if (tried === 0) this.#fail(chain, this.#noIssuer(chain));
    return undefined;
  }

  /** Those that were sent, and certificates of our own that are no anchors by this policy. */
  #intermediatesNamed(key: string): readonly Certificate[] {
    const sent = this.#intermediates.get(key) ?? [];
    if (!this.#input.policy.anchorsMustBeSelfIssued) return sent;
    const own = this.#input.anchors.bySubject(key).flatMap(({ certificate }) => certificate ?? []);
    return [...own.filter((one) => !this.#isAnchor(one)), ...sent.filter((one) => !this.#isOwn(one))];
  }

  /** §6.1.5: what can be said of a whole chain alone; `chain` has the anchor's certificate at its end, if there is one. */
  #complete(chain: readonly Certificate[], anchor: TrustAnchor): Accepted | undefined {
    let policies: readonly string[] = [];
    const top = chain.length - 1;
    const wrong = withoutThrowing(top, () => {
      const tooLate = checkDistrustAfter(chain[0]!, anchor, top, this.#input.use);
      if (tooLate !== undefined) return tooLate;
      if (this.#rules.policiesAreChecked) {
        const result = checkPolicies(chain, anchor.certificate !== undefined, this.#input.policy);
        if (!result.ok) return result.problem;
        policies = result.policies;
      }
      return this.#input.checkComplete?.(chain, anchor);
    });
    if (wrong === undefined) return { ok: true, chain, anchor, publicKey: chain[0]!.spki, policies };
    this.#fail(chain, wrong);
    return undefined;
  }

  /** Everything that RFC 5280 §6.1.3 and §6.1.4 say about `issuer` above `chain`. */
  #checkIntermediate(chain: readonly Certificate[], issuer: Certificate): Problem | undefined {
    const depth = chain.length;
    return (
      this.#countCandidate(depth) ??
      withoutThrowing(depth, () => this.#checkAsIssuer(chain, issuer, false)) ??
      this.#checkSignature(chain, issuer)
    );
  }

  /** An anchor has no certificate, or one whose own word counts as that of any CA. */
  #checkAnchor(chain: readonly Certificate[], anchor: TrustAnchor): Problem | undefined {
    const depth = chain.length;
    const { certificate, nameConstraints } = anchor;
    return (
      this.#countCandidate(depth) ??
      withoutThrowing(depth, () =>
        certificate === undefined
          ? this.#checkNames(chain, nameConstraints)
          : this.#checkAsIssuer(chain, certificate, true),
      ) ??
      this.#checkSignature(chain, certificate ?? anchor)
    );
  }

  #checkAsIssuer(chain: readonly Certificate[], issuer: Certificate, isAnchor: boolean): Problem | undefined {
    const depth = chain.length;
    const distrust = checkTrust(issuer, depth, this.#input);
    if (distrust !== undefined) return distrust;
    // §4.2.1.9: self-issued certificates do not count for the path length, and the end entity is none.
    const intermediatesBelow = chain.slice(1).filter((below) => !below.isSelfIssued).length;
    return (
      this.#rules.checkIssuer(issuer, depth, isAnchor, intermediatesBelow) ??
      this.#rules.checkCertificate(issuer, depth, this.#input.use) ??
      this.#rules.checkIssued(chain[depth - 1]!, depth - 1, issuer) ??
      this.#checkNames(chain, issuer.nameConstraints)
    );
  }

  /** §6.1.3 (b): constraints act on everything below, except self-issued intermediates. */
  #checkNames(
    chain: readonly Certificate[],
    constraints: TrustAnchor['nameConstraints'],
  ): Problem | undefined {
    if (constraints === undefined) return undefined;
    for (const [depth, below] of chain.entries()) {
      if (depth > 0 && below.isSelfIssued) continue;
      const commonNamesToo = depth === 0 && this.#rules.commonNamesAreConstrained;
      const wrong = checkNameConstraints(below, depth, constraints, this.#names, commonNamesToo);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  #checkSignature(chain: readonly Certificate[], issuer: Issuer): Problem | undefined {
    const { provider, policy } = this.#input;
    const depth = chain.length;
    if (--this.#signatureChecks < 0) {
      const message = `expected at most ${policy.maxSignatureChecks} signature checks`;
      return problem('WORK_LIMIT_EXCEEDED', depth, message);
    }
    return checkSignature(chain[depth - 1]!, issuer, depth - 1, provider, policy);
  }

  #countCandidate(depth: number): Problem | undefined {
    if (--this.#candidates >= 0) return undefined;
    const message = `expected at most ${this.#input.policy.maxCandidates} candidate issuers`;
    return problem('WORK_LIMIT_EXCEEDED', depth, message);
  }

  /** Notes a way that ended; true when no other may be tried. */
  #fail(chain: readonly Certificate[], wrong: Problem): boolean {
    this.#attempts.add(chain, wrong);
    return this.#attempts.outOfWork;
  }

  #isAnchor(certificate: Certificate): boolean {
    if (!this.#isOwn(certificate)) return false;
    return !this.#input.policy.anchorsMustBeSelfIssued || this.#rules.isOwnIssuer(certificate);
  }

  #isOwn(certificate: Certificate): boolean {
    return this.#input.anchors.find(certificate) !== undefined;
  }

  /** In OpenSSL's words: they differ by what stands at the top. */
  #noIssuer(chain: readonly Certificate[]): Problem {
    const depth = chain.length - 1;
    const top = chain[depth]!;
    if (top.isSelfIssued) {
      const code = depth === 0 ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN';
      return problem(code, depth, `expected a trust anchor above, got the self-issued ${top.subject}`);
    }
    const message = `expected a certificate of the issuer ${top.issuer}`;
    if (depth === 0) return problem('UNABLE_TO_VERIFY_LEAF_SIGNATURE', depth, message);
    const code = this.#isOwn(top) ? 'UNABLE_TO_GET_ISSUER_CERT' : 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
    return problem(code, depth, message);
  }
}

/** RFC 4158 §5.2: the same name and key twice is a loop, whichever certificates say so. */
function isSameEntity(a: Certificate, b: Certificate): boolean {
  return sameBytes(a.spki, b.spki) && a.subject.equals(b.subject);
}
