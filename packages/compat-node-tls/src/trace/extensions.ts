import { extensionTypes } from '@sealwire/core';
import { handshakeTypes, Reader } from '@sealwire/core/codecs';
import type { OpensslVersion } from '../process/host.ts';
import type { Lines } from './lines.ts';
import {
  certificateCompression,
  extensionName,
  formatName,
  groupName,
  keyExchangeMode,
  maxFragment,
  schemeName,
  typeOfCertificate,
  versionName,
} from './names.ts';

/** Where extensions stand, which decides what some of them look like. */
export interface Place {
  readonly messageType: number;
  readonly isOfServer: boolean;
  readonly openssl: OpensslVersion;
}

/** `Extension extensions<0..2^16-1>`, which may be absent. Fails in the midst of what cannot be read. */
export function printExtensions(lines: Lines, indent: number, reader: Reader, place: Place): void {
  if (reader.remaining === 0) {
    lines.line(indent, 'No extensions');
    return;
  }
  const bytes = reader.bytes(reader.u16());
  if (bytes.length === 0) {
    lines.line(indent, 'No extensions');
    return;
  }
  lines.line(indent, `extensions, length = ${bytes.length}`);
  const block = new Reader(bytes, 'extensions');
  while (block.remaining > 0) {
    const type = block.u16();
    const length = block.u16();
    if (block.remaining < length) {
      lines.line(0, `extensions, extype = ${type}, extlen = ${length}`);
      lines.dump(indent + 2, bytes.subarray(bytes.length - block.remaining - 4));
    }
    printExtension(lines, indent + 2, type, block.bytes(length), place);
  }
}

function printExtension(lines: Lines, indent: number, type: number, content: Uint8Array, place: Place): void {
  lines.line(indent, `extension_type=${extensionName(type)}(${type}), length=${content.length}`);
  const print = printers.get(type);
  if (print === undefined || (place.openssl === '3.0' && newIn35.has(type))) {
    lines.dump(indent + 2, content);
    return;
  }
  const reader = new Reader(content, 'extension');
  print(lines, indent + 2, reader, place);
  reader.end();
}

type Print = (lines: Lines, indent: number, reader: Reader, place: Place) => void;

/** Numbers of `size` bytes up to the end, each with its name. */
function printNumbers(
  lines: Lines,
  indent: number,
  reader: Reader,
  size: 1 | 2,
  nameOf: (value: number) => string,
): void {
  const values: number[] = [];
  while (reader.remaining > 0) values.push(size === 1 ? reader.u8() : reader.u16());
  for (const value of values) lines.line(indent, `${nameOf(value)} (${value})`);
}

/** The same behind a length. */
function list(
  lengthBytes: 1 | 2,
  size: 1 | 2,
  nameOf: (value: number, openssl: OpensslVersion) => string,
): Print {
  return (lines, indent, reader, { openssl }) => {
    const length = lengthBytes === 1 ? reader.u8() : reader.u16();
    reader.region(length, 'list', (inner) =>
      printNumbers(lines, indent, inner, size, (value) => nameOf(value, openssl)),
    );
  };
}

export function printSchemes(lines: Lines, indent: number, reader: Reader, openssl: OpensslVersion): void {
  while (reader.remaining > 0) lines.line(indent, schemeText(reader.u16(), openssl));
}

/** `ed25519 (0x0807)`. */
export function schemeText(scheme: number, openssl: OpensslVersion): string {
  return `${schemeName(scheme, openssl)} (0x${scheme.toString(16).padStart(4, '0')})`;
}

const signatureAlgorithms: Print = (lines, indent, reader, { openssl }) =>
  reader.region(reader.u16(), 'list', (inner) => printSchemes(lines, indent, inner, openssl));

/** Names as they come: whoever sends control characters shall not write them to a terminal. */
const protocolNames: Print = (lines, indent, reader) =>
  reader.region(reader.u16(), 'list', (inner) => {
    while (inner.remaining > 0) lines.line(indent, printable(inner.bytes(inner.u8())));
  });

function printable(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
}

const renegotiation: Print = (lines, indent, reader, { isOfServer }) =>
  reader.region(reader.u8(), 'renegotiated_connection', (inner) => {
    const { remaining } = inner;
    if (remaining === 0) {
      lines.line(indent + 2, '<EMPTY>');
      return;
    }
    if (isOfServer && remaining % 2 !== 0) inner.fail('two halves expected');
    lines.hex(indent + 2, 'client_verify_data', inner.bytes(isOfServer ? remaining / 2 : remaining));
    if (isOfServer) lines.hex(indent + 2, 'server_verify_data', inner.rest());
  });

const sessionTicket: Print = (lines, indent, reader) => {
  if (reader.remaining > 0) lines.hex(indent + 2, 'ticket', reader.rest());
};

const keyShares: Print = (lines, indent, reader, { isOfServer, openssl }) => {
  const group = (inner: Reader): void => {
    const id = inner.u16();
    lines.line(indent + 2, `NamedGroup: ${groupName(id, openssl)} (${id})`);
  };
  // What a HelloRetryRequest asks for has no key.
  if (isOfServer && reader.remaining === 2) {
    group(reader);
    return;
  }
  const shares = isOfServer ? reader : new Reader(reader.bytes(reader.u16()), 'client_shares');
  while (shares.remaining > 0) {
    const share = new Reader(shares.bytes(2), 'group');
    const key = shares.bytes(shares.u16());
    group(share);
    lines.hex(indent + 2, 'key_exchange: ', key);
  }
};

const supportedVersions: Print = (lines, indent, reader, place) => {
  if (!place.isOfServer) list(1, 2, versionName)(lines, indent, reader, place);
  else {
    const version = reader.u16();
    reader.end();
    lines.line(indent + 2, `${versionName(version)} (${version})`);
  }
};

const earlyData: Print = (lines, indent, reader, { messageType }) => {
  if (messageType === handshakeTypes.new_session_ticket) lines.line(indent, `max_early_data=${reader.u32()}`);
};

/** A list of a client, the choice of a server. */
const certificateTypes: Print = (lines, indent, reader, place) => {
  if (place.isOfServer) printNumbers(lines, indent, reader, 1, typeOfCertificate);
  else list(1, 1, typeOfCertificate)(lines, indent, reader, place);
};

/** OpenSSL 3.0 does not read them. */
const newIn35: ReadonlySet<number> = new Set([
  extensionTypes.client_certificate_type,
  extensionTypes.server_certificate_type,
  extensionTypes.compress_certificate,
]);

const printers: ReadonlyMap<number, Print> = new Map([
  [
    extensionTypes.max_fragment_length,
    (lines, indent, reader) => printNumbers(lines, indent, reader, 1, maxFragment),
  ],
  [extensionTypes.supported_groups, list(2, 2, groupName)],
  [extensionTypes.ec_point_formats, list(1, 1, formatName)],
  [extensionTypes.signature_algorithms, signatureAlgorithms],
  [extensionTypes.application_layer_protocol_negotiation, protocolNames],
  [extensionTypes.client_certificate_type, certificateTypes],
  [extensionTypes.server_certificate_type, certificateTypes],
  [extensionTypes.compress_certificate, list(1, 2, certificateCompression)],
  [extensionTypes.session_ticket, sessionTicket],
  [extensionTypes.early_data, earlyData],
  [extensionTypes.supported_versions, supportedVersions],
  [extensionTypes.psk_key_exchange_modes, list(1, 1, keyExchangeMode)],
  [extensionTypes.key_share, keyShares],
  [extensionTypes.renegotiation_info, renegotiation],
] satisfies [number, Print][]);
