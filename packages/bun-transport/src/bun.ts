import { ApiMisuseError } from '@sealwire/core';

/*
 * What of Bun's own API this package uses, so that it compiles without the types of Bun. The comments say what Bun 1.4 does where
 * that is not what one would expect, as tried with its binary.
 */

/** A TCP or Unix socket of Bun. */
export interface BunSocket {
  /** How many of the bytes were taken, which may be none: nothing is buffered. -1 on a socket that is closed or shut down. */
  write(bytes: Uint8Array): number;
  /** Ends our side; reading goes on. After the peer's end it closes the socket at once, and tells so within the call. */
  shutdown(): unknown;
  /**
   * Closes the socket in both directions, whatever the documentation says of reading on: what the peer sends afterwards is answered
   * with a reset. What was written still leaves, unless bytes of the peer's lie unread.
   */
  end(): unknown;
  /** Resets the connection. `close` is told within the call. */
  terminate(): unknown;
  /** Nothing is read any more, but if the peer resets the connection, what it sent before still comes. */
  pause(): unknown;
  resume(): unknown;
  ref(): unknown;
  unref(): unknown;
  setNoDelay(isOn?: boolean): unknown;
  setKeepAlive(isOn?: boolean, initialDelayMs?: number): unknown;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly remoteFamily: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly localFamily: string;
}

/** What can carry TLS: a socket of Bun's, or another TLS connection. */
export type SocketBelow = Pick<
  BunSocket,
  'write' | 'shutdown' | 'end' | 'terminate' | 'pause' | 'resume' | 'ref' | 'unref'
> &
  Partial<BunSocket>;

/** What Bun calls for its sockets; those of a listener share one object. */
export interface BunSocketHandler<S extends SocketBelow = SocketBelow> {
  readonly binaryType: 'uint8array';
  open(socket: S): void;
  data(socket: S, bytes: Uint8Array): void;
  /** There is room again. Comes now and then without anybody having waited, as after `resume`. */
  drain(socket: S): void;
  /** The peer has ended its side. Not told after our own `shutdown`: then the next that comes is `close`, without an error. */
  end(socket: S): void;
  close(socket: S, error?: Error): void;
  error(socket: S, error: Error): void;
  /** Without this function the error of a connection that did not come about is printed, though the promise has it too. */
  connectError(socket: S, error: Error): void;
}

interface SocketOptions<D> {
  readonly socket: BunSocketHandler<BunSocket & { data: D }>;
  readonly data: D;
  readonly allowHalfOpen: true;
}

type Address = { readonly hostname: string; readonly port: number } | { readonly unix: string };

export interface BunListener {
  readonly port?: number;
  readonly hostname?: string;
  readonly unix?: string;
  /** Connections that are there stay, unless told otherwise. */
  stop(closeActiveConnections?: boolean): void;
  ref(): void;
  unref(): void;
}

export interface Bun {
  connect<D>(options: SocketOptions<D> & Address): Promise<BunSocket & { data: D }>;
  /** Throws (EADDRINUSE, …) what others reject with. */
  listen<D>(options: SocketOptions<D> & Address & { readonly exclusive?: boolean }): BunListener;
}

/** `ApiMisuseError` elsewhere. */
export function bun(): Bun {
  const { Bun } = globalThis as { readonly Bun?: Bun };
  if (Bun !== undefined) return Bun;
  throw new ApiMisuseError('@sealwire/bun-transport needs Bun; for Node there is @sealwire/node-transport');
}
