import { nobleProvider } from '@sealwire/crypto-noble';
import { clientSettings as checkedClient, serverSettings as checkedServer } from '@sealwire/transport/tls13';
import { secured, type SecureClientOptions, type SecureServerOptions } from './secure.ts';
import type { TlsClientOptions, TlsServerOptions, TlsSettings } from './settings.ts';
import type { ByteStreams } from './stream-carrier.ts';
import type { TlsStreams } from './tls-streams.ts';

/**
 * TLS 1.3 alone: a bundle whose connections begin here carries nothing of older versions, and one that has only clients nothing of
 * servers. Everything else, streams of WebSockets and others among it, comes from `@sealwire/web-transport`.
 */
export type { SecureClientOptions, SecureServerOptions };

/** As `secureClient` of `@sealwire/web-transport`; without `versions` it speaks TLS 1.3 alone. */
export function secureClient(streams: ByteStreams, options: SecureClientOptions): TlsStreams {
  return secured(streams, options, clientSettings);
}

/** As `secureServer` of `@sealwire/web-transport`; without `versions` it speaks TLS 1.3 alone. */
export function secureServer(streams: ByteStreams, options: SecureServerOptions): TlsStreams {
  return secured(streams, options, serverSettings);
}

/** As `clientSettings` of `@sealwire/web-transport`; without `versions` they are for TLS 1.3 alone. */
export function clientSettings(options: TlsClientOptions): TlsSettings {
  return checkedClient(options, { provider: nobleProvider });
}

/** As `serverSettings` of `@sealwire/web-transport`; without `versions` they are for TLS 1.3 alone. */
export function serverSettings(options: TlsServerOptions): TlsSettings {
  return checkedServer(options, { provider: nobleProvider });
}
