import { nodeMajor } from '../process/host.ts';
import { type CodedError, type ErrorBase, nativeError, nodeError } from './node-error.ts';

/** The errors of `node:tls` that are its own, and what else it borrows from Node: class, message and further properties. */

type Made = readonly [Base: ErrorBase, message: string, own?: object];

/** What each code is made of; the arguments are those of Node. */
const table = {
  ERR_TLS_ALPN_CALLBACK_INVALID_RESULT: (value: unknown, protocols: readonly string[]) => [
    TypeError,
    `ALPN callback returned a value (${value}) that did not match any of the client's offered protocols (${protocols.join(', ')})`,
  ],
  ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS: () => [
    TypeError,
    'The ALPNCallback and ALPNProtocols TLS options are mutually exclusive',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: (reason: string, host: string, cert: unknown) => [
    Error,
    `Hostname/IP does not match certificate's altnames: ${reason}`,
    { reason, host, cert },
  ],
  ERR_TLS_DH_PARAM_SIZE: (bits: number) => [Error, `DH parameter size ${bits} is less than 2048`],
  ERR_TLS_HANDSHAKE_TIMEOUT: () => [Error, 'TLS handshake timeout'],
  ERR_TLS_INVALID_CONTEXT: (name: string) => [TypeError, `${name} must be a SecureContext`],
  ERR_TLS_INVALID_PROTOCOL_VERSION: (version: unknown, which: 'minimum' | 'maximum') => [
    TypeError,
    `${JSON.stringify(version)} is not a valid ${which} TLS protocol version`,
  ],
  ERR_TLS_INVALID_STATE: () => [Error, 'TLS socket connection must be securely established'],
  ERR_TLS_PROTOCOL_VERSION_CONFLICT: (version: unknown, secureProtocol: unknown) => [
    TypeError,
    `TLS protocol version ${JSON.stringify(version)} conflicts with secureProtocol ${JSON.stringify(secureProtocol)}`,
  ],
  ERR_TLS_RENEGOTIATION_DISABLED: () => [Error, 'TLS session renegotiation disabled for this socket'],
  ERR_TLS_REQUIRED_SERVER_NAME: () => [Error, '"servername" is required parameter for Server.addContext'],
  ERR_TLS_SESSION_ATTACK: () => [Error, 'TLS session renegotiation attack detected'],
  ERR_TLS_SNI_FROM_SERVER: () => [Error, 'Cannot issue SNI from a TLS server-side socket'],
  ERR_MULTIPLE_CALLBACK: () => [Error, 'Callback called multiple times'],
  ERR_SOCKET_CLOSED: () => [Error, 'Socket is closed'],
  ERR_STREAM_WRAP: () => [Error, 'Stream has StringDecoder set or is in objectMode'],
  ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED: () => [Error, 'Custom engines not supported by this OpenSSL'],
  /** An assertion of Node's own: `tls.Server.setTicketKeys` has one on 48 bytes. */
  ERR_INTERNAL_ASSERTION: (message: string) => [
    Error,
    `${message === '' ? '' : `${message}\n`}This is caused by either a bug in Node.js or incorrect usage of Node.js internals.\nPlease open an issue with this stack trace at https://github.com/nodejs/node/issues\n`,
  ],
} as const satisfies Record<string, (...args: never[]) => Made>;

type Table = typeof table;
export type NodeCode = keyof Table;

/** `codedError('ERR_TLS_DH_PARAM_SIZE', 1024)`: the error that Node makes for a code and these arguments. */
export function codedError<C extends NodeCode>(code: C, ...args: Parameters<Table[C]>): CodedError {
  const make = table[code] as unknown as (...args: unknown[]) => Made;
  const [Base, message, own] = make(...args);
  return nodeError(code, message, Base, own);
}

/** `secureProtocol` names none, or one that is switched off; `message` is the whole of it. From C++. */
export function invalidProtocolMethod(message: string): CodedError {
  return nativeError('ERR_TLS_INVALID_PROTOCOL_METHOD', message, TypeError);
}

/** From C++: a list of curves, a CRL and others that OpenSSL refused without saying why. */
export function cryptoOperationFailed(message: string): CodedError {
  return nativeError('ERR_CRYPTO_OPERATION_FAILED', message);
}

/** From C++: until Node 22 its code is misspelt. */
export function pskHintFailed(): CodedError {
  const word = nodeMajor() < 24 ? 'IDENTIY' : 'IDENTITY';
  return nativeError(`ERR_TLS_PSK_SET_${word}_HINT_FAILED`, 'Failed to set PSK identity hint');
}

/** From C++, without a code: `SNICallback` gave what is no SecureContext. */
export function invalidSniContext(): Error {
  return nativeError(undefined, 'Invalid SNI context', TypeError);
}

/** What a client was asked to connect to. */
export interface Address {
  readonly path?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly localAddress?: string | undefined;
}

/** What a client gets whose peer went away, with its address, also where that is undefined. */
export function disconnectedBeforeSecure({ path, host, port, localAddress }: Address): CodedError {
  const error = resetError('Client network socket disconnected before secure TLS connection was established');
  return Object.assign(error, { path, host, port, localAddress });
}

/** What a server gets whose client went away in the handshake. */
export function socketHangUp(): CodedError {
  return resetError('socket hang up');
}

function resetError(message: string): CodedError {
  return nativeError('ECONNRESET', message);
}
