import type { ServerConfig } from '../config/server.ts';
import type { Carrier } from '../machine/carrier.ts';
import type { Session, SessionTerms } from '../values/session.ts';
import { sameVersion } from '../negotiate/version.ts';
import { sameBytes } from '../wire/bytes.ts';

/** What a server compares with a session that a client wants to resume. */
export interface Resumption {
  readonly version: number;
  readonly config: ServerConfig;
  readonly carrier: Carrier;
  /** The SNI of this ClientHello. */
  readonly serverName: string | undefined;
  /** When the ClientHello arrived, ms since the epoch. */
  readonly nowMs: number;
  /** By its id (before TLS 1.3), not by a ticket. */
  readonly byId?: boolean;
}

/**
 * Whether a server may resume a session: made by this version under the same trust, for the same name, not too old,
 * and with an authenticated client where one is required. If not, a full handshake is made.
 */
export function isResumable(
  session: Session,
  { version, config, carrier, serverName, nowMs, byId = false }: Resumption,
): boolean {
  const { tickets, sessionIds } = config;
  const maxAgeSeconds = byId ? sessionIds?.lifetimeSeconds : tickets?.maxSessionAgeSeconds;
  if (maxAgeSeconds === undefined) return false;
  return (
    sameVersion(session.version, version) &&
    sameBytes(session.context, resumptionContext(config, carrier, 'offered')) &&
    session.serverName === serverName &&
    nowMs < session.issuedAtMs + session.lifetimeSeconds * 1000 &&
    nowMs < session.startedAtMs + maxAgeSeconds * 1000 &&
    (config.clientAuthentication !== 'require' || session.peer !== undefined)
  );
}

/**
 * The configuration's policy of trust as bytes: how clients are authenticated, and what the application says of its
 * own (`sessionContext`); in front of it, where it belongs to one, what carries the connection. `of`: sessions that are
 * offered, or made.
 */
export function resumptionContext(
  { clientAuthentication, sessionContext }: ServerConfig,
  { sessionMark }: Carrier,
  of: 'offered' | 'made',
): Uint8Array {
  const policy = { none: 0, request: 1, require: 2 }[clientAuthentication];
  return Uint8Array.of(...sessionMark(of), policy, ...sessionContext);
}

/** What is said of it to whoever keeps sessions. */
export function sessionTerms(
  config: ServerConfig,
  serverName: string | undefined,
  carrier: Carrier,
): SessionTerms {
  return { serverName, context: resumptionContext(config, carrier, 'offered') };
}

/**
 * By how much the client's idea of its ticket's age differs from ours, in ms; positive when its clock is slower or
 * the hello took long (RFC 9846 §4.3.10, §8.3).
 */
export function ageSkewMs(session: Session, obfuscatedTicketAge: number, nowMs: number): number {
  const claimed = (obfuscatedTicketAge - session.ageAdd) >>> 0;
  return nowMs - session.issuedAtMs - claimed;
}
