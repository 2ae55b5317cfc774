import type { Certificate } from '../certificate/certificate.ts';
import { maxRevocationSignatureChecks } from '../limits.ts';
import { withoutThrowing } from '../path/certificate-checks.ts';
import type { Problem } from '../path/outcome.ts';
import { pathPolicy } from '../path/policy.ts';
import { sameBytes } from '../der/bytes.ts';
import { opensslProblems } from './crl/openssl.ts';
import { crlStatus } from './crl/rfc5280.ts';
import { isAboutOthers, ocspStatus } from './ocsp/check.ts';
import {
  type RevocationContext,
  type RevocationOptions,
  type RevocationSettings,
  type WholeContext,
  revocationSettings,
} from './options.ts';
import { type Check, type Status, type Target, superiorsOf } from './status.ts';

/**
 * Whether a certificate of a chain has been revoked, or cannot be said not to have been (RFC 5280 §6.3, RFC 6960).
 * `chain`: complete, validated, the end entity first, the trust anchor last, if it has a certificate. `undefined`: nothing is held against it, as
 * far as `options` ask. What CRLs, responses and certificates contain throws nothing; mistakes in the options throw
 * `ApiMisuseError`, damaged PEM in them `X509Error`.
 */
export function checkRevocation(
  chain: readonly Certificate[],
  options: RevocationOptions,
  context: RevocationContext,
): Problem | undefined {
  const whole = { ...context, policy: pathPolicy(context.policy) };
  return checkChain(chain, revocationSettings(options), whole);
}

/** `checkRevocation` with options that have been read. */
export function checkChain(
  chain: readonly Certificate[],
  settings: RevocationSettings,
  context: WholeContext,
  work: Check['work'] = revocationWork(),
): Problem | undefined {
  const check: Check = { settings, context, work, asked: [] };
  if (settings.rules === 'rfc5280') return checkEach(chain, check);
  return checkStapled(chain, check) ?? checkLikeOpenssl(chain, check);
}

/** One response about one certificate, whose issuer is known. */
export function statusOfOne(
  response: Uint8Array,
  target: Target,
  settings: RevocationSettings,
  context: WholeContext,
  nonce: Uint8Array | undefined,
): Status {
  const check: Check = { settings, context, work: revocationWork(), asked: [] };
  return ocspStatus(response, target, check, statusProblem, nonce);
}

/** For all chains that are tried for one peer. */
export function revocationWork(): Check['work'] {
  return { signatureChecks: maxRevocationSignatureChecks };
}

/** Every certificate that has somebody above; the anchor has nobody. */
function checkEach(chain: readonly Certificate[], check: Check): Problem | undefined {
  const superiors = superiorsOf(chain, check.context);
  const count = check.settings.certificates === 'endEntity' ? 1 : chain.length;
  for (const [depth, certificate] of chain.slice(0, Math.min(count, superiors.length - 1)).entries()) {
    const wrong = statusProblem({ certificate, depth, above: superiors.slice(depth + 1) }, check);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Where CRLs follow other rules, stapled responses follow the same. */
function checkStapled(chain: readonly Certificate[], check: Check): Problem | undefined {
  const superiors = superiorsOf(chain, check.context);
  for (const [depth, certificate] of chain.slice(0, superiors.length - 1).entries()) {
    const target = { certificate, depth, above: superiors.slice(depth + 1) };
    const wrong = withoutThrowing(depth, () => stapledProblem(target, check, []));
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/**
 * What is held against one certificate. Whoever says that it is revoked, and may say so, is believed, whatever others say;
 * with soft failure only that counts, and a stapled response that is not satisfactory: "clients [...] MUST check the OCSP
 * response and abort the handshake if the response is not satisfactory" (RFC 6066 §8).
 */
function statusProblem(target: Target, check: Check): Problem | undefined {
  const statuses: Status[] = [];
  const malformed = withoutThrowing(target.depth, () => {
    // Of those who sign CRLs and responses CRLs alone tell, so that nobody is asked about himself.
    if (check.asked.length === 0) {
      const stapled = stapledProblem(target, check, statuses);
      if (stapled !== undefined) return stapled;
      for (const response of check.settings.ocspResponses) {
        const status = ocspStatus(response, target, check, statusProblem);
        if (!isAboutOthers(status)) statuses.push(status);
      }
    }
    statuses.push(crlStatus(target, check, statusProblem));
    return undefined;
  });
  if (malformed !== undefined) return malformed;
  const revoked = statuses.find((status) => status.kind === 'revoked');
  if (revoked !== undefined) return revoked.problem;
  if (check.settings.failure === 'soft' || statuses.some(({ kind }) => kind === 'good')) return undefined;
  // CRLs are asked last; where there are none, what responses lack says more.
  const unknown = statuses.filter((status) => status.kind === 'unknown');
  return (check.settings.crls.size > 0 ? unknown.at(-1) : unknown[0])?.problem;
}

/** What is wrong with the response that came with this very certificate; what is good of it goes to `statuses`. */
function stapledProblem(target: Target, check: Check, statuses: Status[]): Problem | undefined {
  for (const { certificate, ocspResponse } of check.context.stapled ?? []) {
    if (!sameBytes(certificate, target.certificate.der)) continue;
    const status = ocspStatus(ocspResponse, target, check, statusProblem);
    if (status.kind !== 'good') return status.problem;
    statuses.push(status);
  }
  return undefined;
}

/** `openssl verify` ends at the first problem; `node:tls` goes on, and the last is what it shows. */
function checkLikeOpenssl(chain: readonly Certificate[], check: Check): Problem | undefined {
  const problems = toldProblems(chain, check);
  return check.settings.rules === 'node' ? problems.at(-1) : problems[0];
}

/** What OpenSSL would say of the CRLs while it looks at a chain, were its rules asked for. */
export function crlProblems(
  chain: readonly Certificate[],
  settings: RevocationSettings,
  context: WholeContext,
): readonly Problem[] {
  if (settings.rules === 'rfc5280') return [];
  const problems = toldProblems(chain, { settings, context, work: revocationWork(), asked: [] });
  return settings.rules === 'node' ? problems : problems.slice(0, 1);
}

function toldProblems(chain: readonly Certificate[], check: Check): readonly Problem[] {
  let problems: readonly Problem[] = [];
  const malformed = withoutThrowing(0, () => {
    problems = opensslProblems(chain, check);
    return undefined;
  });
  if (malformed !== undefined) return [malformed];
  return check.settings.failure === 'soft'
    ? problems.filter(({ code }) => code === 'CERT_REVOKED').slice(0, 1)
    : problems;
}
