import { withExtraExtensions } from '../../config/arrange-extensions.ts';
import { serverCertificateTypeExtension } from '../../extensions/certificate-type.ts';
import { ExtensionBlock } from '../../extensions/block.ts';
import { extension, type RawExtension } from '../../extensions/definition.ts';
import { sessionTicketExtension } from '../../extensions/session-ticket.ts';
import { preceded, type Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect } from '../../machine/step.ts';
import { resumedCertificateType } from '../../negotiate/certificate-type.ts';
import { encodeMessage12 } from '../../messages/tls12.ts';
import type { Finished12 } from '../../messages/tls12/finished.ts';
import type { NextProtocol } from '../../messages/tls12/next-protocol.ts';
import type { SealTicketReply, SessionPeer } from '../../values/session.ts';
import { copyOf } from '../../wire/bytes.ts';
import { agreedFacts, type Agreed } from '../agreed.ts';
import type { ChangeCipherSpec } from '../change-cipher-spec.ts';
import { connected } from '../connected.ts';
import { checkFinished } from '../finished.ts';
import { pskFacts } from '../key-exchange/psk.ts';
import { derived, secretsOf, verifyDataOf } from '../keys.ts';
import { checkNoWeaker, establishedOf } from '../renegotiation.ts';
import { sessionOf } from '../resumable.ts';
import { agreedAnswers } from './first-flight.ts';
import { originOf } from './origin.ts';
import { agreedLimits } from './limits.ts';
import { live, newSessionTicket, sealAsk } from './new-session.ts';
import type { Abbreviated, Resuming, ServerState } from './states.ts';

/** The abbreviated handshake (RFC 5246 §7.3, figure 2; RFC 5077 §3.1, figure 2): our Finished comes first. */

export function beginAbbreviated(
  resuming: Resuming,
  agreed: Agreed,
  peer: SessionPeer | undefined,
  context: Context,
): Move<ServerState> {
  const { seeking, session, byId } = resuming;
  const { config, hello } = seeking.received;
  checkNoWeaker(establishedOf(seeking.received.renegotiation), agreed, 'client_hello');
  const limits = agreedLimits(seeking.received);
  const main = copyOf(session.secret);
  const secrets = secretsOf(agreed, main, context);
  const lifetimeSeconds = byId ? 0 : renewedLifetime(resuming, context.nowMs);
  const extensions: RawExtension[] = [...agreedAnswers(seeking.received, agreed), ...limits.extensions];
  const certificateType = resumedCertificateType(hello, config);
  if (certificateType !== undefined)
    extensions.push(extension('SH12', serverCertificateTypeExtension, certificateType));
  if (lifetimeSeconds > 0) extensions.push(extension('SH12', sessionTicketExtension, true));
  const flight = Flight.after(context.after).append(
    encodeMessage12({
      type: 'server_hello',
      serverVersion: agreed.profile.version,
      random: agreed.serverRandom,
      // Echoed, so that the client can tell (RFC 5246 §7.4.1.3, RFC 5077 §3.4).
      sessionId: hello.legacySessionId,
      cipherSuite: agreed.suite.id,
      compressionMethod: 0,
      extensions: ExtensionBlock.of(
        'SH12',
        withExtraExtensions(extensions, config, 'SH12', hello.extensions),
      ),
    }),
  );
  const { externalPskIdentity: pskIdentity } = session;
  const origin = originOf(seeking.received);
  const abbreviated: Abbreviated = { origin, agreed, secrets, peer, pskIdentity };
  const effects: readonly Effect[] = [
    agreedFacts(agreed, origin.isSecure, true),
    ...limits.effects,
    ...derived(agreed, secrets),
    ...(byId ? live(hello.legacySessionId, config) : []),
  ];
  if (lifetimeSeconds === 0) return sendFinished(abbreviated, flight, effects, context);
  const renewed = sessionOf(
    agreed,
    main,
    peer,
    {
      serverName: session.serverName,
      expectedName: undefined,
      context: session.context,
      applicationData: session.applicationData,
      lifetimeSeconds,
    },
    session.externalPskIdentity,
    session,
    context,
  );
  return {
    state: { at: 'decideRenewedTicket', abbreviated, flight, lifetimeSeconds },
    effects,
    ask: { kind: 'sealTicket', ask: sealAsk(renewed, context) },
  };
}

/** Keying material does not live for ever by being resumed again and again. */
function renewedLifetime({ seeking, session, renew }: Resuming, nowMs: number): number {
  const { tickets } = seeking.received.config;
  if (tickets === undefined || (tickets.countWhenResumed === 0 && !renew)) return 0;
  const leftSeconds = Math.floor((session.startedAtMs + tickets.maxSessionAgeSeconds * 1000 - nowMs) / 1000);
  return Math.max(0, Math.min(tickets.lifetimeSeconds, leftSeconds));
}

export function onRenewedTicket(
  { abbreviated, flight, lifetimeSeconds }: Extract<ServerState, { at: 'decideRenewedTicket' }>,
  reply: SealTicketReply,
  context: Context,
): Move<ServerState> {
  return sendFinished(abbreviated, flight.append(newSessionTicket(reply, lifetimeSeconds)), [], context);
}

function sendFinished(
  abbreviated: Abbreviated,
  flight: Flight,
  effects: readonly Effect[],
  context: Context,
): Move<ServerState> {
  const { agreed, secrets } = abbreviated;
  const verifyData = verifyDataOf(agreed, secrets.main, 'server', flight.transcript, context);
  const complete = flight
    .doing({ do: 'sendChangeCipherSpec' }, { do: 'installWriteKeys', keys: secrets.server })
    .append(encodeMessage12({ type: 'finished', verifyData }));
  return {
    state: { at: 'awaitResumedChangeCipherSpec', abbreviated, verifyData },
    effects: [...effects, ...complete.finish()],
  };
}

export function onResumedChangeCipherSpec(
  state: Extract<ServerState, { at: 'awaitResumedChangeCipherSpec' }>,
  _message: ChangeCipherSpec,
  context: Context,
): Move<ServerState> {
  const { secrets, agreed } = state.abbreviated;
  return {
    state: {
      ...state,
      at: agreed.nextProtocols === undefined ? 'awaitResumedFinished' : 'awaitResumedNextProtocol',
    },
    effects: [{ do: 'installReadKeys', keys: secrets.client, boundary: context.boundary() }],
  };
}

/** It is settled anew in every handshake (draft-agl-tls-nextprotoneg-04 §3). */
export function onResumedNextProtocol(
  state: Extract<ServerState, { at: 'awaitResumedNextProtocol' }>,
  { selectedProtocol }: NextProtocol,
): Move<ServerState> {
  return {
    state: { ...state, at: 'awaitResumedFinished' },
    effects: [{ do: 'fact', facts: { npnProtocol: selectedProtocol } }],
  };
}

/** The client's Finished: only now it is sure that it knows the session's secret. */
export function onResumedFinished(
  { abbreviated, verifyData }: Extract<ServerState, { at: 'awaitResumedFinished' }>,
  message: Finished12,
  context: Context,
): Move<ServerState> {
  const { origin, agreed, secrets, peer, pskIdentity } = abbreviated;
  checkFinished(agreed, secrets.main, 'client', message, context);
  const said = { client: message.verifyData, server: verifyData };
  const ended = { agreed, secrets, peer, verifyData: said, first: 'server' } as const;
  return preceded(pskFacts(pskIdentity), connected(origin, ended, context));
}
