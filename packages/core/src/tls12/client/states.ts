import type { ClientConfig } from '../../config/client.ts';
import type { Flight } from '../../machine/flight.ts';
import type { SentHello, BeginClientHello, Renegotiation } from '../../machine/step.ts';
import type { ClientKeyExchange } from '../../messages/tls12/client-key-exchange.ts';
import type { CertificateRequest12 } from '../../messages/tls12/certificate-request.ts';
import type { NewSessionTicket12 } from '../../messages/tls12/new-session-ticket.ts';
import type { ServerKeyExchange } from '../../messages/tls12/server-key-exchange.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import type { CertificateTypes } from '../../negotiate/certificate-type.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import type { PeerEvidence } from '../../values/peer-evidence.ts';
import type { Session, SessionPeer } from '../../values/session.ts';
import type { Agreed } from '../agreed.ts';
import type { ProvenPeer } from '../../auth/proven-peer.ts';
import type { ConnectedState, Origin } from '../connected.ts';
import type { Hinted } from '../key-exchange/psk.ts';
import type { MainSecrets } from '../keys.ts';

/** Where a handshake of ours comes from. */
export type ClientOrigin = Origin<ClientConfig, BeginClientHello>;

/** What stays the same from ServerHello to the end of the handshake. */
export interface ClientHandshake {
  readonly config: ClientConfig;
  readonly origin: ClientOrigin;
  readonly hello: ClientHello;
  readonly agreed: Agreed;
  /** What the server calls the session; empty: it does not keep it under an id. */
  readonly sessionId: Uint8Array;
  /** The server has announced NewSessionTicket (RFC 5077 §3.2). */
  readonly expectsTicket: boolean;
  /** Of the pre-shared key in use; known from our answer on. */
  readonly pskIdentity?: Uint8Array;
  /** What the server has chosen of the types that we offered (RFC 7250 §4.2). */
  readonly certificateTypes: CertificateTypes;
  /** Whether the server may send CertificateStatus, having said so (RFC 6066 §8). */
  readonly staples: boolean;
  /** From ServerHello (RFC 6962 §3.3.1). */
  readonly signedCertificateTimestamps: readonly Uint8Array[] | undefined;
  /** The server has the public name, and gets to know nothing more (RFC 9849 §6.1.6). */
  readonly hasRejectedEch: boolean;
}

/** What has come of the server's first flight, message by message. */
export interface ServerFlight {
  /** `undefined`: the suite has no certificates. */
  readonly evidence: PeerEvidence | undefined;
}

export interface KeyedFlight extends ServerFlight {
  /** Not read yet: nobody has judged the key that signs it. `undefined`: the key exchange has none. */
  readonly keyExchange: ServerKeyExchange | undefined;
  readonly request?: CertificateRequest12;
}

interface InFlight<S> {
  readonly handshake: ClientHandshake;
  readonly server: S;
}

/** A handshake that resumes a session. */
export interface Resuming {
  readonly config: ClientConfig;
  readonly origin: ClientOrigin;
  readonly agreed: Agreed;
  readonly session: Session;
  /** As judged in the first handshake, then as judged now; `undefined`: known by a pre-shared key alone. */
  readonly peer: SessionPeer | undefined;
  /** The server has announced NewSessionTicket (RFC 5077 §3.2). */
  readonly expectsTicket: boolean;
  readonly secrets: MainSecrets;
}

/** One for each place in figures 1 and 2 of RFC 5246 §7.3. */
export type ClientState =
  | { readonly at: 'awaitCertificate'; readonly handshake: ClientHandshake }
  | ({ readonly at: 'awaitStatusOrKeyExchange' } & InFlight<ServerFlight>)
  | ({ readonly at: 'awaitKeyExchange' } & InFlight<ServerFlight>)
  /** Without ServerKeyExchange (RFC 5246 §7.4.3). */
  | ({ readonly at: 'awaitStatusOrDone' } & InFlight<KeyedFlight>)
  /** Of a server that may have a hint for us (RFC 4279 §2). */
  | ({ readonly at: 'awaitStatusOrHint' } & InFlight<KeyedFlight>)
  | ({ readonly at: 'awaitHintOrDone' } & InFlight<KeyedFlight>)
  | {
      readonly at: 'decidePsk';
      readonly handshake: ClientHandshake;
      readonly hinted: Hinted;
      readonly server: AcceptedServer | undefined;
    }
  | ({ readonly at: 'awaitRequestOrDone' } & InFlight<KeyedFlight>)
  | ({ readonly at: 'awaitDone' } & InFlight<KeyedFlight>)
  | ({ readonly at: 'decideVerifyPeer'; readonly verifiedAtMs: number } & InFlight<KeyedFlight>)
  | {
      readonly at: 'decideCertificate';
      readonly handshake: ClientHandshake;
      readonly request: CertificateRequest12;
      readonly exchanged: Exchanged;
    }
  | ({
      readonly at: 'decideSign';
      readonly handshake: ClientHandshake;
      readonly flight: Flight;
      readonly scheme: SignatureScheme;
    } & Proven)
  | ({ readonly at: 'awaitTicket'; readonly handshake: ClientHandshake } & Finishing)
  | ({ readonly at: 'awaitChangeCipherSpec' } & Ending)
  | ({ readonly at: 'awaitFinished' } & Ending)
  | {
      readonly at: 'decideResumedPeer';
      readonly resuming: Omit<Resuming, 'secrets'> & { readonly peer: SessionPeer };
    }
  | { readonly at: 'awaitResumedTicket'; readonly resuming: Resuming }
  | {
      readonly at: 'awaitResumedChangeCipherSpec';
      readonly resuming: Resuming;
      readonly ticket: NewSessionTicket12 | undefined;
    }
  | {
      readonly at: 'awaitResumedFinished';
      readonly resuming: Resuming;
      readonly ticket: NewSessionTicket12 | undefined;
    }
  | {
      readonly at: 'awaitServerHello';
      readonly sent: SentHello;
      readonly renegotiation: Renegotiation;
    }
  | ConnectedState<ClientConfig, BeginClientHello>;

/** A server whose certificate is accepted, and has still to prove that it has the key. */
export interface AcceptedServer {
  readonly peer: ProvenPeer;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
}

/** The key exchange, done, and with whom. */
export interface Exchanged {
  /** `undefined`: anybody. */
  readonly peer: ProvenPeer | undefined;
  readonly message: ClientKeyExchange;
  readonly premaster: Uint8Array;
}

interface Proven {
  readonly secrets: MainSecrets;
  readonly peer: ProvenPeer | undefined;
}

interface Finishing extends Proven {
  /** verify_data of our Finished, which has left. */
  readonly verifyData: Uint8Array;
}

interface Ending extends Finishing {
  readonly handshake: ClientHandshake;
  readonly ticket: NewSessionTicket12 | undefined;
}
