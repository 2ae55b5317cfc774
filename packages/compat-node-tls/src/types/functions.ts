import type { SealwireTLSSocket, Server } from './classes.ts';
import type { ConnectionOptions, TlsOptions } from './options.ts';

/** `tls.connect` */
export interface Connect {
  (options: ConnectionOptions, secureConnectListener?: () => void): SealwireTLSSocket;
  (
    port: number,
    host?: string,
    options?: ConnectionOptions,
    secureConnectListener?: () => void,
  ): SealwireTLSSocket;
  (port: number, options?: ConnectionOptions, secureConnectListener?: () => void): SealwireTLSSocket;
  /** Of a local socket. */
  (path: string, options?: ConnectionOptions, secureConnectListener?: () => void): SealwireTLSSocket;
  (path: string, secureConnectListener?: () => void): SealwireTLSSocket;
  (port: number, secureConnectListener?: () => void): SealwireTLSSocket;
  (port: number, host: string, secureConnectListener?: () => void): SealwireTLSSocket;
}

/** `tls.createServer` */
export interface CreateServer {
  (secureConnectionListener?: (socket: SealwireTLSSocket) => void): Server;
  (options?: TlsOptions | null, secureConnectionListener?: (socket: SealwireTLSSocket) => void): Server;
}
