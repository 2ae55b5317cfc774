import { nodeProvider } from '@sealwire/crypto-node';
import {
  clientSettings as checkedClient,
  namedServerSettings as checkedNames,
  serverSettings as checkedServer,
} from '@sealwire/transport/tls13';
import type { Duplex } from 'node:stream';
import { connectBy, type ConnectOptions, secureBy, type SecureOptions } from './connect.ts';
import {
  type ConnectionHandler,
  type CreateServerOptions,
  createServerBy,
  type ServingOptions,
  type TlsServer,
} from './server.ts';
import type { TlsClientOptions, TlsServerOptions, TlsSettings } from './settings.ts';
import type { TlsStream } from './tls-stream.ts';

/**
 * TLS 1.3 alone: a bundle whose connections begin here carries nothing of older versions, and one that only connects nothing of servers.
 * Whom a client trusts must be said, because Mozilla's list is a third of a bundle: `mozillaRoots()` of `@sealwire/x509/roots` is it.
 * Everything else comes from `@sealwire/node-transport`.
 */
export type { ConnectOptions, CreateServerOptions, SecureOptions };

/** As `connect` of `@sealwire/node-transport`; without `versions` it speaks TLS 1.3 alone. Whom it trusts must be said (`ApiMisuseError`). */
export function connect(options: ConnectOptions): Promise<TlsStream> {
  return connectBy(clientSettings, options);
}

/** As `secure` of `@sealwire/node-transport`; without `versions` it speaks TLS 1.3 alone. Whom a client trusts must be said. */
export function secure(transport: Duplex, options: SecureOptions): Promise<TlsStream> {
  return secureBy({ clientSettings, serverSettings }, transport, options);
}

/** As `createServer` of `@sealwire/node-transport`; without `versions` it speaks TLS 1.3 alone. */
export function createServer(
  options: CreateServerOptions,
  onConnection?: ConnectionHandler,
): Promise<TlsServer> {
  return createServerBy(namedServerSettings, options, onConnection);
}

/** As `clientSettings` of `@sealwire/node-transport`; without `versions` they are for TLS 1.3 alone. Whom it trusts must be said. */
export function clientSettings(options: TlsClientOptions): TlsSettings {
  return checkedClient(options, { provider: nodeProvider });
}

/** As `serverSettings` of `@sealwire/node-transport`; without `versions` they are for TLS 1.3 alone. */
export function serverSettings(options: TlsServerOptions): TlsSettings {
  return checkedServer(options, { provider: nodeProvider });
}

function namedServerSettings(options: ServingOptions, former?: TlsSettings): TlsSettings {
  return checkedNames(options, { provider: nodeProvider }, former);
}
