import { ApiMisuseError } from '@sealwire/core';

/** A clock that moves only when it is told to. It can also be the `clock` of a transport's connections. */
export interface VirtualClock {
  /** Milliseconds since the epoch: what a connection's methods take as `now`. */
  now(): number;
  /** Moves on by `ms`, zero or more. What is due meanwhile is called in its order, each at its own time. */
  advance(ms: number): void;
  /** Calls `run` once the clock has moved on by `ms`, a negative number counting as zero; returns what `clearTimeout` takes. */
  setTimeout(run: () => void, ms: number): unknown;
  /** What is no timer, or is over, is ignored. */
  clearTimeout(timer: unknown): void;
}

/** Starts at `startMs`, in milliseconds since the epoch. Default: 1 January 2026, 00:00 UTC. */
export function virtualClock(startMs: number = defaultStartMs): VirtualClock {
  if (!Number.isFinite(startMs)) {
    throw new ApiMisuseError(`virtualClock expects milliseconds since the epoch, got ${startMs}`);
  }
  let nowMs = startMs;
  /** In the order in which they were set. */
  const timers = new Set<Timer>();
  const due = (untilMs: number): Timer | undefined => {
    let first: Timer | undefined;
    // Of two of the same time the one that was set first.
    for (const timer of timers) if (first === undefined || timer.atMs < first.atMs) first = timer;
    return first !== undefined && first.atMs <= untilMs ? first : undefined;
  };
  return {
    now: () => nowMs,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) {
        throw new ApiMisuseError(`advance expects zero or more milliseconds, got ${ms}`);
      }
      const untilMs = nowMs + ms;
      for (let timer = due(untilMs); timer !== undefined; timer = due(untilMs)) {
        timers.delete(timer);
        nowMs = timer.atMs;
        timer.run();
      }
      nowMs = untilMs;
    },
    setTimeout(run, ms) {
      const timer = { atMs: nowMs + Math.max(0, ms), run };
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => void timers.delete(timer as Timer),
  };
}

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

const defaultStartMs = Date.UTC(2026, 0, 1);
