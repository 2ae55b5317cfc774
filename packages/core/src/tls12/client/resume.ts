import { acceptedPeer, verifyPeerAsk } from '../../auth/peer-certificate.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { preceded, type Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect, SentHello } from '../../machine/step.ts';
import { encodeMessage12 } from '../../messages/tls12.ts';
import type { Finished12 } from '../../messages/tls12/finished.ts';
import type { NewSessionTicket12 } from '../../messages/tls12/new-session-ticket.ts';
import { sameVersion } from '../../negotiate/version.ts';
import type { VerifyPeerReply } from '../../values/peer-evidence.ts';
import type { Session, SessionPeer } from '../../values/session.ts';
import { copyOf, sameBytes } from '../../wire/bytes.ts';
import { agreedFacts, type Agreed } from '../agreed.ts';
import type { ChangeCipherSpec } from '../change-cipher-spec.ts';
import { connected, identityOf, type Ended } from '../connected.ts';
import { checkFinished } from '../finished.ts';
import { pskFacts } from '../key-exchange/psk.ts';
import { derived, secretsOf, verifyDataOf } from '../keys.ts';
import { checkSameServer } from '../renegotiation.ts';
import { keptSession, live, newSession } from './new-session.ts';
import { chooseProtocol } from './next-protocol.ts';
import type { ClientOffer } from './offer.ts';
import { keyUseOf } from './server-flight.ts';
import type { ClientOrigin, ClientState, Resuming } from './states.ts';

/** The abbreviated handshake (RFC 5246 §7.3, figure 2; RFC 5077 §3.1, figure 2): the server's Finished comes first. */

/** The session that the server resumes by giving our session id back (RFC 5246 §7.4.1.3), if it does. */
export function resumedSession(
  { hello, carry }: SentHello,
  sessionId: Uint8Array,
  { profile, suite, extendedMainSecret }: Agreed,
): Session | undefined {
  if (sessionId.length === 0 || !sameBytes(sessionId, hello.legacySessionId)) return undefined;
  const { session } = carry as ClientOffer;
  const at = { section: 'RFC 5246 §7.4.1.3', handshakeMessage: 'server_hello' };
  if (session === undefined) {
    throw new TlsError(
      'peer.illegalSessionIdEcho',
      'the server would resume a session that we did not offer',
      {
        ...at,
        field: 'session_id',
      },
    );
  }
  if (!sameVersion(session.version, profile.version)) {
    throw new TlsError('peer.illegalResumption', 'the server resumes a session in another version', {
      ...at,
      field: 'server_version',
    });
  }
  if (session.cipherSuite !== suite.id) {
    throw new TlsError('peer.illegalResumption', `the server resumes a session with ${suite.name}`, {
      ...at,
      field: 'cipher_suite',
    });
  }
  if (extendedMainSecret === (session.extendedMainSecret === true)) return session;
  if (extendedMainSecret) {
    throw new TlsError(
      'peer.illegalResumption',
      'the server resumes a session without the extended main secret, and says that it has it',
      { ...at, section: 'RFC 7627 §5.3', field: 'extended_main_secret' },
    );
  }
  throw new TlsError(
    'peer.missingExtendedMainSecret',
    'the server resumes a session with extended main secret, and does not say so',
    { ...at, section: 'RFC 7627 §5.3', field: 'extended_main_secret' },
  );
}

/** Whether the server is still accepted, before anything else. */
export function beginResumed(
  origin: ClientOrigin,
  agreed: Agreed,
  session: Session,
  expectsTicket: boolean,
  context: Context,
): Move<ClientState> {
  const { peer } = session;
  const { config } = origin;
  checkSameServer(origin.before, peer && identityOf(peer.evidence));
  const resuming = { config, origin, agreed, session, peer, expectsTicket };
  const effects: readonly Effect[] = [agreedFacts(agreed, origin.isSecure, true), ...live(session)];
  // A server that is known by a pre-shared key: without the key the session was not offered.
  if (peer === undefined) return preceded(effects, goOn(resuming, undefined, context));
  return {
    state: { at: 'decideResumedPeer', resuming: { ...resuming, peer } },
    effects,
    ask: verifyPeerAsk('resumption', peer.evidence, config, context, peer, keyUseOf(agreed)),
  };
}

export function onResumedPeerVerdict(
  { resuming }: Extract<ClientState, { at: 'decideResumedPeer' }>,
  reply: VerifyPeerReply,
  context: Context,
): Move<ClientState> {
  const { evidence } = resuming.peer;
  const { verdict, validUntilMs } = acceptedPeer(reply);
  const peer = { evidence, verdict, verifiedAtMs: context.receivedAtMs, validUntilMs };
  return goOn(resuming, peer, context);
}

function goOn(
  resuming: Omit<Resuming, 'secrets'>,
  peer: SessionPeer | undefined,
  context: Context,
): Move<ClientState> {
  const { agreed, session } = resuming;
  const secrets = secretsOf(agreed, copyOf(session.secret), context);
  const judged = { ...resuming, peer, secrets };
  const effects: readonly Effect[] = derived(agreed, secrets);
  return {
    state: resuming.expectsTicket
      ? { at: 'awaitResumedTicket', resuming: judged }
      : { at: 'awaitResumedChangeCipherSpec', resuming: judged, ticket: undefined },
    effects,
  };
}

export function onResumedTicket(
  { resuming }: Extract<ClientState, { at: 'awaitResumedTicket' }>,
  ticket: NewSessionTicket12,
): Move<ClientState> {
  return { state: { at: 'awaitResumedChangeCipherSpec', resuming, ticket } };
}

export function onResumedChangeCipherSpec(
  { resuming, ticket }: Extract<ClientState, { at: 'awaitResumedChangeCipherSpec' }>,
  _message: ChangeCipherSpec,
  context: Context,
): Move<ClientState> {
  return {
    state: { at: 'awaitResumedFinished', resuming, ticket },
    effects: [{ do: 'installReadKeys', keys: resuming.secrets.server, boundary: context.boundary() }],
  };
}

/** The server's Finished is right: it knows the session's secret. Ours answers it. */
export function onResumedFinished(
  { resuming, ticket }: Extract<ClientState, { at: 'awaitResumedFinished' }>,
  message: Finished12,
  context: Context,
): Move<ClientState> {
  const { agreed, config, origin, secrets, session, peer } = resuming;
  checkFinished(agreed, secrets.main, 'server', message, context);
  const begun = Flight.after(context.after);
  const chosen = chooseProtocol(
    begun.doing({ do: 'sendChangeCipherSpec' }, { do: 'installWriteKeys', keys: secrets.client }),
    agreed,
    config,
  );
  const verifyData = verifyDataOf(agreed, secrets.main, 'client', chosen.flight.transcript, context);
  const flight = chosen.flight.append(encodeMessage12({ type: 'finished', verifyData }));
  const said = { client: verifyData, server: message.verifyData };
  const ended: Ended = { agreed, secrets, peer, verifyData: said, first: 'server' };
  const { state, effects } = connected(origin, ended, context);
  const renewed =
    ticket === undefined
      ? undefined
      : newSession(
          agreed,
          config,
          secrets.main,
          { peer, pskIdentity: session.externalPskIdentity },
          { sessionId: noSessionId, ticket },
          context,
          session,
        );
  // Without a new ticket the session is as good as before, with what is known of the server now.
  const kept: Session = { ...session, peer };
  return {
    state,
    effects: [
      ...chosen.effects,
      ...flight.finish(),
      ...pskFacts(session.externalPskIdentity),
      ...effects,
      ...keptSession(renewed ?? kept),
    ],
  };
}

const noSessionId = /* @__PURE__ */ new Uint8Array(0);
