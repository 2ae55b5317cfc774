import type { AlertName } from '../errors/alerts.ts';
import type { DelegatedCredential } from '../extensions/delegated-credential.ts';

/** What a peer presents to prove who it is, and what the application answers about it. */

/** One certificate of the peer's Certificate message, with what came stapled to it. */
export interface PresentedCertificate {
  /** DER Certificate. */
  readonly certificate: Uint8Array;
  /** DER OCSPResponse stapled to this certificate (RFC 9846 §4.5.1.1). */
  readonly ocspResponse?: Uint8Array;
  /** The SerializedSCTs stapled to this certificate (RFC 6962 §3.3). */
  readonly signedCertificateTimestamps?: readonly Uint8Array[];
  /**
   * The delegated credential whose key signs in place of this certificate's (RFC 9345); only beside the peer's own, and
   * only where `acceptDelegatedCredentials` says so. It came by algorithms that we offered; all else is unchecked.
   */
  readonly delegatedCredential?: DelegatedCredential;
}

export type PeerEvidence =
  | {
      readonly type: 'x509';
      /** In the order sent; the first is the peer's own. Never empty. */
      readonly chain: readonly PresentedCertificate[];
    }
  | { readonly type: 'rawPublicKey'; readonly spki: Uint8Array };

/** Asked before the peer's signature is checked. */
export interface VerifyPeerAsk {
  readonly cause: 'handshake' | 'resumption' | 'renegotiation' | 'postHandshake';
  readonly evidence: PeerEvidence;
  /** The name that the certificate must carry: the configuration's, which need not be the SNI sent. `undefined` on servers. */
  readonly expectedName: string | undefined;
  /** The extended key usage that the peer's role asks for (RFC 5280 §4.2.1.12). */
  readonly purpose: 'serverAuth' | 'clientAuth';
  /** What the key is used for in this handshake (`encipher` for static RSA in TLS 1.2 and below). */
  readonly keyUse: 'sign' | 'encipher';
  /**
   * Whether this handshake asked the peer to staple an OCSP response (RFC 6066 §8): then a certificate that promises one
   * (RFC 7633) must come with it. Absent: no.
   */
  readonly statusRequested?: boolean;
  /** On resumption: what was answered in the first handshake, and when, in ms since the epoch. */
  readonly stored?: { readonly verdict: unknown; readonly verifiedAtMs: number };
  /** When the evidence arrived, ms since the epoch on the caller's clock. */
  readonly receivedAtMs: number;
}

/** Why an application refuses a peer; each maps to an error code and so to an alert (RFC 9846 §6.2). */
export type PeerRefusal =
  /** Corrupt, or with a signature that does not verify: bad_certificate. */
  | 'malformed'
  /** Unacceptable for another reason: certificate_unknown. */
  | 'rejected'
  /** Not valid at this time: certificate_expired. */
  | 'expired'
  /** certificate_revoked. */
  | 'revoked'
  /** Of a kind that cannot be used: unsupported_certificate. */
  | 'unsupported'
  /** No way to anybody who is trusted: unknown_ca. */
  | 'unknownCa'
  /** For somebody else: bad_certificate. */
  | 'nameMismatch'
  /** Valid, and not welcome: access_denied. */
  | 'accessDenied'
  /** With a stapled OCSP response that is of no use: bad_certificate_status_response. */
  | 'badStatusResponse'
  /** With a delegated credential that is not valid (RFC 9345 §4.1.3): illegal_parameter. */
  | 'invalidDelegation'
  /** Nothing is known against it, but the verification could not be carried out: internal_error. */
  | 'unavailable';

export type VerifyPeerReply =
  | {
      readonly ok: true;
      /**
       * DER SubjectPublicKeyInfo of the accepted peer: what its signature is checked with. With a delegated credential,
       * the key in that; any other ends the connection.
       */
      readonly publicKey: Uint8Array;
      /** Any serialisable value; kept in facts and in sessions. May mean "not authorised, go on all the same". */
      readonly verdict?: unknown;
      /**
       * Until when this answer will hold, ms since the epoch, where that is known: a client does not offer the session
       * afterwards, but makes a full handshake. Absent: asked again when it is resumed, which then may fail.
       */
      readonly validUntilMs?: number;
    }
  | {
      readonly ok: false;
      readonly reason: PeerRefusal;
      readonly message: string;
      /** The alert in place of the one that `reason` stands for, where the application has its own rules. */
      readonly alert?: AlertName | undefined;
      readonly cause?: unknown;
    };
