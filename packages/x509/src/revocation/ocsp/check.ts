import { sameBytes } from '../../der/bytes.ts';
import { isX509Error } from '../../errors.ts';
import { extensionIds } from '../../extensions/registry.ts';
import { defaultMaxOcspAgeSeconds } from '../../limits.ts';
import { type Problem, problem } from '../../path/outcome.ts';
import { type Check, type Status, type Target, iso } from '../status.ts';
import { isCertIdOf } from './cert-id.ts';
import { type StatusOf, responderProblem } from './responder.ts';
import {
  type BasicOcspResponse,
  type OcspResponse,
  type SingleOcspResponse,
  nonceOf,
  parseOcspResponse,
} from './response.ts';

/**
 * What one OCSP response says about a certificate (RFC 6960 §3.2): it must be an answer about this very certificate, be
 * signed by somebody who may, be in force, and contain nothing critical that we do not understand. Of several answers about
 * the certificate the worst counts. `nonce`: must come back, where the request had one.
 */
export function ocspStatus(
  der: Uint8Array | OcspResponse,
  target: Target,
  check: Check,
  statusOf: StatusOf,
  nonce?: Uint8Array,
): Status {
  const { depth, certificate } = target;
  let response: OcspResponse;
  try {
    response = der instanceof Uint8Array ? parseOcspResponse(der) : der;
  } catch (error) {
    if (isX509Error(error)) return failed(depth, error.message);
    throw error;
  }
  if (response.status !== 'successful') return failed(depth, `the responder answers ${response.status}`);
  const { basic } = response;
  const answers = basic.responses.filter(({ certId }) =>
    isCertIdOf(certId, certificate, target.above[0]!, check.context.provider),
  );
  if (answers.length === 0) return failed(depth, `expected an answer about ${certificate.subject}`, true);
  const critical = unhandledCritical([basic, ...answers]);
  if (critical !== undefined) return failed(depth, `expected no critical extension ${critical}`);
  if (nonce !== undefined) {
    const own = nonceOf(basic);
    if (own === undefined || !sameBytes(own, nonce))
      return failed(depth, 'expected the nonce of the request');
  }
  const wrong = producedProblem(basic, depth, check) ?? responderProblem(basic, target, check, statusOf);
  if (wrong !== undefined) return { kind: 'unknown', problem: wrong };
  return worst(answers.map((answer) => answerStatus(answer, basic, depth, check)));
}

/** Whether a status is unknown because the response is about other certificates: then another one may be about this. */
export function isAboutOthers(status: Status): boolean {
  return status.kind === 'unknown' && aboutOthers.has(status.problem);
}

function answerStatus(
  answer: SingleOcspResponse,
  { producedAtMs }: BasicOcspResponse,
  depth: number,
  check: Check,
): Status {
  const { timeMs } = check.context;
  const { clockSkewMs, maxAgeMs } = check.settings;
  const { status, thisUpdateMs, nextUpdateMs } = answer;
  if (thisUpdateMs > timeMs + clockSkewMs)
    return failed(depth, `the answer is of ${iso(thisUpdateMs)}, checked at ${iso(timeMs)}`);
  // Known before it was signed; a response cannot have foreseen it.
  if (thisUpdateMs > producedAtMs + clockSkewMs)
    return failed(depth, `the answer is of ${iso(thisUpdateMs)}, the response of ${iso(producedAtMs)}`);
  if (nextUpdateMs !== undefined && nextUpdateMs < thisUpdateMs)
    return failed(depth, `the answer ends (${iso(nextUpdateMs)}) before it begins (${iso(thisUpdateMs)})`);
  const ageMs =
    maxAgeMs ?? (nextUpdateMs === undefined ? defaultMaxOcspAgeSeconds * 1_000 : Number.POSITIVE_INFINITY);
  const untilMs = Math.min(nextUpdateMs ?? Number.POSITIVE_INFINITY, thisUpdateMs + ageMs) + clockSkewMs;
  if (timeMs >= untilMs)
    return failed(depth, `the answer held until ${iso(untilMs)}, checked at ${iso(timeMs)}`);
  if (status.type === 'good') return { kind: 'good', untilMs };
  if (status.type === 'unknown')
    return {
      kind: 'unknown',
      problem: problem('OCSP_CERT_UNKNOWN', depth, 'the responder does not know it'),
    };
  const message = `revoked on ${iso(status.revocationTimeMs)} (${status.reason}), says an OCSP response`;
  return { kind: 'revoked', problem: problem('CERT_REVOKED', depth, message) };
}

/** Signed before now, and after nothing that we could check: old responses are judged by what they say of each certificate. */
function producedProblem(
  { producedAtMs }: BasicOcspResponse,
  depth: number,
  check: Check,
): Problem | undefined {
  const { timeMs } = check.context;
  if (producedAtMs <= timeMs + check.settings.clockSkewMs) return undefined;
  return problem('OCSP_VERIFY_FAILED', depth, `signed at ${iso(producedAtMs)}, checked at ${iso(timeMs)}`);
}

/** "good" of one entry must not hide "revoked" of another about the same certificate; nor may one that is too old. */
function worst(statuses: readonly Status[]): Status {
  const revoked = statuses.find(({ kind }) => kind === 'revoked');
  const unknown = statuses.find(({ kind }) => kind === 'unknown');
  return revoked ?? unknown ?? statuses[0]!;
}

function unhandledCritical(holders: readonly Pick<SingleOcspResponse, 'extensions'>[]): string | undefined {
  for (const { extensions } of holders)
    for (const { id, critical } of extensions.values()) if (critical && !understood.has(id)) return id;
  return undefined;
}

function failed(depth: number, message: string, isOfOthers = false): Status {
  const wrong = problem('OCSP_VERIFY_FAILED', depth, message);
  if (isOfOthers) aboutOthers.add(wrong);
  return { kind: 'unknown', problem: wrong };
}

const aboutOthers = new WeakSet<Problem>();

/** Extensions of responses and answers whose rules are followed, or which ask for nothing. */
const understood: ReadonlySet<string> = /* @__PURE__ */ new Set([
  extensionIds.ocspNonce,
  extensionIds.ocspSignedCertificateTimestamps,
]);
