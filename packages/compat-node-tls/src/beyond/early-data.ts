import cluster from 'node:cluster';
import { type AcceptEarlyDataReply, type DecisionOf, type EarlyDataGuard, ReplayGuard } from '@sealwire/core';
import type { ContextState } from '../context/state.ts';
import type { TlsHandle } from '../socket/tls-handle.ts';
import { answered } from './answer.ts';
import type { SealwireOptions } from './options.ts';

/** How many bytes of 0-RTT data a server takes; `undefined`: none. */
export function earlyDataBytes({ maxEarlyData, acceptEarlyData }: SealwireOptions): number | undefined {
  // Workers share their ticket keys, and no memory.
  return cluster.isWorker && acceptEarlyData === undefined ? undefined : maxEarlyData;
}

/** Where the application has the last word. */
export function askForEarlyData(handle: TlsHandle, decision: DecisionOf<'acceptEarlyData'>): void {
  const { acceptEarlyData } = handle.beyond;
  const seen = guardOf(handle.context).acceptEarlyData(decision.ask);
  if (acceptEarlyData === undefined || !seen.ok || !seen.accept) {
    handle.pump.answer(decision, seen);
    return;
  }
  answered<boolean, AcceptEarlyDataReply>(
    () => acceptEarlyData({ ...decision.ask, signal: handle.signal }),
    {
      of: (accept) => ({ ok: true, accept: accept === true }),
      refusal: (error) => ({ ok: false, message: error.message, cause: error }),
    },
    (reply) => handle.pump.answer(decision, reply),
  );
}

type KeyHolder = Pick<ContextState, 'hasGivenTicketKeys'>;

/**
 * Refuses what may be a copy. Tickets under keys that somebody has given may be older than this process, and their hellos have been
 * taken by the one before it (RFC 9846 §8.2).
 */
export function guardOf({ hasGivenTicketKeys }: KeyHolder): EarlyDataGuard {
  return {
    acceptEarlyData: (ask) =>
      hasGivenTicketKeys && ask.notBeforeMs < beganAtMs
        ? { ok: true, accept: false }
        : memory.acceptEarlyData(ask),
  };
}

/**
 * One for all servers of the process: contexts may share the keys of their tickets, and whoever copies a hello of one server to
 * another must find it known.
 */
const memory: ReplayGuard = /* @__PURE__ */ new ReplayGuard();
/** ms since the epoch. */
export const beganAtMs: number = Date.now();
