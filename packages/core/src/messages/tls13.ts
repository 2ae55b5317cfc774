import { handshakeTypes } from '../registry/handshake-types.ts';
import type { Codec } from '../wire/codec.ts';
import { certificateRequest, type CertificateRequest } from './certificate-request.ts';
import { certificateVerify, type CertificateVerify } from './certificate-verify.ts';
import { certificate, type Certificate } from './certificate.ts';
import { clientHello, type ClientHello } from './client-hello.ts';
import { compressedCertificate, type CompressedCertificate } from './compressed-certificate.ts';
import { encryptedExtensions, type EncryptedExtensions } from './encrypted-extensions.ts';
import { endOfEarlyData, type EndOfEarlyData } from './end-of-early-data.ts';
import { encodeMessageOf, envelope } from './envelope.ts';
import { finished, type Finished } from './finished.ts';
import { keyUpdate, type KeyUpdate } from './key-update.ts';
import { newSessionTicket, type NewSessionTicket } from './new-session-ticket.ts';
import { serverHello, type AnyServerHello } from './server-hello.ts';
import { messageTable, type MessageDecoder } from './table.ts';

/** The handshake messages of TLS 1.3 (RFC 9846 §4), each with its `type`. */
export type Tls13Message =
  | ClientHello
  | AnyServerHello
  | NewSessionTicket
  | EndOfEarlyData
  | EncryptedExtensions
  | Certificate
  | CompressedCertificate
  | CertificateRequest
  | CertificateVerify
  | Finished
  | KeyUpdate;

/** Bodies by the name of their handshake type. */
export const messageCodecs: Readonly<Record<WireName, Codec<Tls13Message>>> = {
  client_hello: clientHello,
  server_hello: serverHello,
  new_session_ticket: newSessionTicket,
  end_of_early_data: endOfEarlyData,
  encrypted_extensions: encryptedExtensions,
  certificate,
  compressed_certificate: compressedCertificate,
  certificate_request: certificateRequest,
  certificate_verify: certificateVerify,
  finished,
  key_update: keyUpdate,
};

/** Messages by the name of their handshake type: three of them go by that of server_hello. */
export type WireName = Exclude<Tls13Message['type'], 'hello_retry_request' | 'legacy_server_hello'>;

const serverHellos = ['server_hello', 'hello_retry_request', 'legacy_server_hello'] as const;

/** By number of the handshake type; a type that is not in the table is `peer.unknownMessageType` or another version's. */
export const tls13Messages: ReadonlyMap<number, MessageDecoder<Tls13Message>> = /* @__PURE__ */ messageTable(
  messageCodecs,
  (name) => (name === 'server_hello' ? serverHellos : [name]),
);

/** The whole message, header included. */
export function encodeMessage(message: Tls13Message): Uint8Array {
  const name: WireName =
    message.type === 'hello_retry_request' || message.type === 'legacy_server_hello'
      ? 'server_hello'
      : message.type;
  return encodeMessageOf(handshakeTypes[name], messageCodecs[name], message);
}

/** Decodes one whole message, header included, for traces and tests; throws `TlsError` as `decode` does. */
export function decodeHandshake(raw: Uint8Array): Tls13Message | undefined {
  const { type, body } = envelope(raw);
  return tls13Messages.get(type)?.decode(body);
}
