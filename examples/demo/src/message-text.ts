import {
  compressionAlgorithms,
  extensionTypes,
  namedGroups,
  protocolVersions,
  registryName,
  signatureSchemes,
  suites13,
  type Tls13Message,
} from '@sealwire/core';
import { suites12 } from '@sealwire/core/tls12';
import { parseCertificate } from '@sealwire/x509';

/** `ClientHello` for `client_hello`. */
export function messageTitle({ type }: { readonly type: string }): string {
  return type.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The main fields of a message in one line. */
export function describeMessage(message: Tls13Message): string {
  switch (message.type) {
    case 'client_hello': {
      const { entries } = message.extensions;
      return join([
        ...known(entries, 'supported_versions', (data) => list(numbers16(data, 1), versionName, 2)),
        list(message.cipherSuites, suiteName, 1),
        ...known(entries, 'key_share', (data) => `shares ${list(shares(data), groupName, 3)}`),
        ...known(entries, 'server_name', (data) => `SNI ${text(data.subarray(5))}`),
        ...known(
          entries,
          'application_layer_protocol_negotiation',
          (data) => `ALPN ${names(data).join(', ')}`,
        ),
      ]);
    }
    case 'server_hello':
    case 'hello_retry_request': {
      const { entries } = message.extensions;
      return join([
        ...known(entries, 'supported_versions', (data) => versionName(number16(data, 0))),
        suiteName(message.cipherSuite),
        ...known(entries, 'key_share', (data) => groupName(number16(data, 0))),
      ]);
    }
    case 'legacy_server_hello':
      return join([versionName(message.legacyVersion), suiteName(message.cipherSuite)]);
    case 'encrypted_extensions': {
      const { entries } = message.extensions;
      const alpn = known(entries, 'application_layer_protocol_negotiation', (data) => `ALPN ${names(data)}`);
      const others = entries
        .map(({ type }) => registryName(extensionTypes, type))
        .filter((name) => !name.includes('layer'));
      return join([...alpn, ...others]) || 'none';
    }
    case 'certificate_request':
      return `${message.extensions.entries.length} extensions`;
    case 'certificate': {
      const [own] = message.certificateList;
      const count = message.certificateList.length;
      if (own === undefined) return 'no certificate';
      return join([
        String(parseCertificate(own.certData).subject),
        count === 1 ? '' : `${count} certificates`,
      ]);
    }
    case 'compressed_certificate':
      return join([
        registryName(compressionAlgorithms, message.algorithm),
        `${message.compressedCertificateMessage.length} bytes for ${message.uncompressedLength}`,
      ]);
    case 'certificate_verify':
      return join([
        registryName(signatureSchemes, message.algorithm),
        `signature of ${message.signature.length} bytes`,
      ]);
    case 'finished':
      return `verify_data of ${message.verifyData.length} bytes`;
    case 'new_session_ticket':
      return `valid for ${message.ticketLifetimeSeconds} s`;
    case 'key_update':
      return message.updateRequested ? 'update_requested' : 'update_not_requested';
    case 'end_of_early_data':
      return '';
  }
}

export function versionName(version: number): string {
  return registryName(protocolVersions, version).replace(/^tls(\d)(\d)$/, 'TLS $1.$2');
}

export function suiteName(suite: number): string {
  return registryName({ ...suites13, ...suites12 }, suite);
}

export function groupName(group: number): string {
  return registryName(namedGroups, group);
}

interface RawExtension {
  readonly type: number;
  readonly data: Uint8Array;
}

/** What `describe` says of the extension, or nothing if the message lacks it. */
function known(
  entries: readonly RawExtension[],
  name: keyof typeof extensionTypes,
  describe: (data: Uint8Array) => string,
): string[] {
  return entries.filter(({ type }) => type === extensionTypes[name]).map(({ data }) => describe(data));
}

/** Names without GREASE, the first few in full. */
function list(values: readonly number[], name: (value: number) => string, shown: number): string {
  const real = values.filter((value) => (value & 0x0f0f) !== 0x0a0a);
  const more = real.length - shown;
  return real.slice(0, shown).map(name).join(', ') + (more > 0 ? ` +${more}` : '');
}

function number16(data: Uint8Array, offset: number): number {
  return ((data[offset] ?? 0) << 8) | (data[offset + 1] ?? 0);
}

function numbers16(data: Uint8Array, from: number): number[] {
  return Array.from({ length: (data.length - from) >> 1 }, (_, i) => number16(data, from + 2 * i));
}

/** Groups of a KeyShareClientHello (RFC 9846 §4.3.8). */
function shares(data: Uint8Array): number[] {
  const groups: number[] = [];
  for (let at = 2; at < data.length; at += 4 + number16(data, at + 2)) groups.push(number16(data, at));
  return groups;
}

/** A ProtocolNameList (RFC 7301 §3.1). */
function names(data: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = 2; at < data.length; at += 1 + data[at]!) {
    found.push(text(data.subarray(at + 1, at + 1 + data[at]!)));
  }
  return found;
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

export function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}
