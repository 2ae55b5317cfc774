import {
  type CrlContents,
  type Issued,
  type RevocationOptions,
  type OcspAnswerInput,
  type OcspResponseContents,
  type RevokedInput,
  makeCrl,
  makeOcspResponse,
  parseCertificate,
} from '../src/index.ts';
import { type Contents, authority, issue, nowMs, provider } from './authority.ts';
import { outcomeOf } from './chain.ts';

/** Revoked certificates for tests: CRLs of today, valid for a week. */
export const hourMs = 3_600_000;
export const dayMs: number = 24 * hourMs;

export function crlOf(issuer: Issued, contents: Partial<CrlContents> = {}): Uint8Array {
  return makeCrl({
    provider,
    issuer,
    thisUpdateMs: nowMs - hourMs,
    nextUpdateMs: nowMs + 7 * dayMs,
    ...contents,
  });
}

export function serialOf({ certificate }: Issued): Uint8Array {
  return parseCertificate(certificate).serialNumber;
}

export function entryOf(issued: Issued, more: Partial<RevokedInput> = {}): RevokedInput {
  return { serialNumber: serialOf(issued), revocationDateMs: nowMs - dayMs, ...more };
}

export function answerOf(
  { certificate }: Issued,
  issuer: Issued,
  more: Partial<OcspAnswerInput> = {},
): OcspAnswerInput {
  return {
    certificate,
    issuer: issuer.certificate,
    status: 'good',
    thisUpdateMs: nowMs - hourMs,
    nextUpdateMs: nowMs + dayMs,
    ...more,
  };
}

export function responseOf(
  responder: Issued,
  answers: readonly OcspAnswerInput[],
  more: Partial<OcspResponseContents> = {},
): Uint8Array {
  return makeOcspResponse({ provider, responder, answers, ...more });
}

/** root → middle → leaf, and what CRLs say about them. */
export interface World {
  readonly root: Issued;
  readonly middle: Issued;
  readonly leaf: Issued;
}

export function world(leaf: Contents = {}, middle: Contents = {}, root: Contents = {}): World {
  const top = authority('root', root);
  const between = authority('middle', { issuer: top, ...middle });
  return {
    root: top,
    middle: between,
    leaf: issue('leaf', { issuer: between, dnsNames: ['a.example'], ...leaf }),
  };
}

/** `ok`, or the code and where. By default a good CRL of the root stands beside those given. */
export function verdict(
  { root, middle, leaf }: World,
  crls: readonly Uint8Array[],
  options: RevocationOptions & { readonly timeMs?: number; readonly sent?: readonly Issued[] } = {},
): string {
  const { timeMs = nowMs, sent = [], ...revocation } = options;
  return outcomeOf([leaf, middle, ...sent], root, {
    timeMs,
    revocation: { crls: [crlOf(root), ...crls], ...revocation },
  });
}
