import type { PrivateKey } from '../crypto/provider.ts';

/** What we prove our own identity with. */
export interface Credential {
  readonly type: 'x509';
  /** DER certificates, our own first, each certified by the next; the root may be left out. */
  readonly chain: readonly Uint8Array[];
  /**
   * SignatureSchemes (RFC 9846 §4.3.3) that this key may sign with, most wanted first. Must fit the key:
   * for example only 0x0403 for a P-256 key.
   */
  readonly signatureSchemes: readonly number[];
  /** The key in this process, or `'external'` when the `sign` decision is answered by the application. */
  readonly key: PrivateKey | 'external';
  /** DER OCSPResponse to staple, for the own certificate. */
  readonly ocspResponse?: Uint8Array;
  /** SerializedSCTs to staple. */
  readonly signedCertificateTimestamps?: readonly Uint8Array[];
  /** Host names that this credential is for, as `selectCertificate`'s default answer matches them (leading `*.` allowed); absent: any. */
  readonly names?: readonly string[];
}
