import type { ServerConfig } from '../../config/server.ts';
import type { Flight } from '../../machine/flight.ts';
import type { Exporter, ReceivedHello } from '../../machine/step.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import type { MaxFragmentLength } from '../../extensions/max-fragment-length.ts';
import type { NamedGroup } from '../../registry/groups.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import type { CertificateTypeName, Credential } from '../../values/credential.ts';
import type { PeerEvidence } from '../../values/peer-evidence.ts';
import type { Transcript } from '../../transcript/transcript.ts';
import type { HandshakeSecrets } from '../key-schedule.ts';
import type { ConnectedState } from '../post-handshake.ts';
import type { Suite13 } from '../suites.ts';

/** What the ClientHello has settled. */
export interface Negotiated {
  readonly received: ReceivedHello;
  readonly suite: Suite13;
  readonly group: NamedGroup;
  readonly clientShare: Uint8Array;
  readonly alpnProtocol: string | null;
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
}

export interface ProvenClient {
  readonly evidence: PeerEvidence;
  readonly verdict: unknown;
  readonly scheme: SignatureScheme;
}

/** The first flight, waiting for what proves who we are. */
export interface OpenFlight {
  readonly flight: Flight;
  readonly secrets: HandshakeSecrets;
  readonly clientHandshakeSecret: Uint8Array;
  readonly serverHandshakeSecret: Uint8Array;
  readonly request: CertificateRequest | undefined;
}

export type ServerState =
  | {
      readonly at: 'awaitSecondClientHello';
      readonly first: ReceivedHello;
      readonly suite: Suite13;
      readonly group: NamedGroup;
      readonly needsShare: boolean;
    }
  | {
      readonly at: 'decideCertificate';
      readonly negotiated: Negotiated;
      readonly types: readonly CertificateTypeName[];
    }
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
  | { readonly at: 'decideVerifyPeer'; readonly handshake: ServerHandshake; readonly evidence: PeerEvidence }
  | {
      readonly at: 'awaitCertificateVerify';
      readonly handshake: ServerHandshake;
      readonly evidence: PeerEvidence;
      readonly publicKey: Uint8Array;
      readonly verdict: unknown;
    }
  | {
      readonly at: 'awaitFinished';
      readonly handshake: ServerHandshake;
      readonly peer: ProvenClient | undefined;
    }
  | {
      readonly at: 'decideLaterPeer';
      readonly later: LaterAuthState;
      readonly evidence: PeerEvidence;
    }
  | {
      readonly at: 'awaitLaterCertificateVerify';
      readonly later: LaterAuthState;
      readonly evidence: PeerEvidence;
      readonly publicKey: Uint8Array;
      readonly verdict: unknown;
    }
  | {
      readonly at: 'awaitLaterFinished';
      readonly later: LaterAuthState;
      readonly peer: ProvenClient | undefined;
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
