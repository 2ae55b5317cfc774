import { ApiMisuseError, type CryptoProvider } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { RedisLink, type RedisLinkOptions } from './redis/redis-link.ts';
import { RedisStore, type RedisCommands, type RedisStoreOptions } from './redis/redis-store.ts';
import { SealedStore } from './sealed-store.ts';
import { SessionStoreError, type StoreErrorCode } from './store-error.ts';

export interface OpenRedisStoreOptions extends RedisStoreOptions, RedisLinkOptions {
  /**
   * At least 32 random bytes that all processes of the fleet have and Redis has not: everything in Redis is encrypted
   * under them, because whoever reads sessions there could resume them and read what was sent over them. Of several the first
   * seals, all open (`SealedStoreOptions`).
   */
  readonly secret: Uint8Array | readonly Uint8Array[];
  /** Brings the encryption. Default that of `@sealwire/crypto-node`. */
  readonly provider?: CryptoProvider;
  /**
   * A client of the package `redis` (5 or 6) of yours, in place of `url` and `options`: you connect, listen to `error` and close.
   * Make it with `disableOfflineQueue: true`.
   */
  readonly client?: RedisCommands;
}

/** Made by `redisStore`. */
export class RedisSessionStore extends SealedStore {
  readonly #link: RedisLink | undefined;
  readonly #store: RedisStore;

  /** Use `redisStore`. */
  constructor(
    link: RedisLink | undefined,
    store: RedisStore,
    sealing: { provider: CryptoProvider; secret: OpenRedisStoreOptions['secret'] },
  ) {
    super(store, sealing);
    this.#link = link;
    this.#store = store;
  }

  override keepsAll(): Promise<boolean> {
    return this.#store.keepsAll();
  }

  /** Ends the connection, unless it is of a client of yours. Nothing can be asked any more. */
  close(): void {
    this.#link?.close();
  }
}

/**
 * Sessions in Redis, shared by a fleet. Connects by itself, and again when it has to; until then, and whenever Redis does not
 * answer in time, handshakes are full ones. Needs the package `redis`, which you install. `ApiMisuseError` for options that
 * could never work.
 */
export function redisStore(options: OpenRedisStoreOptions): RedisSessionStore {
  const {
    secret,
    provider = nodeProvider,
    client,
    url,
    options: clientOptions,
    onFailure,
    ...store
  } = options ?? {};
  if (secret === undefined)
    throw new ApiMisuseError(
      'redisStore expects secret: 32 random bytes or more, under which everything in Redis is encrypted',
    );
  if (client !== undefined && (url !== undefined || clientOptions !== undefined))
    throw new ApiMisuseError('client excludes url and options');
  const linkOptions = { url, options: clientOptions, onFailure };
  const link = client === undefined ? new RedisLink(linkOptions) : undefined;
  const access = link ?? { commands: () => client as RedisCommands, begun: async () => {}, broken: () => {} };
  try {
    return new RedisSessionStore(link, new RedisStore(access, store), { secret, provider });
  } catch (error) {
    link?.close();
    throw error;
  }
}

export {
  type RedisCommands,
  type RedisLinkOptions,
  type RedisStoreOptions,
  SessionStoreError,
  type StoreErrorCode,
};
