import { ownCustomExtensions } from '../../config/custom-extensions.ts';
import { ExtensionBlock } from '../../extensions/block.ts';
import { extension } from '../../extensions/definition.ts';
import { earlyDataExtension } from '../../extensions/early-data.ts';
import { pskKeyExchangeModesExtension } from '../../extensions/psk-key-exchange-modes.ts';
import type { Context, ReceivedHello, TaskAsk, TaskReply } from '../../machine/step.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import { greaseValue } from '../../registry/grease.ts';
import { owned } from '../../wire/owned.ts';
import { ticketSecret, type ConnectedState } from '../post-handshake.ts';
import { hashOf } from '../suites.ts';

/** Whether the client could use tickets: only to such a one they are sent (RFC 9846 §4.3.9, §4.7.1). */
export function takesTickets({ hello, config }: ReceivedHello): boolean {
  const modes = hello.extensions.get(pskKeyExchangeModesExtension) ?? [];
  return modes.some((mode) => config.pskModes.includes(mode));
}

/**
 * Begins `count` tickets (RFC 9846 §4.7.1), each a task that asks for the sealing. They leave together, in as few records as they
 * fit, when the last of them is sealed. All randomness is drawn here, so that late answers, in whatever order, change
 * nothing but the time at which they leave.
 */
export function issueTickets(
  state: ConnectedState,
  count: number,
  context: Context,
): { readonly state: ConnectedState; readonly taskAsks: readonly TaskAsk[] } {
  const { resumption, tickets, suite } = state;
  if (resumption === undefined || tickets === undefined) return { state, taskAsks: [] };
  const hash = hashOf(suite, context.provider);
  // Keying material does not live for ever by being resumed again and again (RFC 9846 §4.7.1).
  const leftSeconds = Math.floor(
    (resumption.base.startedAtMs + tickets.maxSessionAgeMs - context.nowMs) / 1000,
  );
  const lifetimeSeconds = Math.min(tickets.lifetimeSeconds, leftSeconds);
  const room = Math.min(
    count,
    context.limits.postHandshakeTasks - state.tasks.open.size,
    maxTickets - tickets.issued,
  );
  const open = new Map(state.tasks.open);
  const taskAsks: TaskAsk[] = [];
  for (let i = 0; lifetimeSeconds > 0 && i < room; i++) {
    const nonce = tickets.issued + i;
    const ticketNonce = Uint8Array.of(nonce >>> 8, nonce & 0xff);
    const [a, b, c, d] = context.entropy.random(4);
    const ticketAgeAdd = ((a! << 24) | (b! << 16) | (c! << 8) | d!) >>> 0;
    const { maxEarlyDataBytes } = tickets;
    const task = state.tasks.next + i;
    open.set(task, {
      batch: state.tasks.next,
      ticket: {
        type: 'new_session_ticket',
        ticketLifetimeSeconds: lifetimeSeconds,
        ticketAgeAdd,
        ticketNonce,
        extensions: ExtensionBlock.of('NST', [
          ...(maxEarlyDataBytes > 0 ? [extension('NST', earlyDataExtension, maxEarlyDataBytes)] : []),
          ...ownCustomExtensions(tickets.customExtensions, 'NST', undefined),
          ...(tickets.grease
            ? [{ type: greaseValue(context.entropy.random(1)[0]!), data: new Uint8Array(1) }]
            : []),
        ]),
      },
    });
    taskAsks.push({
      kind: 'sealTicket',
      task,
      ask: {
        session: {
          secret: ticketSecret(hash, resumption.secret, ticketNonce),
          ticket: new Uint8Array(0),
          ageAdd: ticketAgeAdd,
          lifetimeSeconds,
          issuedAtMs: context.nowMs,
          maxEarlyDataBytes,
          ...owned(resumption.base),
        },
        random: context.entropy.random(32),
        nowMs: context.nowMs,
      },
    });
  }
  return {
    state: {
      ...state,
      tasks: { next: state.tasks.next + taskAsks.length, open },
      tickets: { ...tickets, issued: tickets.issued + taskAsks.length },
    },
    taskAsks,
  };
}

/** The application wants more tickets sent; false where there is none to send. */
export function onIssueTickets(state: ConnectedState, count: number, context: Context) {
  const begun = issueTickets(state, count, context);
  return begun.taskAsks.length > 0 ? begun : ({ state, obeyed: false } as const);
}

/** A ticket is sealed; with the last of its batch all leave, but those that could not be sealed. */
export function onSealedTicket(state: ConnectedState, { task, reply }: TaskReply<'sealTicket'>) {
  const issued = state.tasks.open.get(task);
  const open = new Map(state.tasks.open);
  if (issued === undefined) return { state };
  const { batch, ticket } = issued;
  const message = ticket && reply.ok ? encodeMessage({ ticket: reply.ticket, ...ticket }) : undefined;
  open.set(task, { batch, message });
  const all = [...open].filter(([, each]) => each.batch === batch);
  const next: ConnectedState = { ...state, tasks: { ...state.tasks, open } };
  if (all.some(([, each]) => each.ticket !== undefined)) return { state: next };
  for (const [each] of all) open.delete(each);
  const messages = all.flatMap(([, each]) => each.message ?? []);
  return messages.length === 0
    ? { state: next }
    : { state: next, effects: [{ do: 'send', messages } as const] };
}

/** Nonces have two bytes. */
const maxTickets = 65_536;
