import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import type { Finished12 } from '../../messages/tls12/finished.ts';
import type { ChangeCipherSpec } from '../change-cipher-spec.ts';
import { connected } from '../connected.ts';
import { checkFinished } from '../finished.ts';
import type { ClientState } from './states.ts';

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
  { handshake, secrets, peer }: Extract<ClientState, { at: 'awaitFinished' }>,
  message: Finished12,
  context: Context,
): Move<ClientState> {
  const { agreed } = handshake;
  checkFinished(agreed, secrets.main, 'server', message, context);
  return connected(agreed, secrets.main, peer, context);
}
