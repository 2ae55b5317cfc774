import { verifyPeerAsk } from '../../auth/peer-certificate.ts';
import { equalSecrets } from '../../crypto/constant-time.ts';
import { InternalError, TlsError } from '../../errors/tls-error.ts';
import { bindersLength, preSharedKeyExtension, type OfferedPsks } from '../../extensions/pre-shared-key.ts';
import { pskKeyExchangeModesExtension } from '../../extensions/psk-key-exchange-modes.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import { isUsedIn } from '../../negotiate/external-psk.ts';
import { pskKeyExchangeModes, type PskKeyExchangeMode } from '../../registry/psk-key-exchange-modes.ts';
import { sessionTerms } from '../../resume/accept.ts';
import type { LookupPskReply } from '../../values/external-psk.ts';
import type { VerifyPeerReply } from '../../values/peer-evidence.ts';
import type { OpenTicketReply, UseTicketReply } from '../../values/session.ts';
import { copyOf, sameBytes } from '../../wire/bytes.ts';
import { owned } from '../../wire/owned.ts';
import { binderOf, type BinderLabel } from '../binder.ts';
import { hashOf, type Suite13 } from '../suites.ts';
import { considerEarlyData } from './early-data.ts';
import { seekLeftOut } from './left-out-keys.ts';
import { lookupPskAsk, suiteFor, suiteOfSession } from './psk-terms.ts';
import { negotiate, withoutPsk } from './negotiate.ts';
import type { AcceptedPsk, Candidate, Negotiated, ServerState } from './states.ts';

/** How the hello's pre-shared keys may be used; `undefined`: it has none, or not in a way that we take (RFC 9846 §4.3.9). */
export function pskMode({ received, group }: Candidate): PskKeyExchangeMode | undefined {
  const { hello, config } = received;
  if (!hello.extensions.has(preSharedKeyExtension)) return undefined;
  const theirs = hello.extensions.get(pskKeyExchangeModesExtension) ?? [];
  return config.pskModes.find(
    (mode) => theirs.includes(mode) && (mode === pskKeyExchangeModes.psk_ke || group !== undefined),
  );
}

/** Looks for a session or an external key behind the client's identities (RFC 9846 §4.3.11); tickets come first. */
export function seekPsk(candidate: Candidate, context: Context): Move<ServerState> {
  const mode = pskMode(candidate);
  if (mode === undefined) return seekLeftOut(candidate, context);
  const { config, view } = candidate.received;
  return {
    state: { at: 'decideTicket', candidate, mode },
    ask: {
      kind: 'openTicket',
      ask: {
        identities: identitiesOf(candidate, context),
        nowMs: context.receivedAtMs,
        ...sessionTerms(config, view.serverName, context.carrier),
      },
    },
  };
}

export function onTicket(
  { candidate, mode }: Extract<ServerState, { at: 'decideTicket' }>,
  reply: OpenTicketReply,
  context: Context,
): Move<ServerState> {
  const found = reply.ok ? reply.found : undefined;
  if (found !== undefined && found.index >= identitiesOf(candidate, context).length) {
    throw new InternalError(
      `openTicket found identity ${found.index}, which was not among those asked about`,
    );
  }
  const session = owned(found?.session);
  const suite = session && suiteOfSession(candidate, session, context);
  if (found === undefined || session === undefined || suite === undefined)
    return seekExternalPsk(candidate, mode, context);
  const psk = proven(candidate, found.index, session.secret, 'res binder', suite, context);
  const taken = { session, renew: found.renew === true, ...psk };
  const negotiated = withPsk(candidate, taken, suite, mode, context);
  const ticket = identitiesOf(candidate, context)[found.index]!;
  return {
    state: { at: 'decideTicketUse', candidate, mode, negotiated },
    ask: { kind: 'useTicket', ask: { ticket, nowMs: context.receivedAtMs } },
  };
}

/** Whoever only has read a ticket comes not as far as this (RFC 9846 §8.1): the binder has been verified. */
export function onTicketUse(
  { candidate, mode, negotiated }: Extract<ServerState, { at: 'decideTicketUse' }>,
  reply: UseTicketReply,
  context: Context,
): Move<ServerState> {
  if (!reply.ok || !reply.use) return seekExternalPsk(candidate, mode, context);
  const identity = negotiated.psk?.session?.externalPskIdentity;
  if (identity !== undefined) {
    return {
      state: { at: 'decideSessionPsk', candidate, mode, negotiated, identity },
      ask: lookupPskAsk(candidate, [copyOf(identity)]),
    };
  }
  return judgeAgain(candidate, negotiated, context);
}

/** The client as the session has it. */
function judgeAgain(candidate: Candidate, negotiated: Negotiated, context: Context): Move<ServerState> {
  const resumed = negotiated.psk?.session?.peer;
  if (resumed === undefined) return considerEarlyData(negotiated, context);
  return {
    state: { at: 'decideResumedPeer', candidate, negotiated, resumed },
    ask: verifyPeerAsk('resumption', resumed.evidence, candidate.received.config, context, resumed),
  };
}

/** An external key that has been taken back takes the sessions that were made with it along. */
export function onSessionPsk(
  { candidate, mode, negotiated, identity }: Extract<ServerState, { at: 'decideSessionPsk' }>,
  reply: LookupPskReply,
  context: Context,
): Move<ServerState> {
  const isKnown =
    reply.ok && reply.psks.some((each) => isUsedIn(each, 'tls13') && sameBytes(each.identity, identity));
  return isKnown ? judgeAgain(candidate, negotiated, context) : seekExternalPsk(candidate, mode, context);
}

/** A client that is no longer accepted gets a full handshake, in which it may prove itself anew. */
export function onResumedPeerVerdict(
  { candidate, negotiated, resumed }: Extract<ServerState, { at: 'decideResumedPeer' }>,
  reply: VerifyPeerReply,
  context: Context,
): Move<ServerState> {
  if (!reply.ok) return withoutPsk(candidate, context);
  const { evidence } = resumed;
  const resumedPeer = { evidence, verdict: owned(reply.verdict), verifiedAtMs: context.receivedAtMs };
  return considerEarlyData({ ...negotiated, resumedPeer }, context);
}

function seekExternalPsk(
  candidate: Candidate,
  mode: PskKeyExchangeMode,
  context: Context,
): Move<ServerState> {
  return {
    state: { at: 'decidePsk', candidate, mode },
    ask: lookupPskAsk(candidate, identitiesOf(candidate, context)),
  };
}

/** External keys: the first in the client's order that we know. */
export function onExternalPsks(
  { candidate, mode }: Extract<ServerState, { at: 'decidePsk' }>,
  reply: LookupPskReply,
  context: Context,
): Move<ServerState> {
  const { config } = candidate.received;
  // A key proves a client, but no certificate; who must have one is not let in without.
  if (!reply.ok || config.clientAuthentication === 'require') return seekLeftOut(candidate, context);
  for (const [index, identity] of identitiesOf(candidate, context).entries()) {
    const external = owned(
      reply.psks.find((each) => isUsedIn(each, 'tls13') && sameBytes(each.identity, identity)),
    );
    const suite =
      external && suiteFor(candidate, external.hash ?? 'sha256', external.earlyData?.cipherSuite, context);
    if (external === undefined || suite === undefined) continue;
    const label = external.imported === true ? 'imp binder' : 'ext binder';
    const psk = proven(candidate, index, external.key, label, suite, context);
    return considerEarlyData(withPsk(candidate, { external, ...psk }, suite, mode, context), context);
  }
  return seekLeftOut(candidate, context);
}

function withPsk(
  candidate: Candidate,
  psk: AcceptedPsk,
  suite: Suite13,
  mode: PskKeyExchangeMode,
  context: Context,
): Negotiated {
  const group = mode === pskKeyExchangeModes.psk_dhe_ke ? candidate.group : undefined;
  return { ...negotiate(candidate, suite, group, context), psk };
}

/** The client has the key if its binder says so; a wrong one ends the handshake (RFC 9846 §4.3.11). */
function proven(
  { received, before, raw }: Candidate,
  index: number,
  key: Uint8Array,
  label: BinderLabel,
  suite: Suite13,
  context: Context,
): AcceptedPsk {
  const offered = offeredPsks(received.hello.extensions.get(preSharedKeyExtension));
  const hash = hashOf(suite, context.provider);
  const truncated = raw.subarray(0, raw.length - bindersLength(offered));
  const expected = binderOf(hash, key, label, before.digestWith(hash, truncated));
  const binder = offered.binders[index]!;
  if (!equalSecrets(expected, binder)) {
    throw new TlsError('peer.badBinder', `the binder of identity ${index} does not verify`, {
      section: 'RFC 9846 §4.3.11.2',
      handshakeMessage: 'client_hello',
      field: 'pre_shared_key.binders',
    });
  }
  return {
    index,
    key,
    binder: copyOf(binder),
    obfuscatedTicketAge: offered.identities[index]!.obfuscatedTicketAge,
  };
}

/** Copies, for the application to keep; those beyond the limit are ignored. */
function identitiesOf({ received }: Candidate, context: Context): readonly Uint8Array[] {
  const offered = offeredPsks(received.hello.extensions.get(preSharedKeyExtension));
  return offered.identities.slice(0, context.limits.pskIdentities).map(({ identity }) => copyOf(identity));
}

function offeredPsks(offered: OfferedPsks | undefined): OfferedPsks {
  if (offered === undefined) throw new InternalError('a pre-shared key is sought in a hello without one');
  return offered;
}
