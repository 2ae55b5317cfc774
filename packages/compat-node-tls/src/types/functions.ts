import type { SealwireTLSSocket, Server } from './classes.ts';
import type { ConnectOptions, ServerOptions } from './options.ts';

/** `tls.connect` */
export interface Connect {
  (options: ConnectOptions, secureConnectListener?: () => void): SealwireTLSSocket;
  (
    port: number,
    host?: string,
    options?: ConnectOptions,
    secureConnectListener?: () => void,
  ): SealwireTLSSocket;
  (port: number, options?: ConnectOptions, secureConnectListener?: () => void): SealwireTLSSocket;
  /** Of a local socket. */
  (path: string, options?: ConnectOptions, secureConnectListener?: () => void): SealwireTLSSocket;
  (path: string, secureConnectListener?: () => void): SealwireTLSSocket;
  (port: number, secureConnectListener?: () => void): SealwireTLSSocket;
  (port: number, host: string, secureConnectListener?: () => void): SealwireTLSSocket;
}

/** `tls.createServer` */
export interface CreateServer {
  (secureConnectionListener?: (socket: SealwireTLSSocket) => void): Server;
  (options?: ServerOptions | null, secureConnectionListener?: (socket: SealwireTLSSocket) => void): Server;
}
