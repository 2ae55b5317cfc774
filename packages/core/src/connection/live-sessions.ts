import type { LiveSession } from '../machine/step.ts';
import { sameBytes } from '../wire/bytes.ts';
import type { Output } from './outputs.ts';

/** The sessions of a connection that end with it if a fatal alert does: "MUST NOT be resumed" (RFC 5246 §7.2.2). */
export class LiveSessions {
  // Most idle connections have none or one.
  #sessions: readonly LiveSession[] = [];
  readonly #output: (output: Output) => void;

  constructor(output: (output: Output) => void) {
    this.#output = output;
  }

  add(session: LiveSession): void {
    if (this.#sessions.some((known) => isSame(known, session))) return;
    // Renegotiations may go on for years.
    this.#sessions = [...this.#sessions.slice(-(maxSessions - 1)), session];
  }

  /** A fatal alert: stores forget them, and everybody is told. */
  invalidate(): void {
    for (const { sessionId, ticket, store } of this.#sessions) {
      if (sessionId !== undefined) forget(store, sessionId);
      this.#output({ type: 'sessionInvalid', ...(sessionId === undefined ? { ticket } : { sessionId }) });
    }
    this.clear();
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
