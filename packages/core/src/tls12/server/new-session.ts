import { sessionTicketExtension } from '../../extensions/session-ticket.ts';
import { preceded, type Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { ServerConfig } from '../../config/server.ts';
import type { Context, Effect, ReceivedHello } from '../../machine/step.ts';
import { encodeMessage12 } from '../../messages/tls12.ts';
import { resumptionContext } from '../../resume/accept.ts';
import type { SealTicketAsk, SealTicketReply, Session, StoreSessionReply } from '../../values/session.ts';
import { copyOf } from '../../wire/bytes.ts';
import type { Agreed } from '../agreed.ts';
import { connected, type Ended } from '../connected.ts';
import { pskFacts } from '../key-exchange/psk.ts';
import { verifyDataOf } from '../keys.ts';
import { isKept, sessionOf } from '../resumable.ts';
import type { Completed, Issued, ServerState } from './states.ts';

/** What the client will get to resume with; a ticket where it can take one (RFC 5077 §3.4: then no session id). */
export function issuedFor(
  { config, hello, view }: ReceivedHello,
  agreed: Agreed,
  context: Context,
): Issued | undefined {
  const { tickets, sessionIds } = config;
  const { serverName } = view;
  if (!isKept(agreed, config)) return undefined;
  if (tickets !== undefined && tickets.count > 0 && hello.extensions.has(sessionTicketExtension))
    return { as: 'ticket', serverName };
  return sessionIds === undefined
    ? undefined
    : { as: 'id', sessionId: context.entropy.random(32), serverName };
}

/** The client's Finished is right: the session is sealed or stored before ours leaves, so that it can be resumed at once. */
export function keepSession(completed: Completed, context: Context): Move<ServerState> {
  const { handshake, secrets, peer } = completed;
  const { issued, agreed, config } = handshake;
  if (issued === undefined) return sendLastFlight(completed, undefined, context);
  const { tickets, sessionIds } = config;
  const lifetimeSeconds = (issued.as === 'ticket' ? tickets : sessionIds)?.lifetimeSeconds ?? 0;
  const session = sessionOf(
    agreed,
    secrets.main,
    peer === undefined ? undefined : { ...peer },
    {
      serverName: issued.serverName,
      expectedName: undefined,
      context: resumptionContext(config, context.carrier, 'made'),
      applicationData: tickets?.applicationData ?? new Uint8Array(0),
      lifetimeSeconds,
    },
    handshake.pskIdentity,
    undefined,
    context,
  );
  if (issued.as === 'id') {
    return {
      state: { at: 'decideStored', completed },
      ask: {
        kind: 'storeSession',
        ask: { session: { ...session, sessionId: copyOf(issued.sessionId) }, nowMs: context.nowMs },
      },
    };
  }
  return {
    state: { at: 'decideSealedTicket', completed, lifetimeSeconds },
    ask: { kind: 'sealTicket', ask: sealAsk(session, context) },
  };
}

/** A session that could not be stored is not found again. */
export function onStored(
  { completed }: Extract<ServerState, { at: 'decideStored' }>,
  reply: StoreSessionReply,
  context: Context,
): Move<ServerState> {
  const { issued, config } = completed.handshake;
  const last = sendLastFlight(completed, undefined, context);
  return reply.ok && issued?.as === 'id' ? preceded(live(issued.sessionId, config), last) : last;
}

/** Found again by its id, until a fatal alert takes it away. */
export function live(sessionId: Uint8Array, { sessionIds }: ServerConfig): readonly Effect[] {
  const store = sessionIds?.store;
  return [{ do: 'liveSession', session: { sessionId: copyOf(sessionId), store } }];
}

export function onSealedTicket(
  { completed, lifetimeSeconds }: Extract<ServerState, { at: 'decideSealedTicket' }>,
  reply: SealTicketReply,
  context: Context,
): Move<ServerState> {
  return sendLastFlight(completed, newSessionTicket(reply, lifetimeSeconds), context);
}

/** What can be sealed of a session. */
export function sealAsk(session: Session, { entropy, nowMs }: Context): SealTicketAsk {
  return { session, random: entropy.random(32), nowMs };
}

/** NewSessionTicket (RFC 5077 §3.3): announced, it is sent; "a zero-length ticket" where there is none after all. */
export function newSessionTicket(reply: SealTicketReply, lifetimeSeconds: number): Uint8Array {
  return encodeMessage12({
    type: 'new_session_ticket',
    ticketLifetimeHintSeconds: reply.ok ? lifetimeSeconds : 0,
    ticket: reply.ok ? reply.ticket : new Uint8Array(0),
  });
}

/** change_cipher_spec and our Finished, which answers the client's (RFC 5246 §7.4.9). */
function sendLastFlight(
  { handshake, secrets, peer, verifyData: ofClient }: Completed,
  ticket: Uint8Array | undefined,
  context: Context,
): Move<ServerState> {
  const { agreed } = handshake;
  const begun = Flight.after(context.after);
  const flight = ticket === undefined ? begun : begun.append(ticket);
  const verifyData = verifyDataOf(agreed, secrets.main, 'server', flight.transcript, context);
  const complete = flight
    .doing({ do: 'sendChangeCipherSpec' }, { do: 'installWriteKeys', keys: secrets.server })
    .append(encodeMessage12({ type: 'finished', verifyData }));
  const said = { client: ofClient, server: verifyData };
  const ended: Ended = { agreed, secrets, peer, verifyData: said, first: 'client' };
  const { state, effects } = connected(handshake.origin, ended, context);
  return { state, effects: [...complete.finish(), ...pskFacts(handshake.pskIdentity), ...effects] };
}
