import type {
  LookupSessionAsk,
  LookupSessionReply,
  SessionStore,
  StoreSessionAsk,
  StoreSessionReply,
} from '../values/session.ts';
import { BoundedSessions, type BoundedSessionsOptions } from './bounded-sessions.ts';

/**
 * Sessions of TLS 1.2 and older by their ids, in memory (RFC 5246 §7.4.1.2): the stateful alternative to tickets, for
 * clients that know none. One process only; bounded.
 */
export class SessionTable implements SessionStore {
  readonly #sessions: BoundedSessions;

  constructor(options: BoundedSessionsOptions = {}) {
    this.#sessions = new BoundedSessions(options);
  }

  get size(): number {
    return this.#sessions.size;
  }

  lookupSession({ sessionId, nowMs }: Pick<LookupSessionAsk, 'sessionId' | 'nowMs'>): LookupSessionReply {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return { ok: true };
    if (nowMs < session.issuedAtMs + session.lifetimeSeconds * 1000) return { ok: true, session };
    this.#sessions.delete(sessionId);
    return { ok: true };
  }

  storeSession({ session }: StoreSessionAsk): StoreSessionReply {
    const { sessionId } = session;
    if (sessionId === undefined) return { ok: false, message: 'the session has no id' };
    this.#sessions.set(sessionId, session);
    return { ok: true };
  }

  /** Forgets the session of this id, as after a fatal alert (RFC 5246 §7.2.2). */
  delete(sessionId: Uint8Array): void {
    this.#sessions.delete(sessionId);
  }
}
