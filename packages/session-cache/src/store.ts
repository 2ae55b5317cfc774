/** What may be there at once, or later. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Where sessions are kept: bytes under names, each until its time is over. `MemoryStore` is one, `redisStore` of
 * `@sealwire/session-cache/redis` another; a store of your own has to pass `sessionStoreContract` of `@sealwire/testkit`.
 *
 * Names are ASCII without spaces, up to 200 characters. Values are up to 1 MiB, hold secrets unless the store is wrapped in a
 * `SealedStore`, and are neither kept nor changed by a store: it copies. Whoever fails throws or rejects, and everybody
 * here takes that for «not there». A store may forget what it likes; it must never give anything twice that was taken.
 */
export interface SessionStore {
  /** `process`: nobody else sees what is in it, and answers come at once. `fleet`: other processes share it. */
  readonly scope: 'process' | 'fleet';
  get(name: string): Awaitable<Uint8Array | undefined>;
  /** Replaces what was there. `ttlMs`: more than 0. */
  set(name: string, value: Uint8Array, ttlMs: number): Awaitable<void>;
  /** As `set`, but only if nothing is there; of any number of callers at once it tells one that it did. */
  add(name: string, value: Uint8Array, ttlMs: number): Awaitable<boolean>;
  /** Of any number of callers at once it tells one that it was there. */
  delete(name: string): Awaitable<boolean>;
  /** Puts a value onto the list of this name, which is another one than with `set`; of more than `atMost` the oldest go. */
  push(name: string, value: Uint8Array, ttlMs: number, atMost: number): Awaitable<void>;
  /** Takes the newest value of a list, so that nobody else gets it. */
  pop(name: string): Awaitable<Uint8Array | undefined>;
  /**
   * Whether all is kept as long as it should be, if it is not lost altogether: no room is made for new values by dropping others.
   * Only such a store may remember which 0-RTT data has been seen. Absent: it does not promise that.
   */
  keepsAll?(): Awaitable<boolean>;
}

/** Goes on with a value, at once if it is there. */
export function whenThere<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return comesLater(value) ? Promise.resolve(value).then(next) : next(value);
}

/** As `whenThere`, with something else in place of what throws or rejects. */
export function orElse<T>(attempt: () => Awaitable<T>, instead: (error: unknown) => T): Awaitable<T> {
  try {
    const value = attempt();
    return comesLater(value) ? Promise.resolve(value).catch(instead) : value;
  } catch (error) {
    return instead(error);
  }
}

/** Whoever listens to failures makes none of their own. */
export function listener(onFailure: ((error: unknown) => void) | undefined): (error: unknown) => void {
  return (error) => {
    try {
      onFailure?.(error);
    } catch {
      // It was told.
    }
  };
}

/** Promises of every kind: stores bring their own. */
function comesLater<T>(value: Awaitable<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
