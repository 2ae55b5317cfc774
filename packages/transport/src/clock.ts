import { ApiMisuseError } from '@sealwire/core';

/** Time, as a connection sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once, after `ms` milliseconds; returns what `clearTimeout` takes. */
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The runtime's own, whatever it is by then: test runners put theirs in its place. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as number | undefined),
};

export function checkedClock(given: Clock | undefined): Clock {
  if (given === undefined) return systemClock;
  const isWhole = (['now', 'setTimeout', 'clearTimeout'] as const).every(
    (name) => typeof given?.[name] === 'function',
  );
  if (!isWhole) throw new ApiMisuseError('clock must have the functions now, setTimeout and clearTimeout');
  return given;
}
