/**
 * Messages, extensions and registries without a connection, for tools: analysers, printers, generators of test
 * data. Everything here is a value of its own, so that a bundler keeps what is used. What it offers grows with the
 * protocol and may change in minor releases.
 */
export { ExtensionBlock } from './extensions/block.ts';
export { alpnExtension } from './extensions/alpn.ts';
export { certificateAuthoritiesExtension } from './extensions/certificate-authorities.ts';
export {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from './extensions/certificate-type.ts';
export { cookieExtension } from './extensions/cookie.ts';
export { delegatedCredentialExtension } from './extensions/delegated-credential.ts';
export { earlyDataExtension } from './extensions/early-data.ts';
export { ecPointFormatsExtension } from './extensions/ec-point-formats.ts';
export { encryptThenMacExtension } from './extensions/encrypt-then-mac.ts';
export {
  echOuterExtensionsExtension,
  encryptedClientHelloExtension,
} from './extensions/encrypted-client-hello.ts';
export { extendedMainSecretExtension } from './extensions/extended-main-secret.ts';
export { keyShareExtension } from './extensions/key-share.ts';
export { maxFragmentLengthExtension } from './extensions/max-fragment-length.ts';
export { nextProtocolNegotiationExtension } from './extensions/next-protocol-negotiation.ts';
export { oidFiltersExtension } from './extensions/oid-filters.ts';
export { paddingExtension } from './extensions/padding.ts';
export { postHandshakeAuthExtension } from './extensions/post-handshake-auth.ts';
export { preSharedKeyExtension } from './extensions/pre-shared-key.ts';
export { pskKeyExchangeModesExtension } from './extensions/psk-key-exchange-modes.ts';
export { recordSizeLimitExtension } from './extensions/record-size-limit.ts';
export { renegotiationInfoExtension } from './extensions/renegotiation-info.ts';
export { serverNameExtension } from './extensions/server-name.ts';
export { sessionTicketExtension } from './extensions/session-ticket.ts';
export {
  signatureAlgorithmsCertExtension,
  signatureAlgorithmsExtension,
} from './extensions/signature-algorithms.ts';
export { signedCertificateTimestampExtension } from './extensions/signed-certificate-timestamp.ts';
export { statusRequestExtension } from './extensions/status-request.ts';
export { statusRequestV2Extension } from './extensions/status-request-v2.ts';
export { supportedGroupsExtension } from './extensions/supported-groups.ts';
export { supportedVersionsExtension } from './extensions/supported-versions.ts';
export {
  extension,
  messageNames,
  type ExtensionCodecs,
  type ExtensionDefinition,
  type ExtensionName,
  type ExtensionPlace,
  type RawExtension,
} from './extensions/definition.ts';
export { knownExtensions } from './extensions/matrix.ts';
export { encodeHandshake, envelope, type HandshakeEnvelope } from './messages/envelope.ts';
export { helloRetryRequestRandom } from './messages/server-hello.ts';
export {
  encodeMessage,
  messageCodecs,
  tls13Messages,
  type Tls13Message,
} from './messages/tls13.ts';
export type { MessageDecoder } from './messages/table.ts';
export {
  decodeHandshake12,
  encodeMessage12,
  tls12Codecs,
  tls12Messages,
  type Tls12Message,
} from './messages/tls12.ts';
export {
  clientKeyExchangeFields,
  clientKeyExchangeOf,
  readClientKeyExchange,
  type ClientKeyExchange,
} from './messages/tls12/client-key-exchange.ts';
export { digitallySigned, type DigitallySigned } from './messages/tls12/digitally-signed.ts';
export {
  readServerKeyExchange,
  serverKeyExchangeOf,
  serverKeyExchangeParams,
  type ServerKeyExchange,
  type ServerKeyExchangeContent,
  type SignatureForm,
} from './messages/tls12/server-key-exchange.ts';
export { contentTypes, type ContentType } from './registry/content-types.ts';
export { handshakeTypes, type HandshakeType } from './registry/handshake-types.ts';
export { registries } from './registry/registries.ts';
export { decode, encode, type Bounds, type Codec, type CodecValue } from './wire/codec.ts';
export { Reader } from './wire/reader.ts';
export type { LengthPrefix, NamedShape, Shape, UintShape } from './wire/shape.ts';
export { Writer } from './wire/writer.ts';
