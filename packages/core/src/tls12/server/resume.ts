import { verifyPeerAsk } from '../../auth/peer-certificate.ts';
import { InternalError, TlsError } from '../../errors/tls-error.ts';
import { extendedMainSecretExtension } from '../../extensions/extended-main-secret.ts';
import { sessionTicketExtension } from '../../extensions/session-ticket.ts';
import type { Move } from '../../machine/define.ts';
import type { Context, ReceivedHello } from '../../machine/step.ts';
import { isUsedIn } from '../../negotiate/external-psk.ts';
import { serverRandomOf } from '../../negotiate/version.ts';
import { isResumable, sessionTerms } from '../../resume/accept.ts';
import type { LookupPskReply } from '../../values/external-psk.ts';
import type { VerifyPeerReply } from '../../values/peer-evidence.ts';
import type { LookupSessionReply, OpenTicketReply, Session, SessionPeer } from '../../values/session.ts';
import { copyOf, sameBytes } from '../../wire/bytes.ts';
import { owned } from '../../wire/owned.ts';
import type { Agreed } from '../agreed.ts';
import type { Profile } from '../profile.ts';
import { isResumableSuite } from '../resumable.ts';
import { needsPsk, suite12, type Suite12 } from '../suites.ts';
import { beginAbbreviated } from './abbreviated.ts';
import { askForCredential } from './client-hello.ts';
import { agreesToEncryptThenMac, highestOf, negotiatedProtocol, nextProtocolsFor } from './negotiate.ts';
import type { Resuming, Seeking, ServerState } from './states.ts';

/**
 * Looks for the session that the ClientHello would resume (RFC 5246 §7.3, RFC 5077 §3.1). "If a ticket is presented by the
 * client, the server MUST NOT attempt to use the Session ID in the ClientHello for stateful session resumption" (RFC 5077 §3.4).
 */
export function seekSession(seeking: Seeking, context: Context): Move<ServerState> {
  const { config, hello, view } = seeking.received;
  const terms = sessionTerms(config, view.serverName, context.carrier);
  const ticket = hello.extensions.get(sessionTicketExtension);
  if (config.tickets !== undefined && ticket !== undefined && ticket.length > 0) {
    return {
      state: { at: 'decideTicket', seeking },
      ask: {
        kind: 'openTicket',
        ask: { identities: [copyOf(ticket)], nowMs: context.receivedAtMs, ...terms },
      },
    };
  }
  if (config.sessionIds !== undefined && hello.legacySessionId.length > 0) {
    return {
      state: { at: 'decideSession', seeking },
      ask: {
        kind: 'lookupSession',
        ask: { sessionId: copyOf(hello.legacySessionId), nowMs: context.receivedAtMs, ...terms },
      },
    };
  }
  return askForCredential(seeking, context);
}

export function onTicket(
  { seeking }: Extract<ServerState, { at: 'decideTicket' }>,
  reply: OpenTicketReply,
  context: Context,
): Move<ServerState> {
  const found = reply.ok ? reply.found : undefined;
  if (found !== undefined && found.index !== 0) {
    throw new InternalError(
      `openTicket found identity ${found.index}, which was not among those asked about`,
    );
  }
  return found === undefined
    ? askForCredential(seeking, context)
    : consider(seeking, { session: owned(found.session), byId: false, renew: found.renew === true }, context);
}

export function onSession(
  { seeking }: Extract<ServerState, { at: 'decideSession' }>,
  reply: LookupSessionReply,
  context: Context,
): Move<ServerState> {
  const session = reply.ok ? reply.session : undefined;
  return session === undefined
    ? askForCredential(seeking, context)
    : consider(seeking, { session: owned(session), byId: true, renew: false }, context);
}

function consider(
  seeking: Seeking,
  found: Pick<Resuming, 'session' | 'byId' | 'renew'>,
  context: Context,
): Move<ServerState> {
  const { session, byId } = found;
  const suite = resumableSuite(seeking, session, byId, context);
  if (suite === undefined) return askForCredential(seeking, context);
  const resuming: Resuming = { seeking, suite, ...found };
  const { externalPskIdentity: identity } = session;
  if (identity === undefined) return judgeAgain(resuming, context);
  const { view, version } = seeking.received;
  return {
    state: { at: 'decideSessionPsk', resuming, identity },
    ask: {
      kind: 'lookupPsk',
      ask: {
        role: 'server',
        identities: [copyOf(identity)],
        serverName: view.serverName,
        version,
        hint: undefined,
      },
    },
  };
}

/** A pre-shared key that has been taken back takes the sessions that were made with it along. */
export function onSessionPsk(
  { resuming, identity }: Extract<ServerState, { at: 'decideSessionPsk' }>,
  reply: LookupPskReply,
  context: Context,
): Move<ServerState> {
  const isKnown =
    reply.ok && reply.psks.some((each) => isUsedIn(each, 'tls12') && sameBytes(each.identity, identity));
  return isKnown ? judgeAgain(resuming, context) : askForCredential(resuming.seeking, context);
}

/** The client as the session has it. */
function judgeAgain(resuming: Resuming, context: Context): Move<ServerState> {
  const { seeking, session } = resuming;
  const { peer } = session;
  if (peer === undefined) return resume(resuming, undefined, context);
  return {
    state: { at: 'decideResumedPeer', resuming, peer },
    ask: verifyPeerAsk('resumption', peer.evidence, seeking.received.config, context, peer),
  };
}

/** A client that is no longer accepted gets a full handshake, in which it may prove itself anew. */
export function onResumedPeerVerdict(
  { resuming, peer }: Extract<ServerState, { at: 'decideResumedPeer' }>,
  reply: VerifyPeerReply,
  context: Context,
): Move<ServerState> {
  if (!reply.ok) return askForCredential(resuming.seeking, context);
  const { evidence } = peer;
  const judged = { evidence, verdict: owned(reply.verdict), verifiedAtMs: context.receivedAtMs };
  return resume(resuming, judged, context);
}

/** The session's suite, with which it is resumed; `undefined`: a full handshake is made. */
function resumableSuite(
  { received, suites }: Seeking,
  session: Session,
  byId: boolean,
  { receivedAtMs, carrier }: Context,
): Suite12 | undefined {
  const { hello, view, version, config } = received;
  const { serverName } = view;
  const suite = suite12(session.cipherSuite);
  if (suite === undefined || !isResumableSuite(suite)) return undefined;
  // Of a session without its key nobody can tell whether the key is still good.
  if (needsPsk(suite) !== (session.externalPskIdentity !== undefined)) return undefined;
  const terms = { version, config, carrier, serverName, nowMs: receivedAtMs, byId };
  if (!isResumable(session, terms)) return undefined;
  const offersBinding = hello.extensions.has(extendedMainSecretExtension);
  if (session.extendedMainSecret !== true) {
    // RFC 7627 §5.3: a full handshake where the new hello has the extension; without it, too, unless that is not wanted.
    if (offersBinding || !config.resumeUnboundSessions) return undefined;
  } else if (!offersBinding) {
    throw new TlsError(
      'peer.missingExtendedMainSecret',
      'the client would resume a session with extended main secret, and does not offer it',
      { section: 'RFC 7627 §5.3', handshakeMessage: 'client_hello', field: 'extended_main_secret' },
    );
  }
  if (!hello.cipherSuites.includes(suite.id)) {
    throw new TlsError(
      'peer.illegalResumption',
      `the client would resume a session with ${suite.name}, and does not offer it`,
      { section: 'RFC 5246 §7.4.1.2', handshakeMessage: 'client_hello', field: 'cipher_suites' },
    );
  }
  return suites.find(({ id }) => id === suite.id);
}

function resume(resuming: Resuming, peer: SessionPeer | undefined, context: Context): Move<ServerState> {
  const { seeking, suite } = resuming;
  const agreed = agreedAgain(seeking.received, seeking.profile, suite, context);
  return beginAbbreviated(resuming, agreed, peer, context);
}

/** What is settled anew in every handshake, resumed or not. */
function agreedAgain(received: ReceivedHello, profile: Profile, suite: Suite12, context: Context): Agreed {
  const { config, hello } = received;
  const alpnProtocol = negotiatedProtocol(received);
  return {
    profile,
    suite,
    clientRandom: copyOf(hello.random),
    serverRandom: serverRandomOf(context.entropy.random(32), profile.version, highestOf(config)),
    // `resumableSuite`: as in the session.
    extendedMainSecret: hello.extensions.has(extendedMainSecretExtension),
    encryptThenMac: agreesToEncryptThenMac(received, suite),
    alpnProtocol,
    nextProtocols: nextProtocolsFor(received, alpnProtocol),
  };
}
