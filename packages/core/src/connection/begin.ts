import type { ClientConfig, ClientOptions } from '../config/client.ts';
import type { ServerConfig, ServerOptions } from '../config/server.ts';
import { madeClientConfig, madeServerConfig } from '../interpret/configs.ts';
import type { VersionModule } from '../machine/step.ts';
import type { Connection } from './connection.ts';
import { clientConnection, serverConnection } from './create.ts';

/** What the entries of connections over a byte stream begin with. */
export function clientOf(
  options: ClientOptions | ClientConfig,
  defaults: readonly VersionModule[],
): Connection {
  return clientConnection(madeClientConfig(options, defaults));
}

export function serverOf(
  options: ServerOptions | ServerConfig,
  defaults: readonly VersionModule[],
): Connection {
  return serverConnection(madeServerConfig(options, defaults));
}
