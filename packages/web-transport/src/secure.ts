import { ApiMisuseError } from '@sealwire/core';
import {
  clientSettings,
  serverSettings,
  type TlsClientOptions,
  type TlsServerOptions,
  type TlsSettings,
} from './settings.ts';
import type { ByteStreams } from './stream-carrier.ts';
import { TlsStreams } from './tls-streams.ts';

/** What the options of both roles have besides. */
interface OpeningOptions {
  /** Gives up while not yet opened; later it has no effect. */
  readonly signal?: AbortSignal;
  /**
   * The first bytes of the peer's TLS, where the program took them from `readable` before it knew: after STARTTLS, when a read
   * brought more than the answer. Default: none.
   */
  readonly alreadyRead?: Uint8Array;
}

export interface SecureClientOptions extends TlsClientOptions, OpeningOptions {}
export interface SecureServerOptions extends TlsServerOptions, OpeningOptions {}

/**
 * Puts TLS on streams that are already there, as the client: a socket of a Worker's, a connection of Deno's, a WebSocket. The
 * handshake begins at once; `opened` says what came of it. Throws `ApiMisuseError` for options that can never work, `X509Error`
 * for certificates that cannot be read, and the reason of a signal that was aborted before.
 */
export function secureClient(streams: ByteStreams, options: SecureClientOptions): TlsStreams {
  return secured(streams, options, clientSettings);
}

/** The same as the server. */
export function secureServer(streams: ByteStreams, options: SecureServerOptions): TlsStreams {
  return secured(streams, options, serverSettings);
}

/** By the settings that `settingsOf` makes of the options of TLS. */
export function secured<O extends object>(
  streams: ByteStreams,
  options: O & OpeningOptions,
  settingsOf: (tls: O) => TlsSettings,
): TlsStreams {
  const { signal, alreadyRead, ...tls } = options ?? {};
  if (alreadyRead !== undefined && !(alreadyRead instanceof Uint8Array))
    throw new ApiMisuseError(`expected alreadyRead as Uint8Array, got ${typeof alreadyRead}`);
  const settings = settingsOf(tls as O);
  signal?.throwIfAborted();
  const made = new TlsStreams(streams, settings, alreadyRead);
  const giveUp = () => made.abort(signal?.reason);
  const forget = () => signal?.removeEventListener('abort', giveUp);
  signal?.addEventListener('abort', giveUp);
  made.opened.then(forget, forget);
  return made;
}
