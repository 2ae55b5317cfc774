import type { ServerConfig } from '../../config/server.ts';
import type { KeyExchangeKey } from '../../crypto/provider.ts';
import type { Flight } from '../../machine/flight.ts';
import type { AnswerClientHello, ReceivedHello } from '../../machine/step.ts';
import type { ClientKeyExchange } from '../../messages/tls12/client-key-exchange.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import type { SelectCertificateReply } from '../../values/decisions.ts';
import type { CertificateTypeName, Credential } from '../../values/credential.ts';
import type { PeerEvidence } from '../../values/peer-evidence.ts';
import type { Session, SessionPeer } from '../../values/session.ts';
import type { Agreed } from '../agreed.ts';
import type { ProvenPeer } from '../../auth/proven-peer.ts';
import type { ConnectedState, Origin } from '../connected.ts';
import type { MainSecrets } from '../keys.ts';
import type { Profile } from '../profile.ts';
import type { Suite12 } from '../suites.ts';

/** Where a handshake of ours comes from. */
export type ServerOrigin = Origin<ServerConfig, AnswerClientHello>;

/** What is settled before a session or our certificate is. */
export interface Seeking {
  readonly received: ReceivedHello;
  readonly profile: Profile;
  /** Which of them depends on the session, or on our certificate. */
  readonly suites: readonly Suite12[];
}

/** A session that may be resumed. */
export interface Resuming {
  readonly seeking: Seeking;
  readonly session: Session;
  readonly suite: Suite12;
  /** Not by a ticket: none follows either. */
  readonly byId: boolean;
  /** Whoever opened the ticket wants another one sent. */
  readonly renew: boolean;
}

/** What a full handshake leaves for a resumption. */
export type Issued =
  | { readonly as: 'ticket'; readonly serverName: string | undefined }
  | { readonly as: 'id'; readonly sessionId: Uint8Array; readonly serverName: string | undefined };

/** What is settled before our certificate is. */
export interface Candidate extends Seeking {
  /** What the client can read as our certificate. */
  readonly types: readonly CertificateTypeName[];
  /** SignatureSchemes that the client verifies and one of `suites` allows. */
  readonly schemes: readonly number[];
  /** What was said when a key was asked for that signs: now one is that decrypts, whatever it signs with. */
  readonly before: SelectCertificateReply | undefined;
}

/** All that our first flight needs. */
export interface Chosen {
  readonly received: ReceivedHello;
  readonly profile: Profile;
  readonly suite: Suite12;
  /** With what we prove who we are; `undefined`: with no certificate. */
  readonly signer: OwnSigner | undefined;
}

export interface OwnSigner {
  readonly credential: Credential;
  readonly scheme: SignatureScheme;
}

/** What stays the same from our first flight to the end of the handshake. */
export interface ServerHandshake {
  readonly config: ServerConfig;
  readonly origin: ServerOrigin;
  readonly agreed: Agreed;
  readonly issued: Issued | undefined;
  /** The client's SNI. */
  readonly serverName: string | undefined;
  /** Our fresh key; `undefined`: that of our certificate serves. */
  readonly key: KeyExchangeKey | undefined;
  readonly credential: Credential | undefined;
  /** Of the client's certificate (RFC 7250 §4.2); `undefined`: it is asked for none. */
  readonly clientCertificateType: CertificateTypeName | undefined;
  /** Of the pre-shared key in use; known from ClientKeyExchange on. */
  readonly pskIdentity?: Uint8Array;
  /** What the ClientHello says in client_version (RFC 5246 §7.4.1.2). */
  readonly clientVersion: number;
}

interface Peering {
  readonly handshake: ServerHandshake;
  readonly secrets: MainSecrets;
}

/** The client's Finished was right. */
export interface Completed extends Peering {
  /** verify_data of the client's Finished. */
  readonly verifyData: Uint8Array;
  readonly peer: ProvenPeer | undefined;
}

/** A resumed handshake, from our first flight on. */
export interface Abbreviated {
  readonly origin: ServerOrigin;
  readonly agreed: Agreed;
  readonly secrets: MainSecrets;
  readonly peer: SessionPeer | undefined;
  /** Of the pre-shared key that the session comes of. */
  readonly pskIdentity: Uint8Array | undefined;
}

interface Finished {
  readonly abbreviated: Abbreviated;
  /** verify_data of our Finished, which has left. */
  readonly verifyData: Uint8Array;
}

/** One for each place in figures 1 and 2 of RFC 5246 §7.3. */
export type ServerState =
  | { readonly at: 'decideTicket'; readonly seeking: Seeking }
  | { readonly at: 'decideSession'; readonly seeking: Seeking }
  | { readonly at: 'decideSessionPsk'; readonly resuming: Resuming; readonly identity: Uint8Array }
  | { readonly at: 'decideResumedPeer'; readonly resuming: Resuming; readonly peer: SessionPeer }
  | {
      readonly at: 'decideRenewedTicket';
      readonly abbreviated: Abbreviated;
      readonly flight: Flight;
      readonly lifetimeSeconds: number;
    }
  | ({ readonly at: 'awaitResumedChangeCipherSpec' } & Finished)
  /** As `awaitNextProtocol`. */
  | ({ readonly at: 'awaitResumedNextProtocol' } & Finished)
  | ({ readonly at: 'awaitResumedFinished' } & Finished)
  | { readonly at: 'decideSealedTicket'; readonly completed: Completed; readonly lifetimeSeconds: number }
  | { readonly at: 'decideStored'; readonly completed: Completed }
  | { readonly at: 'decideCertificate'; readonly candidate: Candidate }
  | { readonly at: 'decideStatus'; readonly chosen: Chosen }
  | {
      readonly at: 'decideSign';
      readonly handshake: ServerHandshake;
      readonly flight: Flight;
      readonly paramsBytes: Uint8Array;
      readonly scheme: SignatureScheme;
    }
  | { readonly at: 'awaitCertificate'; readonly handshake: ServerHandshake }
  | {
      readonly at: 'decideVerifyPeer';
      readonly handshake: ServerHandshake;
      readonly evidence: PeerEvidence;
      readonly verifiedAtMs: number;
    }
  | {
      readonly at: 'awaitClientKeyExchange';
      readonly handshake: ServerHandshake;
      /** The client as the application has accepted it; it has still to prove itself. */
      readonly client: AcceptedClient | undefined;
    }
  | {
      readonly at: 'decidePsk';
      readonly handshake: ServerHandshake;
      readonly identity: Uint8Array;
      /** What the other key exchange reads. */
      readonly rest: ClientKeyExchange;
    }
  | {
      readonly at: 'decidePremaster';
      readonly handshake: ServerHandshake;
      readonly client: AcceptedClient | undefined;
      readonly fallback: Uint8Array;
      /** The pre-shared key that goes with it. */
      readonly psk: Uint8Array | undefined;
    }
  | ({ readonly at: 'awaitCertificateVerify'; readonly client: AcceptedClient } & Peering)
  | ({ readonly at: 'awaitChangeCipherSpec'; readonly peer: ProvenPeer | undefined } & Peering)
  /** Where we have listed protocols (draft-agl-tls-nextprotoneg-04 §3). */
  | ({ readonly at: 'awaitNextProtocol'; readonly peer: ProvenPeer | undefined } & Peering)
  | ({ readonly at: 'awaitFinished'; readonly peer: ProvenPeer | undefined } & Peering)
  | ConnectedState<ServerConfig, AnswerClientHello>;

export interface AcceptedClient extends SessionPeer {
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
}
