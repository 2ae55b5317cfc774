import type { ClientConfig } from '../config/client.ts';
import type { Carrier } from '../machine/carrier.ts';
import type { Session } from '../values/session.ts';
import { protocolVersions } from '../registry/versions.ts';
import { sameVersion } from '../negotiate/version.ts';
import { sameBytes } from '../wire/bytes.ts';

/**
 * Of the sessions that the application proposes, those that a client may offer: still valid, as is what its peer proved
 * itself with, for this name, and made under the same trust (RFC 9846 §4.7.1). Order is kept.
 */
export function offerableSessions(
  sessions: readonly Session[],
  version: number,
  config: ClientConfig,
  { nowMs, carrier }: { readonly nowMs: number; readonly carrier: Carrier },
): readonly Session[] {
  const context = markedContext(config.sessionContext, carrier, 'offered');
  return sessions.filter(
    (session) =>
      sameVersion(session.version, version) &&
      isShowable(session) &&
      isFresh(session, nowMs) &&
      nowMs <= (session.peer?.validUntilMs ?? nowMs) &&
      session.serverName === config.sni &&
      session.expectedName === config.serverName &&
      sameBytes(session.context, context),
  );
}

/**
 * What the application says of what it trusts, and what carries the connection: sessions of TCP do not do in QUIC, nor those of
 * one version of QUIC in another. `of`: sessions that are offered, or made.
 */
export function markedContext(
  sessionContext: Uint8Array,
  { sessionMark }: Carrier,
  of: 'offered' | 'made',
): Uint8Array {
  const mark = sessionMark(of);
  return mark.length === 0 ? sessionContext : Uint8Array.of(...mark, ...sessionContext);
}

/** Before TLS 1.3 an id does in place of a ticket. */
function isShowable({ version, ticket, sessionId = noId }: Session): boolean {
  return ticket.length > 0 || (sessionId.length > 0 && !sameVersion(version, protocolVersions.tls13));
}

/**
 * Whether a ticket may still be shown: not beyond its lifetime, nor 7 days after the full handshake. A clock that
 * has gone backwards makes no ticket younger than new.
 */
function isFresh({ issuedAtMs, startedAtMs, lifetimeSeconds }: Session, nowMs: number): boolean {
  const lifetimeMs = Math.min(lifetimeSeconds * 1000, weekMs);
  return nowMs >= issuedAtMs && nowMs < issuedAtMs + lifetimeMs && nowMs < startedAtMs + weekMs;
}

const noId = /* @__PURE__ */ new Uint8Array(0);
const weekMs = 604_800_000;
