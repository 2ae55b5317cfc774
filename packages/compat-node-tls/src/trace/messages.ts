import { protocolVersions } from '@sealwire/core';
import { handshakeTypes, Reader } from '@sealwire/core/codecs';
import type { OpensslVersion } from '../process/host.ts';
import { type Suite, suiteById } from '../openssl/suites.ts';
import { printCertificates, printCompressed, printRequest } from './certificates.ts';
import { type Place, printExtensions } from './extensions.ts';
import { printClientHello, printServerHello } from './hellos.ts';
import { printClientKeyExchange, printServerKeyExchange, printSignature } from './key-exchange.ts';
import type { Lines } from './lines.ts';
import { keyUpdateRequest, messageName } from './names.ts';

/** What has been agreed on so far, by which later messages are read. */
export interface Agreed {
  /** Of the last ServerHello; 0: there was none yet. */
  readonly version: number;
  readonly suite: Suite | undefined;
  readonly openssl: OpensslVersion;
}

/** One message of the handshake with its header, field by field; the last of them may be missing where it cannot be read. */
export function printMessage(
  lines: Lines,
  raw: Uint8Array,
  isOfServer: boolean,
  { version, suite, openssl }: Agreed,
): void {
  const reader = new Reader(raw, 'message');
  const messageType = reader.u8();
  const length = reader.u24();
  lines.line(4, `${messageName(messageType)}, Length=${length}`);
  const place: Place = { messageType, isOfServer, openssl };
  const isTls13 = version === protocolVersions.tls13;
  // A client answers before it knows, if it is no TLS 1.3; what comes after ServerHello names schemes since TLS 1.2.
  const hasScheme = version >= protocolVersions.tls12;
  const exchange = {
    keyExchange: suite?.keyExchange,
    isAnonymous: suite?.authentication === 'None',
    hasScheme,
    openssl,
  };
  switch (messageType) {
    case handshakeTypes.client_hello:
      printClientHello(lines, 6, reader, place);
      return;
    case handshakeTypes.server_hello:
      printServerHello(lines, 6, reader, place);
      return;
    case handshakeTypes.encrypted_extensions:
      printExtensions(lines, 6, reader, place);
      return;
    case handshakeTypes.certificate:
      printCertificates(lines, 6, reader, place, isTls13);
      break;
    case handshakeTypes.compressed_certificate:
      printCompressed(lines, 6, reader);
      break;
    case handshakeTypes.certificate_request:
      printRequest(lines, 6, reader, place, isTls13, hasScheme);
      break;
    case handshakeTypes.certificate_verify:
      printSignature(lines, 6, reader, exchange);
      break;
    case handshakeTypes.server_key_exchange:
      printServerKeyExchange(lines, 6, reader, exchange);
      break;
    case handshakeTypes.client_key_exchange:
      printClientKeyExchange(lines, 6, reader, exchange);
      break;
    case handshakeTypes.server_hello_done:
    case handshakeTypes.end_of_early_data:
      if (reader.remaining > 0) lines.hex(6, 'unexpected value', reader.rest());
      break;
    case handshakeTypes.finished:
      lines.hex(6, 'verify_data', reader.rest());
      break;
    case handshakeTypes.new_session_ticket:
      printTicket(lines, reader, place, isTls13);
      break;
    case handshakeTypes.key_update: {
      const request = reader.u8();
      lines.line(6, `${keyUpdateRequest(request)} (${request})`);
      break;
    }
    default:
      lines.line(6, 'Unsupported, hex dump follows:');
      lines.dump(8, reader.rest());
  }
  reader.end();
}

/** NewSessionTicket (RFC 9846 §4.7.1, RFC 5077 §3.3). */
function printTicket(lines: Lines, reader: Reader, place: Place, isTls13: boolean): void {
  if (reader.remaining === 0) {
    lines.line(8, 'No Ticket');
    return;
  }
  lines.line(8, `ticket_lifetime_hint=${reader.u32()}`);
  if (isTls13) {
    lines.line(8, `ticket_age_add=${reader.u32()}`);
    lines.hex(8, 'ticket_nonce', reader.bytes(reader.u8()));
  }
  lines.hex(8, 'ticket', reader.bytes(reader.u16()));
  if (isTls13) printExtensions(lines, 8, reader, place);
}

/** What a ServerHello or HelloRetryRequest says of the version and the suite. */
export function agreedIn(raw: Uint8Array, openssl: OpensslVersion): Agreed {
  const reader = new Reader(raw, 'ServerHello');
  reader.bytes(4);
  let version = reader.u16();
  reader.bytes(32);
  reader.bytes(reader.u8());
  const suite = suiteById(reader.u16());
  // Only TLS 1.3 has these suites.
  if (suite?.since === 'TLSv1.3') version = protocolVersions.tls13;
  return { version, suite, openssl };
}
