import type { DelegatedCredential } from '../extensions/delegated-credential.ts';
import type { PeerEvidence } from './peer-evidence.ts';

/** A custom extension of the peer. */
export interface PeerExtension {
  /** The message, as RFC 9846 §4.3 abbreviates it. */
  readonly in: string;
  readonly type: number;
  /** `extension_data`. */
  readonly data: Uint8Array;
}

/**
 * What is known about a connection. Fields appear one after the other; each says from when on. Nothing that
 * needs the peer's authentication appears before its Finished has been verified.
 */
export interface Facts {
  readonly role: 'client' | 'server';
  /** From ServerHello. 0x0304 is TLS 1.3. */
  readonly version?: number;
  /** From ServerHello. */
  readonly cipherSuite?: number;
  /** NamedGroup of the key exchange; from ServerHello. Absent: a pre-shared key alone (psk_ke). */
  readonly group?: number;
  /** Bits of the prime of Diffie-Hellman in a finite field, TLS 1.2 and older; from ServerKeyExchange. `group` says which, if it has a number. */
  readonly dhBits?: number;
  /** From ServerHello: whether a HelloRetryRequest came before it. */
  readonly helloRetried?: boolean;
  /** The ClientHello's random, 32 bytes; from ClientHello. What key-log lines are found by. */
  readonly clientRandom?: Uint8Array;
  /**
   * Encrypted Client Hello (RFC 9849): whether the server took the encrypted hello; `grease`: there was none, though it
   * looks so. Server: from ClientHello; client: from ServerHello. Absent: not configured, or not offered.
   */
  readonly encryptedClientHello?: 'accepted' | 'rejected' | 'grease';
  /** The name outside of an encrypted hello; server, where it was accepted. */
  readonly outerServerName?: string;
  /** TLS 1.2 and older: whether the main secret is bound to the handshake (RFC 7627); from ServerHello. */
  readonly extendedMainSecret?: boolean;
  /** TLS 1.2 and older: whether the peer knows secure renegotiation (RFC 5746); from ServerHello. */
  readonly secureRenegotiation?: boolean;
  /** TLS 1.2 and older: whether records are encrypted before they are authenticated (RFC 7366); from ServerHello. */
  readonly encryptThenMac?: boolean;
  /** The SNI host name: sent (client) or received (server); from ClientHello. */
  readonly serverName?: string;
  /** From EncryptedExtensions (client: authenticated only with `connected`); `null` when none was agreed. */
  readonly alpnProtocol?: string | null;
  /**
   * The protocol that the client has chosen by NPN (draft-agl-tls-nextprotoneg-04), in this handshake; from its message, certain
   * only with `connected`. It need not be one that the server has listed. Absent: NPN was not used.
   */
  readonly npnProtocol?: string;
  /**
   * The peer's settings for `alpnProtocol` (draft-vvv-tls-alps-01 §4); from its Finished, on a server that takes 0-RTT data those of
   * the session, from ServerHello. Absent: none were exchanged.
   */
  readonly peerApplicationSettings?: Uint8Array;
  /** Names of the peer's application-layer protocols; server, from ClientHello. */
  readonly clientAlpnProtocols?: readonly string[];
  /** The peer's record_size_limit (RFC 8449), in bytes of TLSInnerPlaintext; from EncryptedExtensions. */
  readonly peerRecordSizeLimit?: number;
  /** The max_fragment_length agreed on (RFC 6066 §4), in bytes of content, for both directions; from EncryptedExtensions. */
  readonly maxFragmentLength?: number;
  /**
   * The peer's extensions of the types in `customExtensions`, the latest of each message; from those messages. Who sent
   * them is certain only with `connected`.
   */
  readonly peerExtensions?: readonly PeerExtension[];
  /**
   * The peer's quic_transport_parameters (RFC 9001 §8.2), as they came; QUIC alone, from ClientHello and EncryptedExtensions.
   * Who sent them is certain only with `connected`.
   */
  readonly peerTransportParameters?: Uint8Array;
  /** Whether the peer asked for our certificate; from its CertificateRequest. */
  readonly certificateRequested?: boolean;
  /** The algorithm in which our Certificate left compressed (RFC 8879); absent: it left as it is, or not at all. */
  readonly ownCertificateCompression?: number;
  /** The algorithm in which the peer's Certificate came compressed; from that message. */
  readonly peerCertificateCompression?: number;
  /** The DER certificates that we presented, our own first. From our Certificate. */
  readonly ownChain?: readonly Uint8Array[];
  /** The delegated credential that we presented (RFC 9345). From our Certificate. Absent: the certificate's own key has signed. */
  readonly ownDelegatedCredential?: DelegatedCredential;
  /** SignatureScheme of our CertificateVerify. */
  readonly ownSignatureScheme?: number;
  /** SignatureScheme of the peer's CertificateVerify; from its Finished. */
  readonly peerSignatureScheme?: number;
  /** `verify_data` of our Finished and of the peer's, in the latest handshake; from these messages, in TLS 1.2 and older from `connected`. */
  readonly ownFinished?: Uint8Array;
  readonly peerFinished?: Uint8Array;
  /** Whether a session was resumed; from ServerHello. */
  readonly resumed?: boolean;
  /**
   * Identity of the external pre-shared key in use, or that the resumed session began with; from ServerHello, in TLS 1.2 and
   * older from the peer's Finished. Absent: none is.
   */
  readonly externalPskIdentity?: Uint8Array;
  /** Server, TLS 1.3: by how much the age of the ticket that the client claims differs from ours, in ms (RFC 9846 §4.3.11.1); from ServerHello, with a session. */
  readonly ticketAgeSkewMs?: number;
  /** What became of 0-RTT data, where the client wanted to send some; from EncryptedExtensions or HelloRetryRequest. */
  readonly earlyData?: 'accepted' | 'rejected';
  /** What the peer presented, in this handshake or in the one that is resumed; from its Finished. Absent: it presented nothing. */
  readonly peerEvidence?: PeerEvidence;
  /** The `verdict` of the accepted verifyPeer reply; from the peer's Finished. */
  readonly peerVerdict?: unknown;
  /** `now` of `start` (client) or of the first input, ms since the epoch. */
  readonly startedAtMs?: number;
  /** `now` of the input that completed the handshake, ms since the epoch. */
  readonly connectedAtMs?: number;
  /** Completed handshakes: 0 before the first. */
  readonly handshakes: number;
  /** KeyUpdates received and sent. */
  readonly keyUpdatesReceived: number;
  readonly keyUpdatesSent: number;
}
