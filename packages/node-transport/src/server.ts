import { ApiMisuseError, type ServerConfig } from '@sealwire/core';
import { EventEmitter } from 'node:events';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type ListenOptions,
  type Server,
  type Socket,
} from 'node:net';
import {
  type NamedOptions,
  pick,
  refuseForeignOptions,
  serverNameOptions,
  tlsNames,
} from '@sealwire/transport';
import { ReadyConnections } from './ready-connections.ts';
import {
  namedServerSettings,
  type ServerNames,
  type TlsServerOptions,
  type TlsSettings,
} from './settings.ts';
import { TlsStream } from './tls-stream.ts';

/** What a server serves its connections with; all of it can be changed by `TlsServer.reload`. */
export interface ServingOptions extends TlsServerOptions, ServerNames {}

export interface CreateServerOptions extends ServingOptions {
  /** Default: any free port; see `TlsServer.port`. */
  readonly port?: number;
  /** The address to listen on. Default: all, as in Node. */
  readonly host?: string;
  /** A Unix socket or Windows pipe, in place of host and port. */
  readonly path?: string;
  /** Connections, handshakes included, beyond which new ones are dropped. Default: no bound. */
  readonly maxConnections?: number;
  /**
   * Handshakes under way at once, beyond which new connections are dropped: what clients cost that have not shown yet that they mean it.
   * Default: no bound.
   */
  readonly maxHandshakes?: number;
  /** When it is aborted the server closes, as by `close()`; before it listens, `createServer` rejects with the reason. */
  readonly signal?: AbortSignal;
}

export interface CloseOptions {
  /** Connections may go on for so long, in ms; then they are cut. Default 5,000. */
  readonly timeoutMs?: number;
  /**
   * After so long, in ms, our side of connections that are still open is ended in order: what was written leaves, then close_notify, and
   * the peer may still send. What writes to them later fails. Default: half of `timeoutMs`.
   */
  readonly endAfterMs?: number;
}

/** Serves one connection, whose handshake is complete. What it throws cuts the connection and becomes `connectionError`. */
export type ConnectionHandler = (connection: TlsStream) => void | Promise<void>;

/**
 * Listens, and resolves when it does. Connections go to `onConnection`, to listeners of `connection`, or to a
 * loop `for await (const connection of server)`. Rejects with the error of the socket (EADDRINUSE, …), the reason of
 * `signal`, or `ApiMisuseError`.
 */
export function createServer(
  options: CreateServerOptions,
  onConnection?: ConnectionHandler,
): Promise<TlsServer> {
  return createServerBy(namedServerSettings, options, onConnection);
}

/** `createServer` with the settings that `settingsOf` makes of the options of TLS. */
export async function createServerBy(
  settingsOf: ServerSettingsMaker,
  options: CreateServerOptions,
  onConnection: ConnectionHandler | undefined,
): Promise<TlsServer> {
  refuseForeignOptions('server', options, createServerNames);
  const server = new TlsServer(settingsOf, options, onConnection);
  await server.listen();
  return server;
}

/** Settings for servers of several names; `former` are those that they take the place of. */
type ServerSettingsMaker = (options: ServingOptions, former?: TlsSettings) => TlsSettings;

interface ServerEvents {
  /** A handshake is complete. */
  connection: [TlsStream];
  /** A handshake failed, or a handler did. The connection is gone. */
  connectionError: [Error, TlsStream];
  /** A connection was dropped before anything was read of it, because of this bound. */
  drop: ['maxConnections' | 'maxHandshakes'];
  /** The server itself has a problem, and goes on (for example EMFILE). */
  serverError: [Error];
  /** The last connection has ended after `close`. */
  close: [];
}

/** Made by `createServer`. */
export class TlsServer extends EventEmitter<ServerEvents> {
  readonly #server: Server;
  readonly #settingsOf: ServerSettingsMaker;
  readonly #listening: Pick<CreateServerOptions, ListeningOption>;
  #serving: ServingOptions;
  #settings: TlsSettings;
  readonly #onConnection: ConnectionHandler | undefined;
  readonly #streams = new Set<TlsStream>();
  #handshakes = 0;
  #closed: Promise<void> | undefined;

  constructor(
    settingsOf: ServerSettingsMaker,
    options: CreateServerOptions,
    onConnection: ConnectionHandler | undefined,
  ) {
    super();
    this.#settingsOf = settingsOf;
    this.#listening = pick(options, Object.keys(listening));
    checkBound('maxConnections', options.maxConnections);
    checkBound('maxHandshakes', options.maxHandshakes);
    this.#serving = pick(options, servingNames);
    this.#settings = settingsOf(this.#serving);
    this.#onConnection = onConnection;
    this.#server = createSocketServer(
      { allowHalfOpen: true, noDelay: true },
      (socket) => void this.#serve(socket),
    );
  }

  /** What new connections are served with, where their name has nothing of its own. */
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

  /** Handshakes that are under way. */
  get openHandshakes(): number {
    return this.#handshakes;
  }

  /** Called by `createServer`. */
  async listen(): Promise<void> {
    const { port = 0, host, path, maxConnections, signal } = this.#listening;
    signal?.throwIfAborted();
    if (maxConnections !== undefined) this.#server.maxConnections = maxConnections;
    this.#server.on('drop', () => this.emit('drop', 'maxConnections'));
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
    if (signal === undefined) return;
    const close = () => void this.close();
    signal.addEventListener('abort', close);
    this.#server.once('close', () => signal.removeEventListener('abort', close));
    if (!signal.aborted) return;
    close();
    throw signal.reason;
  }

  /**
   * Serves new connections with other options: those given take the place of those of the same name, the others stay; `undefined` takes
   * one away. Connections that are there, and handshakes under way, keep what they began with. Rejects, and changes nothing, with
   * what `createServer` would reject with. Sessions go on being resumed, unless whom we trust, or what must be so for them, has changed.
   */
  async reload(changes: Partial<ServingOptions>): Promise<void> {
    refuseForeignOptions('reload', changes, servingNames);
    const merged = Object.entries({ ...this.#serving, ...changes }).filter(
      ([, value]) => value !== undefined,
    );
    const serving = Object.fromEntries(merged) as ServingOptions;
    this.#settings = this.#settingsOf(serving, this.#settings);
    this.#serving = serving;
  }

  /** `reload` for one of `names`: other options in place of all that it had, or for a new name; `undefined` takes the name away. */
  reloadName(name: string, options: NamedOptions | undefined): Promise<void> {
    const { [name]: _, ...others } = this.#serving.names ?? {};
    return this.reload({ names: options === undefined ? others : { ...others, [name]: options } });
  }

  /**
   * Connections as they become ready, until `close`. One that nobody takes is cut, also where the loop is left early; one that ends before
   * the loop comes to it is not given out.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<TlsStream, void, undefined> {
    const isShared = () => this.#onConnection !== undefined || this.listenerCount('connection') > 1;
    const ready = new ReadyConnections(isShared);
    this.on('connection', ready.came).on('close', ready.closed);
    try {
      for (let each: TlsStream | undefined; (each = await ready.next()) !== undefined; ) yield each;
    } finally {
      this.off('connection', ready.came).off('close', ready.closed);
      ready.leave();
    }
  }

  /**
   * Takes no new connections, and resolves when those that are open have ended, by themselves at first. After `endAfterMs` we
   * end our side of those that are left, in order; after `timeoutMs` they are cut.
   */
  close({ timeoutMs = 5_000, endAfterMs = timeoutMs / 2 }: CloseOptions = {}): Promise<void> {
    this.#closed ??= new Promise<void>((resolve) => {
      const end = setTimeout(() => {
        for (const stream of this.#streams) endOurSide(stream);
      }, endAfterMs);
      const cut = setTimeout(() => {
        for (const stream of this.#streams) stream.destroy();
      }, timeoutMs);
      this.#server.close(() => {
        clearTimeout(end);
        clearTimeout(cut);
        this.emit('close');
        resolve();
      });
    });
    return this.#closed;
  }

  async #serve(socket: Socket): Promise<void> {
    if (this.#handshakes >= (this.#listening.maxHandshakes ?? Number.POSITIVE_INFINITY)) {
      socket.destroy();
      this.emit('drop', 'maxHandshakes');
      return;
    }
    const stream = new TlsStream(socket, this.#settings);
    this.#streams.add(stream);
    this.#handshakes++;
    socket.once('close', () => this.#streams.delete(stream));
    try {
      await stream.handshake.finally(() => this.#handshakes--);
      const isTaken = this.emit('connection', stream);
      if (this.#onConnection !== undefined) await this.#onConnection(stream);
      else if (!isTaken) stream.destroy();
    } catch (error) {
      stream.destroy();
      this.emit('connectionError', error as Error, stream);
    }
  }
}

/** A handshake that is under way cannot be ended in order. What nobody reads is not read away here: a handler may yet come to it. */
function endOurSide(stream: TlsStream): void {
  if (stream.facts.handshakes > 0 && !stream.writableEnded) stream.end();
}

function checkBound(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return;
  throw new ApiMisuseError(`${name} must be an integer from 0 on, got ${value}`);
}

type ListeningOption = Exclude<keyof CreateServerOptions, keyof ServingOptions>;

const listening: Readonly<Record<ListeningOption, true>> = {
  host: true,
  maxConnections: true,
  maxHandshakes: true,
  path: true,
  port: true,
  signal: true,
};

const servingNames = [...serverNameOptions, ...tlsNames.server];
const createServerNames = [...Object.keys(listening), ...servingNames];
