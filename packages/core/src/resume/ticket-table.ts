import type {
  OpenTicketAsk,
  OpenTicketReply,
  SealTicketAsk,
  SealTicketReply,
  TicketKeeper,
  UseTicketAsk,
  UseTicketReply,
} from '../values/session.ts';
import { copyOf } from '../wire/bytes.ts';
import { BoundedSessions, type BoundedSessionsOptions } from './bounded-sessions.ts';

/**
 * Tickets that are names of sessions kept here: the stateful alternative to `TicketRing`. Each is good for one
 * resumption, which is what RFC 9846 §8.1 asks for against replays, and can be taken back. One process only; bounded.
 */
export class TicketTable implements TicketKeeper {
  readonly #sessions: BoundedSessions;
  readonly opensOnlyOwn = true;

  constructor(options: BoundedSessionsOptions = {}) {
    this.#sessions = new BoundedSessions(options);
  }

  get size(): number {
    return this.#sessions.size;
  }

  sealTicket({ session, random }: SealTicketAsk): SealTicketReply {
    this.#sessions.set(random, session);
    return { ok: true, ticket: copyOf(random) };
  }

  /** Leaves the session where it is: a ticket can be read off a hello, and shown by somebody else. */
  openTicket({ identities }: Pick<OpenTicketAsk, 'identities'>): OpenTicketReply {
    for (const [index, identity] of identities.entries()) {
      // Longer ones are no names of ours, and hexadecimal of 64 KiB is work for nothing.
      if (identity.length !== nameBytes) continue;
      const session = this.#sessions.get(identity);
      if (session !== undefined) return { ok: true, found: { index, session } };
    }
    return { ok: true };
  }

  /** Takes the session out; for one connection, whichever comes first. */
  useTicket({ ticket }: UseTicketAsk): UseTicketReply {
    return { ok: true, use: ticket.length === nameBytes && this.#sessions.delete(ticket) };
  }

  /** Forgets every session, so that none can be resumed. */
  clear(): void {
    this.#sessions.clear();
  }
}

const nameBytes = 32;
