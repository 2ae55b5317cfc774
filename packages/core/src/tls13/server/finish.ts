import type { Move } from '../../machine/define.ts';
import type { Context, Effect } from '../../machine/step.ts';
import type { EndOfEarlyData } from '../../messages/end-of-early-data.ts';
import type { Finished } from '../../messages/finished.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { resumptionContext } from '../../resume/accept.ts';
import { Transcript } from '../../transcript/transcript.ts';
import { copyOf } from '../../wire/bytes.ts';
import { checkFinished } from '../finished.ts';
import type { ServerAuthentication } from '../post-handshake-auth.ts';
import { noTasks, type ConnectedState, type Resumption } from '../post-handshake.ts';
import { peerFacts, sessionPeer, type ProvenPeer } from '../../auth/proven-peer.ts';
import { externalIdentityOf } from '../psk-origin.ts';
import { keptSettings, settingsFacts } from '../settings.ts';
import { hashOf, trafficKeys } from '../suites.ts';
import { receivingLimit } from './first-flight.ts';
import { issueTickets } from './new-session-ticket.ts';
import type { ServerHandshake, ServerState } from './states.ts';

/** EndOfEarlyData (RFC 9846 §4.6): from here on the client uses its handshake keys. */
export function onEndOfEarlyData(
  { handshake }: Extract<ServerState, { at: 'awaitEndOfEarlyData' }>,
  _message: EndOfEarlyData,
  context: Context,
): Move<ServerState> {
  const { suite, clientHandshakeSecret, agreed } = handshake;
  const { provider, limits } = context;
  return {
    state: { at: 'awaitFinished', handshake, peer: agreed.resumedPeer },
    effects: [
      {
        do: 'installReadKeys',
        keys: trafficKeys(suite, provider, 'handshake', clientHandshakeSecret, limits.recordsPerKey),
        boundary: context.boundary(),
      },
      ...receivingLimit(handshake),
    ],
  };
}

/** The client's Finished (RFC 9846 §4.5.3) completes the handshake; tickets may follow. */
export function onFinished(
  { handshake, peer }: Extract<ServerState, { at: 'awaitFinished' }>,
  message: Finished,
  context: Context,
): Move<ServerState> {
  const { suite, clientHandshakeSecret, clientSecret, serverSecret, traffic, agreed, config } = handshake;
  const hash = hashOf(suite, context.provider);
  checkFinished(hash, clientHandshakeSecret, context.before.digest(hash), message);
  const keys = trafficKeys(
    suite,
    context.provider,
    'application',
    clientSecret,
    context.limits.recordsPerKey,
  );
  const { tickets } = config;
  const issues = tickets !== undefined && agreed.takesTickets;
  const secret = issues ? traffic.resumptionSecret(context.after.digest(hash)) : undefined;
  traffic.wipe();
  const state: ConnectedState = {
    at: 'connected',
    suite,
    readSecret: clientSecret,
    writeSecret: serverSecret,
    peerUpdateRequested: false,
    resumption: secret === undefined ? undefined : resumptionOf(handshake, peer, secret, context),
    tickets: tickets === undefined || !issues ? undefined : ticketTerms(handshake, context),
    tasks: noTasks,
    ...later(handshake, context.after),
  };
  const effects: Effect[] = [
    ...(peer === undefined ? [] : [peerFacts(peer)]),
    { do: 'fact', facts: { peerFinished: copyOf(message.verifyData), ...settingsFacts(handshake.settings) } },
    { do: 'installReadKeys', keys, boundary: context.boundary() },
    // Nothing follows it; post-handshake authentication keeps a copy of its own.
    { do: 'setTranscript', transcript: Transcript.empty },
    { do: 'connected', exporter: handshake.exporter },
    { do: 'writable', as: 'full' },
    { do: 'wipe', secrets: [clientHandshakeSecret] },
  ];
  if (tickets === undefined || !issues) return { state, effects };
  const { session, renew } = agreed.psk ?? {};
  const again = Math.max(tickets.countWhenResumed, renew === true ? 1 : 0);
  const count = session === undefined ? tickets.count : again;
  return { effects, ...issueTickets(state, count, context) };
}

function ticketTerms({ config }: ServerHandshake, { carrier }: Context): ConnectedState['tickets'] {
  const { tickets, earlyData, customExtensions } = config;
  const earlyDataBytes = earlyData?.maxBytes ?? 0;
  return {
    lifetimeSeconds: tickets?.lifetimeSeconds ?? 0,
    maxSessionAgeMs: (tickets?.maxSessionAgeSeconds ?? 0) * 1000,
    maxEarlyDataBytes: earlyDataBytes === 0 ? 0 : (carrier.earlyDataSize ?? earlyDataBytes),
    customExtensions,
    grease: config.grease,
    issued: 0,
  };
}

function resumptionOf(
  { config, suite, agreed, settings }: ServerHandshake,
  peer: ProvenPeer | undefined,
  secret: Uint8Array,
  context: Context,
): Resumption {
  const { psk, serverName, alpnProtocol } = agreed;
  const kept = context.carrier.keepsApplicationData ? psk?.session : undefined;
  return {
    secret,
    base: {
      version: protocolVersions.tls13,
      cipherSuite: suite.id,
      startedAtMs: psk?.session?.startedAtMs ?? context.nowMs,
      serverName,
      expectedName: undefined,
      alpnProtocol,
      context: resumptionContext(config, context.carrier, 'made'),
      peer: peer === undefined ? undefined : sessionPeer(peer),
      externalPskIdentity: externalIdentityOf(psk),
      applicationData: kept?.applicationData ?? config.tickets?.applicationData ?? new Uint8Array(0),
      ...keptSettings(settings),
    },
  };
}

/** For authentication after the handshake, where the client has offered it (RFC 9846 §4.3.6). */
function later(
  { config, clientCertificateType, postHandshakeAuth, agreed }: ServerHandshake,
  transcript: Transcript,
): { readonly serverAuthentication?: ServerAuthentication } {
  // RFC 9846 §4.4.2: an external pre-shared key rules it out.
  if (!postHandshakeAuth || agreed.psk?.external !== undefined) return {};
  return {
    serverAuthentication: { config, certificateType: clientCertificateType, transcript, open: new Map() },
  };
}
