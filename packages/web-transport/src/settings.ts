import type { Facts } from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import {
  clientSettings as checkedClient,
  serverSettings as checkedServer,
  type TlsClientOptions as ClientOptionsOf,
  type TlsServerOptions as ServerOptionsOf,
  type TlsSettings as SettingsOf,
  type TransportOptions as OptionsOf,
} from '@sealwire/transport';

/** A connection, as `onSession` and its siblings are given it: the `TlsStreams`. */
export interface SecureStreams {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array | ArrayBuffer | ArrayBufferView>;
  readonly facts: Facts;
}

/** What both roles can be told beside the options of `@sealwire/core`; `provider` is by default that of `@sealwire/crypto-noble`. */
export type TransportOptions = OptionsOf<SecureStreams>;

/**
 * Who is trusted must be said: `roots`, `rawPublicKeys`, `decide.verifyPeer` or `verify: false`. There is no default, because a
 * list of roots is larger than all the rest of a bundle; Mozilla's is `mozillaRoots()` of `@sealwire/x509/roots`.
 */
export type TlsClientOptions = ClientOptionsOf<SecureStreams>;

/** Needs `certificate` with `privateKey` or `delegations`, or else `credentials`, unless `decide` names the certificate. */
export type TlsServerOptions = ServerOptionsOf<SecureStreams>;

/** Options after checking, with every default filled in; good for any number of connections. */
export type TlsSettings = SettingsOf<SecureStreams>;

/** `ApiMisuseError` for options that could never work, `X509Error` for certificates or keys that cannot be read. */
export function clientSettings(options: TlsClientOptions): TlsSettings {
  return checkedClient(options, { provider: nobleProvider });
}

/** `ApiMisuseError` for options that could never work, `X509Error` for certificates or keys that cannot be read. */
export function serverSettings(options: TlsServerOptions): TlsSettings {
  return checkedServer(options, { provider: nobleProvider });
}
