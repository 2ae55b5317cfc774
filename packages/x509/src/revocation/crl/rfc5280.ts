import { type DistributionPoint, allReasons } from '../../extensions/distribution-point.ts';
import { type Problem, problem } from '../../path/outcome.ts';
import { type Check, type Status, type Superior, type Target, iso } from '../status.ts';
import type { CertificateRevocationList } from './crl.ts';
import type { RevokedCertificate } from './entry.ts';
import { crlIssuersOf, distributionPointsOf, isDeltaOf, scopeFault } from './scope.ts';
import { type StatusOf, findSigner, signatureProblem } from './signer.ts';

/**
 * The status of a certificate by CRLs (RFC 5280 §6.3.3): at each of its distribution points the newest CRL that is about
 * it, in force and rightly signed, until all reasons are covered. CRLs of which any of that is not true count as if they
 * were not there; if nothing remains, the status is unknown, and the problem is that of the most telling of them.
 *
 * Throws `X509Error` for a certificate whose extensions cannot be read.
 */
export function crlStatus(target: Target, check: Check, statusOf: StatusOf): Status {
  const { certificate } = target;
  let covered = 0;
  let untilMs = Number.POSITIVE_INFINITY;
  let telling: Problem | undefined;
  for (const point of distributionPointsOf(certificate)) {
    for (const issuer of crlIssuersOf(point, certificate)) {
      for (const crl of check.settings.crls.byIssuer(issuer)) {
        if (covered === allReasons) break;
        const used = useCrl(crl, point, covered, target, check, statusOf);
        if (used.kind === 'revoked') return used;
        if (used.kind === 'unknown') telling = moreTelling(telling, used.problem);
        else if (used.kind === 'good') {
          covered |= used.reasons;
          untilMs = Math.min(untilMs, used.untilMs);
        }
      }
    }
  }
  if (covered === allReasons) return { kind: 'good', untilMs };
  const isOfOthers = covered !== 0 && telling?.code === 'DIFFERENT_CRL_SCOPE';
  return {
    kind: 'unknown',
    problem: telling === undefined || isOfOthers ? noCrl(target, covered, check) : telling,
  };
}

type Used =
  | (Extract<Status, { kind: 'good' }> & { readonly reasons: number })
  | Exclude<Status, { kind: 'good' }>
  /** It is about other certificates, or adds nothing. */
  | { readonly kind: 'none' };

/** §6.3.3 (b)–(l) for one CRL. */
function useCrl(
  crl: CertificateRevocationList,
  point: DistributionPoint,
  covered: number,
  target: Target,
  check: Check,
  statusOf: StatusOf,
): Used {
  const { certificate, depth } = target;
  // A delta alone says nothing about what was revoked before its base.
  if (crl.baseCrlNumber !== undefined) return { kind: 'none' };
  const fault = scopeFault(crl, point, certificate);
  if (fault !== undefined)
    return unknown('DIFFERENT_CRL_SCOPE', depth, `CRL of ${crl.issuer} (${iso(crl.thisUpdateMs)}): ${fault}`);
  const reasons = point.reasons & (crl.issuingDistributionPoint?.reasons ?? allReasons);
  if ((reasons & ~covered) === 0) return { kind: 'none' };
  const unreadable = contentsProblem(crl, depth);
  if (unreadable !== undefined) return { kind: 'unknown', problem: unreadable };

  const late = timeProblem(crl, depth, check);
  // With a delta in force it has the times of the delta (§5.2.4); else its signature is of no interest.
  const isToBeRenewed = late?.code === 'CRL_HAS_EXPIRED' && deltasOf(crl, check).length > 0;
  if (late !== undefined && !isToBeRenewed) return { kind: 'unknown', problem: late };
  const found = findSigner(crl, target, check, statusOf);
  if ('problem' in found) return { kind: 'unknown', problem: found.problem };
  const delta = usableDelta(crl, found.signer, depth, check);
  if (late !== undefined && delta === undefined) return { kind: 'unknown', problem: late };
  const change = delta && lookUp(delta, target);
  if (change !== undefined && change.reason !== 'removeFromCRL') return revoked(change, delta!, depth);
  const entry = lookUp(crl, target);
  // Only a delta takes something back, and only what was on hold (§5.3.1): whoever is listed otherwise is listed.
  const isBack = change !== undefined && entry?.reason === 'certificateHold';
  if (entry !== undefined && !isBack) return revoked(entry, crl, depth);
  return { kind: 'good', reasons, untilMs: until(delta ?? crl, check) };
}

/** The newest delta in force that goes with this CRL and is signed with the same key (§6.3.3 (c), (h)). */
function usableDelta(base: CertificateRevocationList, signer: Superior, depth: number, check: Check) {
  return deltasOf(base, check).find(
    (delta) =>
      contentsProblem(delta, depth) === undefined &&
      timeProblem(delta, depth, check) === undefined &&
      signatureProblem(delta, signer, depth, check) === undefined,
  );
}

function deltasOf(base: CertificateRevocationList, { settings }: Check): CertificateRevocationList[] {
  if (settings.deltas === 'ignored') return [];
  return settings.crls.byIssuer(base.issuer).filter((delta) => isDeltaOf(delta, base));
}

/** Something critical in it that we cannot follow; what it says may then mean something else (§5.2, §5.3). */
function contentsProblem(crl: CertificateRevocationList, depth: number): Problem | undefined {
  const id = crl.unhandledCritical;
  if (id !== undefined) {
    const message = `expected no critical extension ${id} in the CRL of ${crl.issuer}`;
    return problem('UNHANDLED_CRITICAL_CRL_EXTENSION', depth, message);
  }
  // §5.3.3: certificateIssuer is for indirect CRLs; one that does not say that it is one contradicts itself.
  if (crl.entries.namesIssuers && crl.issuingDistributionPoint?.indirectCrl !== true) {
    const message = `expected no certificateIssuer in the CRL of ${crl.issuer}, which is not indirect`;
    return problem('UNHANDLED_CRITICAL_CRL_EXTENSION', depth, message);
  }
  return undefined;
}

function timeProblem(crl: CertificateRevocationList, depth: number, check: Check): Problem | undefined {
  const { timeMs } = check.context;
  const { clockSkewMs, maxAgeMs } = check.settings;
  const { thisUpdateMs, nextUpdateMs } = crl;
  const of = `the CRL of ${crl.issuer}`;
  if (Number.isNaN(thisUpdateMs))
    return problem('ERROR_IN_CRL_LAST_UPDATE_FIELD', depth, `expected a time as thisUpdate of ${of}`);
  if (Number.isNaN(nextUpdateMs))
    return problem('ERROR_IN_CRL_NEXT_UPDATE_FIELD', depth, `expected a time as nextUpdate of ${of}`);
  // "This profile requires inclusion of nextUpdate in all CRLs" (§5.1.2.5): without it nobody can say how long it holds.
  if (nextUpdateMs === undefined && maxAgeMs === undefined)
    return problem('ERROR_IN_CRL_NEXT_UPDATE_FIELD', depth, `expected nextUpdate in ${of}, or maxAgeSeconds`);
  if (timeMs < thisUpdateMs - clockSkewMs)
    return problem('CRL_NOT_YET_VALID', depth, `${of} is of ${iso(thisUpdateMs)}, checked at ${iso(timeMs)}`);
  const untilMs = until(crl, check);
  if (timeMs < untilMs) return undefined;
  return problem('CRL_HAS_EXPIRED', depth, `${of} held until ${iso(untilMs)}, checked at ${iso(timeMs)}`);
}

function until({ thisUpdateMs, nextUpdateMs }: CertificateRevocationList, { settings }: Check): number {
  const { maxAgeMs = Number.POSITIVE_INFINITY, clockSkewMs } = settings;
  return Math.min(nextUpdateMs ?? Number.POSITIVE_INFINITY, thisUpdateMs + maxAgeMs) + clockSkewMs;
}

/** The entry about the certificate; of several the one that says most against it. */
function lookUp(crl: CertificateRevocationList, { certificate }: Target): RevokedCertificate | undefined {
  const found = crl.entries.find(certificate.serialNumber, certificate.issuer, crl.issuer);
  return found.find(({ reason }) => reason !== 'removeFromCRL') ?? found[0];
}

export function revoked(
  { revocationDateMs, reason }: RevokedCertificate,
  crl: CertificateRevocationList,
  depth: number,
): Extract<Status, { kind: 'revoked' }> {
  const message = `revoked on ${iso(revocationDateMs)} (${reason}), says the CRL of ${crl.issuer}`;
  return { kind: 'revoked', problem: problem('CERT_REVOKED', depth, message) };
}

function unknown(code: Problem['code'], depth: number, message: string): Used {
  return { kind: 'unknown', problem: problem(code, depth, message) };
}

function noCrl({ certificate, depth }: Target, covered: number, { settings }: Check): Problem {
  const { unreadable, size } = settings.crls;
  const what = covered === 0 ? '' : ' for the other reasons';
  const message = `expected a CRL${what} of ${certificate.issuer}, or of whom the certificate names`;
  if (unreadable.length === 0) return problem('UNABLE_TO_GET_CRL', depth, message);
  const first = unreadable[0]!.error.message;
  const hint = `${unreadable.length} of ${size} CRLs cannot be read, the first: ${first}`;
  return problem('UNABLE_TO_GET_CRL', depth, `${message}; ${hint}`);
}

/** A CRL about other certificates says nothing; of the others the first is the newest. */
function moreTelling(known: Problem | undefined, other: Problem): Problem {
  if (known === undefined) return other;
  return known.code === 'DIFFERENT_CRL_SCOPE' && other.code !== 'DIFFERENT_CRL_SCOPE' ? other : known;
}
