/**
 * What can be wrong with bytes that claim to be a certificate, a key or a PEM file.
 *
 * A code is stable API: programs switch on it, tests assert it; messages are for people and may change.
 * Mistakes of the caller are core's `ApiMisuseError`; a certificate chain that does not verify is a value
 * (`path/outcome.ts`), never an exception.
 */
export class X509Error extends Error {
  override readonly name = 'X509Error';
  readonly code: X509ErrorCode;
  /** Byte (in DER) or character (in PEM) where the problem starts, counted from the input's start. */
  readonly offset: number | undefined;
  /** Where in the structure, for example `Certificate.tbsCertificate.serialNumber`. */
  readonly path: string | undefined;

  constructor(code: X509ErrorCode, message: string, where: { offset?: number; path?: string } = {}) {
    super(`${message}${place(where)}`);
    this.code = code;
    this.offset = where.offset;
    this.path = where.path;
  }
}

/** True for an error that peer-supplied bytes can cause; everything else is a defect and is to be thrown on. */
export function isX509Error(error: unknown): error is X509Error {
  return error instanceof X509Error;
}

function place(where: { offset?: number; path?: string }): string {
  const parts = [where.path, where.offset === undefined ? undefined : `offset ${where.offset}`];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? '' : ` (${known.join(', ')})`;
}

export const x509ErrorCodes = [
  // DER (X.690 §8, §10, §11).
  'der.truncated',
  'der.trailingBytes',
  'der.nonMinimalLength',
  'der.indefiniteLength',
  'der.lengthTooLarge',
  'der.unexpectedTag',
  'der.longTag',
  'der.tooDeep',
  'der.badBoolean',
  'der.badInteger',
  'der.badObjectIdentifier',
  'der.badBitString',
  'der.badTime',
  'der.badString',
  'der.unsortedSet',
  // PEM (RFC 7468).
  'pem.noBlock',
  'pem.unclosedBlock',
  'pem.badLabel',
  'pem.labelMismatch',
  'pem.badBase64',
  'pem.tooLarge',
  // Certificates (RFC 5280 §4.1).
  'certificate.tooLarge',
  'certificate.badVersion',
  'certificate.badSerialNumber',
  'certificate.signatureAlgorithmMismatch',
  'certificate.badName',
  'certificate.tooManyNames',
  'certificate.fieldNotInVersion',
  'certificate.noExtensions',
  'certificate.tooManyExtensions',
  'certificate.duplicateExtension',
  'certificate.badExtension',
  // Certificate revocation lists (RFC 5280 §5).
  'crl.tooLarge',
  'crl.badVersion',
  'crl.signatureAlgorithmMismatch',
  'crl.fieldNotInVersion',
  'crl.noEntries',
  'crl.badExtension',
  // OCSP responses (RFC 6960 §4.2).
  'ocsp.tooLarge',
  'ocsp.tooManyEntries',
  'ocsp.badStatus',
  'ocsp.badResponseType',
  'ocsp.badVersion',
  'ocsp.malformed',
  // Private keys.
  'key.malformed',
  'key.unsupported',
  // Files that are encrypted with a passphrase (RFC 8018, RFC 7292, RFC 1423).
  'encryption.passphraseMissing',
  'encryption.passphraseWrong',
  'encryption.unsupported',
  'encryption.rc2NotAllowed',
  'encryption.tooCostly',
  'encryption.malformed',
  // Containers of certificates and keys (PKCS #7, PKCS #12 and others).
  'container.malformed',
  'container.tooLarge',
  'container.unsupported',
  'container.noMac',
  // Certificate requests (RFC 2986).
  'request.malformed',
  'request.badSignature',
  // Delegated credentials (RFC 9345 §4).
  'delegation.malformed',
] as const;

export type X509ErrorCode = (typeof x509ErrorCodes)[number];
