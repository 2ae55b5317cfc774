import { type ChooseConfigAsk, type DecisionKind, type DecisionOf, protocolVersions } from '@sealwire/core';
import { storesSessions } from '../beyond/sessions.ts';
import { type ServerWishes, ticketKeeper, type TicketWishes } from '../context/configs.ts';
import { restoredSession, storedSession } from '../session/openssl-tickets.ts';
import type { TLSSocketFields } from '../socket/fields.ts';
import type { TlsHandle } from '../socket/tls-handle.ts';
import { debug } from '../process/debug.ts';
import type { ServerFields } from './fields.ts';

/** How the sessions of one connection are kept: in tickets as OpenSSL's, and by the application's listeners. */
export function sessionWishes(
  socket: TLSSocketFields,
  handle: TlsHandle,
  hello: Pick<ChooseConfigAsk, 'version' | 'renegotiation'> | undefined,
): Pick<ServerWishes, 'tickets' | 'keepsSessionIds' | 'asks'> {
  // Another handshake is for something that the one before did not have, such as the client's certificate.
  if (hello !== undefined && hello.renegotiation > 0)
    return { tickets: undefined, keepsSessionIds: false, asks: [] };
  const avoidsTickets = !handle.context.sendsTickets;
  const isOlder = hello !== undefined && hello.version < protocolVersions.tls13;
  const asks: DecisionKind[] = ['lookupSession', 'storeSession'];
  if ((socket.server as ServerFields | undefined)?.listenerCount('newSession')) asks.push('sealTicket');
  if (storesSessions(socket, handle) && hello?.version === protocolVersions.tls13) asks.push('openTicket');
  return {
    tickets: avoidsTickets && isOlder ? undefined : ticketWishes(socket, handle),
    keepsSessionIds: true,
    asks,
  };
}

function ticketWishes(socket: TLSSocketFields, handle: TlsHandle): TicketWishes {
  return { isStateful: !handle.context.sendsTickets || storesSessions(socket, handle) };
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
  const keeper = ticketKeeper(handle.context, ticketWishes(socket, handle));
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
 * back about one of its sessions; then all tickets of which it was told leave, before any data, as in Node.
 */
function tellSession(
  socket: TLSSocketFields,
  handle: TlsHandle,
  id: Uint8Array,
  data: Uint8Array,
  goOn: () => void,
): void {
  const server = socket.server as ServerFields | undefined;
  const waiting = told.get(socket) ?? [];
  told.set(socket, waiting);
  waiting.push(goOn);
  let isDone = false;
  const done = (): void => {
    debug('onnewsession done');
    if (isDone) return;
    isDone = true;
    if (socket.destroyed) return;
    for (const each of waiting.splice(0)) each();
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

/** What goes on when the application has called back. */
const told = new WeakMap<TLSSocketFields, (() => void)[]>();
