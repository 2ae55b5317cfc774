import type { PrivateKey } from '../crypto/provider.ts';
import type { DelegatedCredential } from '../extensions/delegated-credential.ts';

/** What we prove our own identity with: a certificate chain, or a bare public key (RFC 7250). */
export type Credential = X509Credential | RawPublicKeyCredential;

/** What stands in a Certificate message: X.509 certificates, or a raw public key (RFC 7250). */
export type CertificateTypeName = Credential['type'];

export interface X509Credential extends CredentialKey {
  readonly type: 'x509';
  /** DER certificates, our own first, each certified by the next; the root may be left out. */
  readonly chain: readonly Uint8Array[];
  /** DER OCSPResponse to staple, for the own certificate. */
  readonly ocspResponse?: Uint8Array;
  /** SerializedSCTs to staple. */
  readonly signedCertificateTimestamps?: readonly Uint8Array[];
  /**
   * Delegated credentials of the own certificate (RFC 9345), most wanted first. The first that the peer takes signs in
   * place of `key`; where it takes none of them, `key` does.
   */
  readonly delegations?: readonly Delegation[];
}

/** A key that signs in the name of a certificate, for a few days (RFC 9345). */
export interface Delegation {
  readonly credential: DelegatedCredential;
  /** The key that `credential` names, or `'external'` when the `sign` decision is answered by the application. */
  readonly key: PrivateKey | 'external';
  /** The side of a connection that it is signed for. */
  readonly role: 'client' | 'server';
  /** From this time on it is not shown any more, ms since the epoch; that of the certificate's notBefore and `validTimeSeconds`. */
  readonly expiresAtMs: number;
}

export interface RawPublicKeyCredential extends CredentialKey {
  readonly type: 'rawPublicKey';
  /** DER SubjectPublicKeyInfo of the key; `rawPublicKeyCredential` makes one of a private key. */
  readonly spki: Uint8Array;
}

interface CredentialKey {
  /**
   * SignatureSchemes (RFC 9846 §4.3.3) that this key may sign with, most wanted first. Must fit the key:
   * for example only 0x0403 for a P-256 key. Empty: only the delegations sign, and somebody else has the key. Before TLS 1.3
   * an RSA or ECDSA key signs with whatever padding and hash the peer knows, but SHA-1, which must be named. Keys on
   * other curves serve there alone: 0x081a, 0x081b, 0x081c for Brainpool (RFC 8734) and 0xff02, a number of our own, for
   * secp256k1.
   */
  readonly signatureSchemes: readonly number[];
  /** The key in this process, or `'external'` when the `sign` decision is answered by the application. */
  readonly key: PrivateKey | 'external';
  /** Host names that this credential is for, as `selectCertificate`'s default answer matches them (leading `*.` allowed); absent: any. */
  readonly names?: readonly string[];
}
