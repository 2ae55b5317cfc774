import {
  ApiMisuseError,
  type AcceptEarlyDataAsk,
  decodeSession,
  encodeSession,
  type LookupSessionAsk,
  type LookupSessionReply,
  type OpenTicketAsk,
  type OpenTicketReply,
  ReplayGuard,
  type SealTicketAsk,
  type SealTicketReply,
  type Session,
  type StoreSessionAsk,
  type StoreSessionReply,
  type TicketKeeper,
  type UseTicketAsk,
  type UseTicketReply,
} from '@sealwire/core';
import { bytesToHex } from '@noble/hashes/utils.js';
import { copyOf } from './bytes.ts';
import { leftMs } from './client-sessions.ts';
import { MemoryStore } from './memory-store.ts';
import { StoredReplayGuard } from './replay-guard.ts';
import { type Awaitable, listener, orElse, type SessionStore, whenThere } from './store.ts';
import { ownOptions } from './own-options.ts';

export interface ServerSessionsOptions {
  /** Default a `MemoryStore` of this object alone. */
  readonly store?: SessionStore;
  /**
   * Tickets that hold their session themselves, such as a `SharedTicketRing`: then the store has only the sessions of clients
   * without tickets, and the memory of 0-RTT data. Default: a ticket is the name of its session in the store, and is good
   * for one connection of TLS 1.3.
   */
  readonly ring?: TicketKeeper;
  /** Told of what a store could not do; clients get full handshakes. */
  readonly onFailure?: (error: unknown) => void;
}

/** What of a server's options is read. */
interface ResumingServer {
  readonly tickets?: { readonly keeper?: unknown } | false;
  readonly sessionIds?: { readonly store?: unknown; readonly lifetimeSeconds?: number };
  readonly earlyData?: { readonly guard?: unknown };
  readonly decide?: object;
}

/**
 * Sessions of a server, kept in a store that other processes may share, so that what one has begun another resumes. Wherever
 * the store fails, the client gets a full handshake, and its 0-RTT data is refused.
 */
export class ServerSessions {
  readonly #store: SessionStore;
  readonly #ring: TicketKeeper | undefined;
  readonly #guard: StoredReplayGuard | ReplayGuard;
  readonly #onFailure: (error: unknown) => void;

  constructor(options: ServerSessionsOptions = {}) {
    const {
      store = new MemoryStore(),
      ring,
      onFailure,
    } = ownOptions('ServerSessions', options, {
      store: true,
      ring: true,
      onFailure: true,
    });
    if (typeof store?.get !== 'function') throw new ApiMisuseError('store must be a SessionStore');
    if (
      ring !== undefined &&
      (typeof ring.sealTicket !== 'function' || typeof ring.openTicket !== 'function')
    )
      throw new ApiMisuseError('ring must have sealTicket and openTicket');
    this.#store = store;
    this.#ring = ring;
    this.#onFailure = listener(onFailure);
    // Within a process the core's own guard does, which never forgets to make room: one for all servers that share tickets.
    // A ring may open what is older than this process, and then hellos may be copies of what the process before has taken.
    const startedAtMs = ring === undefined || ring.opensOnlyOwn === true ? undefined : Date.now();
    this.#guard =
      store.scope === 'fleet'
        ? new StoredReplayGuard(store, this.#onFailure)
        : new ReplayGuard(startedAtMs === undefined ? {} : { startedAtMs });
  }

  /**
   * These options of `createServer` or `secure`, with sessions: `createServer(sessions.for({ port, certificate, privateKey }))`.
   * Servers that trust different authorities, or ask their clients for other things, and share a store or a ring, need
   * different `sessionContext`s. `ApiMisuseError` for options that keep sessions in another way.
   */
  for<const O extends object>(options: O): O {
    const { tickets, sessionIds, earlyData, decide = {} } = options as ResumingServer;
    const isKept = typeof tickets === 'object' && tickets !== null && tickets.keeper !== undefined;
    const taken = kinds.filter((kind) => kind in decide);
    if (isKept || sessionIds?.store !== undefined || taken.length > 0) {
      const what = isKept
        ? 'tickets.keeper'
        : taken[0] === undefined
          ? 'sessionIds.store'
          : `decide.${taken[0]}`;
      throw new ApiMisuseError(`${what} excludes a cache of sessions`);
    }
    const ring = this.#ring;
    const guard = earlyData !== undefined && earlyData.guard === undefined ? this.#guard : undefined;
    return {
      ...options,
      ...(ring !== undefined && tickets !== false && { tickets: { ...tickets, keeper: ring } }),
      sessionIds: { ...sessionIds, store: this.#idStore() },
      decide: {
        ...decide,
        ...(ring === undefined && {
          sealTicket: (ask: SealTicketAsk) => this.sealTicket(ask),
          openTicket: (ask: OpenTicketAsk) => this.openTicket(ask),
          useTicket: (ask: UseTicketAsk) => this.useTicket(ask),
        }),
        lookupSession: (ask: LookupSessionAsk) => this.lookupSession(ask),
        storeSession: (ask: StoreSessionAsk) => this.storeSession(ask),
        ...(guard !== undefined && {
          acceptEarlyData: (ask: AcceptEarlyDataAsk) => guard.acceptEarlyData(ask),
        }),
      },
    };
  }

  /** An answer to the decision of this name: the ticket is the session's name in the store. */
  sealTicket({ session, random, nowMs }: SealTicketAsk): Awaitable<SealTicketReply> {
    return this.#tried(
      () =>
        whenThere(this.#keep(ticketName(random), session, nowMs), (isKept) =>
          isKept ? { ok: true, ticket: copyOf(random) } : { ok: false, message: 'the session is over' },
        ),
      notKept,
    );
  }

  /** An answer to the decision of this name. Only looks: whoever shows a ticket may have read it off somebody else's hello. */
  openTicket({ identities, nowMs }: Pick<OpenTicketAsk, 'identities' | 'nowMs'>): Awaitable<OpenTicketReply> {
    const names = identities
      .map((identity, index) => ({ identity, index }))
      .filter(({ identity }) => identity.length === nameBytes)
      .slice(0, mostLookups);
    const next = (): Awaitable<OpenTicketReply> => {
      const wanted = names.shift();
      if (wanted === undefined) return { ok: true };
      return whenThere(this.#look(ticketName(wanted.identity), nowMs), (session) =>
        session === undefined ? next() : { ok: true, found: { index: wanted.index, session } },
      );
    };
    return this.#tried(next, () => ({ ok: true }));
  }

  /** An answer to the decision of this name: takes the session out, for one connection, whichever comes first. */
  useTicket({ ticket }: Pick<UseTicketAsk, 'ticket'>): Awaitable<UseTicketReply> {
    if (ticket.length !== nameBytes) return { ok: true, use: false };
    return this.#tried<UseTicketReply>(
      () => whenThere(this.#store.delete(ticketName(ticket)), (use) => ({ ok: true, use: use === true })),
      () => ({ ok: true, use: false }),
    );
  }

  /** An answer to the decision of this name. Leaves the session where it is. */
  lookupSession({
    sessionId,
    nowMs,
  }: Pick<LookupSessionAsk, 'sessionId' | 'nowMs'>): Awaitable<LookupSessionReply> {
    return this.#tried<LookupSessionReply>(
      () =>
        whenThere(this.#look(idName(sessionId), nowMs), (session) =>
          session === undefined ? { ok: true } : { ok: true, session },
        ),
      () => ({ ok: true }),
    );
  }

  /** An answer to the decision of this name. */
  storeSession({ session, nowMs }: StoreSessionAsk): Awaitable<StoreSessionReply> {
    const { sessionId } = session;
    if (sessionId === undefined) return { ok: false, message: 'the session has no id' };
    return this.#tried<StoreSessionReply>(
      () =>
        whenThere(this.#keep(idName(sessionId), session, nowMs), (isKept) =>
          isKept ? { ok: true } : { ok: false, message: 'the session is over' },
        ),
      notKept,
    );
  }

  /** Forgets the session of an id: its connection ended by a fatal alert (RFC 5246 §7.2.2). */
  delete(sessionId: Uint8Array): void {
    void this.#tried(
      () => whenThere(this.#store.delete(idName(sessionId)), () => undefined),
      () => undefined,
    );
  }

  /** For the core, which asks `decide` for all but the forgetting. */
  #idStore() {
    return {
      lookupSession: (): LookupSessionReply => ({ ok: true }),
      storeSession: (): StoreSessionReply => ({ ok: false, message: 'nobody was asked' }),
      delete: (sessionId: Uint8Array) => this.delete(sessionId),
    };
  }

  /** False: there is no time left for which to keep it. */
  #keep(name: string, session: Session, nowMs: number): Awaitable<boolean> {
    const ttlMs = leftMs(session, nowMs);
    if (ttlMs <= 0) return false;
    const bytes = encodeSession(session);
    const done = () => {
      bytes.fill(0);
      return true;
    };
    return whenThere(this.#store.set(name, bytes, ttlMs), done);
  }

  #look(name: string, nowMs: number): Awaitable<Session | undefined> {
    return whenThere(this.#store.get(name), (bytes) => {
      const session = bytes === undefined ? undefined : decodeSession(bytes);
      bytes?.fill(0);
      return session !== undefined && leftMs(session, nowMs) > 0 ? session : undefined;
    });
  }

  #tried<T>(run: () => Awaitable<T>, instead: (error: unknown) => T): Awaitable<T> {
    return orElse(run, (error) => {
      this.#onFailure(error);
      return instead(error);
    });
  }
}

/** Says nothing of what went wrong, which may be told to more people than a store's errors should. */
function notKept(): { readonly ok: false; readonly message: string } {
  return { ok: false, message: 'the session could not be stored' };
}

const ticketName = (ticket: Uint8Array) => `server-ticket:${bytesToHex(ticket)}`;
const idName = (sessionId: Uint8Array) => `server-session:${bytesToHex(sessionId)}`;

/** What `sealTicket` is given. Longer ones are no names of ours. */
const nameBytes = 32;
/** A client has no reason to show more tickets, and each costs a question to the store. */
const mostLookups = 4;
const kinds = [
  'sealTicket',
  'openTicket',
  'useTicket',
  'lookupSession',
  'storeSession',
  'acceptEarlyData',
] as const;
