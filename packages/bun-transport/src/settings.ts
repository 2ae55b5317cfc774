import { nodeProvider } from '@sealwire/crypto-node';
import {
  clientSettings as checkedClient,
  namedServerSettings as checkedNames,
  type ServerNames,
  serverSettings as checkedServer,
  type TlsClientOptions as ClientOptionsOf,
  type TlsServerOptions as ServerOptionsOf,
  type TlsSettings as SettingsOf,
} from '@sealwire/transport';
import { mozillaRoots } from '@sealwire/x509/roots';

/** Who is trusted: `roots`, `rawPublicKeys`, `decide.verifyPeer` or `verify: false`; without any of them Mozilla's list. */
export interface TlsClientOptions extends ClientOptionsOf {}

/** Needs `certificate` with `privateKey` or `delegations`, or else `credentials`, unless `decide` names the certificate. */
export interface TlsServerOptions extends ServerOptionsOf {}

/** Options after checking, with every default filled in; good for any number of connections. */
export type TlsSettings = SettingsOf;

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
