import { clientConfig, createClient, createServer, serverConfig } from '@sealwire/core';
import { namedServerSettingsBy, type ServerNames } from './names.ts';
import type { TlsClientOptions, TlsServerOptions, TlsSettings, TransportDefaults } from './options.ts';
import { clientSettingsBy, serverSettingsBy } from './settings.ts';

/**
 * What transports of Sealwire are made of, for transports of your own: `clientSettings` and `serverSettings` check options and
 * fill in defaults, an `Endpoint` goes between a connection, what carries its bytes (`Carrier`) and what is above it
 * (`Application`), and asks the functions in `decide`. `@sealwire/transport/tls13` has settings for TLS 1.3 alone.
 */
export type { Application, Carrier, EndpointParts } from './carrier.ts';
export type { Clock } from './clock.ts';
export type { Decide } from './decide.ts';
export { Endpoint } from './endpoint.ts';
export { asTransportError, TransportError, type TransportErrorCode } from './errors.ts';
export { farewellTimer } from './farewell-timer.ts';
export { refuseForeignOptions } from './foreign-options.ts';
export { type NamedOptions, type ServerNames, serverNameOptions } from './names.ts';
export type { RenegotiationChange } from './renegotiation.ts';
export { pick, tlsNames } from './option-names.ts';
export type {
  InvalidSession,
  TlsClientOptions,
  TlsServerOptions,
  TlsSettings,
  TransportDefaults,
  TransportOptions,
} from './options.ts';
export { UnreadAnswers } from './unread-answers.ts';
export { type Callback, WritingHalf } from './writing-half.ts';

/** `ApiMisuseError` for options that could never work, `X509Error` for certificates or keys that cannot be read. */
export function clientSettings<C>(options: TlsClientOptions<C>, defaults: TransportDefaults): TlsSettings<C> {
  return clientSettingsBy({ clientConfig, createClient }, options, defaults);
}

/** `ApiMisuseError` for options that could never work, `X509Error` for certificates or keys that cannot be read. */
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
