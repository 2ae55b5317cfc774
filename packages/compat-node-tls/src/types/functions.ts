import type { TLSSocket, Server } from './classes.ts';
import type { ConnectionOptions, TlsOptions } from './options.ts';

/** `tls.connect` */
export interface Connect {
  (options: ConnectionOptions, secureConnectListener?: () => void): TLSSocket;
  (port: number, host?: string, options?: ConnectionOptions, secureConnectListener?: () => void): TLSSocket;
  (port: number, options?: ConnectionOptions, secureConnectListener?: () => void): TLSSocket;
  /** Of a local socket. */
  (path: string, options?: ConnectionOptions, secureConnectListener?: () => void): TLSSocket;
  (path: string, secureConnectListener?: () => void): TLSSocket;
  (port: number, secureConnectListener?: () => void): TLSSocket;
  (port: number, host: string, secureConnectListener?: () => void): TLSSocket;
}

/** `tls.createServer` */
export interface CreateServer {
  (secureConnectionListener?: (socket: TLSSocket) => void): Server;
  (options?: TlsOptions | null, secureConnectionListener?: (socket: TLSSocket) => void): Server;
}
