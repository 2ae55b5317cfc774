import {
  ApiMisuseError,
  type CipherSuite,
  clientConfig,
  type CryptoProvider,
  type CurveName,
  describeScheme,
  type KeySpec,
  namedGroups,
  type SignatureAlgorithm,
  signatureSchemes,
  suites13,
  tls13,
  type VersionModule,
} from '@sealwire/core';
import { suites12, tls12 } from '@sealwire/core/tls12';
import {
  cipherPlan,
  groupById,
  implemented,
  isRefusal,
  shownSigalg,
  suiteById,
} from '@sealwire/compat-node-tls/openssl';
import type { Action } from '../../command.ts';
import { usage } from '../../problem.ts';
import { Lines, table } from '../../text/lines.ts';
import { jsonReport } from '../../text/report.ts';
import { type ProviderName, providerNamed, providerNames } from '../../tls/providers.ts';
import type { ciphersOptions } from './options.ts';

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly openssl: string | null;
  readonly versions: readonly string[];
  readonly providers: readonly ProviderName[];
  readonly isDefault: boolean;
}

interface Named {
  readonly name: ProviderName;
  readonly provider: CryptoProvider;
}

export const ciphers: Action<typeof ciphersOptions> = async (values, _positional, host) => {
  const chosen = values.provider ?? 'all';
  const names = providerNames.filter((name) => chosen === 'all' || chosen === name);
  const providers = await Promise.all(
    names.map(async (name) => ({ name, provider: await providerNamed(name) })),
  );
  const what = values.what ?? (values.cipher === undefined ? 'all' : 'suites');
  const wants = (kind: string) => what === 'all' || what === kind;
  const result = {
    ...(wants('suites') ? { suites: suites(providers, values.cipher) } : {}),
    ...(wants('groups') ? { groups: groups(providers) } : {}),
    ...(wants('schemes') ? { schemes: schemes(providers) } : {}),
  };
  if (values.json) host.stdout.write(jsonReport({ command: 'ciphers', result }));
  else print(result, new Lines(host.stdout));
  return 'ok';
};

function print(result: Readonly<Record<string, readonly Entry[]>>, out: Lines): void {
  for (const [kind, entries] of Object.entries(result)) {
    out.line(`${kind}:`);
    for (const line of table([head, ...entries.map(cells)])) out.line(`  ${line}`);
    out.line();
  }
}

function suites(providers: readonly Named[], cipher: string | undefined): Entry[] {
  const all = { ...suites13, ...suites12 };
  const defaults = new Set(modules.flatMap((each) => each.defaultCipherSuites));
  return (cipher === undefined ? Object.values(all) : selected(cipher)).flatMap((id) => {
    const having = providers.filter(({ provider }) => modules.some((each) => each.supports(id, provider)));
    const name = Object.entries(all).find(([, each]) => each === id)?.[0] ?? hex(id);
    return entryOf({
      ...{ id, name, openssl: suiteById(id)?.name, isDefault: defaults.has(id), having },
      isIn: (module) => having.some(({ provider }) => module.supports(id, provider)),
    });
  });
}

/** In OpenSSL's order; those of TLS 1.3 first, as a client would offer them. */
function selected(text: string): CipherSuite[] {
  const plan = cipherPlan(text, '3.5');
  if (isRefusal(plan)) throw usage('--cipher: OpenSSL would find no cipher suite in this string');
  return [...implemented(plan.names13 ?? []), ...implemented(plan.names)];
}

function groups(providers: readonly Named[]): Entry[] {
  const defaults = clientConfig({ provider: providers[0]!.provider }).groups;
  return Object.entries(namedGroups).flatMap(([name, id]) => {
    const having = providers.filter(({ provider }) =>
      modules.some((each) => each.supportsGroup(id, provider)),
    );
    return entryOf({
      ...{ id, name, openssl: groupById(id, '3.5')?.names.at(-1), isDefault: defaults.includes(id), having },
      isIn: (module) => having.some(({ provider }) => module.supportsGroup(id, provider)),
    });
  });
}

function schemes(providers: readonly Named[]): Entry[] {
  const defaults = clientConfig({ provider: providers[0]!.provider }).signatureSchemes;
  return Object.entries(signatureSchemes).flatMap(([name, id]) => {
    const descriptor = describeScheme(id);
    if (descriptor === undefined) return [];
    const having = providers.filter(({ provider }) => signs(provider, name, descriptor.algorithm));
    return entryOf({
      ...{ id, name, openssl: shownSigalg(id, '3.5'), isDefault: defaults.includes(id), having },
      // PKCS #1 signs certificates in every version, but no handshake of TLS 1.3 (RFC 9846 §4.3.3), or by another name.
      isIn: (module) =>
        descriptor.signsForClients || descriptor.sinceTls13
          ? module === tls13
          : module !== tls13 || descriptor.signsHandshake,
    });
  });
}

function signs(provider: CryptoProvider, name: string, algorithm: SignatureAlgorithm): boolean {
  if ('hash' in algorithm && algorithm.hash !== 'md5-sha1' && provider.hashes[algorithm.hash] === undefined)
    return false;
  const spec = specOf(name, algorithm);
  if (spec === undefined) return true;
  try {
    provider.generateKeyPair(spec);
    return true;
  } catch (error) {
    if (error instanceof ApiMisuseError) return false;
    throw error;
  }
}

/** A key to try, where making one takes no time; a provider without RSA there is none. */
function specOf(name: string, { type }: SignatureAlgorithm): KeySpec | undefined {
  if (type === 'ed25519' || type === 'ed448' || type.startsWith('ml-dsa-')) return { type } as KeySpec;
  const curve = /^ecdsa_(secp\w+)_/.exec(name)?.[1];
  return curve === undefined ? undefined : { type: 'ec', curve: curve as CurveName };
}

interface Found {
  readonly id: number;
  readonly name: string;
  readonly openssl: string | undefined;
  readonly isDefault: boolean;
  readonly having: readonly Named[];
  isIn(module: VersionModule): boolean;
}

/** None of what no provider has. */
function entryOf({ id, name, openssl, isDefault, having, isIn }: Found): Entry[] {
  if (having.length === 0) return [];
  const versions = modules.flatMap((each) => (isIn(each) ? [each === tls13 ? 'TLS 1.3' : 'TLS 1.2'] : []));
  const providers = having.map((each) => each.name);
  return [{ id: hex(id), name, openssl: openssl ?? null, versions, providers, isDefault }];
}

function cells({ id, name, openssl, versions, providers, isDefault }: Entry): string[] {
  return [id, name, openssl ?? '-', versions.join(', '), providers.join(', '), isDefault ? 'default' : ''];
}

const hex = (id: number): string => `0x${id.toString(16).padStart(4, '0')}`;
const head = ['id', 'name', 'OpenSSL', 'versions', 'providers', ''];
const modules = [tls13, tls12] as const;
