import { clientConfig, type ClientConfig, type ClientOptions } from '../config/client.ts';
import { serverConfig, type ServerConfig, type ServerOptions } from '../config/server.ts';
import type { RandomSource } from '../crypto/provider.ts';
import type { VersionModule } from '../machine/step.ts';
import { ReplayGuard } from '../resume/replay-guard.ts';
import { TicketRing } from '../resume/ticket-ring.ts';
import type { Connection } from './connection.ts';
import { clientConnection, serverConnection } from './create.ts';

/**
 * What entries of this package begin with; they differ in the versions that are spoken where the options name none.
 * These are arguments, so that a bundle carries no version but those of the entry that it imports.
 */
export function clientConfigOf(options: ClientOptions, defaults: readonly VersionModule[]): ClientConfig {
  return clientConfig(withVersions(options, defaults));
}

export function serverConfigOf(options: ServerOptions, defaults: readonly VersionModule[]): ServerConfig {
  return serverConfig(withVersions(options, defaults), {
    keeper: () => new TicketRing({ provider: options.provider, ...ringEntropy(options) }),
    guard: () => new ReplayGuard(),
  });
}

export function clientOf(
  options: ClientOptions | ClientConfig,
  defaults: readonly VersionModule[],
): Connection {
  return clientConnection(isMade(options) ? options : clientConfigOf(options, defaults));
}

export function serverOf(
  options: ServerOptions | ServerConfig,
  defaults: readonly VersionModule[],
): Connection {
  return serverConnection(isMade(options) ? options : serverConfigOf(options, defaults));
}

/**
 * Who names suites and no versions means the versions of these suites: to agree on another would leave nothing to
 * protect records with.
 */
function withVersions<Options extends ClientOptions | ServerOptions>(
  options: Options,
  defaults: readonly VersionModule[],
): Options {
  const { versions, cipherSuites, provider } = options ?? {};
  if (versions !== undefined) return options;
  if (!Array.isArray(cipherSuites) || provider === undefined) return { ...options, versions: defaults };
  const meant = defaults.filter((each) => cipherSuites.some((suite) => each.supports(suite, provider)));
  return { ...options, versions: meant.length === 0 ? defaults : meant };
}

/** What is no object at all is refused with the options. */
function isMade<Config extends { readonly role: string }>(options: object | Config): options is Config {
  return typeof options === 'object' && options !== null && 'role' in options;
}

/** Keys of the default ring come from where everything else does, so that a scripted source scripts them, too. */
function ringEntropy({ entropy }: ServerOptions): { random?: RandomSource } {
  return entropy === undefined ? {} : { random: (length) => entropy.random(length) };
}
