/**
 * What transports of Sealwire are made of, for transports of your own: `clientSettings` and `serverSettings` check options and
 * fill in defaults, an `Endpoint` goes between a connection, what carries its bytes (`Carrier`) and what is above it
 * (`Application`), and asks the functions in `decide`.
 */
export type { Application, Carrier, EndpointParts } from './carrier.ts';
export type { Decide } from './decide.ts';
export { Endpoint } from './endpoint.ts';
export { asTransportError, TransportError, type TransportErrorCode } from './errors.ts';
export { namedServerSettings, type NamedOptions, type ServerNames, serverNameOptions } from './names.ts';
export type { RenegotiationChange } from './renegotiation.ts';
export {
  clientSettings,
  type InvalidSession,
  pick,
  serverSettings,
  type TlsClientOptions,
  tlsNames,
  type TlsServerOptions,
  type TlsSettings,
  type TransportDefaults,
  type TransportOptions,
} from './settings.ts';
export { type Callback, WritingHalf } from './writing-half.ts';
