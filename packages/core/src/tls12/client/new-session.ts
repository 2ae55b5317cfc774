import type { ClientConfig } from '../../config/client.ts';
import type { Context, Effect } from '../../machine/step.ts';
import type { NewSessionTicket12 } from '../../messages/tls12/new-session-ticket.ts';
import type { Session, SessionPeer } from '../../values/session.ts';
import { copyOf } from '../../wire/bytes.ts';
import type { Agreed } from '../agreed.ts';
import type { ProvenPeer } from '../../auth/proven-peer.ts';
import { isKept, sessionOf } from '../resumable.ts';

/** How the server will find the session again. */
interface Found {
  readonly sessionId: Uint8Array;
  readonly ticket: NewSessionTicket12 | undefined;
}

/** By what the server is known; neither: it is nobody in particular. */
interface Proven {
  readonly peer: ProvenPeer | undefined;
  readonly pskIdentity: Uint8Array | undefined;
}

/** For the application to keep; `undefined` where the server keeps nothing, is nobody in particular, or keeps nothing that we would resume. */
export function newSession(
  agreed: Agreed,
  config: ClientConfig,
  main: Uint8Array,
  { peer, pskIdentity }: Proven,
  { sessionId, ticket }: Found,
  context: Context,
  resumed?: Session,
): Session | undefined {
  const hasTicket = ticket !== undefined && ticket.ticket.length > 0;
  const isSomebody = peer !== undefined || pskIdentity !== undefined;
  if (!isSomebody || !isKept(agreed, config) || (!hasTicket && sessionId.length === 0)) return undefined;
  const hint = hasTicket ? ticket.ticketLifetimeHintSeconds : 0;
  const session = sessionOf(
    agreed,
    main,
    peer && keptPeer(peer),
    {
      serverName: config.sni,
      expectedName: config.serverName,
      context: config.sessionContext,
      applicationData: new Uint8Array(0),
      lifetimeSeconds: hint === 0 ? daySeconds : Math.min(hint, weekSeconds),
    },
    pskIdentity,
    resumed,
    context,
  );
  return hasTicket
    ? { ...session, ticket: copyOf(ticket.ticket) }
    : { ...session, sessionId: copyOf(sessionId) };
}

function keptPeer({ evidence, verdict, verifiedAtMs, validUntilMs }: ProvenPeer): SessionPeer {
  return { evidence, verdict, verifiedAtMs, ...(validUntilMs === undefined ? {} : { validUntilMs }) };
}

/** For the application, until a fatal alert takes it away. */
export function keptSession(session: Session): readonly Effect[] {
  return [{ do: 'session', session }, ...live(session)];
}

export function live({ sessionId, ticket }: Session): readonly Effect[] {
  return [{ do: 'liveSession', session: sessionId === undefined ? { ticket } : { sessionId } }];
}

/** "An upper limit of 24 hours is suggested for session ID lifetimes" (RFC 5246 §F.1.4); also where a ticket says nothing. */
const daySeconds = 86_400;
/** As in TLS 1.3 (RFC 9846 §4.7.1). */
const weekSeconds = 604_800;
