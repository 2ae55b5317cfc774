import { TlsError } from '../../errors/tls-error.ts';
import { earlyDataExtension } from '../../extensions/early-data.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import type { NewSessionTicket } from '../../messages/new-session-ticket.ts';
import { receiveCustomExtensions } from '../../negotiate/custom-extensions.ts';
import { copyOf } from '../../wire/bytes.ts';
import { owned } from '../../wire/owned.ts';
import { ticketSecret } from '../post-handshake.ts';
import { hashOf } from '../suites.ts';
import type { ClientState } from './states.ts';

type Connected = Extract<ClientState, { at: 'connected' }>;

/** A ticket of the server (RFC 9846 §4.7.1): a session for the application to keep. */
export function onNewSessionTicket(
  state: Connected,
  message: NewSessionTicket,
  context: Context,
): Move<ClientState> {
  const { resumption, suite, customExtensions = [] } = state;
  const custom = receiveCustomExtensions(customExtensions, message.extensions);
  checkEarlyDataSize(message, context);
  // "Clients which receive a NewSessionTicket message but do not support resumption MUST silently ignore this message";
  // a lifetime of 0 says "discard".
  if (resumption === undefined || message.ticketLifetimeSeconds === 0) return { state, effects: custom };
  const secret = ticketSecret(hashOf(suite, context.provider), resumption.secret, message.ticketNonce);
  return {
    state,
    effects: [
      ...custom,
      {
        do: 'session',
        session: {
          secret,
          ticket: copyOf(message.ticket),
          ageAdd: message.ticketAgeAdd,
          lifetimeSeconds: Math.min(message.ticketLifetimeSeconds, weekSeconds),
          issuedAtMs: context.receivedAtMs,
          maxEarlyDataBytes: message.extensions.get(earlyDataExtension) ?? 0,
          ...owned(resumption.base),
        },
      },
    ],
  };
}

/** RFC 9001 §4.6.1: a size that means nothing must be the one that is agreed on. */
function checkEarlyDataSize({ extensions }: NewSessionTicket, { carrier }: Context): void {
  const size = extensions.get(earlyDataExtension);
  if (size === undefined || carrier.earlyDataSize === undefined || size === carrier.earlyDataSize) return;
  throw new TlsError(
    'peer.illegalEarlyDataSize',
    `max_early_data_size is ${size} instead of ${carrier.earlyDataSize}`,
    { section: 'RFC 9001 §4.6.1', handshakeMessage: 'new_session_ticket', field: 'early_data' },
  );
}

/** RFC 9846 §4.7.1: "Clients MUST NOT use tickets for longer than 7 days after issuance". */
const weekSeconds = 604_800;
