import type { ChooseSessionAsk, ChooseSessionReply, Session } from '@sealwire/core';
import { bareSslSession, clientSession, toSslSession } from '../session/convert.ts';
import { bindsSessionsToHosts, encodeNodeSession } from '../session/node-session.ts';
import { verifyResultNumber, verifyResultOf } from '../session/verify-result.ts';
import { debug } from '../process/debug.ts';
import { isVerified, pendingSession, type TLSSocketFields } from './fields.ts';
import type { TlsHandle } from './tls-handle.ts';

/** The option `session`, as far as it may be offered to the server that is being connected to. */
export function offeredSessions(handle: TlsHandle, ask: ChooseSessionAsk): ChooseSessionReply {
  const given = handle.given;
  if (given === undefined || ask.renegotiation > 0) return { ok: true, sessions: [] };
  const { serverName, context, expectedName } = ask;
  const terms = { serverName, context, expectedName, checkedName: given.host };
  const session = clientSession(given.session, terms);
  return { ok: true, sessions: session === undefined ? [] : [session] };
}

/** A client has got a session: told at once, or when the server is known to be the right one. */
export function sessionCame(socket: TLSSocketFields, handle: TlsHandle, session: Session): void {
  const { facts, given } = handle;
  // What is the same as before is no news, and stays as it was.
  const before = Buffer.from(given?.session.ticket ?? []);
  if (facts.resumed && given !== undefined && before.equals(session.ticket)) return;
  handle.session = session;
  // Node does not look for sessions that nobody listens for.
  if (socket.listenerCount('session') > 0) debug('client emit session');
  if (socket[isVerified]) tellSession(socket, handle);
  else socket[pendingSession] = true;
}

/** Whoever listens; its bytes are made for nobody else. */
export function tellSession(socket: TLSSocketFields, handle: TlsHandle): void {
  if (socket.listenerCount('session') > 0) socket.emit('session', sessionBytes(socket, handle));
}

/**
 * `getSession()`: an SSL_SESSION, good for resuming where there is something to resume by. `undefined` before the handshake is
 * complete.
 */
export function sessionBytes(socket: TLSSocketFields, handle: TlsHandle): Buffer | undefined {
  const { facts, session } = handle;
  const side = facts.role;
  const { version, cipherSuite, group, peerEvidence: evidence, peerVerdict: verdict } = facts;
  if (side === undefined || version === undefined || cipherSuite === undefined || !facts.handshakes)
    return undefined;
  const traits = {
    kexGroup: group,
    ...(side === 'server' && { sessionIdContext: handle.context.sessionIdContext }),
  };
  const startedAtMs = facts.connectedAtMs ?? Date.now();
  const peer = evidence && { evidence, verdict: judged(socket, verdict), verifiedAtMs: startedAtMs };
  const { alpnProtocol = null, externalPskIdentity } = facts;
  // What was resumed stays the session until the server sends another.
  const resumed = facts.resumed === true && side === 'client' ? handle.given?.session : undefined;
  // With what is not judged yet nothing can be resumed: names are compared in full handshakes alone.
  const made =
    session !== undefined && !handle.isJudging
      ? toSslSession({ ...session, peer: session.peer && peer }, side, traits)
      : (resumed ??
        bareSslSession(
          { version, cipherSuite, startedAtMs, alpnProtocol, peer, externalPskIdentity },
          traits,
        ));
  const host = side === 'client' && socket.authorized && bindsSessionsToHosts() ? handle.host : undefined;
  return Buffer.from(encodeNodeSession({ session: made, host }));
}

/**
 * A server that was refused for its name alone must be refused by that when its session is resumed, where nobody compares names
 * again.
 */
function judged(socket: TLSSocketFields, verdict: unknown): unknown {
  if (verifyResultOf(verdict) !== 0 || !socket.authorizationError) return verdict;
  return { verifyResult: verifyResultNumber('HOSTNAME_MISMATCH') };
}
