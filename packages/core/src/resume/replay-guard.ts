import { ownOptions } from '../config/option-names.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import type { AcceptEarlyDataAsk, AcceptEarlyDataReply } from '../values/decisions.ts';
import { hex } from '../wire/bytes.ts';

export interface ReplayGuardOptions {
  readonly maxEntries?: number;
  /** ms since the epoch. */
  readonly startedAtMs?: number;
}

const optionNames: Readonly<Record<keyof ReplayGuardOptions, true>> = { maxEntries: true, startedAtMs: true };

/**
 * Remembers ClientHellos for as long as their age would let them pass, and refuses the 0-RTT data of one it has seen
 * (RFC 9846 §8.2). It knows of this process only: servers that share ticket keys must share a memory, too, or
 * refuse 0-RTT. When it is full it refuses, because forgetting would let replays in.
 */
export class ReplayGuard {
  readonly #maxEntries: number;
  readonly #startedAtMs: number;
  /** Until when each must be remembered, ms since the epoch, in the order of arrival. */
  readonly #seen = new Map<string, number>();
  /** Those that must be remembered for ever; apart, so that they keep nothing else from being forgotten. */
  readonly #forEver = new Set<string>();
  /** Up to when entries may have been forgotten. */
  #forgottenUntilMs = Number.NEGATIVE_INFINITY;

  /**
   * `maxEntries`: how many ClientHellos are remembered; with a window of 10 s, that many in 20 s. Default 100,000. As many
   * of external keys, besides, which have no age and are remembered for ever.
   * `startedAtMs`: since when this guard remembers; hellos that may have come before are refused. To be given
   * where tickets from before can still be opened, as with keys that come from elsewhere.
   */
  constructor(options: ReplayGuardOptions = {}) {
    const { maxEntries = 100_000, startedAtMs = Number.NEGATIVE_INFINITY } = ownOptions(
      'ReplayGuard',
      options,
      optionNames,
    );
    if (typeof startedAtMs !== 'number' || Number.isNaN(startedAtMs))
      throw new ApiMisuseError(`startedAtMs must be ms since the epoch, got ${String(startedAtMs)}`);
    if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
      throw new ApiMisuseError(`maxEntries must be an integer of at least 1, got ${maxEntries}`);
    }
    this.#maxEntries = maxEntries;
    this.#startedAtMs = startedAtMs;
  }

  /** An answer to the decision `acceptEarlyData`. */
  acceptEarlyData({ replayKey, notBeforeMs, expiresAtMs, nowMs }: AcceptEarlyDataAsk): AcceptEarlyDataReply {
    this.#forget(nowMs);
    // A hello that waited for other answers is judged by the time it arrived; its first copy may be forgotten by now.
    if (notBeforeMs < this.#startedAtMs || expiresAtMs <= this.#forgottenUntilMs) return refused;
    const key = hex(replayKey);
    if (this.#seen.has(key) || this.#forEver.has(key)) return refused;
    const isForEver = expiresAtMs === Number.POSITIVE_INFINITY;
    if ((isForEver ? this.#forEver : this.#seen).size >= this.#maxEntries) return refused;
    if (isForEver) this.#forEver.add(key);
    else this.#seen.set(key, expiresAtMs);
    return { ok: true, accept: true };
  }

  /** Entries arrive nearly in the order in which they expire; one that does not waits for those before it. */
  #forget(nowMs: number): void {
    this.#forgottenUntilMs = Math.max(this.#forgottenUntilMs, nowMs);
    for (const [key, expiresAtMs] of this.#seen) {
      if (expiresAtMs > nowMs) return;
      this.#seen.delete(key);
    }
  }
}

/**
 * A guard for a configuration that names none. Where tickets may be older than it (`opensOnlyOwn`), it refuses what may have come before
 * the first that it was asked about: a copy of it may have been taken by the process before (RFC 9846 §8.2).
 */
export function guardFor(opensOnlyOwn: () => boolean): Pick<ReplayGuard, 'acceptEarlyData'> {
  const memory = new ReplayGuard();
  let sinceMs: number | undefined;
  return {
    acceptEarlyData(ask) {
      sinceMs ??= ask.nowMs;
      return !opensOnlyOwn() && ask.notBeforeMs < sinceMs ? refused : memory.acceptEarlyData(ask);
    },
  };
}

const refused: AcceptEarlyDataReply = { ok: true, accept: false };
