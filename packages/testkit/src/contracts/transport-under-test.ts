import type { ClientOptions, DecisionKind, DecisionMap, ServerOptions, Session } from '@sealwire/core';
import type { ByteStream, WireEnd } from './byte-wire.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { HostAbortSignal } from './waiting.ts';

/** One case of `transportContract`. It rejects with `ContractFailure`, and says so when it found nothing to check. */
export interface TransportCase {
  readonly name: string;
  run(): Promise<undefined | { readonly skipped: string }>;
}

export interface TransportContractOptions {
  /**
   * `default`: some seconds. `full`: every byte of a handshake, 100 MB, 500 connections at once, 10,000 in a row; some
   * minutes.
   */
  readonly profile?: TransportProfile;
  /**
   * How long memory and handles may take to come down after the connections are gone, in ms. Default 30,000: who has a leak waits so
   * long to be told.
   */
  readonly patienceMs?: number;
}

export type TransportProfile = 'default' | 'full';

/**
 * A transport, as its contract drives it. The adapter has a certificate for its server, which its clients trust by
 * default, and another root that certified nobody.
 *
 * What a transport or its runtime has not got is left out here (`network`, `memoryBytes`, `openHandles`,
 * `unhandledRejections`) or named in `lacks`. The cases about it are skipped, with that reason.
 */
export interface TransportUnderTest {
  /** Puts TLS on bytes that the contract carries. Settles as the handshake does. */
  secure(below: ByteStream, role: WireEnd, options: EndOptions): Promise<ByteStream>;
  /** Absent where there is none, as in browsers. */
  readonly network?: TransportNetwork;
  /** What this transport cannot do, each with the reason that is printed. */
  readonly lacks?: { readonly [C in TransportCapability]?: string };
  /** Bytes that this process uses for objects, after its garbage has been collected. */
  memoryBytes?(): number | Promise<number>;
  /** How many things keep this process from ending: sockets, timers, … */
  openHandles?(): number | Promise<number>;
  /** Promises that have been rejected with nobody to hear of it, since the process began. */
  unhandledRejections?(): number;
}

/**
 * `tls`: options as `TlsOptionsUnderTest`. `signal`: an AbortSignal. `idleTimeout`: `idleTimeoutMs`. `rsaCertificate`: the
 * server's other certificate. `alreadyRead`: bytes that were taken from the stream below before TLS begins.
 */
export type TransportCapability = 'tls' | 'signal' | 'idleTimeout' | 'rsaCertificate' | 'alreadyRead';

/** Connections between two ends of this machine. */
export interface TransportNetwork {
  /** Each handshake ends in one of the calls of `served`. */
  listen(
    options: EndOptions,
    served: { connection(link: ByteStream): void; failure(error: unknown): void },
  ): Promise<ListenerUnderTest>;
  connect(port: number, options: EndOptions): Promise<ByteStream>;
  /** The same without TLS: for peers that do not speak it, or not in time. */
  readonly plain?: {
    listen(serve: (link: ByteStream) => void): Promise<ListenerUnderTest>;
    connect(port: number): Promise<ByteStream>;
  };
}

export interface ListenerUnderTest {
  readonly port: number;
  /**
   * Takes no more connections, and resolves when those that are there have ended; what is still there after `timeoutMs`
   * is cut. Default: that of the transport.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

export interface EndOptions {
  /**
   * Whom a client trusts: the root of the adapter's server (default), the other root, or whoever it is by
   * default, every option that says so being left out: nobody, or a list on which the adapter's roots are not. A function
   * answers the question itself (`decide.verifyPeer`), after the verification: true accepts. It gets the signal of the question.
   */
  readonly trust?: 'server' | 'other' | 'unsaid' | ((signal: HostAbortSignal) => Promise<boolean>);
  /** In ms. Default: that of the transport. */
  readonly handshakeTimeoutMs?: number;
  /** In ms: a connection over which no application data has gone for so long fails with `transport.idleTimeout`. */
  readonly idleTimeoutMs?: number;
  /** Time for this end: the transport's `clock`. Default: the runtime's. */
  readonly clock?: VirtualClock;
  /** When it is aborted before the handshake is complete, opening rejects with its reason, and the bytes below are let go. */
  readonly signal?: HostAbortSignal;
  /** Of `secure`: the first bytes of the peer's, which the program has taken from the stream below already. */
  readonly alreadyRead?: Uint8Array;
  /** Server: present the other certificate, which has an RSA key. */
  readonly certificate?: 'rsa';
  /** To be spread over the adapter's own options: names and types are those that all transports share. */
  readonly tls?: TlsOptionsUnderTest;
}

/** Options by the names that they have in all transports. */
export interface TlsOptionsUnderTest
  extends Pick<
      ClientOptions,
      'sessions' | 'requestOcsp' | 'requestTickets' | 'versions' | 'externalPsks' | 'cipherSuites'
    >,
    Pick<ServerOptions, 'tickets' | 'sessionIds' | 'earlyData' | 'clientAuthentication'> {
  readonly verify?: false;
  readonly sendEarlyData?: Uint8Array;
  readonly onSession?: (session: Session) => void;
  /** Never `verifyPeer`, which is `trust`. */
  readonly decide?: {
    readonly [K in Exclude<DecisionKind, 'verifyPeer'>]?: (
      ask: DecisionMap[K]['ask'],
      context: { readonly signal: HostAbortSignal },
    ) => DecisionMap[K]['reply'] | Promise<DecisionMap[K]['reply']>;
  };
}
