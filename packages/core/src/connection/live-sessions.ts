import type { LiveSession } from '../machine/step.ts';
import { sameBytes } from '../wire/bytes.ts';
import type { Output } from './outputs.ts';

/** The sessions of a connection that end with it if a fatal alert does: "MUST NOT be resumed" (RFC 5246 §7.2.2). */
export class LiveSessions {
  // Most idle connections have none or one.
  #sessions: readonly LiveSession[] = [];

  add(session: LiveSession): void {
    if (this.#sessions.some((known) => isSame(known, session))) return;
    // Renegotiations may go on for years.
    this.#sessions = [...this.#sessions.slice(-(maxSessions - 1)), session];
  }

  /** What is to be said; stores have forgotten them. */
  invalidate(): readonly Output[] {
    const sessions = this.#sessions;
    this.#sessions = [];
    return sessions.map(({ sessionId, ticket, store }) => {
      if (sessionId !== undefined) forget(store, sessionId);
      return { type: 'sessionInvalid', ...(sessionId === undefined ? { ticket } : { sessionId }) };
    });
  }

  clear(): void {
    this.#sessions = [];
  }
}

function isSame(a: LiveSession, b: LiveSession): boolean {
  const [one, other] = [a.sessionId ?? a.ticket, b.sessionId ?? b.ticket];
  return one !== undefined && other !== undefined && sameBytes(one, other);
}

/** Nothing that a store throws may keep a connection from ending. */
function forget(store: LiveSession['store'], sessionId: Uint8Array): void {
  try {
    store?.delete?.(sessionId);
  } catch {
    // The output says it as well.
  }
}

const maxSessions = 32;
