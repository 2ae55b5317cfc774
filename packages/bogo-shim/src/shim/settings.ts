import {
  type Answers,
  type CertificateTypeName,
  type ClientOptions,
  describeScheme,
  namedGroups,
  type NamedGroup,
  type ServerOptions,
  type SharedOptions,
  signatureSchemes as schemes,
  type SignatureScheme,
  type VersionModule,
} from '@sealwire/core';
import { settingsOption } from './application-settings.ts';
import type { Flags } from '../flags/table.ts';
import { earlyDataContext } from '../quic/early-data.ts';
import type { NumberedCredential } from './credentials.ts';
import { compressionOption } from './compressions.ts';
import { customExtensionsOf, paddingBytes } from './custom-extensions.ts';
import { clientEchOf, serverEchOf } from './encrypted-hello.ts';
import { NotImplemented } from './failure.ts';
import type { Memory } from './memory.ts';
import { derNames, protocolNames } from './names.ts';
import { provider } from './provider.ts';
import { cipherSuites } from './suites.ts';
import { needsPsk, versionsOf } from './versions.ts';

/**
 * The options that the flags stand for. Where they say nothing, the tests assume the defaults of the runner's own
 * library; those are preferences, so the shim sets them.
 */
export function clientOptions(
  flags: Flags,
  credentials: readonly NumberedCredential[],
  answers: Answers,
): ClientOptions {
  const keyShares =
    predictedShares(flags) ?? (flags['no-key-shares'] ? [] : (flags['key-shares'] ?? sharesOf(flags.curves)));
  const ech = clientEchOf(flags);
  const name = flags['host-name'];
  return {
    ...sharedOptions(flags, credentials, answers),
    ...(name === undefined ? {} : { sni: name }),
    ...(keyShares === undefined ? {} : { keyShares: groupsOf(keyShares, versionsOf(flags)) }),
    alpnProtocols: protocolNames(flags['advertise-alpn'] ?? ''),
    npnProtocols: selectedNextProtocols(flags),
    ...typesOption('ownCertificateTypes', flags['available-client-cert-types']),
    requestOcsp: flags['enable-ocsp-stapling'],
    requestScts: flags['enable-signed-cert-timestamps'],
    requestTickets: !flags['no-ticket'],
    sendEarlyData: flags['enable-early-data'],
    permuteExtensions: flags['permute-extensions'],
    requireSecureRenegotiation: flags['no-legacy-server-connect'],
    // Whoever renegotiates freely with the runner's library does so with everybody.
    allowInsecureRenegotiation: flags['renegotiate-freely'] && !flags['no-legacy-server-connect'],
    signalFallback: flags['fallback-scsv'],
    falseStart: falseStart(flags),
    acceptUnofferedAlpn: flags['allow-unknown-alpn-protos'],
    requirePsk: needsPsk(flags),
    ...(ech === undefined ? {} : { ech }),
  };
}

export function serverOptions(
  flags: Flags,
  credentials: readonly NumberedCredential[],
  answers: Answers,
  { keeper, sessionIds }: Memory,
): ServerOptions {
  const acceptEch = serverEchOf(flags);
  const hasPreference = flags['server-preference'] || flags.cipher !== undefined;
  return {
    ...sharedOptions(flags, credentials, answers),
    clientAuthentication: clientAuthentication(flags),
    cipherSuitePreference: hasPreference ? 'server' : 'client',
    alpnProtocols: serverProtocols(flags),
    // A name of no bytes: NPN is spoken, and nothing is listed.
    npnProtocols: flags['advertise-empty-npn'] ? [''] : protocolNames(flags['advertise-npn'] ?? ''),
    tickets: flags['no-ticket']
      ? false
      : { keeper, count: 2, countWhenResumed: 2, applicationData: earlyDataContext(flags) },
    sessionIds: { store: sessionIds },
    certificateAuthorities: derNames(flags['use-client-ca-list'] ?? ''),
    acknowledgeServerName: !flags['no-server-name-ack'],
    retryForGroup: true,
    alwaysChangeCipherSpec: true,
    acceptEch,
    ...(flags.psk !== undefined && flags['psk-identity']
      ? { pskIdentityHint: new Uint8Array(Buffer.from(flags['psk-identity'], 'latin1')) }
      : {}),
    ...(flags['enable-early-data']
      ? {
          earlyData: {
            maxBytes: earlyDataBytes,
            windowMs: 61_000,
            guard: { acceptEarlyData: () => accepted },
          },
        }
      : {}),
  };
}

function sharedOptions(
  flags: Flags,
  credentials: readonly NumberedCredential[],
  answers: Answers,
): SharedOptions {
  const versions = versionsOf(flags);
  const certificateMessageBytes = flags['max-cert-list'];
  const certificateCompression = compressionOption(flags);
  return {
    provider,
    versions,
    cipherSuites: cipherSuites(versions, flags) as never,
    groups: groupsOf(flags.curves ?? defaultGroups, versions),
    signatureSchemes: schemesOf(flags['verify-prefs'] ?? verifyPreferences),
    credentials: credentials.map(({ credential }) => credential),
    answers,
    ...settingsOption(flags),
    customExtensions: customExtensionsOf(flags),
    ...typesOption('peerCertificateTypes', flags['accepted-peer-cert-types']),
    // The tests take servers to do so always: it is a matter of TLS 1.3 alone there.
    grease: flags['enable-grease'] || flags.server,
    trace: traceFlags.some((name) => flags[name] !== undefined),
    keyLog: flags['export-traffic-secrets'],
    acceptRenegotiation: renegotiation(flags),
    unwantedRenegotiation: flags['renegotiate-ignore'] ? 'warn' : 'end',
    resumeUnboundSessions: true,
    ...(certificateCompression === undefined ? {} : { certificateCompression }),
    limits: {
      handshakeMessageBytes: 16_384 + paddingBytes(flags),
      // The tests take none of them for harmless.
      helloRequests: 0,
      ...(certificateMessageBytes === undefined ? {} : { certificateMessageBytes }),
      // The runner counts whole records and all that is skipped; the core what a record may hold, on top of what it would take.
      skippedEarlyDataBytes: 16_384 - recordOverheadBytes - (flags['enable-early-data'] ? earlyDataBytes : 0),
    },
  };
}

/** An option that is left out where the flag is. */
function typesOption<Name extends string>(
  name: Name,
  numbers: readonly number[] | undefined,
): { readonly [N in Name]?: readonly CertificateTypeName[] } {
  if (numbers === undefined) return {};
  return { [name]: numbers.map(certificateTypeOf) } as { readonly [N in Name]: CertificateTypeName[] };
}

function certificateTypeOf(number: number): CertificateTypeName {
  if (number === 0) return 'x509';
  if (number === 2) return 'rawPublicKey';
  throw new NotImplemented(`certificate type ${number}`);
}

/** Those of a version that is spoken: the library takes no others. */
function groupsOf(numbers: readonly number[], versions: readonly VersionModule[]): NamedGroup[] {
  const known = numbers.map((number) => {
    if (Object.values(namedGroups).includes(number as NamedGroup)) return number as NamedGroup;
    throw new NotImplemented(`group ${number}`);
  });
  return known.filter((group) => versions.some((each) => each.supportsGroup(group, provider)));
}

function schemesOf(numbers: readonly number[]): SignatureScheme[] {
  return numbers
    .filter((number) => number !== md5Sha1)
    .map((number) => {
      const isKnown = describeScheme(number) !== undefined || sha1Schemes.includes(number);
      if (isKnown) return number as SignatureScheme;
      throw new NotImplemented(`signature scheme ${number}`);
    });
}

/**
 * To ignore a HelloRequest is to refuse it; one that is refused does not end the connection. Whoever says beforehand that it is
 * welcome has nothing to do when it comes.
 */
function renegotiation(flags: Flags): boolean | { readonly limit: number } {
  // Who only waits for the end reads nothing before it has closed.
  const isOver = flags['forbid-renegotiation-after-handshake'] || flags['shim-shuts-down'];
  if (isOver || flags['renegotiate-ignore']) return false;
  if (flags['renegotiate-once']) return { limit: 1 };
  return flags['renegotiate-freely'] || flags['renegotiate-explicit'] ? { limit: 1_000 } : false;
}

/** The first of what the server is said to have, of ours (what a hint of it is for); it is worth a guess. */
function predictedShares({
  curves = defaultGroups,
  'server-supported-groups-hint': hint,
}: Flags): number[] | undefined {
  const group = curves.find((each) => hint?.includes(each));
  return group === undefined ? undefined : [group];
}

/** The first group, and the first of the other kind: with ML-KEM and without. */
function sharesOf(groups: readonly number[] = defaultGroups): number[] {
  const [first] = groups;
  const second = groups.find((group) => hasMlKem(group) !== hasMlKem(first));
  return [first, second].filter((group) => group !== undefined);
}

function hasMlKem(group: number | undefined): boolean {
  return Object.entries(namedGroups).some(([name, value]) => value === group && name.includes('MLKEM'));
}

function clientAuthentication(flags: Flags): 'none' | 'request' | 'require' {
  if (flags['verify-peer']) return 'request';
  return flags['require-any-client-certificate'] ? 'require' : 'none';
}

/** What no client speaks is how a server refuses all that they speak. */
function serverProtocols(flags: Flags): string[] {
  if (flags['reject-alpn']) return ['\xff'];
  const selected = flags['select-alpn'];
  if (!flags['decline-alpn'] && selected) return [selected];
  // In QUIC there is no connection without a protocol.
  return flags.quic ? ['\xff'] : [];
}

function falseStart(flags: Flags): 'never' | 'withAlpn' | 'always' {
  if (!flags['false-start']) return 'never';
  return flags['allow-false-start-without-alpn'] ? 'always' : 'withAlpn';
}

function selectedNextProtocols(flags: Flags): string[] {
  if (flags['select-empty-next-proto']) return [''];
  const selected = flags['select-next-proto'];
  return selected ? [selected] : [];
}

/** What these expect is seen in the trace. */
const traceFlags = ['expect-msg-callback', 'expect-certificate-types', 'early-write-after-message'] as const;

/** The runner's name for what TLS 1.1 and older do without a name; where schemes have names it is none. */
const md5Sha1 = 0xff01;

const sha1Schemes: readonly number[] = [schemes.rsa_pkcs1_sha1, schemes.ecdsa_sha1];

const accepted = { ok: true, accept: true } as const;
const earlyDataBytes = 14_336;
const recordOverheadBytes = 17;

const defaultGroups: readonly number[] = [
  namedGroups.X25519MLKEM768,
  namedGroups.x25519,
  namedGroups.secp256r1,
  namedGroups.secp384r1,
];

const verifyPreferences: readonly number[] = [
  schemes.ecdsa_secp256r1_sha256,
  schemes.rsa_pss_rsae_sha256,
  schemes.rsa_pkcs1_sha256,
  schemes.ecdsa_secp384r1_sha384,
  schemes.rsa_pss_rsae_sha384,
  schemes.rsa_pkcs1_sha384,
  schemes.rsa_pss_rsae_sha512,
  schemes.rsa_pkcs1_sha512,
  schemes.rsa_pkcs1_sha1,
];
