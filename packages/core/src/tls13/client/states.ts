import type { ClientConfig } from '../../config/client.ts';
import type { KeyExchangeKey } from '../../crypto/provider.ts';
import type { SentHello } from '../../machine/step.ts';
import type { Flight } from '../../machine/flight.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import type { CertificateTypeName } from '../../values/credential.ts';
import type { PeerEvidence } from '../../values/peer-evidence.ts';
import type { HandshakeSecrets } from '../key-schedule.ts';
import type { ConnectedState } from '../post-handshake.ts';
import type { Suite13 } from '../suites.ts';

/** The private parts of the key shares in a ClientHello, by group. */
export type OfferedShares = ReadonlyMap<number, KeyExchangeKey>;

/** What stays the same from ServerHello to the end of the handshake. */
export interface ClientHandshake {
  readonly config: ClientConfig;
  /** The last ClientHello sent. */
  readonly hello: ClientHello;
  readonly suite: Suite13;
  readonly secrets: HandshakeSecrets;
  readonly clientHandshakeSecret: Uint8Array;
  readonly serverHandshakeSecret: Uint8Array;
  /** Whether the one change_cipher_spec of compatibility mode has left, or must not. */
  readonly compatibilityDone: boolean;
  /** What EncryptedExtensions says that stands in the server's Certificate and is wanted in ours (RFC 7250). */
  readonly certificateTypes?: CertificateTypes;
}

/** Absent: the server has left it at X.509. */
export interface CertificateTypes {
  readonly server?: CertificateTypeName;
  readonly client?: CertificateTypeName;
}

/** The server as it proved itself in CertificateVerify. */
export interface ProvenPeer {
  readonly evidence: PeerEvidence;
  readonly verdict: unknown;
  readonly scheme: SignatureScheme;
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
    }
  | {
      readonly at: 'awaitCertificateVerify';
      readonly handshake: ClientHandshake;
      readonly request: CertificateRequest | undefined;
      readonly evidence: PeerEvidence;
      /** DER SubjectPublicKeyInfo that the application accepted. */
      readonly publicKey: Uint8Array;
      readonly verdict: unknown;
    }
  | {
      readonly at: 'awaitFinished';
      readonly handshake: ClientHandshake;
      readonly request: CertificateRequest | undefined;
      readonly peer: ProvenPeer;
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
}
