import type { ClientConfig, ClientOptions } from './config/client.ts';
import type { ServerConfig, ServerOptions } from './config/server.ts';
import { clientOf, serverOf } from './connection/begin.ts';
import type { Connection } from './connection/connection.ts';
import { clientConfigOf, serverConfigOf } from './interpret/configs.ts';
import { tls12Client } from './tls12/client/module.ts';
import { tls12Server } from './tls12/server/module.ts';
import { tls13Client } from './tls13/client/module.ts';
import { tls13 } from './tls13/module.ts';
import { tls13Server } from './tls13/server/module.ts';

/**
 * Checks a client's options and fills in the defaults. Make it once where many connections share it. Without `versions`
 * it speaks TLS 1.3 and 1.2, or those of the two that `cipherSuites` has suites of; a bundle then carries both, whatever
 * `versions` says. `@sealwire/core/tls13` has the same four functions for TLS 1.3 alone.
 */
export function clientConfig(options: ClientOptions): ClientConfig {
  return clientConfigOf(options, ofClients);
}

/** Checks a server's options and fills in the defaults, as `clientConfig` does. Make it once where many connections share it. */
export function serverConfig(options: ServerOptions): ServerConfig {
  return serverConfigOf(options, ofServers);
}

/** A client connection; call `start` next. `ApiMisuseError` for options that could never work. */
export function createClient(options: ClientOptions | ClientConfig): Connection {
  return clientOf(options, ofClients);
}

/** A server connection; call `start` next. `ApiMisuseError` for options that could never work. */
export function createServer(options: ServerOptions | ServerConfig): Connection {
  return serverOf(options, ofServers);
}

/** TLS 1.1 and 1.0 sign with broken hashes (RFC 8996): they are spoken only where `versions` has them. */
const ofClients = [tls13Client, tls12Client] as const;
const ofServers = [tls13Server, tls12Server] as const;

export { tls13 };
export { nearestName, refuseUnknownOptions } from './config/option-names.ts';
export { ownOnly } from './config/own-only.ts';
export { fittingCredential } from './auth/default-answers.ts';
export { clientOptionNames, withSessions } from './config/client.ts';
export { serverOptionNames } from './config/server.ts';
export {
  decodeDelegatedCredential,
  delegatedCredentialContent,
  encodeDelegatedCredential,
} from './auth/delegated-credential.ts';
export type { DelegatedCredential, DelegatedKey } from './extensions/delegated-credential.ts';
export { pinnedPublicKeys, rawPublicKeyCredential } from './auth/raw-public-key.ts';
export type { ClientConfig, ClientOptions, ServerConfig, ServerOptions };
export { ReplayGuard, type ReplayGuardOptions } from './resume/replay-guard.ts';
export { decodeSession, encodeSession } from './resume/session-codec.ts';
export { TicketRing, type TicketKey, type TicketRingOptions } from './resume/ticket-ring.ts';
export { TicketTable } from './resume/ticket-table.ts';
export { importPsk, type ImportPskInput } from './tls13/import-psk.ts';
export type {
  EarlyDataGuard,
  ServerEarlyData,
  ServerEarlyDataOptions,
  ServerSessionIds,
  ServerTickets,
  SessionIdOptions,
  TicketOptions,
} from './config/pre-shared-keys.ts';
export type { Answers } from './config/answers.ts';
export type {
  CertificateCompression,
  CertificateCompressionOptions,
} from './config/certificate-compression.ts';
export type {
  CustomAsked,
  CustomExtension,
  CustomPlace,
  CustomRefusal,
} from './config/custom-extensions.ts';
export type { ExtraExtension, OwnMessage, SharedConfig, SharedOptions } from './config/shared.ts';
export type { Connection } from './connection/connection.ts';
export type { DetachedConnection, DetachedControl } from './connection/control.ts';
export type { ChannelBindingType } from './interpret/calls.ts';
export type { ControlOutput, Output } from './connection/outputs.ts';
export type { HandshakeOutput, TraceEvent } from './interpret/outputs.ts';
export type { AcceptRenegotiation, RenegotiationLimits } from './config/renegotiation.ts';
export * from './crypto/ffdhe.ts';
export * from './crypto/provider.ts';
export { givenEntropy, nativeEntropy, type Entropy } from './crypto/entropy.ts';
export { alertDescriptions, alertFor, alertName, alertOf, type AlertName } from './errors/alerts.ts';
export type * from './errors/codes.ts';
export {
  ApiMisuseError,
  InternalError,
  TlsError,
  type ErrorDetail,
  type ErrorEvidence,
} from './errors/tls-error.ts';
export { wordsOf } from './errors/words.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { describeScheme, signsWhenDelegated, type SchemeDescriptor } from './crypto/signature-schemes.ts';
export type { VersionModule } from './machine/step.ts';
export { decodeHandshake } from './messages/tls13.ts';
export type { Tls13Message } from './messages/tls13.ts';
export {
  compressionAlgorithms,
  type CertificateCompressionAlgorithm,
} from './registry/compression-algorithms.ts';
export { namedGroups, type NamedGroup } from './registry/groups.ts';
export { registryName } from './registry/registered.ts';
export type { RecordPadding } from './record/padding.ts';
export type { MaxFragmentLength } from './extensions/max-fragment-length.ts';
export type { RecordConfig, RecordOptions } from './config/records.ts';
export { pskKeyExchangeModes, type PskKeyExchangeMode } from './registry/psk-key-exchange-modes.ts';
export { signatureSchemes, type SignatureScheme } from './registry/signature-schemes.ts';
export { suites13, type CipherSuite } from './registry/suites13.ts';
export { protocolVersions, type ProtocolVersion } from './registry/versions.ts';
export { extensionTypes, type ExtensionType } from './registry/extension-types.ts';
export type * from './values/client-auth-options.ts';
export type * from './values/client-hello-view.ts';
export type * from './values/credential.ts';
export type * from './values/decisions.ts';
export type * from './values/external-psk.ts';
export type * from './values/facts.ts';
export type * from './values/peer-evidence.ts';
export type * from './values/record-keys.ts';
export type * from './values/session.ts';
