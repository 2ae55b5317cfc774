import type { Duplex } from 'node:stream';
import type * as tls from 'node:tls';
import type { SealwireSocket } from '../beyond/sealwire-socket.ts';
import type { ServerOptions, SocketOptions, TLSSocketOptions } from './options.ts';

/*
 * The classes of `node:tls`. Instances have the types that the application's `@types/node` gives them, so that code that has been
 * written for those takes ours. The constructors may be called without `new`.
 */

export type TLSSocket = tls.TLSSocket;
/** A `TLSSocket` of this package, with what `node:tls` has not. */
export interface SealwireTLSSocket extends tls.TLSSocket {
  readonly sealwire: SealwireSocket;
}
export type Server = tls.Server;

/** Static members of a class. */
type Statics<Class> = Pick<Class, Exclude<keyof Class, 'prototype'>>;

export interface TLSSocketConstructor extends Statics<typeof tls.TLSSocket> {
  new (socket?: Duplex | null, options?: SocketOptions): SealwireTLSSocket;
  (socket?: Duplex | null, options?: SocketOptions): SealwireTLSSocket;
  readonly prototype: TLSSocket;
}

type SecureConnectionListener = (socket: SealwireTLSSocket) => void;

export interface ServerConstructor extends Statics<typeof tls.Server> {
  new (secureConnectionListener?: SecureConnectionListener): Server;
  new (options?: ServerOptions | null, secureConnectionListener?: SecureConnectionListener): Server;
  (secureConnectionListener?: SecureConnectionListener): Server;
  (options?: ServerOptions | null, secureConnectionListener?: SecureConnectionListener): Server;
  readonly prototype: Server;
}

export interface SecureContext {
  context: NativeContext;
}

export interface SecureContextConstructor {
  new (
    secureProtocol?: string,
    secureOptions?: number,
    minVersion?: string,
    maxVersion?: string,
  ): SecureContext;
  (secureProtocol?: string, secureOptions?: number, minVersion?: string, maxVersion?: string): SecureContext;
  readonly prototype: SecureContext;
}

/** What a `SecureContext` has as its `context`. Node does not document it, and declares it as anything; some of it is in use. */
export interface NativeContext {
  addCACert(pem: string | NodeJS.ArrayBufferView): void;
  addCRL(pem: string | NodeJS.ArrayBufferView): void;
  addRootCerts(): void;
  close(): void;
  /** DER. */
  getCertificate(): Buffer | null;
  /** DER. */
  getIssuer(): Buffer | null;
  getMaxProto(): number;
  getMinProto(): number;
  getTicketKeys(): Buffer;
  loadPKCS12(pfx: NodeJS.ArrayBufferView, passphrase?: NodeJS.ArrayBufferView): void;
  setAllowPartialTrustChain(): void;
  setCert(pem: string | NodeJS.ArrayBufferView): void;
  setCiphers(ciphers: string): void;
  setDHParam(dhparam: true | string | NodeJS.ArrayBufferView): string | undefined;
  setECDHCurve(groups: string): void;
  setKey(pem: string | NodeJS.ArrayBufferView, passphrase?: string): void;
  setMaxProto(version: number): void;
  setMinProto(version: number): void;
  setOptions(secureOptions: number): void;
  setSessionIdContext(text: string): void;
  setSessionTimeout(seconds: number): void;
  setSigalgs(sigalgs: string): void;
  setTicketKeys(keys: NodeJS.ArrayBufferView): boolean;
}

/** Of Node 22 and older. `encrypted` is any duplex stream, and declared as Node's own declarations have it. */
export interface SecurePair {
  encrypted: TLSSocket;
  cleartext: TLSSocket;
}

/** In earlier releases of Node the class of both ends of a pair; `instanceof` still says so of them. */
export interface CryptoStreamConstructor {
  (): never;
  readonly prototype: object;
}

export interface SecurePairConstructor {
  new (...args: SecurePairArguments): SecurePair;
  readonly prototype: SecurePair;
}

export type SecurePairArguments = [
  context?: tls.SecureContext,
  isServer?: boolean,
  requestCert?: boolean,
  rejectUnauthorized?: boolean,
  options?: TLSSocketOptions,
];
