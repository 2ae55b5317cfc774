import { ApiMisuseError } from '../errors/tls-error.ts';
import type { AcceptEarlyDataAsk, AcceptEarlyDataReply } from '../values/decisions.ts';
import { hex } from '../wire/bytes.ts';

export interface ReplayGuardOptions {
  readonly maxEntries?: number;
  /** ms since the epoch. */
  readonly startedAtMs?: number;
}

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

  /**
   * `maxEntries`: how many ClientHellos are remembered; with a window of 10 s, that many in 20 s. Default 100,000.
   * `startedAtMs`: since when this guard remembers; hellos that may have come before are refused. To be given
   * where tickets from before can still be opened, as with keys that come from elsewhere.
   */
  constructor({ maxEntries = 100_000, startedAtMs = Number.NEGATIVE_INFINITY }: ReplayGuardOptions = {}) {
    if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
      throw new ApiMisuseError(`maxEntries must be an integer of at least 1, got ${maxEntries}`);
    }
    this.#maxEntries = maxEntries;
    this.#startedAtMs = startedAtMs;
  }

  /** An answer to the decision `acceptEarlyData`. */
  acceptEarlyData({ replayKey, notBeforeMs, expiresAtMs, nowMs }: AcceptEarlyDataAsk): AcceptEarlyDataReply {
    this.#forget(nowMs);
    if (notBeforeMs < this.#startedAtMs) return { ok: true, accept: false };
    const key = hex(replayKey);
    if (this.#seen.has(key) || this.#seen.size >= this.#maxEntries) return { ok: true, accept: false };
    this.#seen.set(key, expiresAtMs);
    return { ok: true, accept: true };
  }

  /** Entries arrive nearly in the order in which they expire; one that does not waits for those before it. */
  #forget(nowMs: number): void {
    for (const [key, expiresAtMs] of this.#seen) {
      if (expiresAtMs > nowMs) return;
      this.#seen.delete(key);
    }
  }
}
