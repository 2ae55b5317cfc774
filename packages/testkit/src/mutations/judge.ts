import { alertDescriptions, alertName, alertOf, TlsError } from '@sealwire/core';
import { concatenated, sameBytes } from '../bytes.ts';
import type { Conversation } from '../middle/conversation.ts';
import type { Mutation } from './draw.ts';
import type { EndState, View } from '../middle/end.ts';

export type Verdict =
  /** A side refused what came, or learnt from the other that it had. */
  | 'detected'
  /** Nothing was refused, but bytes are missing and both know that they may be. */
  | 'truncated'
  /** All as if nothing had happened. */
  | 'unnoticed';

/**
 * Throws unless this conversation ended as it must: each side that finished its handshake has the view that both
 * have of the original, delivered no byte that was not sent, and if anything was refused, it was with a typed error
 * whose alert the other side was sent.
 */
export function judge(mutant: Conversation, original: Conversation, mutation: Mutation): Verdict {
  for (const side of ['client', 'server'] as const) {
    const [end, model] = [mutant[side], original[side]];
    for (const [i, view] of end.views.entries()) requireSame(view, model.views[i], side);
    requirePrefix(end, model);
    if (end.outputs > 2 * model.outputs + 100) throw new Error(`the ${side} said ${end.outputs} things`);
    if (end.failure !== undefined) requireFailure(end);
  }
  const { client, server } = mutant;
  if (client.failure !== undefined || server.failure !== undefined) return 'detected';
  if (client.isTruncated || server.isTruncated) return 'truncated';
  const isClosed = ({ isClosed: has, views }: EndState) => has && views.length > 0;
  for (const side of ['client', 'server'] as const)
    if (!isClosed(mutant[side])) throw new Error(`the ${side} neither failed nor came to its end`);
  // Who closes while a renegotiation is under way could send nothing since it began, and knows it.
  const isWhole = (side: 'client' | 'server') => mutant[side].views.length === original[side].views.length;
  if (!isWhole('client') || !isWhole('server')) return 'truncated';
  for (const side of ['client', 'server'] as const) {
    const [end, model] = [mutant[side], original[side]];
    if (totalLength(end.data) !== totalLength(model.data)) throw new Error(`the ${side} misses data`);
    if (end.alertsSent.join() !== model.alertsSent.join()) throw new Error(`the ${side} sent other alerts`);
  }
  if (mutation.benign === undefined) throw new Error('nobody noticed, and no rule allows that');
  return 'unnoticed';
}

function requireSame(view: View, model: View | undefined, side: string): void {
  if (model === undefined) throw new Error(`the ${side} finished a handshake that nobody has begun`);
  if (!sameValue(view.facts, model.facts)) throw new Error(`the ${side} finished with other facts`);
  if (view.exported !== undefined && !sameValue(view.exported, model.exported))
    throw new Error(`the ${side} finished with other keys`);
}

function totalLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function requirePrefix(end: EndState, model: EndState): void {
  // What both were given as the same object need not be compared.
  const first = end.data.findIndex((piece, i) => piece !== model.data[i]);
  if (first === -1) return;
  const [came, wanted] = [concatenated(end.data.slice(first)), concatenated(model.data.slice(first))];
  if (!sameBytes(came, wanted.subarray(0, came.length)))
    throw new Error(`the ${end.side} delivered data that nobody sent`);
}

function requireFailure({ failure, side, alertsSent }: EndState): void {
  const { error, alert, sentBy } = failure!;
  if (!(error instanceof TlsError)) throw new Error(`the ${side} failed with ${String(error)}`);
  const { code } = error;
  if (!/^(peer|incompatible|received)\./.test(code)) {
    throw new Error(`the ${side} blames itself: ${code}, ${error.message}`);
  }
  const hasClosed = alertsSent.includes(alertDescriptions.close_notify);
  // Which version was spoken by then, the error does not say.
  const expected = [alertOf(error, false), alertOf(error, true)];
  const isExpected = (name: string | undefined) => expected.some((each) => each === name);
  const last = alertName(alertsSent.at(-1) ?? -1);
  if (sentBy === 'peer') {
    if (code !== 'received.alert' || alert !== alertName(error.receivedAlert ?? -1))
      throw new Error(`${code} is not from the peer`);
  } else if (sentBy === 'us') {
    if (!isExpected(alert)) throw new Error(`${code} says that it sent ${alert}, expected ${expected[0]}`);
    if (last !== alert) throw new Error(`${code} sent ${alertsSent.join()}, expected ${alert}`);
  } else if (!isExpected('none') && !hasClosed) {
    throw new Error(`${code} sent no alert, expected ${expected[0]}`);
  }
}

/** Deep equality of plain data and bytes. */
function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && sameBytes(a, b);
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key as never], b[key as never]))
  );
}
