import { ApiMisuseError } from '../errors/tls-error.ts';
import type {
  LookupSessionAsk,
  LookupSessionReply,
  Session,
  SessionStore,
  StoreSessionAsk,
  StoreSessionReply,
} from '../values/session.ts';
import { hex } from '../wire/bytes.ts';

/**
 * Sessions of TLS 1.2 and older by their ids, in memory (RFC 5246 §7.4.1.2): the stateful alternative to tickets, for
 * clients that know none. One process only; bounded.
 */
export class SessionTable implements SessionStore {
  readonly #maxSessions: number;
  /** By id in hexadecimal, oldest first. */
  readonly #sessions = new Map<string, Session>();

  /** `maxSessions`: how many are kept; the oldest make room for new ones. Default 10,000. */
  constructor({ maxSessions = 10_000 }: { readonly maxSessions?: number } = {}) {
    if (!Number.isSafeInteger(maxSessions) || maxSessions < 1) {
      throw new ApiMisuseError(`maxSessions must be an integer of at least 1, got ${maxSessions}`);
    }
    this.#maxSessions = maxSessions;
  }

  get size(): number {
    return this.#sessions.size;
  }

  lookupSession({ sessionId, nowMs }: LookupSessionAsk): LookupSessionReply {
    const id = hex(sessionId);
    const session = this.#sessions.get(id);
    if (session === undefined) return { ok: true };
    if (nowMs < session.issuedAtMs + session.lifetimeSeconds * 1000) return { ok: true, session };
    this.#sessions.delete(id);
    return { ok: true };
  }

  storeSession({ session }: StoreSessionAsk): StoreSessionReply {
    const { sessionId } = session;
    if (sessionId === undefined) return { ok: false, message: 'the session has no id' };
    this.#sessions.set(hex(sessionId), session);
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#maxSessions) break;
      this.#sessions.delete(oldest);
    }
    return { ok: true };
  }

  /** Forgets the session of this id, as after a fatal alert (RFC 5246 §7.2.2). */
  delete(sessionId: Uint8Array): void {
    this.#sessions.delete(hex(sessionId));
  }
}
