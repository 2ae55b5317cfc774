import type { PathRefusal, VerifyCode } from './outcome.ts';
import type { PathPolicy } from './policy.ts';
import type { SecurityLevel } from './security-level.ts';

/**
 * What a chain must be for `node:tls` to take it, as a policy: OpenSSL's rules at a security level. Node's own default is
 * level 2 since OpenSSL 3.2, 1 before. Host names are not OpenSSL's part there: `tls.checkServerIdentity` compares them.
 */
export function nodeTlsPolicy(securityLevel: SecurityLevel = 2): Partial<PathPolicy> {
  return {
    profile: 'openssl',
    securityLevel,
    // The level alone counts.
    signatureHashes: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
    minRsaBits: 0,
    anchorsMustBeSelfIssued: true,
    maxIntermediates: 100,
  };
}

/** A refusal as `socket.authorizationError` and the error of `node:tls` have it. */
export interface NodeTlsError {
  /** One of the 28 codes that Node documents, or `UNSPECIFIED`. */
  readonly code: string;
  /** OpenSSL's sentence. */
  readonly message: string;
}

/** Codes and sentences of OpenSSL 3 for a refusal; ours where it has none. */
export function nodeTlsError({ code: own, message }: Pick<PathRefusal, 'code' | 'message'>): NodeTlsError {
  // OpenSSL knows no such date; what it says of a root that is not trusted for a purpose comes nearest.
  const code = own === 'ISSUER_NO_LONGER_TRUSTED' ? 'CERT_REJECTED' : own;
  return { code: documented.has(code) ? code : 'UNSPECIFIED', message: sentences[code] ?? message };
}

/** X509_verify_cert_error_string(3). */
const sentences: Readonly<Partial<Record<VerifyCode, string>>> = {
  UNABLE_TO_GET_ISSUER_CERT: 'unable to get issuer certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to verify the first certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
  CERT_CHAIN_TOO_LONG: 'certificate chain too long',
  CERT_REJECTED: 'certificate rejected',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  CERT_HAS_EXPIRED: 'certificate has expired',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: "format error in certificate's notBefore field",
  ERROR_IN_CERT_NOT_AFTER_FIELD: "format error in certificate's notAfter field",
  CERT_SIGNATURE_FAILURE: 'certificate signature failure',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'unable to decode issuer public key',
  UNSUPPORTED_SIGNATURE_ALGORITHM: 'Cannot find certificate signature algorithm',
  CA_MD_TOO_WEAK: 'CA signature digest algorithm too weak',
  CA_KEY_TOO_SMALL: 'CA certificate key too weak',
  EE_KEY_TOO_SMALL: 'EE certificate key too weak',
  UNHANDLED_CRITICAL_EXTENSION: 'unhandled critical extension',
  INVALID_CA: 'invalid CA certificate',
  KEYUSAGE_NO_CERTSIGN: 'key usage does not include certificate signing',
  PATH_LENGTH_EXCEEDED: 'path length constraint exceeded',
  INVALID_PURPOSE: 'unsuitable certificate purpose',
  PERMITTED_VIOLATION: 'permitted subtree violation',
  EXCLUDED_VIOLATION: 'excluded subtree violation',
  UNSUPPORTED_CONSTRAINT_TYPE: 'unsupported name constraint type',
  INVALID_POLICY_EXTENSION: 'invalid or inconsistent certificate policy extension',
  NO_EXPLICIT_POLICY: 'no explicit policy',
  CERT_REVOKED: 'certificate revoked',
  UNABLE_TO_GET_CRL: 'unable to get certificate CRL',
  UNABLE_TO_GET_CRL_ISSUER: 'unable to get CRL issuer certificate',
  UNABLE_TO_DECRYPT_CRL_SIGNATURE: "unable to decrypt CRL's signature",
  CRL_SIGNATURE_FAILURE: 'CRL signature failure',
  CRL_NOT_YET_VALID: 'CRL is not yet valid',
  CRL_HAS_EXPIRED: 'CRL has expired',
  ERROR_IN_CRL_LAST_UPDATE_FIELD: "format error in CRL's lastUpdate field",
  ERROR_IN_CRL_NEXT_UPDATE_FIELD: "format error in CRL's nextUpdate field",
  KEYUSAGE_NO_CRL_SIGN: 'key usage does not include CRL signing',
  UNHANDLED_CRITICAL_CRL_EXTENSION: 'unhandled critical CRL extension',
  DIFFERENT_CRL_SCOPE: 'different CRL scope',
  CRL_PATH_VALIDATION_ERROR: 'CRL path validation error',
  OCSP_VERIFY_NEEDED: 'OCSP verification needed',
  OCSP_VERIFY_FAILED: 'OCSP verification failed',
  OCSP_CERT_UNKNOWN: 'OCSP unknown cert',
  HOSTNAME_MISMATCH: 'hostname mismatch',
  IP_ADDRESS_MISMATCH: 'IP address mismatch',
};

/** Those of the documentation of `node:tls`, as far as they arise. */
const documented: ReadonlySet<string> = /* @__PURE__ */ new Set<VerifyCode>([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'CRL_SIGNATURE_FAILURE',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'HOSTNAME_MISMATCH',
]);
