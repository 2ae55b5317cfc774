import type { CertificateTypes } from '../../negotiate/certificate-type.ts';
import type { ClientConfig } from '../../config/client.ts';
import type { KeyExchangeKey } from '../../crypto/provider.ts';
import type { ReceivedSettings } from '../../machine/application-settings.ts';
import type { SentHello } from '../../machine/step.ts';
import type { EchProgress } from '../../machine/ech.ts';
import type { Flight } from '../../machine/flight.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import type { PeerEvidence } from '../../values/peer-evidence.ts';
import type { SessionPeer, SessionSettings } from '../../values/session.ts';
import type { HandshakeSecrets, TrafficSecrets } from '../key-schedule.ts';
import type { ConnectedState } from '../post-handshake.ts';
import type { ProvenPeer } from '../../auth/proven-peer.ts';
import type { Suite13 } from '../suites.ts';
import type { OfferedPsk } from './pre-shared-keys.ts';

/** The private parts of the key shares in a ClientHello, by group. */
export type OfferedShares = ReadonlyMap<number, KeyExchangeKey>;

/** What our ClientHello offered beyond its own fields. */
export interface ClientOffer {
  readonly shares: OfferedShares;
  readonly psks: readonly OfferedPsk[];
  /** Whether 0-RTT data follows the hello, under the first of `psks`. */
  readonly early: boolean;
}

/** What stays the same from ServerHello to the end of the handshake. */
export interface ClientHandshake {
  readonly config: ClientConfig;
  /** The last ClientHello sent. */
  readonly hello: ClientHello;
  readonly suite: Suite13;
  readonly secrets: HandshakeSecrets;
  readonly clientHandshakeSecret: Uint8Array;
  readonly serverHandshakeSecret: Uint8Array;
  /** What EncryptedExtensions says that stands in the server's Certificate and is wanted in ours (RFC 7250). */
  readonly certificateTypes?: CertificateTypes;
  /** The pre-shared key that the server selected. */
  readonly psk: OfferedPsk | undefined;
  /** Whether what leaves is still under the key of 0-RTT data. */
  readonly sendsEarlyData: boolean;
  /** From EncryptedExtensions. */
  readonly alpnProtocol: string | null;
  /** From EncryptedExtensions, or from the session whose 0-RTT data the server takes: application settings. */
  readonly settings?: SessionSettings | ReceivedSettings | undefined;
  readonly ech: EchProgress | undefined;
  /** Where the server rejected our encrypted hello: its ECHConfigList. */
  readonly retryConfigs: Uint8Array | undefined;
}

export type ClientState =
  | {
      readonly at: 'awaitSecondServerHello';
      readonly sent: SentHello;
      /** What the HelloRetryRequest has fixed. */
      readonly suite: Suite13;
      readonly group: number | undefined;
    }
  | { readonly at: 'awaitEncryptedExtensions'; readonly handshake: ClientHandshake }
  | { readonly at: 'awaitCertificateOrRequest'; readonly handshake: ClientHandshake }
  | {
      readonly at: 'awaitCertificate';
      readonly handshake: ClientHandshake;
      readonly request: CertificateRequest;
    }
  | {
      readonly at: 'decideVerifyPeer';
      readonly handshake: ClientHandshake;
      readonly request: CertificateRequest | undefined;
      readonly evidence: PeerEvidence;
      readonly verifiedAtMs: number;
    }
  | { readonly at: 'decideResumedPeer'; readonly handshake: ClientHandshake; readonly resumed: SessionPeer }
  | {
      readonly at: 'awaitCertificateVerify';
      readonly handshake: ClientHandshake;
      readonly request: CertificateRequest | undefined;
      readonly evidence: PeerEvidence;
      /** DER SubjectPublicKeyInfo that the application accepted. */
      readonly publicKey: Uint8Array;
      readonly verdict: unknown;
      readonly validUntilMs: number | undefined;
      readonly verifiedAtMs: number;
    }
  | {
      readonly at: 'awaitFinished';
      readonly handshake: ClientHandshake;
      readonly request: CertificateRequest | undefined;
      /** Absent: a pre-shared key alone proves who it is. */
      readonly peer: ProvenPeer | undefined;
    }
  | {
      readonly at: 'decideCertificate';
      readonly handshake: ClientHandshake;
      readonly request: CertificateRequest;
      readonly connected: PendingConnected;
    }
  | {
      readonly at: 'decideSign';
      readonly handshake: ClientHandshake;
      readonly flight: Flight;
      readonly scheme: SignatureScheme;
      readonly connected: PendingConnected;
    }
  | ConnectedState;

/** What the server's Finished has settled and our own only has to confirm. */
export interface PendingConnected {
  readonly clientSecret: Uint8Array;
  readonly serverSecret: Uint8Array;
  readonly exporterSecret: Uint8Array;
  /** For the resumption secret, which needs our Finished. */
  readonly traffic: TrafficSecrets;
  readonly peer: ProvenPeer | undefined;
}
