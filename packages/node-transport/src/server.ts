import { refuseUnknownOptions, type ServerConfig } from '@sealwire/core';
import { EventEmitter, on } from 'node:events';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type ListenOptions,
  type Server,
  type Socket,
} from 'node:net';
import { pick, tlsNames } from '@sealwire/transport';
import { serverSettings, type TlsServerOptions, type TlsSettings } from './settings.ts';
import { TlsStream } from './tls-stream.ts';

export interface CreateServerOptions extends TlsServerOptions {
  /** Default: any free port; see `TlsServer.port`. */
  readonly port?: number;
  /** The address to listen on. Default: all, as in Node. */
  readonly host?: string;
  /** A Unix socket or Windows pipe, in place of host and port. */
  readonly path?: string;
  /** Connections, handshakes included, beyond which new ones are dropped. Default: no bound. */
  readonly maxConnections?: number;
}

/** Serves one connection, whose handshake is complete. What it throws cuts the connection and becomes `connectionError`. */
export type ConnectionHandler = (connection: TlsStream) => void | Promise<void>;

/**
 * Listens, and resolves when it does. Connections go to `onConnection`, to listeners of `connection`, or to a
 * loop `for await (const connection of server)`. Rejects with the error of the socket (EADDRINUSE, …) or
 * `ApiMisuseError`.
 */
export async function createServer(
  options: CreateServerOptions,
  onConnection?: ConnectionHandler,
): Promise<TlsServer> {
  refuseUnknownOptions('server', options, createServerNames);
  const server = new TlsServer(serverSettings(pick(options, tlsNames.server)), onConnection);
  await server.listen(options);
  return server;
}

interface ServerEvents {
  /** A handshake is complete. */
  connection: [TlsStream];
  /** A handshake failed, or a handler did. The connection is gone. */
  connectionError: [Error, TlsStream];
  /** The server itself has a problem, and goes on (for example EMFILE). */
  serverError: [Error];
  /** The last connection has ended after `close`. */
  close: [];
}

/** Made by `createServer`. */
export class TlsServer extends EventEmitter<ServerEvents> {
  readonly #server: Server;
  readonly #settings: TlsSettings;
  readonly #onConnection: ConnectionHandler | undefined;
  readonly #streams = new Set<TlsStream>();
  #closed: Promise<void> | undefined;

  constructor(settings: TlsSettings, onConnection: ConnectionHandler | undefined) {
    super();
    this.#settings = settings;
    this.#onConnection = onConnection;
    this.#server = createSocketServer(
      { allowHalfOpen: true, noDelay: true },
      (socket) => void this.#serve(socket),
    );
  }

  /** What connections are served with. */
  get config(): ServerConfig {
    return this.#settings.config as ServerConfig;
  }

  /** The port that it listens on; 0 on a Unix socket. */
  get port(): number {
    const address = this.#server.address() as AddressInfo | string | null;
    return address === null || typeof address === 'string' ? 0 : address.port;
  }

  /** Connections whose transport is open, handshakes included. */
  get openConnections(): number {
    return this.#streams.size;
  }

  /** Called by `createServer`. */
  async listen(options: CreateServerOptions): Promise<void> {
    const { port = 0, host, path, maxConnections } = options;
    if (maxConnections !== undefined) this.#server.maxConnections = maxConnections;
    const address: ListenOptions =
      path === undefined ? { port, ...(host === undefined ? {} : { host }) } : { path };
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(address, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => this.emit('serverError', error));
        resolve();
      });
    });
  }

  /** Connections as they become ready, until `close`. One that nobody takes is cut. */
  async *[Symbol.asyncIterator](): AsyncGenerator<TlsStream, void, undefined> {
    for await (const [connection] of on(this, 'connection', { close: ['close'] }))
      yield connection as TlsStream;
  }

  /**
   * Takes no new connections, and resolves when those that are open have ended. What is still open after
   * `timeoutMs` (default 5,000) is cut.
   */
  close({ timeoutMs = 5_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closed ??= new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        for (const stream of this.#streams) stream.destroy();
      }, timeoutMs);
      this.#server.close(() => {
        clearTimeout(timer);
        this.emit('close');
        resolve();
      });
    });
    return this.#closed;
  }

  async #serve(socket: Socket): Promise<void> {
    const stream = new TlsStream(socket, this.#settings);
    this.#streams.add(stream);
    socket.once('close', () => this.#streams.delete(stream));
    try {
      await stream.handshake;
      const isTaken = this.emit('connection', stream);
      if (this.#onConnection !== undefined) await this.#onConnection(stream);
      else if (!isTaken) stream.destroy();
    } catch (error) {
      stream.destroy();
      this.emit('connectionError', error as Error, stream);
    }
  }
}

const listening: Readonly<Record<Exclude<keyof CreateServerOptions, keyof TlsServerOptions>, true>> = {
  host: true,
  maxConnections: true,
  path: true,
  port: true,
};

const createServerNames = [...Object.keys(listening), ...tlsNames.server];
