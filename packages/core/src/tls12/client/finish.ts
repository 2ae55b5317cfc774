import { encryptedHelloRejection } from '../../machine/ech.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import type { Finished12 } from '../../messages/tls12/finished.ts';
import type { NewSessionTicket12 } from '../../messages/tls12/new-session-ticket.ts';
import type { ChangeCipherSpec } from '../change-cipher-spec.ts';
import { connected, type Ended } from '../connected.ts';
import { checkFinished } from '../finished.ts';
import { pskFacts } from '../key-exchange/psk.ts';
import { keptSession, newSession } from './new-session.ts';
import type { ClientState } from './states.ts';

/** NewSessionTicket (RFC 5077 §3.3); not to be used before the server's Finished is right. */
export function onTicket(
  state: Extract<ClientState, { at: 'awaitTicket' }>,
  ticket: NewSessionTicket12,
): Move<ClientState> {
  return { state: { ...state, at: 'awaitChangeCipherSpec', ticket } };
}

/** The server's change_cipher_spec (RFC 5246 §7.1): what follows is under its new keys. */
export function onChangeCipherSpec(
  state: Extract<ClientState, { at: 'awaitChangeCipherSpec' }>,
  _message: ChangeCipherSpec,
  context: Context,
): Move<ClientState> {
  return {
    state: { ...state, at: 'awaitFinished' },
    effects: [{ do: 'installReadKeys', keys: state.secrets.server, boundary: context.boundary() }],
  };
}

/** The server's Finished: it has seen the same handshake as we. */
export function onFinished(
  { handshake, secrets, peer, ticket, verifyData }: Extract<ClientState, { at: 'awaitFinished' }>,
  message: Finished12,
  context: Context,
): Move<ClientState> {
  const { agreed, config, sessionId } = handshake;
  checkFinished(agreed, secrets.main, 'server', message, context);
  const said = { client: verifyData, server: message.verifyData };
  const ended: Ended = { agreed, secrets, peer, verifyData: said, first: 'client' };
  const { state, effects } = connected(handshake.origin, ended, context);
  if (handshake.hasRejectedEch)
    return { state, effects: [{ do: 'fail', error: encryptedHelloRejection(config.serverName, undefined) }] };
  const session = newSession(
    agreed,
    config,
    secrets.main,
    { peer, pskIdentity: handshake.pskIdentity },
    { sessionId, ticket },
    context,
  );
  return {
    state,
    effects: [
      ...pskFacts(handshake.pskIdentity),
      ...effects,
      ...(session === undefined ? [] : keptSession(session)),
    ],
  };
}
