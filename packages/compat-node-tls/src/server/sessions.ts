import { type ChooseConfigAsk, type DecisionOf, protocolVersions, type ServerOptions } from '@sealwire/core';
import { storesSessions } from '../beyond/sessions.ts';
import { OpensslTicketKeeper, restoredSession, storedSession } from '../session/openssl-tickets.ts';
import type { TLSSocketFields } from '../socket/fields.ts';
import type { TlsHandle } from '../socket/tls-handle.ts';
import { debug } from '../process/debug.ts';
import type { ServerFields } from './fields.ts';

/** How the sessions of one connection are kept: in tickets as OpenSSL's, and by the application's listeners. */
export function sessionOptions(
  socket: TLSSocketFields,
  handle: TlsHandle,
  hello: Pick<ChooseConfigAsk, 'version' | 'renegotiation'> | undefined,
): Pick<ServerOptions, 'tickets' | 'sessionIds' | 'answers'> {
  // Another handshake is for something that the one before did not have, such as the client's certificate.
  if (hello !== undefined && hello.renegotiation > 0) return { tickets: false };
  const { context } = handle;
  const lifetimeSeconds = Math.min(Math.max(context.sessionTimeoutSeconds, 1), 604_800);
  const stores = (socket.server as ServerFields | undefined)?.listenerCount('newSession') ?? 0;
  const avoidsTickets = !context.sendsTickets;
  const stored = storesSessions(socket, handle);
  const sessionIds: ServerOptions['sessionIds'] = { lifetimeSeconds };
  return {
    tickets:
      avoidsTickets && hello !== undefined && hello.version < protocolVersions.tls13
        ? false
        : {
            keeper: keeperOf(handle, avoidsTickets || stored),
            lifetimeSeconds,
            count: 2,
            countWhenResumed: 0,
          },
    // A session that nobody keeps has an identifier as well, and is not found again.
    sessionIds,
    answers: {
      ...(stores > 0 && { sealTicket: () => undefined }),
      ...(stored && hello?.version === protocolVersions.tls13 && { openTicket: () => undefined }),
      lookupSession: () => undefined,
      storeSession: () => undefined,
    },
  };
}

function keeperOf({ context }: TlsHandle, stateful: boolean): OpensslTicketKeeper {
  return new OpensslTicketKeeper(context.ticketKeys, {
    sessionIdContext: context.sessionIdContext,
    stateful,
  });
}

type Asked = DecisionOf<'sealTicket' | 'storeSession' | 'lookupSession'>;

/** Tells the application of a session, and goes on when it has called back; or gives back what it has kept. */
export function answerSession(socket: TLSSocketFields, handle: TlsHandle, decision: Asked): void {
  if (decision.kind === 'lookupSession') {
    const { loaded, context } = handle;
    const session = loaded && restoredSession(loaded, decision.ask, context.sessionIdContext);
    handle.pump.answer(decision, session === undefined ? { ok: true } : { ok: true, session });
    return;
  }
  const { ask } = decision;
  handle.session = ask.session;
  if (decision.kind === 'storeSession') {
    const { id, data } = storedSession(ask.session, handle.context.sessionIdContext);
    tellSession(socket, handle, id, data, () => handle.pump.answer(decision, { ok: true }));
    return;
  }
  const keeper = keeperOf(handle, !handle.context.sendsTickets || storesSessions(socket, handle));
  const reply = keeper.sealTicket(decision.ask);
  if (!reply.ok) {
    handle.pump.answer(decision, reply);
    return;
  }
  // Before TLS 1.3 Node tells nobody of what goes into a ticket.
  if (ask.session.version < 0x0304) {
    handle.pump.answer(decision, reply);
    return;
  }
  const { id, data } = keeper.issued(decision.ask);
  tellSession(socket, handle, id, data, () => handle.pump.answer(decision, reply));
}

/**
 * Before TLS 1.3 the handshake waits for the application. In TLS 1.3 it is done, and nothing leaves until the application has called
 * back about one of its sessions, each of which leaves when it has called back about that.
 */
function tellSession(
  socket: TLSSocketFields,
  handle: TlsHandle,
  id: Uint8Array,
  data: Uint8Array,
  goOn: () => void,
): void {
  const server = socket.server as ServerFields | undefined;
  let isDone = false;
  const done = (): void => {
    debug('onnewsession done');
    if (isDone) return;
    isDone = true;
    if (socket.destroyed) return;
    goOn();
    socket._newSessionPending = false;
    handle.pump.setHeld(false);
    if (socket._securePending) socket._finishInit();
    socket._securePending = false;
  };
  socket._newSessionPending = true;
  debug('onnewsession');
  if (handle.facts.handshakes) handle.pump.setHeld(true);
  if (!server?.emit('newSession', Buffer.from(id), Buffer.from(data), done)) done();
}
