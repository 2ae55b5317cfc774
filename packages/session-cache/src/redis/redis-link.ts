import { ApiMisuseError } from '@sealwire/core';
import { createClient, type RedisClientOptions } from 'redis';
import { listener } from '../store.ts';
import type { RedisCommands } from './redis-store.ts';

export interface RedisLinkOptions {
  /** `redis[s]://[[user][:password]@]host[:port][/database]`, as of the package `redis`. Default `redis://localhost:6379`. */
  readonly url?: string | undefined;
  /** More options of its `createClient`, such as `socket` with certificates, `username` and `password`. */
  readonly options?: RedisClientOptions | undefined;
  /** Told of every failure of the connection. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/**
 * The connection to Redis, which makes itself and comes back by itself. What is asked while there is none fails at once. One
 * on which nothing sensible comes any more is cut, and made anew.
 */
export class RedisLink {
  readonly #make: () => Client;
  readonly #onFailure: (error: unknown) => void;
  #client: Client | undefined;
  /** Settled when the first connection is there, or will not be for a while. */
  #begun: Promise<void> = Promise.resolve();
  #isClosed = false;
  #again: NodeJS.Timeout | undefined;

  constructor({ url, options, onFailure }: RedisLinkOptions) {
    const settings = {
      ...options,
      ...(url === undefined ? {} : { url }),
      RESP: 2,
      disableOfflineQueue: true,
      socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: retryInMs, ...options?.socket },
    };
    this.#make = () => createClient(settings as RedisClientOptions) as unknown as Client;
    this.#onFailure = listener(onFailure);
    try {
      this.#begun = this.#open();
    } catch {
      // What it says repeats the URL, which has a password.
      throw new ApiMisuseError('url and options are none that the package redis takes');
    }
  }

  commands(): RedisCommands {
    return this.#client ?? absent;
  }

  /** For those who ask before there has been any connection; never rejects. */
  begun(): Promise<void> {
    return this.#begun;
  }

  /** Nothing sensible comes any more: another connection is made, after a moment. */
  broken(): void {
    const client = this.#client;
    if (client === undefined || this.#isClosed || !client.isReady) return;
    this.#client = undefined;
    drop(client);
    this.#again = setTimeout(() => void this.#open(), retryInMs(3));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#again);
    if (this.#client !== undefined) drop(this.#client);
    this.#client = undefined;
  }

  #open(): Promise<void> {
    const client = this.#make();
    this.#client = client;
    client.on('error', (error) => {
      if (client !== this.#client) return;
      this.#onFailure(error);
      // It came of what was read, and which answer belongs to which question is not certain from then on.
      this.broken();
    });
    return new Promise((resolve) => {
      client.on('error', () => resolve());
      client.connect().then(
        () => resolve(),
        // The event says it as well.
        () => resolve(),
      );
    });
  }
}

interface Client extends RedisCommands {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
}

function drop(client: Client): void {
  try {
    client.destroy();
  } catch {
    // It was closed already.
  }
}

/** Not all processes of a fleet at once. */
function retryInMs(retries: number): number {
  return Math.min(50 * 2 ** retries, 2_000) * (0.5 + Math.random() / 2);
}

const absent: RedisCommands = {
  isReady: false,
  sendCommand: () => Promise.reject(new Error('there is no connection')),
};

const connectTimeoutMs = 2_000;
