import type * as tls from 'node:tls';
import type { SealwireClientOptions, SealwireServerOptions } from '../beyond/options.ts';

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

/** What this package can do that `node:tls` cannot; the builtin ignores it. */
interface Beyond<Options> {
  sealwire?: Options | undefined;
}

export interface SecureContextOptions
  extends tls.SecureContextOptions,
    AddedContextOptions,
    Beyond<SealwireClientOptions | SealwireServerOptions> {}
export interface CommonConnectionOptions extends tls.CommonConnectionOptions, AddedSocketOptions {}
export interface TLSSocketOptions
  extends tls.TLSSocketOptions,
    AddedContextOptions,
    AddedSocketOptions,
    Beyond<SealwireClientOptions | SealwireServerOptions> {}
export interface ConnectionOptions
  extends tls.ConnectionOptions,
    AddedContextOptions,
    AddedSocketOptions,
    Beyond<SealwireClientOptions> {}
export interface TlsOptions extends tls.TlsOptions, AddedContextOptions, Beyond<SealwireServerOptions> {}

/*
 * What functions take: of these callbacks may give promises here. The options themselves say what Node says, so that they are those of
 * Node for whoever hands them on.
 */

type Promised<Callback> = Callback extends (...args: infer Args) => infer Result
  ? (...args: Args) => Result | PromiseLike<Result>
  : Callback;
type MayPromise<Options, Name extends keyof Options> = Omit<Options, Name> & {
  [Each in Name]?: Promised<NonNullable<Options[Each]>> | undefined;
};

export type ConnectOptions = MayPromise<ConnectionOptions, 'pskCallback'>;
export type ServerOptions = MayPromise<TlsOptions, 'pskCallback' | 'ALPNCallback'>;
export type SocketOptions = MayPromise<TLSSocketOptions, 'ALPNCallback'>;
