/**
 * TLS over the sockets of Bun. `connect` and `listen` for TCP and Unix sockets, with handlers as Bun has them or without; `secure` for
 * a socket that is already there.
 */
export type { BunSocket, BunSocketHandler, SocketBelow } from './bun.ts';
export {
  type ConnectionOptions,
  type ConnectOptions,
  connect,
  type Secured,
  secure,
  type SecureOptions,
  type SecuringOptions,
} from './connect.ts';
export type { BinaryType, BinaryTypes, Handler, HostBuffer } from './handler.ts';
export {
  type ListenOptions,
  listen,
  type ReloadOptions,
  type ServingOptions,
  type TlsListener,
} from './listen.ts';
export {
  clientSettings,
  serverSettings,
  type TlsClientOptions,
  type TlsServerOptions,
  type TlsSettings,
} from './settings.ts';
export type { TlsSocket, TlsSocketHandler, TlsSocketParts, Writable } from './tls-socket.ts';
export {
  type Clock,
  type Decide,
  type NamedOptions,
  type RenegotiationChange,
  type ServerNames,
  TransportError,
  type TransportErrorCode,
} from '@sealwire/transport';
