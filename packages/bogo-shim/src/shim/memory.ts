import {
  type LookupSessionReply,
  type Session,
  type SessionStore,
  type StoreSessionAsk,
  type TicketKeeper,
  TicketRing,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import type { Flags } from '../flags/table.ts';
import { rewritableTickets } from './rewritable-tickets.ts';

/** What the connections of one test share: the clock, a server's tickets and sessions, a client's session. */
export interface Memory {
  readonly clock: Clock;
  readonly keeper: TicketKeeper;
  readonly sessionIds: SessionStore;
  /** What the latest connection left for the next to resume. */
  session: Session | undefined;
  /** What the latest full handshake had. */
  first: FirstFacts | undefined;
}

export interface FirstFacts {
  readonly group?: number | undefined;
  readonly peerSignatureScheme?: number | undefined;
  readonly externalPskIdentity?: Uint8Array | undefined;
}

export function newMemory({ 'ticket-key': ticketKey }: Flags): Memory {
  return {
    clock: new Clock(),
    keeper:
      ticketKey === undefined
        ? new TicketRing({ provider: nodeProvider, sealForMs: Number.POSITIVE_INFINITY })
        : rewritableTickets(ticketKey),
    sessionIds: new SessionsById(),
    session: undefined,
    first: undefined,
  };
}

/** Stands still but for what the runner says, so that ages of tickets are exact. */
export class Clock {
  #nowMs = Date.now();

  get nowMs(): number {
    return this.#nowMs;
  }

  advance(seconds: number): void {
    this.#nowMs += seconds * 1000;
  }
}

class SessionsById implements SessionStore {
  readonly #sessions = new Map<string, Session>();

  lookupSession({ sessionId }: { readonly sessionId: Uint8Array }): LookupSessionReply {
    const session = this.#sessions.get(keyOf(sessionId));
    return session === undefined ? { ok: true } : { ok: true, session };
  }

  storeSession({ session }: StoreSessionAsk): { readonly ok: true } {
    if (session.sessionId !== undefined) this.#sessions.set(keyOf(session.sessionId), session);
    return { ok: true };
  }
}

function keyOf(sessionId: Uint8Array): string {
  return Buffer.from(sessionId).toString('hex');
}
