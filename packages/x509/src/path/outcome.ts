import type { PeerRefusal } from '@sealwire/core';
import type { Certificate } from '../certificate/certificate.ts';
import type { TrustAnchor } from './anchors.ts';

/**
 * Why a chain was refused. Where OpenSSL has a name for it (X509_V_ERR_…, which Node's `error.code` shows) it
 * is that name; the rest are ours. Codes are stable API.
 */
export const verifyCodes = {
  // Nobody we trust.
  UNABLE_TO_GET_ISSUER_CERT: 'unknownCa',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknownCa',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknownCa',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknownCa',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknownCa',
  CERT_CHAIN_TOO_LONG: 'unknownCa',
  CERT_REJECTED: 'rejected',
  ISSUER_NO_LONGER_TRUSTED: 'rejected',
  // Time.
  CERT_NOT_YET_VALID: 'expired',
  CERT_HAS_EXPIRED: 'expired',
  // The certificates themselves.
  MALFORMED_CERTIFICATE: 'malformed',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: 'malformed',
  ERROR_IN_CERT_NOT_AFTER_FIELD: 'malformed',
  CERT_SIGNATURE_FAILURE: 'malformed',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'unsupported',
  UNSUPPORTED_SIGNATURE_ALGORITHM: 'unsupported',
  CA_MD_TOO_WEAK: 'unsupported',
  CA_KEY_TOO_SMALL: 'rejected',
  EE_KEY_TOO_SMALL: 'rejected',
  UNSUPPORTED_PUBLIC_KEY: 'unsupported',
  UNHANDLED_CRITICAL_EXTENSION: 'unsupported',
  // What a certificate may be used for.
  INVALID_CA: 'rejected',
  KEYUSAGE_NO_CERTSIGN: 'rejected',
  PATH_LENGTH_EXCEEDED: 'rejected',
  INVALID_PURPOSE: 'unsupported',
  PERMITTED_VIOLATION: 'rejected',
  EXCLUDED_VIOLATION: 'rejected',
  UNSUPPORTED_CONSTRAINT_TYPE: 'rejected',
  INVALID_POLICY_EXTENSION: 'rejected',
  NO_EXPLICIT_POLICY: 'rejected',
  TLS_FEATURE_MISSING: 'rejected',
  // Names.
  HOSTNAME_MISMATCH: 'nameMismatch',
  IP_ADDRESS_MISMATCH: 'nameMismatch',
  // Revocation (RFC 5280 §6.3, RFC 6960, RFC 7633).
  CERT_REVOKED: 'revoked',
  UNABLE_TO_GET_CRL: 'unavailable',
  UNABLE_TO_GET_CRL_ISSUER: 'unavailable',
  UNABLE_TO_DECRYPT_CRL_SIGNATURE: 'unavailable',
  CRL_SIGNATURE_FAILURE: 'unavailable',
  CRL_NOT_YET_VALID: 'unavailable',
  CRL_HAS_EXPIRED: 'unavailable',
  ERROR_IN_CRL_LAST_UPDATE_FIELD: 'unavailable',
  ERROR_IN_CRL_NEXT_UPDATE_FIELD: 'unavailable',
  KEYUSAGE_NO_CRL_SIGN: 'unavailable',
  UNHANDLED_CRITICAL_CRL_EXTENSION: 'unavailable',
  DIFFERENT_CRL_SCOPE: 'unavailable',
  CRL_PATH_VALIDATION_ERROR: 'unavailable',
  OCSP_VERIFY_NEEDED: 'badStatusResponse',
  OCSP_VERIFY_FAILED: 'badStatusResponse',
  OCSP_CERT_UNKNOWN: 'badStatusResponse',
  // Delegated credentials (RFC 9345 §4.1.3, §4.2).
  DELEGATION_NOT_PERMITTED: 'invalidDelegation',
  DELEGATION_HAS_EXPIRED: 'invalidDelegation',
  DELEGATION_TOO_LONG: 'invalidDelegation',
  DELEGATION_BAD_KEY: 'invalidDelegation',
  DELEGATION_SIGNATURE_FAILURE: 'invalidDelegation',
  // Our limits.
  WORK_LIMIT_EXCEEDED: 'rejected',
} as const satisfies Record<string, PeerRefusal>;

export type VerifyCode = keyof typeof verifyCodes;

/** A rule that a chain breaks, and the certificate concerned: 0 is the end entity's. */
export interface Problem {
  readonly code: VerifyCode;
  readonly message: string;
  readonly depth: number;
}

export function problem(code: VerifyCode, depth: number, message: string): Problem {
  return { code, message, depth };
}

/** One way upwards that was tried and where it ended. */
export interface FailedPath {
  /** Subjects as text, the end entity's first; the last is the certificate that the problem was found at or above. */
  readonly subjects: readonly string[];
  readonly problem: Problem;
}

export type PathOutcome =
  | {
      readonly ok: true;
      /** The end entity's certificate first, the trust anchor's, if it has one, last. */
      readonly chain: readonly Certificate[];
      readonly anchor: TrustAnchor;
      /** DER SubjectPublicKeyInfo of the end entity. */
      readonly publicKey: Uint8Array;
      /**
       * Object identifiers of the certificate policies that the chain is valid for, in the words of the trust anchor's
       * domain (the user-constrained-policy-set of RFC 5280 §6.1.6); `2.5.29.32.0` stands for any.
       */
      readonly policies: readonly string[];
    }
  | {
      readonly ok: false;
      readonly reason: PeerRefusal;
      readonly code: VerifyCode;
      readonly depth: number;
      readonly message: string;
      /** Every way that was tried, in order, as far as `maxExplanations` allows. */
      readonly explanation: readonly FailedPath[];
    };

export type PathRefusal = Extract<PathOutcome, { ok: false }>;

/** The ways that were tried: the first of them in full, and the one that tells most. */
export class Attempts {
  readonly #first: { chain: readonly Certificate[]; problem: Problem }[] = [];
  #telling: Problem | undefined;
  #last: Problem | undefined;

  add(chain: readonly Certificate[], wrong: Problem): void {
    if (this.#first.length < maxExplanations) this.#first.push({ chain, problem: wrong });
    if (this.#telling === undefined || weight(wrong.code) > weight(this.#telling.code)) this.#telling = wrong;
    this.#last = wrong;
  }

  get outOfWork(): boolean {
    return this.#last?.code === 'WORK_LIMIT_EXCEEDED';
  }

  /** At least one attempt must have been added. */
  refusal(): PathRefusal {
    const explanation = this.#first.map(({ chain, problem }) => ({
      subjects: chain.map((one) => String(one.subject)),
      problem,
    }));
    return refusal(this.#telling!, explanation);
  }
}

export function refusal(wrong: Problem, explanation: readonly FailedPath[] = []): PathRefusal {
  const { code, depth, message } = wrong;
  return { ok: false, reason: verifyCodes[code], code, depth, message, explanation };
}

/**
 * A way that reached an issuer and broke a rule there says more than one that found no issuer, and one that held until somebody
 * who may say so said "revoked" more than any that did not get so far.
 */
function weight(code: VerifyCode): number {
  if (code === 'WORK_LIMIT_EXCEEDED') return 4;
  if (code === 'CERT_REVOKED') return 3;
  if (code === 'CERT_SIGNATURE_FAILURE') return 1;
  return verifyCodes[code] === 'unknownCa' ? 0 : 2;
}

const maxExplanations = 32;
