import { nodeProvider } from '@sealwire/crypto-node';
import {
  clientSettings as checkedClient,
  namedServerSettings as checkedNames,
  type ServerNames as NamesOf,
  serverSettings as checkedServer,
  type TlsClientOptions as ClientOptionsOf,
  type TlsServerOptions as ServerOptionsOf,
  type TlsSettings as SettingsOf,
  type TransportOptions as OptionsOf,
} from '@sealwire/transport';
import { mozillaRoots } from '@sealwire/x509/roots';
import type { Duplex } from 'node:stream';

/** What both roles can be told beside the options of `@sealwire/core`; `provider` is by default that of `@sealwire/crypto-node`. */
export type TransportOptions = OptionsOf<Duplex>;

/** Who is trusted: `roots`, `rawPublicKeys`, `decide.verifyPeer` or `verify: false`; without any of them Mozilla's list. */
export type TlsClientOptions = ClientOptionsOf<Duplex>;

/** Needs `certificate` with `privateKey` or `delegations`, or else `credentials`, unless `decide` names the certificate. */
export type TlsServerOptions = ServerOptionsOf<Duplex>;

/** What a server can be told of single names that clients ask for. */
export interface ServerNames extends NamesOf {}

/** Options after checking, with every default filled in; good for any number of connections. */
export type TlsSettings = SettingsOf<Duplex>;

/** `ApiMisuseError` for options that could never work, `X509Error` for certificates or keys that cannot be read. */
export function clientSettings(options: TlsClientOptions): TlsSettings {
  return checkedClient(options, { provider: nodeProvider, roots: mozillaRoots });
}

/** `ApiMisuseError` for options that could never work, `X509Error` for certificates or keys that cannot be read. */
export function serverSettings(options: TlsServerOptions): TlsSettings {
  return checkedServer(options, { provider: nodeProvider });
}

/** `serverSettings` for servers of several names; `former` are those that they take the place of. */
export function namedServerSettings(
  options: TlsServerOptions & ServerNames,
  former?: TlsSettings,
): TlsSettings {
  return checkedNames(options, { provider: nodeProvider }, former);
}
