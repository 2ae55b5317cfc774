import type { Certificate } from '../../certificate/certificate.ts';
import { sameBytes } from '../../der/bytes.ts';
import { type DistributionPoint, allReasons, namesOf } from '../../extensions/distribution-point.ts';
import { type Problem, problem } from '../../path/outcome.ts';
import { signatureFault } from '../signature.ts';
import { type Check, type Superior, iso, superiorsOf } from '../status.ts';
import type { CertificateRevocationList } from './crl.ts';
import { revoked } from './rfc5280.ts';
import { isSameName } from './scope.ts';

/**
 * CRLs as OpenSSL 3.0 uses them with X509_V_FLAG_CRL_CHECK, and with CRL_CHECK_ALL for a whole chain, the trust anchor
 * included; this is what the option `crl` of `node:tls` sets. Candidates get a score, the best is used whatever it lacks,
 * and what it lacks is the problem. Indirect CRLs and CRLs for some reasons alone do not count.
 *
 * All problems in the order in which OpenSSL's callback would be told of them. Where OpenSSL is content with less than
 * RFC 5280, so is this, with two exceptions: a delta is no complete CRL, and signatures must be as the policy wants them.
 *
 * Throws `X509Error` for a certificate whose extensions cannot be read.
 */
export function opensslProblems(chain: readonly Certificate[], check: Check): readonly Problem[] {
  const superiors = superiorsOf(chain, check.context);
  const count = check.settings.certificates === 'endEntity' ? 1 : chain.length;
  return chain
    .slice(0, count)
    .flatMap((certificate, depth) => problemsAt(certificate, superiors, depth, check));
}

function problemsAt(
  certificate: Certificate,
  chain: readonly Superior[],
  depth: number,
  check: Check,
): readonly Problem[] {
  const problems: Problem[] = [];
  let covered = 0;
  while (covered !== allReasons) {
    const best = bestCrl(certificate, chain, depth, covered, check);
    if (best === undefined) return [...problems, noCrl(certificate, depth)];
    problems.push(...crlProblems(best, depth, check));
    const [entry] = best.crl.entries.find(certificate.serialNumber, certificate.issuer, best.crl.issuer);
    if (entry !== undefined && entry.reason !== 'removeFromCRL')
      problems.push(revoked(entry, best.crl, depth).problem);
    // Nothing gained: the next round would end the same.
    if (best.covered === covered) return [...problems, noCrl(certificate, depth)];
    covered = best.covered;
  }
  return problems;
}

interface Scored {
  readonly crl: CertificateRevocationList;
  readonly signer: Superior;
  readonly score: number;
  /** Reasons covered with this CRL. */
  readonly covered: number;
}

function bestCrl(
  certificate: Certificate,
  chain: readonly Superior[],
  depth: number,
  covered: number,
  check: Check,
): Scored | undefined {
  let best: Scored | undefined;
  for (const crl of check.settings.crls.byIssuer(certificate.issuer)) {
    const scored = score(crl, certificate, chain, depth, covered, check);
    // They come newest first, and among equals the newest is used.
    if (scored !== undefined && (best === undefined || scored.score > best.score)) best = scored;
  }
  return best;
}

/** What speaks for a CRL that the certificate's issuer has issued; `undefined`: it is out of the question. */
function score(
  crl: CertificateRevocationList,
  certificate: Certificate,
  chain: readonly Superior[],
  depth: number,
  covered: number,
  { context }: Check,
): Scored | undefined {
  const scope = crl.issuingDistributionPoint;
  if (scope?.indirectCrl === true || scope?.hasReasons === true) return undefined;
  if (crl.baseCrlNumber !== undefined) return undefined;
  let sum = crl.unhandledCritical === undefined ? scores.noCritical : 0;
  if (timeProblems(crl, depth, context.timeMs).length === 0) sum += scores.time;
  const signer = signerOf(crl, chain, depth);
  if (signer === undefined) return undefined;
  if (signer === chain[Math.min(depth + 1, chain.length - 1)]) sum += scores.issuerCertificate;
  const reasons = coveredBy(crl, certificate);
  if (reasons === undefined) return { crl, signer, score: sum, covered };
  if ((reasons & ~covered) === 0) return undefined;
  return { crl, signer, score: sum + scores.scope, covered: covered | reasons };
}

/** The certificate above (of the anchor: itself), or another of that name further up, whose key identifiers do not contradict. */
function signerOf(crl: CertificateRevocationList, chain: readonly Superior[], depth: number) {
  const first = Math.min(depth + 1, chain.length - 1);
  for (const [i, above] of chain.entries()) {
    if (i < first || !agrees(above.certificate, crl)) continue;
    if (i === first || above.subject.equals(crl.issuer)) return above;
  }
  return undefined;
}

function agrees(
  certificate: Certificate | undefined,
  { authorityKeyIdentifier: wanted }: CertificateRevocationList,
): boolean {
  if (wanted === undefined || certificate === undefined) return true;
  const own = certificate.subjectKeyIdentifier;
  if (wanted.keyIdentifier !== undefined && own !== undefined && !sameBytes(wanted.keyIdentifier, own))
    return false;
  if (wanted.serialNumber !== undefined && !sameBytes(wanted.serialNumber, certificate.serialNumber))
    return false;
  const name = wanted.issuer?.find(({ type }) => type === 'directory');
  return name?.type !== 'directory' || name.value.equals(certificate.issuer);
}

/** Reasons of the first distribution point that the CRL belongs to; `undefined`: it is about other certificates. */
function coveredBy(crl: CertificateRevocationList, certificate: Certificate): number | undefined {
  const scope = crl.issuingDistributionPoint;
  if (scope?.onlyContainsAttributeCerts === true) return undefined;
  const isCa = certificate.basicConstraints?.ca === true;
  if (isCa ? scope?.onlyContainsUserCerts === true : scope?.onlyContainsCaCerts === true) return undefined;
  for (const point of certificate.crlDistributionPoints ?? []) {
    if (belongsTo(crl, point, certificate)) return point.reasons;
  }
  return scope?.name === undefined ? allReasons : undefined;
}

function belongsTo(
  crl: CertificateRevocationList,
  point: DistributionPoint,
  certificate: Certificate,
): boolean {
  const isIssuer =
    point.crlIssuer === undefined
      ? certificate.issuer.equals(crl.issuer)
      : point.crlIssuer.some((name) => name.type === 'directory' && name.value.equals(crl.issuer));
  const name = crl.issuingDistributionPoint?.name;
  if (!isIssuer || name === undefined || point.name === undefined) return isIssuer;
  const own = namesOf(name, crl.issuer);
  return namesOf(point.name, crl.issuer).some((other) => own.some((one) => isSameName(one, other)));
}

/** What the chosen CRL lacks, in OpenSSL's order. */
function crlProblems({ crl, signer, score }: Scored, depth: number, check: Check): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (code: Problem['code'], message: string) =>
    problems.push(problem(code, depth, `${message}: CRL of ${crl.issuer}`));
  if (signer.certificate?.keyUsage?.has('cRLSign') === false)
    add('KEYUSAGE_NO_CRL_SIGN', `expected the key usage cRLSign in ${signer.subject}`);
  if ((score & scores.scope) === 0) add('DIFFERENT_CRL_SCOPE', 'expected a CRL about such certificates');
  problems.push(...timeProblems(crl, depth, check.context.timeMs));
  if (--check.work.signatureChecks < 0) add('WORK_LIMIT_EXCEEDED', 'expected fewer signatures');
  else {
    const fault = signatureFault(crl, signer.spki, check.context.provider, check.context.policy);
    if (fault !== undefined) add('CRL_SIGNATURE_FAILURE', fault.message);
  }
  if (crl.unhandledCritical !== undefined)
    add('UNHANDLED_CRITICAL_CRL_EXTENSION', `expected no critical extension ${crl.unhandledCritical}`);
  return problems;
}

/** Without nextUpdate it holds for ever; in its last second it does no more. */
function timeProblems(crl: CertificateRevocationList, depth: number, timeMs: number): readonly Problem[] {
  const { thisUpdateMs, nextUpdateMs } = crl;
  const problems: Problem[] = [];
  const add = (code: Problem['code'], text: string) =>
    problems.push(problem(code, depth, `${text}, checked at ${iso(timeMs)}: CRL of ${crl.issuer}`));
  if (Number.isNaN(thisUpdateMs)) add('ERROR_IN_CRL_LAST_UPDATE_FIELD', 'expected a time as thisUpdate');
  if (thisUpdateMs > timeMs) add('CRL_NOT_YET_VALID', `made on ${iso(thisUpdateMs)}`);
  if (nextUpdateMs === undefined) return problems;
  if (Number.isNaN(nextUpdateMs)) add('ERROR_IN_CRL_NEXT_UPDATE_FIELD', 'expected a time as nextUpdate');
  if (nextUpdateMs <= timeMs) add('CRL_HAS_EXPIRED', `held until ${iso(nextUpdateMs)}`);
  return problems;
}

function noCrl(certificate: Certificate, depth: number): Problem {
  return problem('UNABLE_TO_GET_CRL', depth, `expected a CRL of ${certificate.issuer}`);
}

/** As OpenSSL weighs them: a CRL that has all three is usable. */
const scores = { noCritical: 0x100, scope: 0x080, time: 0x040, issuerCertificate: 0x010 } as const;
