import { handshakeTypes } from '../registry/handshake-types.ts';
import { encode, type Codec } from '../wire/codec.ts';
import { clientHello, type ClientHello } from './client-hello.ts';
import { encodeHandshake, envelope } from './envelope.ts';
import { messageTable, type MessageDecoder } from './table.ts';
import { certificateRequest12, type CertificateRequest12 } from './tls12/certificate-request.ts';
import { certificateStatus, type CertificateStatus } from './tls12/certificate-status.ts';
import { certificateVerify12, type CertificateVerify12 } from './tls12/certificate-verify.ts';
import { certificate12, type Certificate12 } from './tls12/certificate.ts';
import { clientKeyExchange, type ClientKeyExchange } from './tls12/client-key-exchange.ts';
import { finished12, type Finished12 } from './tls12/finished.ts';
import { helloRequest, type HelloRequest } from './tls12/hello-request.ts';
import { newSessionTicket12, type NewSessionTicket12 } from './tls12/new-session-ticket.ts';
import { nextProtocol, type NextProtocol } from './tls12/next-protocol.ts';
import { serverHelloDone, type ServerHelloDone } from './tls12/server-hello-done.ts';
import { serverHello12Codec, type ServerHello12 } from './tls12/server-hello.ts';
import { serverKeyExchange, type ServerKeyExchange } from './tls12/server-key-exchange.ts';

/** The handshake messages of TLS 1.2, 1.1 and 1.0 (RFC 5246 §7.4), each with its `type`. */
export type Tls12Message =
  | HelloRequest
  | ClientHello
  | ServerHello12
  | NewSessionTicket12
  | Certificate12
  | ServerKeyExchange
  | CertificateRequest12
  | ServerHelloDone
  | CertificateVerify12
  | ClientKeyExchange
  | Finished12
  | CertificateStatus
  | NextProtocol;

/**
 * By number of the handshake type, in the form of TLS 1.2, where signatures name their scheme, or of TLS 1.1 and 1.0,
 * where they do not. A type that is not in the table is `peer.unknownMessageType` or another version's.
 */
export function tls12Messages(signsWithScheme: boolean): ReadonlyMap<number, MessageDecoder<Tls12Message>> {
  return signsWithScheme ? tablesWithScheme : tablesWithoutScheme;
}

/** Bodies by the name of their handshake type, in the same two forms. */
export function tls12Codecs(
  signsWithScheme: boolean,
): Readonly<Record<Tls12Message['type'], Codec<Tls12Message>>> {
  return signsWithScheme ? codecsWithScheme : codecsWithoutScheme;
}

/** The whole message, header included, in the form that it has. */
export function encodeMessage12(message: Tls12Message): Uint8Array {
  const codec = tls12Codecs(namesItsSchemes(message))[message.type];
  return encodeHandshake(handshakeTypes[message.type], encode(codec, message));
}

/** Decodes one whole message, header included, for traces and tests; throws `TlsError` as `decode` does. */
export function decodeHandshake12(raw: Uint8Array, signsWithScheme: boolean): Tls12Message | undefined {
  const { type, body } = envelope(raw);
  return tls12Messages(signsWithScheme).get(type)?.decode(body);
}

function namesItsSchemes(message: Tls12Message): boolean {
  switch (message.type) {
    case 'certificate_request':
      return message.supportedSignatureAlgorithms !== undefined;
    case 'certificate_verify':
      return message.algorithm !== undefined;
    default:
      return true;
  }
}

type Codecs = Readonly<Record<Tls12Message['type'], Codec<Tls12Message>>>;

const codecsWithScheme: Codecs = {
  hello_request: helloRequest,
  client_hello: clientHello,
  server_hello: serverHello12Codec,
  new_session_ticket: newSessionTicket12,
  certificate: certificate12,
  server_key_exchange: serverKeyExchange,
  certificate_request: /* @__PURE__ */ certificateRequest12(true),
  server_hello_done: serverHelloDone,
  certificate_verify: /* @__PURE__ */ certificateVerify12(true),
  client_key_exchange: clientKeyExchange,
  finished: finished12,
  certificate_status: certificateStatus,
  next_protocol: nextProtocol,
};

const codecsWithoutScheme: Codecs = {
  ...codecsWithScheme,
  certificate_request: /* @__PURE__ */ certificateRequest12(false),
  certificate_verify: /* @__PURE__ */ certificateVerify12(false),
};

const tablesWithScheme = /* @__PURE__ */ messageTable(codecsWithScheme, (name) => [name]);
const tablesWithoutScheme = /* @__PURE__ */ messageTable(codecsWithoutScheme, (name) => [name]);
