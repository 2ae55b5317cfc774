import type { ServerConfig } from '../../config/server.ts';
import type { MaxFragmentLength } from '../../extensions/max-fragment-length.ts';
import type { SettingsAnswer } from '../../machine/application-settings.ts';
import type { Flight } from '../../machine/flight.ts';
import type { Exporter, ReceivedHello } from '../../machine/step.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import type { NamedGroup } from '../../registry/groups.ts';
import type { PskKeyExchangeMode } from '../../registry/psk-key-exchange-modes.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import type { Transcript } from '../../transcript/transcript.ts';
import type { CertificateTypeName, Credential } from '../../values/credential.ts';
import type { ExternalPsk } from '../../values/external-psk.ts';
import type { PeerEvidence } from '../../values/peer-evidence.ts';
import type { Session, SessionPeer, SessionSettings } from '../../values/session.ts';
import type { HandshakeSecrets, TrafficSecrets } from '../key-schedule.ts';
import type { ConnectedState } from '../post-handshake.ts';
import type { ProvenPeer } from '../../auth/proven-peer.ts';
import type { Suite13 } from '../suites.ts';

/** A ClientHello on its way to being answered: is there a pre-shared key, or is a certificate needed? */
export interface Candidate {
  readonly received: ReceivedHello;
  /** A pre-shared key may change it, unless a HelloRetryRequest has named it. */
  readonly suite: Suite13;
  /** The group of the key exchange; `undefined`: the hello has no share that we take. */
  readonly group: NamedGroup | undefined;
  readonly helloRetried: boolean;
  /** Second hello: identities of the first that it does not show any more, in a way that we would take. */
  readonly leftOut: readonly Uint8Array[];
  /** The transcript before this hello, and the hello: what binders cover. */
  readonly before: Transcript;
  readonly raw: Uint8Array;
}

/** The pre-shared key that this handshake is about. */
export interface AcceptedPsk {
  /** Among the client's identities. */
  readonly index: number;
  readonly key: Uint8Array;
  /** What it comes from: one of the two. */
  readonly session?: Session;
  /** Whoever opened the ticket wants another one sent. */
  readonly renew?: boolean;
  readonly external?: ExternalPsk;
  /** Names this ClientHello among replays of it. */
  readonly binder: Uint8Array;
  /** From the first hello: how old the client says the ticket is. */
  readonly obfuscatedTicketAge: number;
}

/** What the ClientHello has settled. */
export interface Negotiated {
  readonly received: ReceivedHello;
  readonly suite: Suite13;
  /** The key exchange; `undefined`: a pre-shared key alone (psk_ke). */
  readonly exchange: { readonly group: NamedGroup; readonly clientShare: Uint8Array } | undefined;
  readonly psk: AcceptedPsk | undefined;
  /** The client as it was authenticated in the handshake that is resumed, and judged again in this one. */
  readonly resumedPeer: SessionPeer | undefined;
  /** Bytes of 0-RTT data that are taken; `undefined`: none. */
  readonly earlyDataBytes: number | undefined;
  readonly alpnProtocol: string | null;
  /** Application settings: ours, where the client has some, too. With 0-RTT data those of the session hold, which are the same. */
  readonly settings: SettingsAnswer | undefined;
  /** TLSInnerPlaintext bytes that the client takes; `undefined`: it did not say. */
  readonly peerRecordSizeLimit: number | undefined;
  /** The max_fragment_length that we agree to, in bytes; never beside a record_size_limit. */
  readonly maxFragmentLength: MaxFragmentLength | undefined;
  readonly helloRetried: boolean;
  /** What our Certificate is to be, once it is known; absent without one (RFC 7250). */
  readonly serverCertificateType?: CertificateTypeName;
  /** What the client's Certificate is to be; absent where it is not asked for one. */
  readonly clientCertificateType?: CertificateTypeName;
}

/** What of the negotiation still counts after our Finished: the hello, which may be large, does not. */
export type Agreed = Pick<
  Negotiated,
  'psk' | 'resumedPeer' | 'alpnProtocol' | 'peerRecordSizeLimit' | 'maxFragmentLength'
> & { readonly serverName: string | undefined; readonly takesTickets: boolean };

/** What our Finished leaves behind for the client's answer. */
export interface ServerHandshake {
  readonly config: ServerConfig;
  readonly suite: Suite13;
  readonly clientHandshakeSecret: Uint8Array;
  readonly clientSecret: Uint8Array;
  readonly serverSecret: Uint8Array;
  readonly exporter: Exporter;
  readonly clientCertificateType: CertificateTypeName;
  /** Whether the client has offered post_handshake_auth. */
  readonly postHandshakeAuth: boolean;
  /** For the resumption secret, which needs the client's Finished. */
  readonly traffic: TrafficSecrets;
  readonly agreed: Agreed;
  /** Application settings of both sides, once the client's are known. */
  readonly settings?: SessionSettings | undefined;
}

/** The first flight, waiting for what proves who we are. */
export interface OpenFlight {
  readonly flight: Flight;
  readonly secrets: HandshakeSecrets;
  readonly clientHandshakeSecret: Uint8Array;
  readonly serverHandshakeSecret: Uint8Array;
  readonly request: CertificateRequest | undefined;
  /** Where 0-RTT data is taken. */
  readonly early: { readonly secret: Uint8Array; readonly exporterSecret: Uint8Array } | undefined;
}

export type ServerState =
  | {
      readonly at: 'awaitSecondClientHello';
      readonly first: ReceivedHello;
      readonly suite: Suite13;
      readonly group: NamedGroup | undefined;
      readonly needsShare: boolean;
    }
  | {
      readonly at: 'decideCertificate';
      readonly negotiated: Negotiated;
      readonly types: readonly CertificateTypeName[];
    }
  | { readonly at: 'decideTicket'; readonly candidate: Candidate; readonly mode: PskKeyExchangeMode }
  /** A session is found and proven, and may have been used before. */
  | {
      readonly at: 'decideTicketUse';
      readonly candidate: Candidate;
      readonly mode: PskKeyExchangeMode;
      readonly negotiated: Negotiated;
    }
  /** A session comes of an external key that may be known no longer. */
  | {
      readonly at: 'decideSessionPsk';
      readonly candidate: Candidate;
      readonly mode: PskKeyExchangeMode;
      readonly negotiated: Negotiated;
      readonly identity: Uint8Array;
    }
  | { readonly at: 'decidePsk'; readonly candidate: Candidate; readonly mode: PskKeyExchangeMode }
  | { readonly at: 'decideLeftOutTicket'; readonly candidate: Candidate }
  | { readonly at: 'decideLeftOutPsk'; readonly candidate: Candidate }
  | {
      readonly at: 'decideResumedPeer';
      readonly candidate: Candidate;
      readonly negotiated: Negotiated;
      readonly resumed: SessionPeer;
    }
  | { readonly at: 'decideEarlyData'; readonly negotiated: Negotiated; readonly limitBytes: number }
  | { readonly at: 'decideStatus'; readonly negotiated: Negotiated; readonly credential: Credential }
  | {
      readonly at: 'decideSign';
      readonly negotiated: Negotiated;
      readonly open: OpenFlight;
      readonly scheme: SignatureScheme;
    }
  | {
      readonly at: 'awaitCertificate';
      readonly handshake: ServerHandshake;
      readonly request: CertificateRequest;
    }
  | {
      readonly at: 'awaitEncryptedExtensions';
      readonly handshake: ServerHandshake;
      readonly answer: SettingsAnswer;
      readonly request: CertificateRequest | undefined;
    }
  | { readonly at: 'awaitEndOfEarlyData'; readonly handshake: ServerHandshake }
  | {
      readonly at: 'decideVerifyPeer';
      readonly handshake: ServerHandshake;
      readonly evidence: PeerEvidence;
      readonly verifiedAtMs: number;
    }
  | {
      readonly at: 'awaitCertificateVerify';
      readonly handshake: ServerHandshake;
      readonly evidence: PeerEvidence;
      readonly publicKey: Uint8Array;
      readonly verdict: unknown;
      readonly verifiedAtMs: number;
    }
  | {
      readonly at: 'awaitFinished';
      readonly handshake: ServerHandshake;
      readonly peer: ProvenPeer | undefined;
    }
  | {
      readonly at: 'decideLaterPeer';
      readonly later: LaterAuthState;
      readonly evidence: PeerEvidence;
      readonly verifiedAtMs: number;
    }
  | {
      readonly at: 'awaitLaterCertificateVerify';
      readonly later: LaterAuthState;
      readonly evidence: PeerEvidence;
      readonly publicKey: Uint8Array;
      readonly verdict: unknown;
      readonly verifiedAtMs: number;
    }
  | {
      readonly at: 'awaitLaterFinished';
      readonly later: LaterAuthState;
      readonly peer: ProvenPeer | undefined;
    }
  | ConnectedState;

/** The client's answer to a CertificateRequest after the handshake, as far as it has come. */
export interface LaterAuthState {
  /** Where it goes on afterwards. */
  readonly connected: ConnectedState;
  readonly config: ServerConfig;
  /** Of the request that is being answered. */
  readonly id: number;
  /** The handshake, the request, and the answer so far (RFC 9846 §4.5). */
  readonly transcript: Transcript;
}
