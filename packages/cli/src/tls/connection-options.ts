import {
  type CipherSuite,
  type CryptoProvider,
  type Credential,
  type ExternalPsk,
  type NamedGroup,
  type SignatureScheme,
  tls13,
  type VersionModule,
} from '@sealwire/core';
import { tls10, tls11, tls12 } from '@sealwire/core/tls12';
import {
  cipherPlan,
  implemented,
  isRefusal,
  parseGroups,
  parseSigalgs,
} from '@sealwire/compat-node-tls/openssl';
import { isX509Error, loadCredential } from '@sealwire/x509';
import { secretOrText, secretSource, textOrDer } from '../files.ts';
import type { Host } from '../host.ts';
import { options, secondsBetween, type ValuesOf } from '../options/option.ts';
import { withPassphrase } from '../passphrase.ts';
import { Problem, usage } from '../problem.ts';
import { adviceFor } from '../text/advice.ts';
import { providerNamed } from './providers.ts';

const versions = 'Versions and algorithms';
const identity = 'Our own certificate and keys';
const watching = 'Watching';

const versionNames = ['tls1', 'tls1-1', 'tls1-2', 'tls1-3'] as const;
const protocolChoices = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** What clients and servers can be told alike. */
export const connectionOptions = options({
  'tls1-3': { openssl: ['tls1_3'], group: versions, help: 'Speak TLS 1.3 alone.' },
  'tls1-2': { openssl: ['tls1_2'], group: versions, help: 'Speak TLS 1.2 alone.' },
  'tls1-1': {
    openssl: ['tls1_1'],
    group: versions,
    help: 'Speak TLS 1.1 alone, which is broken (RFC 8996).',
  },
  tls1: { group: versions, help: 'Speak TLS 1.0 alone, which is broken (RFC 8996).' },
  'no-tls1-3': { openssl: ['no_tls1_3'], group: versions, help: 'Do not speak TLS 1.3.' },
  'no-tls1-2': { openssl: ['no_tls1_2'], group: versions, help: 'Do not speak TLS 1.2.' },
  'no-tls1-1': { openssl: ['no_tls1_1'], group: versions, help: 'Do not speak TLS 1.1.' },
  'no-tls1': { openssl: ['no_tls1'], group: versions, help: 'Do not speak TLS 1.0.' },
  'min-protocol': {
    value: 'VERSION',
    openssl: ['min_protocol'],
    choices: protocolChoices,
    group: versions,
    help: 'The oldest version to speak. Default: TLSv1.2.',
  },
  'max-protocol': {
    value: 'VERSION',
    openssl: ['max_protocol'],
    choices: protocolChoices,
    group: versions,
    help: 'The newest version to speak. Default: TLSv1.3.',
  },
  cipher: {
    value: 'STRING',
    group: versions,
    help: 'Suites of TLS 1.2 and older, as a cipher string of OpenSSL.',
  },
  ciphersuites: { value: 'LIST', group: versions, help: 'Suites of TLS 1.3, most wanted first: A:B.' },
  groups: {
    value: 'LIST',
    openssl: ['curves'],
    group: versions,
    help: 'Key-exchange groups, most wanted first: X25519MLKEM768:x25519:P-256.',
  },
  sigalgs: {
    value: 'LIST',
    group: versions,
    help: 'Signature schemes that the peer may use, most wanted first: ecdsa_secp256r1_sha256:RSA-PSS+SHA256.',
  },
  provider: {
    value: 'NAME',
    choices: ['node', 'noble'],
    group: versions,
    help: 'Whose cryptography: that of Node, or one in pure JavaScript. Default: node.',
  },
  alpn: { value: 'LIST', help: 'Application protocols (ALPN), most wanted first: h2,http/1.1.' },
  cert: {
    value: 'FILE',
    completes: 'file',
    group: identity,
    help: 'Our certificate and its issuers, PEM or DER.',
  },
  'cert-chain': {
    value: 'FILE',
    openssl: ['cert_chain'],
    completes: 'file',
    group: identity,
    help: 'More certificates of issuers to send.',
  },
  key: {
    value: 'FILE',
    completes: 'file',
    group: identity,
    help: 'The private key of our certificate. Default: the file of --cert.',
  },
  pass: {
    value: 'SOURCE',
    group: identity,
    read: secretSource,
    help: 'Where the passphrase of the key is: env:NAME, file:PATH or pass:TEXT. Default: it is asked for at a terminal.',
  },
  psk: {
    value: 'HEX',
    group: identity,
    read: secretOrText,
    help: 'A pre-shared key of 16 bytes or more in hex; env:NAME and file:PATH say where it is.',
  },
  'psk-identity': {
    value: 'NAME',
    openssl: ['psk_identity'],
    group: identity,
    help: 'The name of the pre-shared key. Default: Client_identity.',
  },
  keylog: {
    value: 'FILE',
    openssl: ['keylogfile'],
    completes: 'file',
    group: watching,
    help: 'Append the secrets of connections to this file, for Wireshark. Whoever has them can read everything.',
  },
  trace: {
    openssl: ['msg'],
    group: watching,
    help: 'Show every message of the protocol on standard error, field by field.',
  },
  quiet: { group: watching, help: 'Say nothing about the connection.' },
  brief: { group: watching, help: 'Say a few lines about the connection, as OpenSSL does with -brief.' },
  json: { group: watching, help: 'Print what happened as JSON on standard output.' },
  'handshake-timeout': {
    value: 'SECONDS',
    read: secondsBetween(0.1, 86_400),
    help: 'How long a handshake may take, connecting included. Default: 10.',
  },
  truncation: {
    value: 'HOW',
    choices: ['error', 'end'],
    help: 'What the end of a connection without close_notify is: an error (the default), or an end like any other.',
  },
});

export type ConnectionValues = ValuesOf<typeof connectionOptions>;

/** Of both sides, as `@sealwire/node-transport` takes them. */
export async function sharedOptions(values: ConnectionValues, host: Host) {
  const provider = await providerNamed(values.provider);
  const versions = versionsOf(values);
  const psk = pskOf(values, host);
  const credential = await credentialOf(values, provider, host);
  const timeout = values['handshake-timeout'];
  const suites = suitesOf(values, versions, provider);
  return {
    provider,
    versions,
    credentials: credential === undefined ? [] : [credential],
    ...(suites === undefined ? {} : { cipherSuites: suites }),
    ...(values.groups === undefined ? {} : { groups: groupsOf(values.groups, versions, provider) }),
    ...(values.sigalgs === undefined ? {} : { signatureSchemes: schemesOf(values.sigalgs) }),
    ...(values.alpn === undefined ? {} : { alpnProtocols: protocolsOf(values.alpn) }),
    ...(psk === undefined ? {} : { externalPsks: [psk] }),
    ...(timeout === undefined ? {} : { handshakeTimeoutMs: timeout }),
    ...(values.truncation === undefined ? {} : { truncation: values.truncation }),
  };
}

/** Newest first. */
function versionsOf(values: ConnectionValues): readonly VersionModule[] {
  const only = versionNames.filter((name) => values[name]);
  const least =
    values['min-protocol'] ??
    (values['max-protocol'] === undefined ? 'TLSv1.2' : leastBelow(values['max-protocol']));
  const most = values['max-protocol'] ?? 'TLSv1.3';
  const range = protocolChoices.slice(protocolChoices.indexOf(least), protocolChoices.indexOf(most) + 1);
  const names = only.length > 0 ? only : range.map((name) => versionNames[protocolChoices.indexOf(name)]!);
  const left = names.filter((name) => !values[`no-${name}`]).map((name) => modules[name]);
  if (left.length === 0) throw usage('the options leave no version of TLS to speak');
  return left.reverse();
}

/** Who asks for nothing newer than an old version means that one. */
function leastBelow(most: (typeof protocolChoices)[number]): (typeof protocolChoices)[number] {
  return most === 'TLSv1.3' ? 'TLSv1.2' : most;
}

function suitesOf(
  { cipher, ciphersuites }: ConnectionValues,
  versions: readonly VersionModule[],
  provider: CryptoProvider,
): CipherSuite[] | undefined {
  if (cipher === undefined && ciphersuites === undefined) return undefined;
  const supported = (suites: readonly CipherSuite[]) =>
    suites.filter((suite) => versions.some((version) => version.supports(suite, provider)));
  const defaults = (isLegacy: boolean) =>
    versions.filter((each) => each.isLegacy === isLegacy).flatMap((each) => each.defaultCipherSuites);
  const newer = ciphersuites === undefined ? defaults(false) : suitesNamed('ciphersuites', ciphersuites);
  const older = cipher === undefined ? defaults(true) : suitesNamed('cipher', cipher);
  const suites = [...new Set(supported([...newer, ...older]))];
  if (suites.length === 0)
    throw usage('--cipher and --ciphersuites leave no suite that the versions and the provider have');
  return suites;
}

function suitesNamed(option: string, text: string): CipherSuite[] {
  const plan = cipherPlan(text, '3.5');
  const suites = isRefusal(plan) ? [] : [...implemented(plan.names13 ?? []), ...implemented(plan.names)];
  if (suites.length > 0) return suites;
  throw usage(`--${option}: ${text} selects no cipher suite`, 'sealwire ciphers shows all of them');
}

function groupsOf(text: string, versions: readonly VersionModule[], provider: CryptoProvider): NamedGroup[] {
  const plan = parseGroups(text.replaceAll(',', ':'), '3.5');
  const ids = isRefusal(plan) ? [] : (plan.ids as readonly NamedGroup[]);
  const usable = ids.filter((id) => versions.some((version) => version.supportsGroup(id, provider)));
  if (ids.length > 0 && usable.length === ids.length) return usable;
  const which =
    ids.length === 0 ? 'names a group that nobody knows' : 'names groups that cannot be used here';
  throw usage(`--groups: ${text} ${which}`, 'sealwire ciphers --what groups shows all of them');
}

function schemesOf(text: string): SignatureScheme[] {
  const ids = parseSigalgs(text.replaceAll(',', ':'), '3.5');
  if (!isRefusal(ids)) return [...(ids as readonly SignatureScheme[])];
  throw usage(
    `--sigalgs: ${text} names a scheme that nobody knows`,
    'sealwire ciphers --what schemes shows them',
  );
}

export function protocolsOf(text: string): string[] {
  const names = text.split(',').map((name) => Buffer.from(name).toString('latin1'));
  if (names.every((name) => name.length >= 1 && name.length <= 255)) return names;
  throw usage(`--alpn: expected names of 1 to 255 bytes with commas between, got ${text}`);
}

/** As OpenSSL's: for TLS 1.3 with SHA-256, and for older versions. */
function pskOf(values: ConnectionValues, host: Host): ExternalPsk | undefined {
  if (values.psk === undefined) {
    if (values['psk-identity'] !== undefined) throw usage('--psk-identity is of no use without --psk');
    return undefined;
  }
  const hex = values.psk(host.env).trim();
  // Not the key itself: it is a secret.
  if (!/^([\da-f]{2})*$/i.test(hex) || hex.length < 32)
    throw usage(
      '--psk: expected 16 bytes or more in hex',
      'sealwire needs keys of high entropy: openssl rand -hex 32',
    );
  const identity = Buffer.from(values['psk-identity'] ?? 'Client_identity');
  return {
    identity: Uint8Array.from(identity),
    key: Uint8Array.from(Buffer.from(hex, 'hex')),
    usedIn: 'both',
  };
}

async function credentialOf(
  { cert, key, pass, 'cert-chain': more }: ConnectionValues,
  provider: CryptoProvider,
  host: Host,
): Promise<Credential | undefined> {
  if (cert === undefined) {
    if (key !== undefined) throw usage('--key is of no use without --cert');
    return undefined;
  }
  return loadIdentity({ cert, key: key ?? cert, more }, pass?.(host.env), provider, host);
}

export interface IdentityFiles {
  readonly cert: string;
  readonly key: string;
  readonly more?: string | undefined;
}

/** A certificate with its key; what is wrong with which file. */
export async function loadIdentity(
  { cert, key, more }: IdentityFiles,
  passphrase: string | undefined,
  provider: CryptoProvider,
  host: Host,
): Promise<Credential> {
  const chain = [await textOrDer(cert, host), ...(more === undefined ? [] : [await textOrDer(more, host)])];
  const keyText = await textOrDer(key, host);
  try {
    return await withPassphrase(key, passphrase, host, (known) =>
      loadCredential({
        provider,
        chain,
        key: keyText,
        ...(known === undefined ? {} : { passphrase: known }),
      }),
    );
  } catch (error) {
    if (error instanceof Problem) throw error;
    const code = isX509Error(error) ? error.code : 'key.mismatch';
    const isKey = !isX509Error(error) || /^(key|encryption)\./.test(code) || key === cert;
    throw new Problem('file', code, `${isKey ? key : cert}: ${(error as Error).message}`, {
      advice: adviceFor(code),
      cause: error,
    });
  }
}

const modules = { tls1: tls10, 'tls1-1': tls11, 'tls1-2': tls12, 'tls1-3': tls13 } as const;
