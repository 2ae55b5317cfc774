import {
  ApiMisuseError,
  type CryptoProvider,
  type OpenTicketAsk,
  type OpenTicketReply,
  type SealTicketAsk,
  type SealTicketReply,
  type TicketKeeper,
  type TicketKey,
  TicketRing,
} from '@sealwire/core';
import { copyOf, sameBytes } from './bytes.ts';
import { SessionStoreError } from './store-error.ts';
import { listener, type SessionStore } from './store.ts';
import { decodeTicketKey, encodeTicketKey } from './ticket-keys.ts';
import { ownOptions } from './own-options.ts';

export interface SharedTicketRingOptions {
  /** Where the keys are; whoever reads them there can read all sessions. `redisStore`, or another in a `SealedStore`. */
  readonly store: SessionStore;
  readonly provider: CryptoProvider;
  /** How long a key seals, in ms, from a time on that all clocks agree on. Default 12 hours; at least 1 second. */
  readonly sealForMs?: number;
  /** How long it still opens after that, in ms; at least the lifetime of tickets. Default 12 hours. */
  readonly openForMs?: number;
  /** How often the store is looked at, in ms; sooner when it could not be reached. Default a minute, and at most a quarter of `sealForMs`. */
  readonly refreshMs?: number;
  /** Default that of `TicketRing`. */
  readonly maxTicketsPerKey?: number;
  /** Told of what the store could not do; until it can, the keys are those that are known already, then a key of this process alone. */
  readonly onFailure?: (error: unknown) => void;
  /** The clock, in ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * A ring of ticket keys that a fleet shares through a store: a ticket that one process sealed another opens, and no process
 * leads. Time is cut into periods of `sealForMs`, each with a key of its own, which whoever needs it first puts into the store,
 * a period ahead: every process has it before anybody seals with it.
 *
 * The store is looked at beside the handshakes, which never wait for it. While it cannot be reached, the ring goes on with what
 * it has; when it has lost its keys, they are put back.
 */
export class SharedTicketRing implements TicketKeeper {
  readonly #ring: TicketRing;
  readonly #options: Required<
    Pick<SharedTicketRingOptions, 'store' | 'provider' | 'sealForMs' | 'openForMs' | 'now'>
  >;
  readonly #onFailure: (error: unknown) => void;
  readonly #refreshMs: number;
  #timer: NodeJS.Timeout | undefined;
  /** By period. Others in the ring are of this process alone. */
  #shared = new Map<number, TicketKey>();
  #isClosed = false;
  #refreshing: Promise<void> | undefined;

  /** Use `open`. */
  private constructor(given: SharedTicketRingOptions) {
    const options = ownOptions('SharedTicketRing', given, {
      store: true,
      provider: true,
      sealForMs: true,
      openForMs: true,
      refreshMs: true,
      maxTicketsPerKey: true,
      onFailure: true,
      now: true,
    });
    const { store, provider, sealForMs = 12 * hourMs, openForMs = 12 * hourMs, maxTicketsPerKey } = options;
    const { refreshMs = Math.min(60_000, Math.floor(sealForMs / 4)), onFailure, now = Date.now } = options;
    if (typeof store?.add !== 'function') throw new ApiMisuseError('store must be a SessionStore');
    for (const [name, ms, least] of [
      ['sealForMs', sealForMs, 1_000],
      ['openForMs', openForMs, 1],
      ['refreshMs', refreshMs, 1],
    ] as const) {
      if (!Number.isSafeInteger(ms) || ms < least || ms > mostMs)
        throw new ApiMisuseError(
          `${name} must be an integer from ${least} to ${mostMs} ms, got ${String(ms)}`,
        );
    }
    if (openForMs > maxPeriods * sealForMs)
      throw new ApiMisuseError(`openForMs must be at most ${maxPeriods} times sealForMs`);
    this.#options = { store, provider, sealForMs, openForMs, now };
    this.#onFailure = listener(onFailure);
    this.#ring = new TicketRing({
      provider,
      sealForMs,
      openForMs,
      ...(maxTicketsPerKey === undefined ? {} : { maxTicketsPerKey }),
    });
    this.#refreshMs = refreshMs;
  }

  /** Resolves when the store has been asked, whatever came of it. `ApiMisuseError` for options that could never work. */
  static async open(options: SharedTicketRingOptions): Promise<SharedTicketRing> {
    const ring = new SharedTicketRing(options);
    await ring.refresh();
    return ring;
  }

  /** Copies of the keys, newest first. They are secrets. */
  get keys(): readonly TicketKey[] {
    return this.#ring.keys;
  }

  sealTicket(ask: SealTicketAsk): SealTicketReply {
    if (this.#isClosed) return { ok: false, message: 'the ring is closed' };
    return this.#ring.sealTicket(ask);
  }

  openTicket(ask: Pick<OpenTicketAsk, 'identities' | 'nowMs'>): OpenTicketReply {
    return this.#ring.openTicket(ask);
  }

  /** Looks at the store now. Never rejects. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh()
      .then(
        () => this.#refreshMs,
        (error: unknown) => {
          this.#onFailure(error);
          return Math.min(this.#refreshMs, retryMs);
        },
      )
      .then((pauseMs) => {
        this.#refreshing = undefined;
        clearTimeout(this.#timer);
        if (this.#isClosed) return;
        this.#timer = setTimeout(() => void this.refresh(), Math.min(pauseMs, longestTimerMs));
        this.#timer.unref?.();
      });
    return this.#refreshing;
  }

  /**
   * Draws new keys in place of all that there are, as when one was stolen: no ticket of before opens any more, here at once, and in
   * the other processes when they look at the store. Rejects with the store's error; half of the keys may then be replaced.
   */
  async replaceAll(): Promise<void> {
    await this.#refreshing;
    const { store } = this.#options;
    const replaced = new Map<number, TicketKey>();
    for (const period of this.#periods()) {
      const key = this.#draw(period);
      // In place of what stands there: who still has the old key must not put it back.
      await store.set(this.#nameOf(period), encodeTicketKey(key), this.#leftMs(period));
      replaced.set(period, key);
    }
    this.#shared = replaced;
    this.#ring.replaceKeys([...replaced.values()]);
  }

  /** Looks at the store no more, and forgets the keys. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#ring.clear();
    this.#shared.clear();
  }

  async #refresh(): Promise<void> {
    const shared = new Map<number, TicketKey>();
    const before = this.#shared;
    try {
      for (const period of this.#periods()) {
        const key = await this.#fetch(period);
        if (key !== undefined) shared.set(period, key);
      }
    } finally {
      if (!this.#isClosed) {
        for (const [period, key] of before)
          if (!shared.has(period) && this.#leftMs(period) > 0) shared.set(period, key);
        this.#adopt(shared, before);
      }
    }
  }

  /** The key of a period from the store, which gets it where it has none and it is needed. */
  async #fetch(period: number): Promise<TicketKey | undefined> {
    const { store } = this.#options;
    const name = this.#nameOf(period);
    const there = this.#read(period, await store.get(name));
    if (there !== undefined) return there;
    const own = this.#shared.get(period) ?? (period >= this.#period() ? this.#draw(period) : undefined);
    if (own === undefined) return undefined;
    if (await store.add(name, encodeTicketKey(own), this.#leftMs(period))) return own;
    // Somebody was faster, or something stands there that is no key of ours.
    const theirs = this.#read(period, await store.get(name));
    if (theirs === undefined)
      throw new SessionStoreError('rubbish', 'the store has something else than a ticket key');
    return theirs;
  }

  /** Keys of this process alone, drawn while there was no other, open on, and seal no more. */
  #adopt(shared: Map<number, TicketKey>, before: ReadonlyMap<number, TicketKey>): void {
    const all = [...shared.values()];
    const known = [...all, ...before.values()];
    const current = shared.get(this.#period());
    const alone = this.#ring.keys.filter(({ name }) => !known.some((key) => sameBytes(key.name, name)));
    const latest = current === undefined ? Number.POSITIVE_INFINITY : current.createdAtMs - 1;
    this.#shared = shared;
    this.#ring.replaceKeys([
      ...all,
      ...alone.map((key) => ({ ...key, createdAtMs: Math.min(key.createdAtMs, latest) })),
    ]);
  }

  #read(period: number, bytes: Uint8Array | undefined): TicketKey | undefined {
    const key = bytes === undefined ? undefined : decodeTicketKey(bytes);
    return key?.createdAtMs === this.#beginsAtMs(period) ? key : undefined;
  }

  #draw(period: number): TicketKey {
    const drawn = this.#options.provider.random(nameBytes + secretBytes);
    const key = {
      name: copyOf(drawn.subarray(0, nameBytes)),
      secret: copyOf(drawn.subarray(nameBytes)),
      createdAtMs: this.#beginsAtMs(period),
    };
    drawn.fill(0);
    return key;
  }

  /** From the earliest whose tickets may still be opened to the next one. */
  #periods(): readonly number[] {
    const { sealForMs, openForMs } = this.#options;
    const now = this.#period();
    const first = now - Math.ceil(openForMs / sealForMs);
    return Array.from({ length: now + 2 - first }, (_, i) => first + i).filter(
      (period) => this.#leftMs(period) > 0,
    );
  }

  #period(): number {
    return Math.floor(this.#options.now() / this.#options.sealForMs);
  }

  #beginsAtMs(period: number): number {
    return period * this.#options.sealForMs;
  }

  /** Until it opens nothing any more. */
  #leftMs(period: number): number {
    const { sealForMs, openForMs, now } = this.#options;
    return this.#beginsAtMs(period) + sealForMs + openForMs - now();
  }

  #nameOf(period: number): string {
    return `ticket-key:${this.#options.sealForMs}:${period}`;
  }
}

const hourMs = 3_600_000;
const nameBytes = 16;
const secretBytes = 32;
/** Soon after the store could not be reached, as when it is being connected to. */
const retryMs = 1_000;
/** 30 days: tickets live for 7. */
const mostMs = 30 * 24 * hourMs;
/** Timers that are to wait longer do not wait at all. */
const longestTimerMs = 2 ** 31 - 1;
/** How many former keys there may be. */
const maxPeriods = 16;
