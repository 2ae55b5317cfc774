import { TlsError } from '../../errors/tls-error.ts';
import { preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import { isUsedIn } from '../../negotiate/external-psk.ts';
import { sessionTerms } from '../../resume/accept.ts';
import type { LookupPskReply } from '../../values/external-psk.ts';
import type { OpenTicketReply } from '../../values/session.ts';
import { sameBytes } from '../../wire/bytes.ts';
import { withoutPsk } from './negotiate.ts';
import { lookupPskAsk, suiteFor, suiteOfSession } from './psk-terms.ts';
import type { Candidate, ServerState } from './states.ts';

/**
 * A second ClientHello may leave out pre-shared keys of the first "which are incompatible with the server's indicated cipher
 * suite" (RFC 9846 §4.2.2), and no others. Where none of those that are left is ours, the missing ones are looked at: each ticket is
 * opened once in a handshake, in the hello that has it last.
 */
export function seekLeftOut(candidate: Candidate, context: Context): Move<ServerState> {
  const { leftOut, received } = candidate;
  if (leftOut.length === 0) return withoutPsk(candidate, context);
  const { config, view } = received;
  return {
    state: { at: 'decideLeftOutTicket', candidate },
    ask: {
      kind: 'openTicket',
      ask: {
        identities: leftOut,
        nowMs: context.receivedAtMs,
        ...sessionTerms(config, view.serverName, context.carrier),
      },
    },
  };
}

export function onLeftOutTicket(
  { candidate }: Extract<ServerState, { at: 'decideLeftOutTicket' }>,
  reply: OpenTicketReply,
  context: Context,
): Move<ServerState> {
  const session = reply.ok ? reply.found?.session : undefined;
  if (session !== undefined && suiteOfSession(candidate, session, context) !== undefined) refuse(candidate);
  return {
    state: { at: 'decideLeftOutPsk', candidate },
    ask: lookupPskAsk(candidate, candidate.leftOut),
  };
}

export function onLeftOutPsks(
  { candidate }: Extract<ServerState, { at: 'decideLeftOutPsk' }>,
  reply: LookupPskReply,
  context: Context,
): Move<ServerState> {
  const { leftOut, received } = candidate;
  const isOurs = (identity: Uint8Array) =>
    reply.ok &&
    reply.psks.some(
      (each) =>
        isUsedIn(each, 'tls13') &&
        sameBytes(each.identity, identity) &&
        suiteFor(candidate, each.hash ?? 'sha256', undefined, context) !== undefined,
    );
  // A key that would not have been taken is not missed.
  if (received.config.clientAuthentication !== 'require' && leftOut.some(isOurs)) refuse(candidate);
  return withoutPsk(candidate, context);
}

function refuse({ received }: Candidate): never {
  const at = { section: 'RFC 9846 §4.2.2', handshakeMessage: 'client_hello', field: 'pre_shared_key' };
  if (received.hello.extensions.has(preSharedKeyExtension)) {
    throw new TlsError(
      'peer.secondHelloDiffers',
      'the second ClientHello leaves out a pre-shared key that fits the suite',
      at,
    );
  }
  throw new TlsError(
    'peer.missingExtension',
    'the second ClientHello lacks pre_shared_key, and the first had one that fits the suite',
    at,
  );
}
