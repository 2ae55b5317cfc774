import type * as tls from 'node:tls';

/*
 * Options are those of `node:tls`, in the version of `@types/node` that the application has, and what newer versions of Node, or this
 * package alone, have besides. So each is assignable to its namesake there, and the other way round.
 */

export type SecureVersion = tls.SecureVersion;
export type CertificateCompressionAlgorithm = 'zlib' | 'brotli' | 'zstd';
export type KeyObject = tls.KeyObject;
export type PxfObject = tls.PxfObject;
export type PSKCallbackNegotation = tls.PSKCallbackNegotation;

interface AddedContextOptions {
  /** How certificates may be compressed (RFC 8879), the most wanted first. From Node 24 on. */
  certificateCompression?: readonly CertificateCompressionAlgorithm[] | undefined;
}

interface AddedSocketOptions {
  /** Asks the server for an OCSP response about its certificate (RFC 6066 §8); event `OCSPResponse`. */
  requestOCSP?: boolean | undefined;
  /** What Node's own declarations name for TCP sockets only. */
  allowHalfOpen?: boolean | undefined;
  highWaterMark?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface SecureContextOptions extends tls.SecureContextOptions, AddedContextOptions {}
export interface CommonConnectionOptions extends tls.CommonConnectionOptions, AddedSocketOptions {}
export interface TLSSocketOptions extends tls.TLSSocketOptions, AddedContextOptions, AddedSocketOptions {}
export interface ConnectionOptions extends tls.ConnectionOptions, AddedContextOptions, AddedSocketOptions {}
export interface TlsOptions extends tls.TlsOptions, AddedContextOptions {}
