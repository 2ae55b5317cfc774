import type { DecisionKind } from '../values/decisions.ts';

/** Rows of a handshake in which nothing may come between the messages (RFC 5246 §7.3). */

/** Waits for one of these messages. */
export function reading<const R extends readonly string[]>(...reads: R) {
  return { reads, ccs: 'refuse', data: 'refuse', commands: [] } as const;
}

/** Waits for an answer. */
export function asking<const K extends DecisionKind>(asks: K) {
  return { reads: [], asks, ccs: 'refuse', data: 'refuse', commands: [] } as const;
}
