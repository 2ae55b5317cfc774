import type {
  ClientConfig,
  ClientOptions,
  Connection,
  CryptoProvider,
  ServerConfig,
  ServerOptions,
  Session,
  TraceEvent,
} from '@sealwire/core';
import type { CertificateInput, DelegationInput, Passphrase, TrustAnchors } from '@sealwire/x509';
import type { Clock } from './clock.ts';
import type { Decide } from './decide.ts';

/** What a transport brings along for those who say nothing. */
export interface TransportDefaults {
  readonly provider: CryptoProvider;
  /** Whom a client trusts that is told nothing of it. Without it a client must be told. */
  readonly roots?: () => TrustAnchors;
}

/**
 * What begins clients: of `@sealwire/core`, or of `@sealwire/core/tls13`. It is an argument, so that a bundle carries nothing but what
 * its entries begin with.
 */
export interface ClientBeginnings {
  clientConfig(options: ClientOptions): ClientConfig;
  createClient(config: ClientConfig): Connection;
}

/** What begins servers. */
export interface ServerBeginnings {
  serverConfig(options: ServerOptions): ServerConfig;
  createServer(config: ServerConfig): Connection;
}

/** What both roles can be told beside the options of `@sealwire/core`. `C` is what a transport makes of a connection. */
export interface TransportOptions<C = unknown> {
  /** Default: that of the transport. */
  readonly provider?: CryptoProvider;
  /**
   * The certificates that are trusted to certify peers, as PEM or DER, or a `TrustAnchors`. A client that is told
   * nothing of whom to trust takes the default of the transport, if it has one; a server has no default.
   */
  readonly roots?: CertificateInput | TrustAnchors;
  /**
   * Public keys, as DER SubjectPublicKeyInfos, that a peer may present in place of a certificate (RFC 7250). With them
   * `peerCertificateTypes` is by default `rawPublicKey`, and `x509` besides if there are `roots`.
   */
  readonly rawPublicKeys?: readonly Uint8Array[];
  /** Exactly `false`: accept any peer. Whoever is on the way can then read and change everything. */
  readonly verify?: false;
  /** Our certificate and its issuers, as PEM or DER; with `privateKey`, `delegations` or both. */
  readonly certificate?: CertificateInput;
  /** The key of the first certificate: PKCS #8, PKCS #1 or SEC 1, as PEM or DER. */
  readonly privateKey?: string | Uint8Array;
  /** Of `privateKey`, if it is encrypted. Text, as UTF-8, or bytes. */
  readonly passphrase?: Passphrase;
  /**
   * Delegated credentials of `certificate` and their keys (RFC 9345), most wanted first: shown to peers that take them.
   * Without `privateKey` no other peers can be served.
   */
  readonly delegations?: readonly DelegationInput[];
  /** Questions of the handshake that the application answers itself. */
  readonly decide?: Decide;
  /**
   * Time until the handshake must be complete, in ms; on a client that connects, including the connecting.
   * Default 10,000, as in Go's HTTP client: far above any honest handshake, and what a silent peer may cost.
   */
  readonly handshakeTimeoutMs?: number;
  /**
   * Time without data of the application in either direction after which the connection is given up with
   * `transport.idleTimeout`, in ms, from 1 on. It begins when the handshake is complete. Default: none.
   */
  readonly idleTimeoutMs?: number;
  /**
   * What reading does when the transport ends without close_notify. `error` (default): it ends with
   * `transport.truncated`, because data may be missing. `end`: as if all were well; only for protocols that mark
   * the end of their messages themselves.
   */
  readonly truncation?: 'error' | 'end';
  /**
   * Time for all that the protocol and the two limits above know of it: for tests and simulations. Default: the runtime's.
   */
  readonly clock?: Clock;
  /** Called with everything that passes, and the connection that it passes through. */
  readonly onTrace?: (event: TraceEvent, connection: C) => void;
  /** Called with lines for a key-log file (RFC 9850). Anyone who has them can decrypt the connection. */
  readonly onKeyLog?: (line: string, connection: C) => void;
}

/** Options of core that are spelt differently here. */
export type Replaced = 'provider' | 'answers' | 'trace' | 'keyLog';

/** Who is trusted: `roots`, `rawPublicKeys`, `decide.verifyPeer` or `verify: false`; without any of them the transport's default. */
export interface TlsClientOptions<C = unknown>
  extends Omit<ClientOptions, Replaced | 'sendEarlyData'>,
    TransportOptions<C> {
  /**
   * 0-RTT data: what is sent with the first flight, if the first of `sessions` allows it (RFC 9846 §2.3). It may be
   * replayed by others and has no forward secrecy. How much the server took is `earlyDataTaken` of the connection;
   * the rest is yours to send.
   */
  readonly sendEarlyData?: Uint8Array;
  /** Called with each session that can resume this connection later (`sessions`), and the connection. It holds a secret. */
  readonly onSession?: (session: Session, connection: C) => void;
  /**
   * Called when a connection of TLS 1.2 or older ends by a fatal alert, with the name of each session of it: it must not be
   * resumed any more (RFC 5246 §7.2.2).
   */
  readonly onSessionInvalid?: (name: InvalidSession, connection: C) => void;
}

/** `ticket` or `sessionId` of a session, whichever it has. */
export type InvalidSession = Pick<Session, 'sessionId'> & Partial<Pick<Session, 'ticket'>>;

/**
 * Needs `certificate` with `privateKey` or `delegations`, or else `credentials`, unless `decide` names the certificate or there are
 * pre-shared keys (`externalPsks`, `decide.lookupPsk`).
 */
export interface TlsServerOptions<C = unknown> extends Omit<ServerOptions, Replaced>, TransportOptions<C> {}

/** Options after checking, with every default filled in; good for any number of connections. */
export interface TlsSettings<C = unknown> {
  readonly config: ClientConfig | ServerConfig;
  /** A connection that has done nothing yet, by this configuration. */
  begin(): Connection;
  readonly decide: Decide;
  readonly handshakeTimeoutMs: number;
  /** Infinity: none. */
  readonly idleTimeoutMs: number;
  readonly truncation: 'error' | 'end';
  readonly clock: Clock;
  readonly onTrace: TransportOptions<C>['onTrace'] | undefined;
  readonly onKeyLog: TransportOptions<C>['onKeyLog'] | undefined;
  readonly onSession?: TlsClientOptions<C>['onSession'] | undefined;
  readonly onSessionInvalid?: TlsClientOptions<C>['onSessionInvalid'] | undefined;
  /** Client: 0-RTT data to send. */
  readonly earlyData?: Uint8Array | undefined;
}
