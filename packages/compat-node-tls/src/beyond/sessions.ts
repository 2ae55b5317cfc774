import type { DecisionOf, OpenTicketReply } from '@sealwire/core';
import { restoredSession } from '../session/openssl-tickets.ts';
import { decodeSslSession } from '../session/ssl-session.ts';
import type { ServerFields } from '../server/fields.ts';
import type { TLSSocketFields } from '../socket/fields.ts';
import type { TlsHandle } from '../socket/tls-handle.ts';

/** Whether sessions of TLS 1.3 are kept by the application, which then is asked for them by `resumeSession`. */
export function storesSessions(socket: TLSSocketFields, handle: TlsHandle): boolean {
  const server = socket.server as ServerFields | undefined;
  return handle.beyond.storeSessions === true && (server?.listenerCount('resumeSession') ?? 0) > 0;
}

/**
 * Asks `resumeSession` for the sessions of the names that a client shows, one after the other, until there is one that may be resumed:
 * a client has no reason to show more than a few.
 */
export function askForTicket(
  socket: TLSSocketFields,
  handle: TlsHandle,
  decision: DecisionOf<'openTicket'>,
): void {
  const { ask } = decision;
  const { sessionIdContext } = handle.context;
  const names = ask.identities
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => name.length === nameBytes)
    .slice(0, mostAsked);
  const tell = (reply: OpenTicketReply): void => void handle.pump.answer(decision, reply);
  const next = (): void => {
    const wanted = names.shift();
    if (wanted === undefined) {
      tell({ ok: true });
      return;
    }
    const { name, index } = wanted;
    let isAnswered = false;
    (socket.server as ServerFields).emit(
      'resumeSession',
      Buffer.from(name),
      (error: Error | null | undefined, data?: Uint8Array | null) => {
        if (isAnswered || socket.destroyed) return;
        isAnswered = true;
        if (error) {
          socket.destroy(error);
          return;
        }
        const session = data instanceof Uint8Array ? sessionNamed(name, data) : undefined;
        if (session === undefined) next();
        else tell({ ok: true, found: { index, session } });
      },
    );
  };
  next();

  /** What a store gives for another name is not for this client. */
  function sessionNamed(name: Uint8Array, data: Uint8Array) {
    const { sessionId } = decodeSslSession(data) ?? {};
    if (sessionId === undefined || !Buffer.from(sessionId).equals(name)) return undefined;
    return restoredSession(data, ask, sessionIdContext);
  }
}

const nameBytes = 32;
const mostAsked = 4;
