import { ApiMisuseError } from '@sealwire/core';
import {
  type NamedOptions,
  pick,
  refuseForeignOptions,
  serverNameOptions,
  type ServerNames,
  tlsNames,
} from '@sealwire/transport';
import { type Bun, bun, type BunListener, type BunSocket } from './bun.ts';
import type { SocketCarrier } from './carrier.ts';
import { connectionNames, type ConnectionOptions, handlerOf } from './connect.ts';
import type { BinaryType } from './handler.ts';
import { namedServerSettings, type TlsServerOptions, type TlsSettings } from './settings.ts';
import { TlsSocket, type TlsSocketHandler } from './tls-socket.ts';

/** What a listener serves its connections with. */
export interface ServingOptions extends TlsServerOptions, ServerNames {}

export interface ListenOptions<Data = undefined, B extends BinaryType = 'buffer'>
  extends ServingOptions,
    Omit<ConnectionOptions<Data, B>, 'signal'> {
  /** The address to listen on. Default `0.0.0.0`: all of IPv4. */
  readonly hostname?: string;
  /** Default: any free port; see `TlsListener.port`. */
  readonly port?: number;
  /** The path of a Unix socket, in place of hostname and port. */
  readonly unix?: string;
  /** Connections, handshakes included, beyond which new ones are dropped. Default: no bound. */
  readonly maxConnections?: number;
  /** Stops listening when it is aborted, as by `stop()`. */
  readonly signal?: AbortSignal;
}

/** What `reload` can change: the functions, and every option of TLS. */
export interface ReloadOptions<Data, B extends BinaryType> extends Partial<ServingOptions> {
  readonly socket?: TlsSocketHandler<Data, B>;
}

/**
 * Listens by `Bun.listen`, and throws what that throws (EADDRINUSE, …), or `ApiMisuseError`. Connections go to the functions in `socket`, or to a loop
 * `for await (const socket of listener)`; a handshake that fails to `connectError`.
 */
export function listen<Data = undefined, B extends BinaryType = 'buffer'>(
  options: ListenOptions<Data, B>,
): TlsListener<Data> {
  return listenIn(options, bun);
}

/** `listen` in this Bun. */
export function listenIn<Data, B extends BinaryType>(
  options: ListenOptions<Data, B>,
  bun: () => Bun,
): TlsListener<Data> {
  return listenBy(namedServerSettings, options, bun);
}

/** With the settings that `settingsOf` makes of the options of TLS. */
export function listenBy<Data, B extends BinaryType>(
  settingsOf: ServerSettingsMaker,
  options: ListenOptions<Data, B>,
  bun: () => Bun,
): TlsListener<Data> {
  refuseForeignOptions('listen', options, listenNames);
  return new TlsListener<Data>(settingsOf, options as ListenOptions<Data, BinaryType>, bun);
}

/** Settings for servers of several names; `former` are those that they take the place of. */
type ServerSettingsMaker = (options: ServingOptions, former?: TlsSettings) => TlsSettings;

/** Made by `listen`. */
export class TlsListener<Data = undefined> {
  readonly #listener: BunListener;
  readonly #settingsOf: ServerSettingsMaker;
  readonly #options: ListenOptions<Data, BinaryType>;
  #serving: ServingOptions;
  #settings: TlsSettings;
  #handler: TlsSocketHandler<Data, BinaryType>;
  /** Those whose socket is there. */
  readonly #sockets = new Set<TlsSocket<Data>>();
  #isStopped = false;
  #emptied: (() => void)[] = [];
  /** Connections that no loop has taken yet. */
  readonly #ready = new Set<TlsSocket<Data>>();
  #taker: ((socket: TlsSocket<Data> | undefined) => void) | undefined;
  readonly #stopBySignal = () => this.stop();

  constructor(settingsOf: ServerSettingsMaker, options: ListenOptions<Data, BinaryType>, bun: () => Bun) {
    const { hostname = '0.0.0.0', port = 0, unix, signal, maxConnections } = options;
    if (maxConnections !== undefined && !(maxConnections >= 0))
      throw new ApiMisuseError(`maxConnections must be a number from 0, got ${maxConnections}`);
    this.#settingsOf = settingsOf;
    this.#options = options;
    this.#handler = options.socket ?? {};
    this.#serving = pick(options, servingNames);
    this.#settings = settingsOf(this.#serving);
    const { listen } = bun();
    signal?.throwIfAborted();
    this.#listener = listen<SocketCarrier | undefined>({
      ...(unix === undefined ? { hostname, port } : { unix }),
      // Otherwise another process might listen on the same port, and get half of the connections.
      exclusive: true,
      allowHalfOpen: true,
      data: undefined,
      socket: {
        ...handlerOf(({ data }) => data!),
        open: (socket) => this.#accepted(socket),
        data: ({ data }, bytes) => data?.socketData(bytes),
        close: ({ data }, error) => data?.socketClosed(error),
      },
    });
    signal?.addEventListener('abort', this.#stopBySignal);
  }

  /** The port that it listens on; 0 on a Unix socket. */
  get port(): number {
    return this.#listener.port ?? 0;
  }

  get hostname(): string | undefined {
    return this.#listener.hostname;
  }

  get unix(): string | undefined {
    return this.#listener.unix;
  }

  /** Connections that are not over, handshakes included. */
  get openConnections(): number {
    return this.#sockets.size;
  }

  /**
   * Other functions, for all connections, and other options of TLS, for those that come: a certificate and its key, for example. What is
   * left out stays; `undefined` takes an option away. Throws and changes nothing where the options cannot work. Sessions go on being
   * resumed, unless whom we trust, or what must be so for them, has changed.
   */
  reload<B extends BinaryType>(options: ReloadOptions<Data, B>): void {
    refuseForeignOptions('reload', options, ['socket', ...servingNames]);
    const { socket, ...tls } = options;
    const merged = Object.entries({ ...this.#serving, ...tls }).filter(([, value]) => value !== undefined);
    const serving = Object.fromEntries(merged) as ServingOptions;
    const settings =
      Object.keys(tls).length === 0 ? this.#settings : this.#settingsOf(serving, this.#settings);
    if (socket !== undefined) {
      const handler = socket as TlsSocketHandler<Data, BinaryType>;
      for (const each of this.#sockets) each.reload({ socket: handler });
      this.#handler = handler;
    }
    this.#serving = serving;
    this.#settings = settings;
  }

  /** `reload` for one of `names`: other options in place of all that it had, or for a new name; `undefined` takes the name away. */
  reloadName(name: string, options: NamedOptions | undefined): void {
    const { [name]: _, ...others } = this.#serving.names ?? {};
    this.reload({ names: options === undefined ? others : { ...others, [name]: options } });
  }

  /** Takes no new connections. Those that are there stay, or with true are cut. */
  stop(closeActiveConnections = false): void {
    this.#isStopped = true;
    this.#options.signal?.removeEventListener('abort', this.#stopBySignal);
    this.#listener.stop();
    this.#taker?.(undefined);
    if (closeActiveConnections) for (const socket of this.#sockets) socket.terminate();
  }

  /** Takes no new connections, and resolves when those that are there are over; after `timeoutMs` (default 5,000) they are cut. */
  async close({ timeoutMs = 5_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.stop();
    if (this.#sockets.size === 0) return;
    const timer = setTimeout(() => this.stop(true), timeoutMs);
    await new Promise<void>((resolve) => this.#emptied.push(resolve));
    clearTimeout(timer);
  }

  /** Keeps the process running while it listens, which is the default. */
  ref(): void {
    this.#listener.ref();
  }

  unref(): void {
    this.#listener.unref();
  }

  /**
   * Connections as they become ready, until `stop`. One loop at a time; what waits when it is left waits for the next one. One that ends
   * before a loop comes to it is not given out.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<TlsSocket<Data>, void, undefined> {
    for (;;) {
      const [first] = this.#ready;
      const socket = first ?? (await this.#nextReady());
      if (socket === undefined) return;
      this.#ready.delete(socket);
      yield socket;
    }
  }

  /** As `stop()`, for declarations with `using`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  #accepted(socket: BunSocket & { data: SocketCarrier | undefined }): void {
    const { maxConnections = Number.POSITIVE_INFINITY, allowHalfOpen = false, data } = this.#options;
    if (this.#isStopped || this.#sockets.size >= maxConnections) {
      socket.terminate();
      return;
    }
    let carrier!: SocketCarrier;
    const tls = new TlsSocket<Data>({
      settings: this.#settings,
      handler: this.#handler,
      data: data as Data,
      allowHalfOpen,
      attach: (attached) => (carrier = attached),
    });
    this.#sockets.add(tls);
    tls.handshake.then(
      () => this.#offer(tls),
      () => {},
    );
    void tls.closed.then(() => this.#gone(tls));
    socket.data = carrier;
    carrier.socketOpened(socket);
  }

  #offer(socket: TlsSocket<Data>): void {
    // Whoever has functions for connections needs no loop.
    if (this.#options.socket !== undefined) return;
    if (this.#taker !== undefined) this.#taker(socket);
    else if (this.#isStopped) socket.terminate();
    // One that is over already will not be gone again.
    else if (this.#sockets.has(socket)) this.#ready.add(socket);
  }

  #nextReady(): Promise<TlsSocket<Data> | undefined> {
    if (this.#isStopped) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#taker = (socket) => {
        this.#taker = undefined;
        resolve(socket);
      };
    });
  }

  #gone(socket: TlsSocket<Data>): void {
    this.#sockets.delete(socket);
    // How many come clients decide, and how long they wait the loop.
    this.#ready.delete(socket);
    if (this.#sockets.size > 0 || !this.#isStopped) return;
    for (const resolve of this.#emptied.splice(0)) resolve();
  }
}

const listening: Readonly<
  Record<Exclude<keyof ListenOptions, keyof ServingOptions | keyof ConnectionOptions<never, never>>, true>
> = { hostname: true, port: true, unix: true, maxConnections: true };

const servingNames = [...serverNameOptions, ...tlsNames.server];

const listenNames = [...Object.keys(connectionNames), ...Object.keys(listening), ...servingNames];
