import type { ClientConfig, ClientOptions } from './config/client.ts';
import type { ServerConfig, ServerOptions } from './config/server.ts';
import { clientOf, serverOf } from './connection/begin.ts';
import type { Connection } from './connection/connection.ts';
import { clientConfigOf, serverConfigOf } from './interpret/configs.ts';
import { tls13Client } from './tls13/client/module.ts';
import { tls13 } from './tls13/module.ts';
import { tls13Server } from './tls13/server/module.ts';

/**
 * TLS 1.3 alone: who begins with these functions carries no code of older versions. Everything else, types and errors
 * among it, comes from `@sealwire/core`; importing it from there does not bring the older versions in.
 */
export { tls13 };

/** As `clientConfig` of `@sealwire/core`; without `versions` it speaks TLS 1.3 alone. */
export function clientConfig(options: ClientOptions): ClientConfig {
  return clientConfigOf(options, ofClients);
}

/** As `serverConfig` of `@sealwire/core`; without `versions` it speaks TLS 1.3 alone. */
export function serverConfig(options: ServerOptions): ServerConfig {
  return serverConfigOf(options, ofServers);
}

/** As `createClient` of `@sealwire/core`; without `versions` it speaks TLS 1.3 alone. */
export function createClient(options: ClientOptions | ClientConfig): Connection {
  return clientOf(options, ofClients);
}

/** As `createServer` of `@sealwire/core`; without `versions` it speaks TLS 1.3 alone. */
export function createServer(options: ServerOptions | ServerConfig): Connection {
  return serverOf(options, ofServers);
}

const ofClients = [tls13Client] as const;
const ofServers = [tls13Server] as const;
