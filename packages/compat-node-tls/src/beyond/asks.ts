import type { SignatureAlgorithm } from '@sealwire/core';

/** What `sealwire.sign` is asked for. */
export interface SigningRequest {
  /** SignatureScheme by its name (RFC 9846 §4.3.3), for example `ecdsa_secp256r1_sha256`, and by its number. */
  readonly scheme: string;
  readonly schemeId: number;
  /** What the scheme means for the key in this version of TLS: kind, hash, salt. */
  readonly algorithm: SignatureAlgorithm;
  /** The bytes to sign, whole, not a digest. */
  readonly data: Buffer;
  /** DER of the certificate whose key is to sign. */
  readonly certificate: Buffer;
  /** Aborted when nobody waits for the signature any more. */
  readonly signal: AbortSignal;
}

/** What `sealwire.verify` is asked about. */
export interface PeerToVerify {
  /** DER certificates as the peer has sent them, its own first; of a resumed session that one alone. */
  readonly chain: readonly Buffer[];
  /** Client: whom the certificate must be for. `undefined` on servers. */
  readonly host: string | undefined;
  readonly cause: 'handshake' | 'resumption' | 'renegotiation' | 'postHandshake';
  /** What was found against the certificate, as `authorizationError` would have it; `undefined`: nothing. The name is not looked at here. */
  readonly problem: (Error & { readonly code?: string }) | undefined;
  /** DER of the OCSP response that came with the certificate. */
  readonly ocspResponse: Buffer | undefined;
  /** Aborted when nobody waits for the judgement any more. */
  readonly signal: AbortSignal;
}

/** What a server's CertificateRequest says. */
export interface CertificateRequest {
  /** DER distinguished names of authorities that the certificate should come from; empty: the server names none. */
  readonly certificateAuthorities: readonly Buffer[];
  /** Names of the SignatureSchemes that the server verifies, in its order; those without a name as `0x….` */
  readonly signatureSchemes: readonly string[];
  /** Aborted when nobody waits for an answer any more. */
  readonly signal: AbortSignal;
}
