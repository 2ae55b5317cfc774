/**
 * verify_result of an SSL_SESSION: 0, or the number of OpenSSL's X509_V_ERR_… that says what was wrong with the peer's chain. It
 * is how a resumed connection of `node:tls` knows its `authorizationError`.
 */

/**
 * The verdict that this package gives in `verifyPeer`, and that a session keeps: plain data, more of which may stand beside. Also
 * where the connection goes on all the same, it must not be 0 unless the chain and the name have been found good: whoever
 * resumes the session sees no more of them.
 */
export interface StoredVerdict {
  readonly verifyResult: number;
}

/** What a verdict says; one that says nothing counts as refused without a reason. */
export function verifyResultOf(verdict: unknown): number {
  const said = (verdict as Partial<StoredVerdict> | null | undefined)?.verifyResult;
  return Number.isSafeInteger(said) ? (said as number) : unspecified;
}

/** The number of a code of `@sealwire/x509`; X509_V_ERR_UNSPECIFIED where OpenSSL has none. */
export function verifyResultNumber(code: string): number {
  return numbers.get(code) ?? unspecified;
}

/** OpenSSL's name for a number, without X509_V_ERR_; `UNSPECIFIED` for those that we never give. */
export function verifyResultCode(verifyResult: number): string {
  for (const [code, each] of numbers) if (each === verifyResult) return code;
  return 'UNSPECIFIED';
}

const unspecified = 1;

/** X509_verify_cert_error_string(3). */
const numbers: ReadonlyMap<string, number> = new Map([
  ['OK', 0],
  ['UNSPECIFIED', 1],
  ['UNABLE_TO_GET_ISSUER_CERT', 2],
  ['UNABLE_TO_GET_CRL', 3],
  ['UNABLE_TO_DECRYPT_CERT_SIGNATURE', 4],
  ['UNABLE_TO_DECRYPT_CRL_SIGNATURE', 5],
  ['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 6],
  ['CERT_SIGNATURE_FAILURE', 7],
  ['CRL_SIGNATURE_FAILURE', 8],
  ['CERT_NOT_YET_VALID', 9],
  ['CERT_HAS_EXPIRED', 10],
  ['CRL_NOT_YET_VALID', 11],
  ['CRL_HAS_EXPIRED', 12],
  ['ERROR_IN_CERT_NOT_BEFORE_FIELD', 13],
  ['ERROR_IN_CERT_NOT_AFTER_FIELD', 14],
  ['ERROR_IN_CRL_LAST_UPDATE_FIELD', 15],
  ['ERROR_IN_CRL_NEXT_UPDATE_FIELD', 16],
  ['OUT_OF_MEM', 17],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 18],
  ['SELF_SIGNED_CERT_IN_CHAIN', 19],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 20],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 21],
  ['CERT_CHAIN_TOO_LONG', 22],
  ['CERT_REVOKED', 23],
  ['PATH_LENGTH_EXCEEDED', 25],
  ['INVALID_PURPOSE', 26],
  ['CERT_UNTRUSTED', 27],
  ['CERT_REJECTED', 28],
  ['KEYUSAGE_NO_CERTSIGN', 32],
  ['UNABLE_TO_GET_CRL_ISSUER', 33],
  ['UNHANDLED_CRITICAL_EXTENSION', 34],
  ['KEYUSAGE_NO_CRL_SIGN', 35],
  ['UNHANDLED_CRITICAL_CRL_EXTENSION', 36],
  ['INVALID_POLICY_EXTENSION', 42],
  ['NO_EXPLICIT_POLICY', 43],
  ['DIFFERENT_CRL_SCOPE', 44],
  ['PERMITTED_VIOLATION', 47],
  ['EXCLUDED_VIOLATION', 48],
  ['UNSUPPORTED_CONSTRAINT_TYPE', 51],
  ['CRL_PATH_VALIDATION_ERROR', 54],
  ['HOSTNAME_MISMATCH', 62],
  ['IP_ADDRESS_MISMATCH', 64],
  ['EE_KEY_TOO_SMALL', 66],
  ['CA_KEY_TOO_SMALL', 67],
  ['CA_MD_TOO_WEAK', 68],
  ['OCSP_VERIFY_NEEDED', 73],
  ['OCSP_VERIFY_FAILED', 74],
  ['OCSP_CERT_UNKNOWN', 75],
  ['UNSUPPORTED_SIGNATURE_ALGORITHM', 76],
  ['INVALID_CA', 79],
]);
