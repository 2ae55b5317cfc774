import type { Socket, TcpSocketConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SealwireSocket } from '../beyond/sealwire-socket.ts';
import type { TLSSocketOptions } from './options.ts';
import type { TlsHandle } from './tls-handle.ts';

/** What a `TLSSocket` has beside `net.Socket` and methods. */
export interface TLSSocketData extends Socket {
  _handle: TlsHandle | null;
  ssl: TlsHandle | null;
  connecting: boolean;
  _tlsOptions: TLSSocketOptions;
  _secureEstablished: boolean;
  _securePending: boolean;
  _newSessionPending: boolean;
  _controlReleased: boolean;
  _hadError: boolean;
  _closeAfterHandlingError: boolean;
  _requestCert: boolean;
  _rejectUnauthorized: boolean;
  _SNICallback: unknown;
  _parent: Socket | null;
  _host: string | null;
  _pendingData: unknown;
  _pendingEncoding: string;
  server: unknown;
  secureConnecting: boolean;
  servername: string | false | null;
  alpnProtocol: string | false | null;
  /** Only where the option `NPNProtocols` is given. */
  npnProtocol?: string | false;
  authorized: boolean;
  authorizationError: string | Error | null;
  encrypted: true;
  _unrefTimer: () => void;
  /** Makes the handle over the stream that is given, or over a socket of its own. */
  _wrapHandle(given?: Duplex | null): TlsHandle;
  /** Has the socket hear of its handle. */
  _init(given: Duplex | null | undefined, handle: TlsHandle): void;
  /** What was asked of `tls.connect`. */
  [connectOptions]: ConnectWishes | undefined;
  /** Whether a session has come before its server was known to be the right one. */
  [pendingSession]: boolean;
  [isVerified]: boolean;
  [renegotiationDisabled]: boolean;
  [beyondNode]: SealwireSocket;
}

/** A `TLSSocket` as the functions see it that do its work. */
export interface TLSSocketFields extends TLSSocketData {
  _emitTLSError(error: Error): void;
  _tlsError(error: Error): Error | null;
  _finishInit(): void;
  _releaseControl(): boolean;
  _start(): void;
  _handleTimeout(): void;
  _destroySSL(): void;
}

/** What `tls.connect` keeps of its options. */
export interface ConnectWishes extends Partial<TcpSocketConnectOpts> {
  readonly path?: string;
  readonly servername?: string;
  rejectUnauthorized?: boolean;
  readonly socket?: { readonly _host?: string };
  readonly checkServerIdentity: (host: string, certificate: object) => Error | undefined;
  readonly minDHSize: number;
}

export const connectOptions = Symbol('connect-options');
export const pendingSession = Symbol('pendingSession');
export const isVerified = Symbol('verified');
export const beyondNode = Symbol('sealwire');
export const renegotiationDisabled = Symbol('disable-renegotiation');
