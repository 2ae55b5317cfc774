import type { ServerConfig } from '../../config/server.ts';
import type { KeyExchangeKey } from '../../crypto/provider.ts';
import type { Flight } from '../../machine/flight.ts';
import type { ReceivedHello } from '../../machine/step.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import type { X509Credential } from '../../values/credential.ts';
import type { PresentedCertificate } from '../../values/peer-evidence.ts';
import type { Agreed } from '../agreed.ts';
import type { ConnectedState, ProvenPeer } from '../connected.ts';
import type { MainSecrets } from '../keys.ts';
import type { Profile } from '../profile.ts';
import type { Suite12 } from '../suites.ts';

/** What is settled before our certificate is. */
export interface Candidate {
  readonly received: ReceivedHello;
  readonly profile: Profile;
  /** Which of them depends on our certificate. */
  readonly suites: readonly Suite12[];
  /** SignatureSchemes that the client verifies and one of `suites` allows. */
  readonly schemes: readonly number[];
}

/** All that our first flight needs. */
export interface Chosen {
  readonly received: ReceivedHello;
  readonly profile: Profile;
  readonly suite: Suite12;
  /** With what we prove who we are; `undefined`: with nothing, in an anonymous suite. */
  readonly signer: OwnSigner | undefined;
}

export interface OwnSigner {
  readonly credential: X509Credential;
  readonly scheme: SignatureScheme;
}

/** What stays the same from our first flight to the end of the handshake. */
export interface ServerHandshake {
  readonly config: ServerConfig;
  readonly agreed: Agreed;
  /** Our fresh key; `undefined`: that of our certificate serves. */
  readonly key: KeyExchangeKey | undefined;
  readonly credential: X509Credential | undefined;
  /** What the ClientHello says in client_version (RFC 5246 §7.4.1.2). */
  readonly clientVersion: number;
}

interface Peering {
  readonly handshake: ServerHandshake;
  readonly secrets: MainSecrets;
}

/** One for each place in figure 1 of RFC 5246 §7.3. */
export type ServerState =
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
      readonly chain: readonly PresentedCertificate[];
      readonly verifiedAtMs: number;
    }
  | {
      readonly at: 'awaitClientKeyExchange';
      readonly handshake: ServerHandshake;
      /** The client as the application has accepted it; it has still to prove itself. */
      readonly client: AcceptedClient | undefined;
    }
  | {
      readonly at: 'decidePremaster';
      readonly handshake: ServerHandshake;
      readonly client: AcceptedClient | undefined;
      readonly fallback: Uint8Array;
    }
  | ({ readonly at: 'awaitCertificateVerify'; readonly client: AcceptedClient } & Peering)
  | ({ readonly at: 'awaitChangeCipherSpec'; readonly peer: ProvenPeer | undefined } & Peering)
  | ({ readonly at: 'awaitFinished'; readonly peer: ProvenPeer | undefined } & Peering)
  | ConnectedState;

export interface AcceptedClient extends Omit<ProvenPeer, 'scheme'> {
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
}
