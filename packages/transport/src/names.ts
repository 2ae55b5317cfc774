import {
  ApiMisuseError,
  type ChooseConfigAsk,
  type ChooseConfigReply,
  ownOnly,
  type ServerConfig,
} from '@sealwire/core';
import { refuseForeignOptions } from './foreign-options.ts';
import { tlsNames } from './option-names.ts';
import type { ServerBeginnings, TlsServerOptions, TlsSettings, TransportDefaults } from './options.ts';
import { serverSettingsBy } from './settings.ts';

/** What a name can have of its own: all that is negotiated. What is left out is as for all names. */
export interface NamedOptions
  extends Omit<
    TlsServerOptions,
    | 'acceptEch'
    | 'clock'
    | 'decide'
    | 'entropy'
    | 'handshakeTimeoutMs'
    | 'idleTimeoutMs'
    | 'limits'
    | 'onKeyLog'
    | 'onTrace'
    | 'provider'
    | 'recordPadding'
    | 'requestKeyUpdates'
    | 'truncation'
  > {}

export interface ServerNames {
  /**
   * Options for single names that clients ask for (SNI, RFC 6066 §3): DNS names in lower case, `*.example.org` for all that are
   * one label longer than `example.org`. An exact name comes before a wildcard. A name that has a certificate of its own
   * (`certificate` or `credentials`) has none of the others. Not together with `decide.chooseConfig`.
   */
  readonly names?: Readonly<Record<string, NamedOptions>>;
  /**
   * Clients that ask for a name that is not among `names`: `default` serves them, and those that ask for none, by what is said
   * beside `names`. `refuse`: they hear unrecognized_name; those that ask for none are served. Default `default`.
   */
  readonly unknownNames?: 'default' | 'refuse';
}

/**
 * `serverSettings` for servers of several names. `former`: what they take the place of. Where nothing else is said, tickets go on
 * being sealed and opened by the same keepers, and 0-RTT data that was taken once is not taken again.
 */
export function namedServerSettingsBy<C>(
  by: ServerBeginnings,
  options: TlsServerOptions<C> & ServerNames,
  defaults: Pick<TransportDefaults, 'provider'>,
  former?: TlsSettings<C>,
): TlsSettings<C> {
  const { names = {}, unknownNames = 'default', ...base } = ownOnly(options);
  if (unknownNames !== 'default' && unknownNames !== 'refuse')
    throw new ApiMisuseError(`unknownNames must be default or refuse, got ${JSON.stringify(unknownNames)}`);
  if (typeof names !== 'object' || names === null)
    throw new ApiMisuseError('names must be an object of options by DNS name');
  const formerNames = former === undefined ? undefined : configsOf.get(former.config);
  const settings = serverSettingsBy(by, kept(base, former?.config as ServerConfig | undefined), defaults);
  const configs = new Map<string, ServerConfig>();
  for (const [name, own] of Object.entries(names)) {
    checkName(name);
    refuseForeignOptions(`names['${name}']`, own, ownNames);
    const merged = { ...withoutIdentity(base, own), ...own };
    const { config } = serverSettingsBy(by, kept(merged, formerNames?.get(name)), defaults);
    configs.set(name, config as ServerConfig);
  }
  if (configs.size === 0 && unknownNames === 'default') return settings;
  if (base.decide?.chooseConfig !== undefined)
    throw new ApiMisuseError('names and decide.chooseConfig exclude each other');
  const chooseConfig = ({ hello }: ChooseConfigAsk): ChooseConfigReply =>
    choice(configs, unknownNames, hello.serverName);
  const config = Object.freeze({
    ...(settings.config as ServerConfig),
    answers: { ...settings.config.answers, chooseConfig },
  });
  configsOf.set(config, configs);
  return { ...settings, config, begin: () => by.createServer(config) };
}

function choice(
  configs: ReadonlyMap<string, ServerConfig>,
  unknownNames: 'default' | 'refuse',
  asked: string | undefined,
): ChooseConfigReply {
  if (asked === undefined) return { ok: true };
  const name = asked.toLowerCase();
  const config = configs.get(name) ?? configs.get(`*${name.slice(name.indexOf('.'))}`);
  if (config !== undefined) return { ok: true, config };
  if (unknownNames === 'default') return { ok: true };
  return { ok: false, reason: 'unrecognizedName', message: `nobody here is called ${JSON.stringify(asked)}` };
}

/** Whoever names a certificate for a name does not want others shown in its place. */
function withoutIdentity<O extends TlsServerOptions<never>>(base: O, own: NamedOptions): Partial<O> {
  const isOwn = own.certificate !== undefined || own.credentials !== undefined;
  if (!isOwn) return base;
  const { certificate: _, privateKey: _2, passphrase: _3, delegations: _4, credentials: _5, ...rest } = base;
  return rest as Partial<O>;
}

/** With keeper and guard of the configuration before, unless the options have others. */
function kept<O extends TlsServerOptions<never>>(options: O, former: ServerConfig | undefined): O {
  const { tickets, earlyData } = options;
  return {
    ...options,
    ...(tickets !== false && tickets?.keeper === undefined && former?.tickets !== undefined
      ? { tickets: { ...tickets, keeper: former.tickets.keeper } }
      : {}),
    ...(earlyData !== undefined && earlyData.guard === undefined && former?.earlyData !== undefined
      ? { earlyData: { ...earlyData, guard: former.earlyData.guard } }
      : {}),
  };
}

function checkName(name: string): void {
  if (name.length <= 253 && /^(\*\.)?[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(name)) return;
  throw new ApiMisuseError(
    `names: expected DNS names in lower case (A-labels), or *. before one, got ${JSON.stringify(name)}`,
  );
}

/** The names behind a configuration, for the one that comes after it. */
const configsOf = new WeakMap<object, ReadonlyMap<string, ServerConfig>>();

/** The compiler makes sure that all are there. */
const notOwn: Readonly<Record<Exclude<keyof TlsServerOptions, keyof NamedOptions>, true>> = {
  acceptEch: true,
  clock: true,
  decide: true,
  entropy: true,
  handshakeTimeoutMs: true,
  idleTimeoutMs: true,
  limits: true,
  onKeyLog: true,
  onTrace: true,
  provider: true,
  recordPadding: true,
  requestKeyUpdates: true,
  truncation: true,
};

/** The names of these options. */
export const serverNameOptions: readonly string[] = Object.keys({
  names: true,
  unknownNames: true,
} satisfies Record<keyof ServerNames, true>);

const ownNames = tlsNames.server.filter((name) => !Object.hasOwn(notOwn, name));
