import { ApiMisuseError, wordsOf } from '@sealwire/core';
import { connect as connectSocket, type NetConnectOpts, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuseForeignOptions, tlsNames } from '@sealwire/transport';
import {
  clientSettings,
  serverSettings,
  type TlsClientOptions,
  type TlsServerOptions,
  type TlsSettings,
} from './settings.ts';
import { TlsStream } from './tls-stream.ts';

export interface ConnectOptions extends TlsClientOptions {
  /** A host name or address; also the default of `serverName`. Default `localhost`. */
  readonly host?: string;
  readonly port?: number;
  /** A Unix socket or Windows pipe, in place of host and port; `serverName` must then be given. */
  readonly path?: string;
  /** Gives up while not yet connected; later it has no effect. */
  readonly signal?: AbortSignal;
  /** More of Node's options for the socket: `localAddress`, `family`, `lookup`, `keepAlive`, … */
  readonly socket?: Partial<TcpNetConnectOpts>;
}

export interface SecuringOptions {
  /** Gives up while not yet connected; later it has no effect. */
  readonly signal?: AbortSignal;
  /**
   * Bytes of the peer that were read from the stream already, with the last line before STARTTLS: they come before all that is still to
   * read, and must be of TLS. What the stream itself has read and nobody has taken (`unshift`, a paused stream) need not be given.
   */
  readonly initial?: Uint8Array;
}

export type SecureOptions =
  | (TlsClientOptions & SecuringOptions & { readonly role: 'client' })
  | (TlsServerOptions & SecuringOptions & { readonly role: 'server' });

/**
 * Connects to a TLS server; resolves when the handshake is complete and the server is who it should be. Rejects
 * with `TlsError` (the handshake failed), `TransportError` (the network did), the reason of `signal`, or
 * `ApiMisuseError` (the options cannot work).
 */
export function connect(options: ConnectOptions): Promise<TlsStream> {
  return connectBy(clientSettings, options);
}

/** `connect` with the settings that `settingsOf` makes of the options of TLS. */
export async function connectBy(
  settingsOf: (tls: TlsClientOptions) => TlsSettings,
  options: ConnectOptions,
): Promise<TlsStream> {
  refuseForeignOptions('connect', options, connectNames);
  const { host = 'localhost', port, path, signal, socket, ...tls } = options;
  if ((path === undefined) === (port === undefined)) {
    throw new ApiMisuseError('expected either port (with host) or path');
  }
  const serverName = options.serverName ?? (path === undefined ? host : undefined);
  const settings = settingsOf(serverName === undefined ? tls : Object.assign(tls, { serverName }));
  signal?.throwIfAborted();
  const address = path === undefined ? { host, port: port! } : { path };
  // What we write is gathered already: waiting for more to gather (Nagle) only delays it.
  return opened(
    connectSocket({ noDelay: true, ...socket, ...address, allowHalfOpen: true } as NetConnectOpts),
    settings,
    signal,
  );
}

/**
 * Puts TLS on a stream that is already there: a socket after STARTTLS, a pipe, another TLS connection. Resolves
 * and rejects as `connect` does. The stream belongs to the connection from now on, also when the handshake fails: nobody else may read it,
 * and listeners of `data` and `readable` should be gone.
 */
export function secure(transport: Duplex, options: SecureOptions): Promise<TlsStream> {
  return secureBy({ clientSettings, serverSettings }, transport, options);
}

/** What makes settings of the options of TLS, for either role. */
export interface SettingsMakers {
  clientSettings(tls: TlsClientOptions): TlsSettings;
  serverSettings(tls: TlsServerOptions): TlsSettings;
}

/** `secure` with the settings that `by` makes. */
export async function secureBy(
  by: SettingsMakers,
  transport: Duplex,
  options: SecureOptions,
): Promise<TlsStream> {
  const { signal, initial, ...tls } = options ?? {};
  if (initial !== undefined && !(initial instanceof Uint8Array))
    throw new ApiMisuseError(`initial must be a Uint8Array, got ${typeof initial}`);
  const settings = settingsFor(by, tls);
  signal?.throwIfAborted();
  return opened(transport, settings, signal, initial);
}

function settingsFor(
  by: SettingsMakers,
  { role, ...tls }: Omit<SecureOptions, keyof SecuringOptions>,
): TlsSettings {
  if (role === 'client') return by.clientSettings(tls);
  if (role === 'server') return by.serverSettings(tls);
  throw new ApiMisuseError(`secure expects role: 'client' or 'server', got ${JSON.stringify(role)}`);
}

async function opened(
  transport: Duplex,
  settings: TlsSettings,
  signal: AbortSignal | undefined,
  initial?: Uint8Array,
): Promise<TlsStream> {
  const stream = new TlsStream(transport, settings, initial);
  const giveUp = () => stream.abort(asError(signal?.reason));
  signal?.addEventListener('abort', giveUp);
  try {
    await stream.handshake;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  return stream;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(`aborted: ${wordsOf(reason)}`, { cause: reason });
}

const connecting: Readonly<Record<Exclude<keyof ConnectOptions, keyof TlsClientOptions>, true>> = {
  host: true,
  path: true,
  port: true,
  signal: true,
  socket: true,
};

const connectNames = [...Object.keys(connecting), ...tlsNames.client];
