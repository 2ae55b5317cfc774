import { nodeProvider } from '@sealwire/crypto-node';
import {
  clientSettings as checkedClient,
  namedServerSettings as checkedNames,
  serverSettings as checkedServer,
} from '@sealwire/transport/tls13';
import { bun, type SocketBelow } from './bun.ts';
import { connectBy, type ConnectOptions, type Secured, secureBy, type SecureOptions } from './connect.ts';
import type { BinaryType } from './handler.ts';
import { listenBy, type ListenOptions, type ServingOptions, type TlsListener } from './listen.ts';
import type { TlsClientOptions, TlsServerOptions, TlsSettings } from './settings.ts';
import type { TlsSocket } from './tls-socket.ts';

/**
 * TLS 1.3 alone: a bundle whose connections begin here carries nothing of older versions, and one that only connects nothing of servers.
 * Whom a client trusts must be said, because Mozilla's list is a third of a bundle: `mozillaRoots()` of `@sealwire/x509/roots` is it.
 * Everything else comes from `@sealwire/bun-transport`.
 */
export type { ConnectOptions, ListenOptions, SecureOptions };

/** As `connect` of `@sealwire/bun-transport`; without `versions` it speaks TLS 1.3 alone. Whom it trusts must be said (`ApiMisuseError`). */
export function connect<Data = undefined, B extends BinaryType = 'buffer'>(
  options: ConnectOptions<Data, B>,
): Promise<TlsSocket<Data>> {
  return connectBy(clientSettings, options, bun);
}

/** As `secure` of `@sealwire/bun-transport`; without `versions` it speaks TLS 1.3 alone. Whom a client trusts must be said. */
export function secure<Data = undefined, B extends BinaryType = 'buffer'>(
  below: SocketBelow,
  options: SecureOptions<Data, B>,
): Secured<Data> {
  return secureBy({ clientSettings, serverSettings }, below, options);
}

/** As `listen` of `@sealwire/bun-transport`; without `versions` it speaks TLS 1.3 alone. */
export function listen<Data = undefined, B extends BinaryType = 'buffer'>(
  options: ListenOptions<Data, B>,
): TlsListener<Data> {
  return listenBy(namedServerSettings, options, bun);
}

/** As `clientSettings` of `@sealwire/bun-transport`; without `versions` they are for TLS 1.3 alone. Whom it trusts must be said. */
export function clientSettings(options: TlsClientOptions): TlsSettings {
  return checkedClient(options, { provider: nodeProvider });
}

/** As `serverSettings` of `@sealwire/bun-transport`; without `versions` they are for TLS 1.3 alone. */
export function serverSettings(options: TlsServerOptions): TlsSettings {
  return checkedServer(options, { provider: nodeProvider });
}

function namedServerSettings(options: ServingOptions, former?: TlsSettings): TlsSettings {
  return checkedNames(options, { provider: nodeProvider }, former);
}
