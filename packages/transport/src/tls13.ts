/**
 * Settings for TLS 1.3 alone: whose connections begin with these carries nothing of older versions, and who has only clients nothing of
 * servers. Everything else comes from `@sealwire/transport`.
 */
import { clientConfig, createClient, createServer, serverConfig } from '@sealwire/core/tls13';
import { namedServerSettingsBy, type ServerNames } from './names.ts';
import type { TlsClientOptions, TlsServerOptions, TlsSettings, TransportDefaults } from './options.ts';
import { clientSettingsBy, serverSettingsBy } from './settings.ts';

/** As of `@sealwire/transport`; without `versions` TLS 1.3 alone. `ApiMisuseError` for options that could never work, `X509Error` for certificates or keys that cannot be read. */
export function clientSettings<C>(options: TlsClientOptions<C>, defaults: TransportDefaults): TlsSettings<C> {
  return clientSettingsBy({ clientConfig, createClient }, options, defaults);
}

/** As of `@sealwire/transport`; without `versions` TLS 1.3 alone. `ApiMisuseError` for options that could never work, `X509Error` for certificates or keys that cannot be read. */
export function serverSettings<C>(
  options: TlsServerOptions<C>,
  defaults: Pick<TransportDefaults, 'provider'>,
): TlsSettings<C> {
  return serverSettingsBy({ serverConfig, createServer }, options, defaults);
}

/**
 * `serverSettings` for servers of several names. `former`: what they take the place of. Where nothing else is said, tickets go on
 * being sealed and opened by the same keepers, and 0-RTT data that was taken once is not taken again.
 */
export function namedServerSettings<C>(
  options: TlsServerOptions<C> & ServerNames,
  defaults: Pick<TransportDefaults, 'provider'>,
  former?: TlsSettings<C>,
): TlsSettings<C> {
  return namedServerSettingsBy({ serverConfig, createServer }, options, defaults, former);
}
