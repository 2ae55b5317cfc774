import type { AcceptEarlyDataAsk, AcceptEarlyDataReply } from '@sealwire/core';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Awaitable, listener, orElse, type SessionStore, whenThere } from './store.ts';

/**
 * Remembers ClientHellos in a store that a fleet shares, and refuses the 0-RTT data of one that any process has seen (RFC
 * 9846 §8.2). Whenever it cannot know, it refuses: when the store fails, when the store may drop what it should keep, and
 * after the store has lost everything, for as long as hellos from before can still come.
 */
export class StoredReplayGuard {
  readonly #store: SessionStore;
  readonly #onFailure: (error: unknown) => void;

  constructor(store: SessionStore, onFailure?: (error: unknown) => void) {
    this.#store = store;
    this.#onFailure = listener(onFailure);
  }

  /** An answer to the decision `acceptEarlyData`. */
  acceptEarlyData(ask: AcceptEarlyDataAsk): Awaitable<AcceptEarlyDataReply> {
    return orElse(
      () => whenThere(this.#isNew(ask), (accept): AcceptEarlyDataReply => ({ ok: true, accept })),
      (error): AcceptEarlyDataReply => {
        this.#onFailure(error);
        return { ok: true, accept: false };
      },
    );
  }

  #isNew({ replayKey, notBeforeMs, expiresAtMs, nowMs }: AcceptEarlyDataAsk): Awaitable<boolean> {
    // What must be remembered for ever, as hellos with external keys, is nothing for a store of things that expire.
    if (!(expiresAtMs < nowMs + longestMs) || !Number.isFinite(notBeforeMs)) return false;
    return whenThere(this.#store.keepsAll?.() ?? false, (keepsAll) => {
      if (!keepsAll) return false;
      const ttlMs = Math.max(expiresAtMs - nowMs, 0) + skewMs;
      return whenThere(this.#store.add(`replay:${bytesToHex(replayKey)}`, seen, ttlMs), (isAdded) =>
        isAdded === true ? whenThere(this.#remembersSince(nowMs), (sinceMs) => notBeforeMs > sinceMs) : false,
      );
    });
  }

  /**
   * Since when the store remembers, ms since the epoch: it says so itself. Where it does not, it is empty, perhaps because it lost
   * what it had, and from now on it remembers. Asked after the hello has been noted, so that a loss in between is seen.
   */
  #remembersSince(nowMs: number): Awaitable<number> {
    return whenThere(this.#store.get(sinceName), (bytes) => {
      const sinceMs = bytes === undefined ? Number.NaN : Number(new TextDecoder().decode(bytes));
      if (Number.isFinite(sinceMs)) return sinceMs;
      const added = this.#store.add(sinceName, utf8ToBytes(String(nowMs + skewMs)), longestMs);
      return whenThere(added, () => Number.POSITIVE_INFINITY);
    });
  }
}

const sinceName = 'replay-since';
const seen = /* @__PURE__ */ Uint8Array.of(1);
/** By how much the clocks of a fleet may differ. */
const skewMs = 5_000;
/** Far beyond any age of a ticket, at which hellos are refused. */
const longestMs = 30 * 86_400_000;
