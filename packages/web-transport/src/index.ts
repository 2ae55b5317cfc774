/**
 * TLS over the streams of the web platform. `secureClient` and `secureServer` take the two streams that carry bytes and give
 * two streams of application data; `webSocketStreams` and its siblings make such streams of what carries messages.
 */
export { type ConnLike, connStreams } from './conn.ts';
export { type DataChannelLike, dataChannelStreams } from './data-channel.ts';
export { type MessagePortLike, messagePortStreams } from './message-port.ts';
export type { LinkEvent, MessageStreamOptions } from './message-streams.ts';
export { secureClient, type SecureClientOptions, secureServer, type SecureServerOptions } from './secure.ts';
export {
  clientSettings,
  type SecureStreams,
  serverSettings,
  type TlsClientOptions,
  type TlsServerOptions,
  type TlsSettings,
  type TransportOptions,
} from './settings.ts';
export type { ByteStreams } from './stream-carrier.ts';
export { TlsStreams } from './tls-streams.ts';
export { type WebSocketLike, webSocketStreams } from './web-socket.ts';
export {
  type Clock,
  type Decide,
  type RenegotiationChange,
  TransportError,
  type TransportErrorCode,
} from '@sealwire/transport';
