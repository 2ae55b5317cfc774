import { ApiMisuseError, wordsOf } from '@sealwire/core';
import { refuseForeignOptions, tlsNames } from '@sealwire/transport';
import { type Bun, bun, type BunSocketHandler, type SocketBelow } from './bun.ts';
import type { SocketCarrier } from './carrier.ts';
import type { BinaryType } from './handler.ts';
import {
  clientSettings,
  serverSettings,
  type TlsClientOptions,
  type TlsServerOptions,
  type TlsSettings,
} from './settings.ts';
import { TlsSocket, type TlsSocketHandler, type TlsSocketParts } from './tls-socket.ts';

/** What a connection is beside its TLS. */
export interface ConnectionOptions<Data, B extends BinaryType> {
  /** Functions that hear of the connection. Default: none; then a loop reads, and `send` writes. */
  readonly socket?: TlsSocketHandler<Data, B>;
  /** `data` of the connection. */
  readonly data?: Data;
  /** Whether our side stays open when the peer has ended its own. Default false, as in Bun. */
  readonly allowHalfOpen?: boolean;
  /** Gives up while not yet connected; later it has no effect. */
  readonly signal?: AbortSignal;
}

export interface ConnectOptions<Data = undefined, B extends BinaryType = 'buffer'>
  extends TlsClientOptions,
    ConnectionOptions<Data, B> {
  /** A host name or address; also the default of `serverName`. Default `localhost`. */
  readonly hostname?: string;
  readonly port?: number;
  /** The path of a Unix socket, in place of hostname and port; `serverName` must then be given. */
  readonly unix?: string;
}

/**
 * Connects to a TLS server by `Bun.connect`; resolves when the handshake is complete and the server is who it should be. Rejects
 * with `TlsError` (the handshake failed), `TransportError` (the network did), the reason of `signal`, or
 * `ApiMisuseError` (the options cannot work, or this is not Bun).
 */
export function connect<Data = undefined, B extends BinaryType = 'buffer'>(
  options: ConnectOptions<Data, B>,
): Promise<TlsSocket<Data>> {
  return connectIn(options, bun);
}

/** `connect` in this Bun. */
export function connectIn<Data, B extends BinaryType>(
  options: ConnectOptions<Data, B>,
  bun: () => Bun,
): Promise<TlsSocket<Data>> {
  return connectBy(clientSettings, options, bun);
}

/** With the settings that `settingsOf` makes of the options of TLS. */
export async function connectBy<Data, B extends BinaryType>(
  settingsOf: (tls: TlsClientOptions) => TlsSettings,
  options: ConnectOptions<Data, B>,
  bun: () => Bun,
): Promise<TlsSocket<Data>> {
  refuseForeignOptions('connect', options, connectNames);
  const { hostname = 'localhost', port, unix, ...others } = options;
  const { connection, signal, tls } = divided<typeof others, Data, B>(others);
  if ((unix === undefined) === (port === undefined))
    throw new ApiMisuseError('expected either port (with hostname) or unix');
  const serverName = options.serverName ?? (unix === undefined ? hostname : undefined);
  const settings = settingsOf({ ...tls, ...(serverName === undefined ? {} : { serverName }) });
  const address = unix === undefined ? { hostname, port: port! } : { unix };
  const { connect: connectSocket } = bun();
  signal?.throwIfAborted();
  let carrier!: SocketCarrier;
  const socket = new TlsSocket<Data>({ ...connection, settings, attach: (attached) => (carrier = attached) });
  // What the promise rejects with, `connectError` has told.
  connectSocket({
    ...address,
    allowHalfOpen: true,
    data: carrier,
    socket: handlerOf(({ data }) => data),
  }).catch((error: Error) => carrier.socketClosed(error));
  return opened(socket, signal);
}

export interface SecuringOptions {
  /**
   * Bytes of the peer that came with the last line before STARTTLS: they come before all that is still to come, and must be of TLS.
   * Default: none.
   */
  readonly initial?: Uint8Array;
}

export type SecureOptions<Data = undefined, B extends BinaryType = 'buffer'> = ConnectionOptions<Data, B> &
  SecuringOptions &
  ((TlsClientOptions & { readonly role: 'client' }) | (TlsServerOptions & { readonly role: 'server' }));

export interface Secured<Data> {
  /** Resolves and rejects as `connect` does. */
  readonly tls: Promise<TlsSocket<Data>>;
  /**
   * What must hear of the socket from now on. A socket of `Bun.connect` is told so by `socket.reload({ socket: handler })`, and so is a
   * `TlsSocket` whose handler has a function for data; those of
   * a listener share one handler, whose functions must pass on what concerns this one.
   */
  readonly handler: BunSocketHandler;
}

/**
 * Puts TLS on a socket of Bun that is already there, as after STARTTLS, or on another `TlsSocket`. It must have been made with `allowHalfOpen: true`, and belongs to the connection from
 * now on, also when the handshake fails. Throws `ApiMisuseError` where the options can never work, and the reason of a `signal` that is
 * aborted already; the socket is then still yours.
 */
export function secure<Data = undefined, B extends BinaryType = 'buffer'>(
  below: SocketBelow,
  options: SecureOptions<Data, B>,
): Secured<Data> {
  return secureBy({ clientSettings, serverSettings }, below, options);
}

/** What makes settings of the options of TLS, for either role. */
export interface SettingsMakers {
  clientSettings(tls: TlsClientOptions): TlsSettings;
  serverSettings(tls: TlsServerOptions): TlsSettings;
}

/** `secure` with the settings that `by` makes. */
export function secureBy<Data, B extends BinaryType>(
  by: SettingsMakers,
  below: SocketBelow,
  options: SecureOptions<Data, B>,
): Secured<Data> {
  const { role, initial, ...others } = options;
  const { connection, signal, tls } = divided<typeof others, Data, B>(others);
  if (role !== 'client' && role !== 'server')
    throw new ApiMisuseError(`secure expects role: 'client' or 'server', got ${JSON.stringify(role)}`);
  if (initial !== undefined && !(initial instanceof Uint8Array))
    throw new ApiMisuseError(`initial must be a Uint8Array, got ${typeof initial}`);
  const settings = role === 'client' ? by.clientSettings(tls) : by.serverSettings(tls);
  signal?.throwIfAborted();
  let carrier!: SocketCarrier;
  const socket = new TlsSocket<Data>({ ...connection, settings, attach: (attached) => (carrier = attached) });
  carrier.socketOpened(below);
  if (initial !== undefined) carrier.socketData(initial);
  return { tls: opened(socket, signal), handler: handlerOf(() => carrier) };
}

/** For sockets whose carriers are where `carrierOf` says. */
export function handlerOf<S extends SocketBelow>(
  carrierOf: (socket: S) => SocketCarrier,
): BunSocketHandler<S> {
  return {
    binaryType: 'uint8array',
    open: (socket) => carrierOf(socket).socketOpened(socket),
    data: (socket, bytes) => carrierOf(socket).socketData(bytes),
    drain: (socket) => carrierOf(socket).socketDrained(),
    end: (socket) => carrierOf(socket).socketEnded(),
    close: (socket, error) => carrierOf(socket).socketClosed(error),
    error: (socket, error) => carrierOf(socket).socketFailed(error),
    connectError: (socket, error) => carrierOf(socket).socketClosed(error),
  };
}

/** TLS options, and what is beside them. */
function divided<O extends ConnectionOptions<Data, B>, Data, B extends BinaryType>(options: O) {
  const { socket: handler = {}, data, allowHalfOpen = false, signal, ...tls } = options;
  const connection: Pick<TlsSocketParts<Data>, 'handler' | 'data' | 'allowHalfOpen'> = {
    handler: handler as TlsSocketHandler<Data, BinaryType>,
    data: data as Data,
    allowHalfOpen,
  };
  return { connection, signal, tls };
}

async function opened<Data>(
  socket: TlsSocket<Data>,
  signal: AbortSignal | undefined,
): Promise<TlsSocket<Data>> {
  const giveUp = () => socket.abort(asError(signal?.reason));
  if (signal?.aborted) giveUp();
  signal?.addEventListener('abort', giveUp);
  try {
    await socket.handshake;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  return socket;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(`aborted: ${wordsOf(reason)}`, { cause: reason });
}

/** As the compiler makes sure. */
export const connectionNames: Readonly<Record<keyof ConnectionOptions<never, never>, true>> = {
  socket: true,
  data: true,
  allowHalfOpen: true,
  signal: true,
};

const connecting: Readonly<
  Record<Exclude<keyof ConnectOptions, keyof TlsClientOptions | keyof ConnectionOptions<never, never>>, true>
> = { hostname: true, port: true, unix: true };

const connectNames = [...Object.keys(connectionNames), ...Object.keys(connecting), ...tlsNames.client];
