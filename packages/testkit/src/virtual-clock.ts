import { ApiMisuseError } from '@sealwire/core';

/** A clock that moves only when it is told to. */
export interface VirtualClock {
  /** Milliseconds since the epoch: what a connection's methods take as `now`. */
  now(): number;
  /** Moves on by `ms`, zero or more. */
  advance(ms: number): void;
}

/** Starts at `startMs`, in milliseconds since the epoch. Default: 1 January 2026, 00:00 UTC. */
export function virtualClock(startMs: number = defaultStartMs): VirtualClock {
  if (!Number.isFinite(startMs)) {
    throw new ApiMisuseError(`virtualClock expects milliseconds since the epoch, got ${startMs}`);
  }
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) {
        throw new ApiMisuseError(`advance expects zero or more milliseconds, got ${ms}`);
      }
      nowMs += ms;
    },
  };
}

const defaultStartMs = Date.UTC(2026, 0, 1);
