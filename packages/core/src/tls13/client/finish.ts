import { presented } from '../../auth/own-certificate.ts';
import { certificateVerifyOf, signAsk } from '../../auth/sign.ts';
import { signedContent } from '../../auth/signed-content.ts';
import { postHandshakeAuthExtension } from '../../extensions/post-handshake-auth.ts';
import { encryptedHelloRejection } from '../../machine/ech.ts';
import { preceded, type Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect } from '../../machine/step.ts';
import type { Finished } from '../../messages/finished.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { markedContext } from '../../resume/offer.ts';
import { Transcript } from '../../transcript/transcript.ts';
import type { CertificateTypeName } from '../../values/credential.ts';
import type { SelectCertificateReply, SignReply } from '../../values/decisions.ts';
import { copyOf } from '../../wire/bytes.ts';
import { checkFinished } from '../finished.ts';
import { exportKeyingMaterial, finishedMac } from '../key-schedule.ts';
import type { ClientAuthentication } from '../post-handshake-auth.ts';
import { noTasks, type Resumption } from '../post-handshake.ts';
import { peerFacts, sessionPeer, type ProvenPeer } from '../../auth/proven-peer.ts';
import { externalIdentityOf } from '../psk-origin.ts';
import { keptSettings, settingsFacts } from '../settings.ts';
import { hashOf, trafficKeys } from '../suites.ts';
import { certificateAsk, chosenCertificate } from './own-certificate.ts';
import type { ClientHandshake, ClientState, PendingConnected } from './states.ts';

/** The server's Finished (RFC 9846 §4.5.3) proves the handshake; our own second flight answers it. */
export function onFinished(
  { handshake, request, peer }: Extract<ClientState, { at: 'awaitFinished' }>,
  message: Finished,
  context: Context,
): Move<ClientState> {
  const { suite, hello } = handshake;
  const hash = hashOf(suite, context.provider);
  checkFinished(hash, handshake.serverHandshakeSecret, context.before.digest(hash), message);
  const traffic = handshake.secrets.advance();
  const transcriptHash = context.after.digest(hash);
  const connected: PendingConnected = {
    clientSecret: traffic.clientTrafficSecret(transcriptHash),
    serverSecret: traffic.serverTrafficSecret(transcriptHash),
    exporterSecret: traffic.exporterSecret(transcriptHash),
    traffic,
    peer,
  };
  const clientRandom = hello.random;
  const isRejected = handshake.ech?.state === 'rejected';
  const keys = trafficKeys(
    suite,
    context.provider,
    'application',
    connected.serverSecret,
    context.limits.recordsPerKey,
  );
  const effects: Effect[] = [
    // Whoever answers in the public name is not the one that the application asked for (RFC 9849 §6.1.7).
    ...(peer === undefined || isRejected ? [] : [peerFacts(peer)]),
    { do: 'fact', facts: { peerFinished: copyOf(message.verifyData), ...settingsFacts(handshake.settings) } },
    { do: 'keylog', label: 'CLIENT_TRAFFIC_SECRET_0', clientRandom, secret: connected.clientSecret },
    { do: 'keylog', label: 'SERVER_TRAFFIC_SECRET_0', clientRandom, secret: connected.serverSecret },
    { do: 'keylog', label: 'EXPORTER_SECRET', clientRandom, secret: connected.exporterSecret },
    { do: 'installReadKeys', keys, boundary: context.boundary() },
  ];
  if (request === undefined)
    return finish(handshake, connected, secondFlight(handshake, context), context, effects);
  const state = { at: 'decideCertificate', handshake, request, connected } as const;
  // RFC 9849 §6.1.7: the public name learns nothing of who we are.
  if (isRejected) return preceded(effects, onCredential(state, { ok: true, credential: undefined }, context));
  return {
    state,
    effects,
    ask: certificateAsk(request, clientCertificateTypes(handshake), context),
  };
}

export function onCredential(
  { handshake, request, connected }: Extract<ClientState, { at: 'decideCertificate' }>,
  reply: SelectCertificateReply,
  context: Context,
): Move<ClientState> {
  const { signer, part } = chosenCertificate(
    reply,
    request,
    clientCertificateTypes(handshake),
    handshake.config,
    context,
  );
  const flight = secondFlight(handshake, context).append(part.raw);
  // RFC 9846 §4.5.2: no CertificateVerify after an empty Certificate.
  if (signer === undefined) return finish(handshake, connected, flight, context, []);
  const transcriptHash = flight.transcript.digest(hashOf(handshake.suite, context.provider));
  return {
    state: { at: 'decideSign', handshake, flight, scheme: signer.scheme, connected },
    effects: [...part.facts, ...presented(signer)],
    ask: signAsk(signer, signedContent('client', transcriptHash)),
  };
}

export function onSignature(
  { handshake, flight, scheme, connected }: Extract<ClientState, { at: 'decideSign' }>,
  reply: SignReply,
  context: Context,
): Move<ClientState> {
  const signed = flight.append(encodeMessage(certificateVerifyOf(scheme, reply)));
  const known: Effect = { do: 'fact', facts: { ownSignatureScheme: scheme } };
  return finish(handshake, connected, signed, context, [known]);
}

/** Begins with the end of 0-RTT data, under its keys (RFC 9846 §4.6), or with what answers the server's settings. */
function secondFlight(handshake: ClientHandshake, context: Context): Flight {
  const { sendsEarlyData, suite, clientHandshakeSecret, settings } = handshake;
  const begun = Flight.after(context.after);
  if (settings !== undefined && 'message' in settings) return begun.append(encodeMessage(settings.message));
  const { provider, limits, carrier } = context;
  if (!sendsEarlyData || !carrier.endOfEarlyData) return begun;
  const keys = trafficKeys(suite, provider, 'handshake', clientHandshakeSecret, limits.recordsPerKey);
  return begun.append(encodeMessage({ type: 'end_of_early_data' })).doing({ do: 'installWriteKeys', keys });
}

/** Our Finished, then the application keys. */
function finish(
  handshake: ClientHandshake,
  { clientSecret, serverSecret, exporterSecret, traffic, peer }: PendingConnected,
  flight: Flight,
  context: Context,
  effects: readonly Effect[],
): Move<ClientState> {
  const { suite, clientHandshakeSecret, serverHandshakeSecret } = handshake;
  const hash = hashOf(suite, context.provider);
  const verifyData = finishedMac(hash, clientHandshakeSecret, flight.transcript.digest(hash));
  const keys = trafficKeys(
    suite,
    context.provider,
    'application',
    clientSecret,
    context.limits.recordsPerKey,
  );
  const complete = flight
    .append(encodeMessage({ type: 'finished', verifyData }))
    .doing({ do: 'installWriteKeys', keys });
  const secret = traffic.resumptionSecret(complete.transcript.digest(hash));
  traffic.wipe();
  return {
    state: {
      at: 'connected',
      suite,
      readSecret: serverSecret,
      writeSecret: clientSecret,
      peerUpdateRequested: false,
      ...later(handshake, complete.transcript),
      customExtensions: handshake.config.customExtensions,
      tasks: noTasks,
      resumption:
        handshake.config.pskModes.length === 0 ? undefined : resumptionOf(handshake, peer, secret, context),
    },
    effects: [
      ...effects,
      { do: 'fact', facts: { ownFinished: copyOf(verifyData) } },
      ...complete.finish(),
      { do: 'wipe', secrets: [clientHandshakeSecret, serverHandshakeSecret] },
      ...(handshake.ech?.state === 'rejected'
        ? [
            {
              do: 'fail',
              error: encryptedHelloRejection(handshake.config.serverName, handshake.retryConfigs),
            } as const,
          ]
        : []),
      // Nothing follows it; post-handshake authentication keeps a copy of its own.
      { do: 'setTranscript', transcript: Transcript.empty },
      {
        do: 'connected',
        exporter: (label, exportContext, length) =>
          exportKeyingMaterial(hash, exporterSecret, label, exportContext, length),
      },
      { do: 'writable', as: 'full' },
    ],
  };
}

/** For authentication after the handshake, where we have offered it (RFC 9846 §4.3.6). */
function later(
  handshake: ClientHandshake,
  transcript: Transcript,
): { readonly clientAuthentication?: ClientAuthentication } {
  const { config, hello } = handshake;
  if (!hello.extensions.has(postHandshakeAuthExtension)) return {};
  const clientAuthentication: ClientAuthentication = {
    config,
    certificateTypes: clientCertificateTypes(handshake),
    transcript,
    // The empty one is for requests in the handshake (RFC 9846 §4.4.2).
    seen: [''],
    next: 1,
    open: new Map(),
  };
  return { clientAuthentication };
}

/** The one type that our Certificate may have. */
function clientCertificateTypes({ certificateTypes }: ClientHandshake): readonly CertificateTypeName[] {
  return [certificateTypes?.client ?? 'x509'];
}

/** What the server's tickets are for. */
function resumptionOf(
  { config, suite, alpnProtocol, psk, settings }: ClientHandshake,
  peer: ProvenPeer | undefined,
  secret: Uint8Array,
  context: Context,
): Resumption {
  return {
    secret,
    base: {
      version: protocolVersions.tls13,
      cipherSuite: suite.id,
      startedAtMs: psk?.session?.startedAtMs ?? context.nowMs,
      serverName: config.sni,
      expectedName: config.serverName,
      alpnProtocol,
      context: markedContext(config.sessionContext, context.carrier, 'made'),
      peer: peer === undefined ? undefined : sessionPeer(peer),
      externalPskIdentity: externalIdentityOf(psk),
      applicationData: new Uint8Array(0),
      ...keptSettings(settings),
    },
  };
}
