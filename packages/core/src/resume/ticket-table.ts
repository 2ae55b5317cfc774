import { ApiMisuseError } from '../errors/tls-error.ts';
import type {
  OpenTicketAsk,
  OpenTicketReply,
  SealTicketAsk,
  SealTicketReply,
  Session,
  TicketKeeper,
  UseTicketAsk,
  UseTicketReply,
} from '../values/session.ts';
import { copyOf, hex } from '../wire/bytes.ts';

/**
 * Tickets that are names of sessions kept here: the stateful alternative to `TicketRing`. Each is good for one
 * resumption, which is what RFC 9846 §8.1 asks for against replays, and can be taken back. One process only; bounded.
 */
export class TicketTable implements TicketKeeper {
  readonly #maxSessions: number;
  /** By name in hexadecimal, oldest first. */
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

  sealTicket({ session, random }: SealTicketAsk): SealTicketReply {
    this.#sessions.set(hex(random), session);
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#maxSessions) break;
      this.#sessions.delete(oldest);
    }
    return { ok: true, ticket: copyOf(random) };
  }

  /** Leaves the session where it is: a ticket can be read off a hello, and shown by somebody else. */
  openTicket({ identities }: OpenTicketAsk): OpenTicketReply {
    for (const [index, identity] of identities.entries()) {
      // Longer ones are no names of ours, and hexadecimal of 64 KiB is work for nothing.
      if (identity.length !== nameBytes) continue;
      const session = this.#sessions.get(hex(identity));
      if (session !== undefined) return { ok: true, found: { index, session } };
    }
    return { ok: true };
  }

  /** Takes the session out; for one connection, whichever comes first. */
  useTicket({ ticket }: UseTicketAsk): UseTicketReply {
    return { ok: true, use: ticket.length === nameBytes && this.#sessions.delete(hex(ticket)) };
  }

  /** Forgets every session, so that none can be resumed. */
  clear(): void {
    this.#sessions.clear();
  }
}

const nameBytes = 32;
