import { createHash } from 'node:crypto';
import {
  ApiMisuseError,
  type LookupSessionAsk,
  type OpenTicketAsk,
  type OpenTicketReply,
  type SealTicketAsk,
  type SealTicketReply,
  type Session,
  type SessionTerms,
  type TicketKeeper,
} from '@sealwire/core';
import { serverSession, toSslSession } from './convert.ts';
import { decodeSslSession, encodeSslSession } from './ssl-session.ts';
import { TicketKeys } from './ticket-keys.ts';

export interface OpensslTicketOptions {
  /** Up to 32 bytes. Sessions of another context are not resumed. Default none. */
  readonly sessionIdContext?: Uint8Array;
  /**
   * SSL_OP_NO_TICKET: in TLS 1.3 the ticket is the session's id alone, and leads nowhere: Node looks up no such sessions. Older
   * versions send no ticket then, which is up to whoever configures the server. Default false.
   */
  readonly stateful?: boolean;
}

/**
 * Tickets as OpenSSL's: an SSL_SESSION under the keys of `ticketKeys`. What a server of `node:tls` with the same keys and the
 * same session id context has issued is resumed, and the reverse. All versions have the same form; in TLS 1.3 the pre-shared key
 * stands in it as master_key.
 *
 * Of the client it keeps what an SSL_SESSION does (`serverSession`): whoever answers `verifyPeer` with the cause `resumption` has
 * to judge the certificate without its chain.
 */
export class OpensslTicketKeeper implements TicketKeeper {
  readonly #keys: TicketKeys;
  readonly #context: Uint8Array;
  readonly #isStateful: boolean;

  /** `keys`: of this keeper alone, or shared with others, which then change together. */
  constructor(
    keys: TicketKeys | Uint8Array,
    { sessionIdContext, stateful = false }: OpensslTicketOptions = {},
  ) {
    this.#keys = keys instanceof TicketKeys ? keys : new TicketKeys(keys);
    this.#context = Uint8Array.from(sessionIdContext ?? []);
    this.#isStateful = stateful;
  }

  /** A copy of the 48 bytes. */
  get keys(): Uint8Array {
    return this.#keys.bytes;
  }

  setKeys(keys: Uint8Array): void {
    this.#keys.replace(keys);
  }

  sealTicket(ask: SealTicketAsk): SealTicketReply {
    const issued = refusedIf(() => this.issued(ask));
    if (typeof issued === 'string') return { ok: false, message: issued };
    const { id, data } = issued;
    if (this.#isStateful && ask.session.version >= 0x0304) return { ok: true, ticket: id };
    const ticket = this.#keys.seal(data, ask.random.subarray(0, 16));
    data.fill(0);
    if (ticket.length <= maxTicketBytes) return { ok: true, ticket };
    return { ok: false, message: `a ticket of ${ticket.length} bytes, of which ${maxTicketBytes} fit` };
  }

  /**
   * The session that a ticket is made of, as `newSession` shows it: with an id in TLS 1.3, where each ticket has one, and none
   * before. It follows from `ask` alone, and is a secret.
   */
  issued({ session, random }: SealTicketAsk): StoredSession {
    const id = session.version >= 0x0304 ? ticketSessionId(random) : none;
    return storedSession(session, this.#context, id);
  }

  openTicket(ask: OpenTicketAsk): OpenTicketReply {
    for (const [index, identity] of ask.identities.entries()) {
      const contents = this.#keys.open(identity);
      const session = contents === undefined ? undefined : restoredSession(contents, ask, this.#context);
      contents?.fill(0);
      // OpenSSL's tickets of TLS 1.2 hold until their time is over, and the client keeps showing the same.
      if (session !== undefined) return { ok: true, found: { index, session } };
    }
    return { ok: true };
  }
}

/** A session as the events `newSession` and `resumeSession` pass it. */
export interface StoredSession {
  readonly id: Uint8Array;
  /** DER of an SSL_SESSION. It is a secret. */
  readonly data: Uint8Array;
}

/** What a server gives away to be kept under an id: its own, where `id` is absent. */
export function storedSession(
  session: Session,
  sessionIdContext: Uint8Array,
  id?: Uint8Array,
): StoredSession {
  const ssl = toSslSession(session, 'server', { sessionIdContext, sessionId: id });
  return { id: ssl.sessionId, data: encodeSslSession(ssl) };
}

/** The session that somebody has kept, if it may be resumed on these terms; whatever the bytes are, they do no harm. */
export function restoredSession(
  data: Uint8Array,
  terms: SessionTerms | LookupSessionAsk,
  sessionIdContext: Uint8Array,
): Session | undefined {
  const ssl = decodeSslSession(data);
  if (ssl === undefined) return undefined;
  const { serverName, context } = terms;
  return serverSession(ssl, { serverName, context }, sessionIdContext);
}

/** What cannot be written down is no reason to end a connection. */
function refusedIf<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof ApiMisuseError) return error.message;
    throw error;
  }
}

/** Fresh as `random`, of which a part is seen as the IV. */
function ticketSessionId(random: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash('sha256').update('session id').update(random).digest());
}

/** `opaque ticket<1..2^16-1>` (RFC 9846 §4.7.1). */
const maxTicketBytes = 65_535;
const none: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
