import type { Certificate } from '../certificate/certificate.ts';
import { maxRevocationSignatureChecks } from '../limits.ts';
import { withoutThrowing } from '../path/certificate-checks.ts';
import type { Problem } from '../path/outcome.ts';
import { pathPolicy } from '../path/policy.ts';
import { opensslProblems } from './crl/openssl.ts';
import { crlStatus } from './crl/rfc5280.ts';
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
  return settings.rules === 'rfc5280' ? checkEach(chain, check) : checkLikeOpenssl(chain, check);
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

/** With soft failure only what is known counts, but that always. */
function statusProblem(target: Target, check: Check): Problem | undefined {
  let status: Status | undefined;
  const malformed = withoutThrowing(target.depth, () => {
    status = crlStatus(target, check, statusProblem);
    return undefined;
  });
  if (malformed !== undefined) return malformed;
  if (status?.kind === 'revoked') return status.problem;
  return status?.kind === 'unknown' && check.settings.failure === 'hard' ? status.problem : undefined;
}

/** `openssl verify` ends at the first problem; `node:tls` goes on, and the last is what it shows. */
function checkLikeOpenssl(chain: readonly Certificate[], check: Check): Problem | undefined {
  let problems: readonly Problem[] = [];
  const malformed = withoutThrowing(0, () => {
    problems = opensslProblems(chain, check);
    return undefined;
  });
  if (malformed !== undefined) return malformed;
  const known = problems.find(({ code }) => code === 'CERT_REVOKED');
  if (check.settings.failure === 'soft') return known;
  return check.settings.rules === 'node' ? problems.at(-1) : problems[0];
}
