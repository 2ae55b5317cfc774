/**
 * TLS over the sockets of Node. `connect` and `createServer` for TCP and Unix sockets, `secure` for any other
 * duplex stream; each gives `TlsStream`s, which are duplex streams of application data.
 */
export {
  type ConnectOptions,
  connect,
  type SecureOptions,
  type SecuringOptions,
  secure,
} from './connect.ts';
export type {
  ConnectedMessage,
  ConnectionMessage,
  EndMessage,
  ErrorMessage,
  StartMessage,
} from './diagnostics.ts';
export {
  type CloseOptions,
  type ConnectionHandler,
  type CreateServerOptions,
  createServer,
  type ServingOptions,
  type TlsServer,
} from './server.ts';
export {
  clientSettings,
  type ServerNames,
  serverSettings,
  type TlsClientOptions,
  type TlsServerOptions,
  type TlsSettings,
  type TransportOptions,
} from './settings.ts';
export { TlsStream } from './tls-stream.ts';
export { type SystemRootsOptions, systemRoots } from './system-roots.ts';
export {
  type Clock,
  type Decide,
  type NamedOptions,
  type RenegotiationChange,
  TransportError,
  type TransportErrorCode,
} from '@sealwire/transport';
