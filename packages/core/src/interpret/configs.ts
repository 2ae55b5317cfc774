import { withDefaultAnswers } from '../auth/default-answers.ts';
import type { Answers } from '../config/answers.ts';
import { clientConfig, type ClientConfig, type ClientOptions } from '../config/client.ts';
import { serverConfig, type ServerConfig, type ServerOptions } from '../config/server.ts';
import type { RandomSource } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import type { VersionModule } from '../machine/step.ts';
import { guardFor } from '../resume/replay-guard.ts';
import { TicketRing } from '../resume/ticket-ring.ts';

/**
 * The configurations that entries of this package begin with; entries differ in the versions that are spoken where the
 * options name none. These are arguments, so that a bundle carries no version but those of the entry that it imports.
 */
export function clientConfigOf(options: ClientOptions, defaults: readonly VersionModule[]): ClientConfig {
  return clientConfig(withVersions(options, defaults));
}

export function serverConfigOf(options: ServerOptions, defaults: readonly VersionModule[]): ServerConfig {
  return serverConfig(withVersions(options, defaults), {
    keeper: () => new TicketRing({ provider: options.provider, ...ringEntropy(options) }),
    guard: guardFor,
  });
}

/** The configuration itself, or that of the options. */
export function madeClientConfig(
  options: ClientOptions | ClientConfig,
  defaults: readonly VersionModule[],
): ClientConfig {
  if (!isMade(options)) return clientConfigOf(options, defaults);
  requireMade(options, 'client');
  return options;
}

export function madeServerConfig(
  options: ServerOptions | ServerConfig,
  defaults: readonly VersionModule[],
): ServerConfig {
  if (!isMade(options)) return serverConfigOf(options, defaults);
  requireMade(options, 'server');
  return options;
}

/** Its policies, and ours where it has none; made once for a configuration, which many connections share. */
export function answersOf(config: ClientConfig | ServerConfig): Answers {
  let known = answersByConfig.get(config);
  if (known === undefined) {
    known = withDefaultAnswers(config);
    answersByConfig.set(config, known);
  }
  return known;
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
  if (!Array.isArray(cipherSuites) || provider === undefined)
    return Object.assign({}, options, { versions: defaults });
  const meant = defaults.filter((each) => cipherSuites.some((suite) => each.supports(suite, provider)));
  return Object.assign({}, options, { versions: meant.length === 0 ? defaults : meant });
}

/** What is no object at all is refused with the options. */
function isMade<Config extends { readonly role: string }>(options: object | Config): options is Config {
  return typeof options === 'object' && options !== null && 'role' in options;
}

/** Options with a `role` look like a configuration, and would go unchecked. */
function requireMade({ role, entropy }: ClientConfig | ServerConfig, wanted: 'client' | 'server'): void {
  if (role !== wanted || entropy === undefined) {
    throw new ApiMisuseError(`expected options without role, or what ${wanted}Config made`);
  }
}

/** Keys of the default ring come from where everything else does, so that a scripted source scripts them, too. */
function ringEntropy({ entropy }: ServerOptions): { random?: RandomSource } {
  return entropy === undefined ? {} : { random: (length) => entropy.random(length) };
}

const answersByConfig = /* @__PURE__ */ new WeakMap<ClientConfig | ServerConfig, Answers>();
