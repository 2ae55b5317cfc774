import type { Facts } from '@sealwire/core';
import type { TransportError } from './errors.ts';
import type { TlsSettings } from './options.ts';

/** What an `Endpoint` is made of. */
export interface EndpointParts<C> {
  readonly settings: TlsSettings<C>;
  /** What the transport makes of the connection: the second argument of `onSession`, `onTrace` and the others. */
  readonly owner: C;
  readonly carrier: Carrier;
  readonly application: Application;
  /** Runs a function soon, after what the program does now. Default `queueMicrotask`. */
  readonly later?: (run: () => void) => void;
  /**
   * Runs a function when the present turn of the event loop is over, with all promises that were settled in it: what ends a handshake
   * then leaves together with what the program says at once. Absent: it leaves at once.
   */
  readonly afterTurn?: (run: () => void) => void;
}

/**
 * What carries the bytes of a connection: a socket, a stream, a tunnel. What happens to it is told to the `Endpoint`, by its
 * `started`, `received`, `drained`, `ended` and `broken`; after `farewell` or `destroy` nobody listens any more.
 */
export interface Carrier {
  /** Takes these bytes, in order; they are its own from now on. What cannot leave is dropped: the reason comes as `broken`. */
  write(pieces: readonly Uint8Array[]): void;
  /** Whether more can be written without piling up. While it cannot, nothing of the program's is sealed, until `drained`. */
  hasRoom(): boolean;
  /** Whether bytes are wanted. Said often: to hear the same again changes nothing. */
  setReading(isWanted: boolean): void;
  /** Nothing more will be written. `done` when all that was has left, with the error if it could not. */
  end(done: (error?: unknown) => void): void;
  /**
   * Lets what was written reach the peer, if it can be had in a short time, then gives everything up: the peer's diagnosis, mostly
   * an alert, depends on it. A TCP socket that is closed with unread input resets the connection, and a reset overtakes what was sent.
   */
  farewell(): void;
  /** Gives everything up at once. */
  destroy(): void;
}

/** What is above a connection. It hears of data only after it has heard of the handshake. */
export interface Application {
  /** A handshake is complete: the first, or another one before TLS 1.3. */
  secure(facts: Facts): void;
  /** Data of the peer's. False: no more, until it calls `resume`. */
  data(bytes: Uint8Array): boolean;
  /** No data will follow. With an error, that is to be told after all that came before was read: something may be missing. */
  ended(error?: TransportError): void;
  /** The connection is over because of this, and its alert has been written. The application now calls `destroyed`. */
  failed(error: Error): void;
}
