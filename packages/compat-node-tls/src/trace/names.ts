import { alertDescriptions } from '@sealwire/core';
import { registries } from '@sealwire/core/codecs';
import type { OpensslVersion } from '../process/host.ts';
import { groups } from '../openssl/group-table.ts';
import { schemes } from '../openssl/scheme-table.ts';
import { suiteById } from '../openssl/suites.ts';
import { deadSuites } from './suite-names.ts';

/**
 * The names that OpenSSL shows: IANA's, but for those below (measured with OpenSSL 3.0.19 and 3.5.8, November 2026). What it does not
 * know it calls UNKNOWN; what the core knows beyond it is called by its name all the same.
 */
const unknown = 'UNKNOWN';

export function suiteName(id: number): string {
  return suiteById(id)?.standardName ?? registered('CipherSuite', id) ?? deadSuites.get(id) ?? unknown;
}

export function groupName(id: number, openssl: OpensslVersion): string {
  const group = groups.find((each) => each.id === id && (openssl === '3.5' || !each.isNew));
  if (group === undefined) return otherGroups.get(id) ?? unknown;
  const short = group.names.find((name) => /^[BKP]-\d+$/.test(name));
  const [name] = group.names;
  if (short !== undefined) return `${name} (${short})`;
  return name === 'x25519' || name === 'x448' ? `ecdh_${name}` : name!;
}

export function schemeName(id: number, openssl: OpensslVersion): string {
  const scheme = schemes.find((each) => each.id === id);
  if (scheme === undefined || (openssl === '3.0' && scheme.in30 === false))
    return otherSchemes[openssl].get(id) ?? unknown;
  return scheme.key === 'ECDSA' ? (scheme.alias ?? scheme.name) : scheme.name;
}

export function extensionName(id: number): string {
  return ownExtensions.get(id) ?? registered('ExtensionType', id) ?? unknown;
}

export function versionName(version: number): string {
  const name = registered('ProtocolVersion', version);
  return otherVersions.get(version) ?? (name && `TLS ${name.at(-2)}.${name.at(-1)}`) ?? unknown;
}

/** `ServerHelloDone`. */
export function messageName(type: number): string {
  return ownMessages.get(type) ?? camel(registered('HandshakeType', type)) ?? unknown;
}

/** `ApplicationData`. */
export function contentName(type: number): string {
  return camel(registered('ContentType', type)) ?? unknown;
}

export function alertLevel(level: number): string {
  return ['warning', 'fatal'][level - 1] ?? unknown.toLowerCase();
}

export function alertName(description: number, openssl: OpensslVersion): string {
  const [name] = Object.entries(alertDescriptions).find(([, number]) => number === description) ?? [];
  if (name === undefined) return 'unknown';
  if (openssl === '3.0' && name === 'unexpected_message') return name;
  return ownAlerts.get(name) ?? name.replaceAll('_', ' ');
}

export function formatName(format: number): string {
  return registered('ECPointFormat', format) ?? unknown;
}

export function keyExchangeMode(mode: number): string {
  return registered('PskKeyExchangeMode', mode) ?? unknown;
}

export function certificateType(type: number): string {
  return registered('ClientCertificateType', type) ?? unknown;
}

export function compressionMethod(method: number): string {
  return method === 0 ? 'No Compression' : method === 1 ? 'Zlib Compression' : unknown;
}

export function certificateCompression(algorithm: number): string {
  return registered('CertificateCompressionAlgorithm', algorithm) ?? unknown;
}

export function typeOfCertificate(type: number): string {
  return type === 0 ? 'X.509' : type === 2 ? 'RPK' : unknown;
}

export function keyUpdateRequest(value: number): string {
  return registered('KeyUpdateRequest', value) ?? unknown;
}

export function maxFragment(code: number): string {
  return code === 0
    ? 'disabled'
    : code <= 4
      ? `max_fragment_length := 2^${code + 8} (${1 << (code + 8)} bytes)`
      : unknown;
}

function registered(registry: string, value: number): string | undefined {
  return Object.entries(registries[registry] ?? {}).find(([, number]) => number === value)?.[0];
}

/** `ServerHello` for `server_hello`. */
function camel(name: string | undefined): string | undefined {
  return name?.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const otherGroups: ReadonlyMap<number, string> = new Map([
  ...['GC256A', 'GC256B', 'GC256C', 'GC256D', 'GC512A', 'GC512B', 'GC512C'].map(
    (name, index) => [0x22 + index, name] as const,
  ),
  [0x6399, 'X25519Kyber768Draft00'],
  [0xff01, 'arbitrary_explicit_prime_curves'],
  [0xff02, 'arbitrary_explicit_char2_curves'],
]);

const otherSchemes: Readonly<Record<OpensslVersion, ReadonlyMap<number, string>>> = {
  '3.0': new Map([
    [0x0840, 'gost2012_256'],
    [0x0841, 'gost2012_512'],
  ]),
  '3.5': new Map([
    [0x0840, 'gostr34102012_256'],
    [0x0841, 'gostr34102012_512'],
  ]),
};

const ownExtensions: ReadonlyMap<number, string> = new Map([
  [6, 'user_mapping'],
  [7, 'client_authz'],
  [8, 'server_authz'],
  [9, 'cert_type'],
  [12, 'srp'],
  [18, 'signed_certificate_timestamps'],
  [19, 'client_cert_type'],
  [20, 'server_cert_type'],
  [23, 'extended_master_secret'],
  [41, 'psk'],
  [44, 'cookie_ext'],
  [13_172, 'next_proto_neg'],
  [65_281, 'renegotiate'],
]);

const otherVersions: ReadonlyMap<number, string> = new Map([
  [0x0300, 'SSL 3.0'],
  [0xfeff, 'DTLS 1.0'],
  [0xfefd, 'DTLS 1.2'],
  [0x0100, 'DTLS 1.0 (bad)'],
]);

const ownMessages: ReadonlyMap<number, string> = new Map([
  [21, 'CertificateUrl'],
  [67, 'NextProto'],
  [254, 'MessageHash'],
]);

const ownAlerts: ReadonlyMap<string, string> = new Map([
  ['unknown_ca', 'unknown CA'],
  ['unknown_psk_identity', 'unknown PSK identity'],
]);
