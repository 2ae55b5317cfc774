import { groupOf } from '../../config/defaults.ts';
import { InternalError, TlsError } from '../../errors/tls-error.ts';
import { postHandshakeAuthExtension } from '../../extensions/post-handshake-auth.ts';
import { earlyDataExtension } from '../../extensions/early-data.ts';
import type { SettingsAnswer } from '../../machine/application-settings.ts';
import type { Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect } from '../../machine/step.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import { namedGroups } from '../../registry/groups.ts';
import { registryName } from '../../registry/registered.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { ageSkewMs } from '../../resume/accept.ts';
import { fragmentLengthEffects } from '../../negotiate/record-size-limit.ts';
import { externalKeyFacts } from '../psk-origin.ts';
import { copyOf } from '../../wire/bytes.ts';
import { EarlySecrets, exportKeyingMaterial, finishedMac } from '../key-schedule.ts';
import { settingsFacts } from '../settings.ts';
import { hashOf, trafficKeys } from '../suites.ts';
import { skippedEarlyDataBytes, wantsCompatibility } from './hello-retry.ts';
import { takesTickets } from './new-session-ticket.ts';
import { certificateRequestOf, encryptedExtensionsOf, serverHelloOf } from './own-messages.ts';
import type { Agreed, Negotiated, OpenFlight, ServerHandshake, ServerState } from './states.ts';

/** The first flight up to what follows EncryptedExtensions and CertificateRequest (RFC 9846 §2, figure 1). */
export function openFlight(negotiated: Negotiated, context: Context): OpenFlight {
  const { received, suite, psk, earlyDataBytes } = negotiated;
  const { config, hello } = received;
  const random = context.entropy.random(32);
  const { share, secret } = keyExchange(negotiated, context);
  const hash = hashOf(suite, context.provider);

  const plain = serverHelloOf(negotiated, random, share);
  const serverHello =
    received.ech?.kind === 'accepted'
      ? received.ech.confirm(plain, hello.random, context.after, hash)
      : plain;
  let flight = Flight.after(context.after).append(encodeMessage(serverHello));
  const earlySecrets = new EarlySecrets(hash, psk?.key);
  const early =
    earlyDataBytes === undefined ? undefined : secretsOfEarlyData(earlySecrets, context.after.digest(hash));
  const secrets = earlySecrets.advance(secret);
  secret?.fill(0);
  const transcriptHash = flight.transcript.digest(hash);
  const clientHandshakeSecret = secrets.clientTrafficSecret(transcriptHash);
  const serverHandshakeSecret = secrets.serverTrafficSecret(transcriptHash);
  // RFC 9846 §E.4: after our first handshake message, which was the HelloRetryRequest if there was one.
  if (wantsCompatibility(received, context) && !negotiated.helloRetried)
    flight = flight.doing({ do: 'sendChangeCipherSpec' });
  flight = flight.doing(
    {
      do: 'installWriteKeys',
      keys: trafficKeys(
        suite,
        context.provider,
        'handshake',
        serverHandshakeSecret,
        context.limits.recordsPerKey,
      ),
    },
    ...(negotiated.peerRecordSizeLimit === undefined
      ? []
      : [{ do: 'limitSentRecords', innerBytes: negotiated.peerRecordSizeLimit } as const]),
    ...(negotiated.maxFragmentLength === undefined
      ? []
      : fragmentLengthEffects(negotiated.maxFragmentLength).filter(
          (each) => each.do !== 'limitReceivedRecords',
        )),
  );
  flight = flight.append(encodeMessage(encryptedExtensionsOf(negotiated, context)));
  // RFC 9846 §4.4.2: who authenticates with a pre-shared key asks for no certificate.
  const isAsked =
    config.clientAuthentication !== 'none' &&
    negotiated.clientCertificateType !== undefined &&
    psk === undefined;
  const request = isAsked ? certificateRequestOf(config, context.entropy) : undefined;
  if (request !== undefined) flight = flight.append(encodeMessage(request));
  return { flight, secrets, clientHandshakeSecret, serverHandshakeSecret, request, early };
}

/** Our Finished (RFC 9846 §4.5.3): the flight leaves, and the client's answer is awaited. */
export function closeFlight(
  negotiated: Negotiated,
  open: OpenFlight,
  known: readonly Effect[],
  context: Context,
): Move<ServerState> {
  const { received, suite } = negotiated;
  const { config, hello } = received;
  const { provider, limits } = context;
  const hash = hashOf(suite, provider);
  const verifyData = finishedMac(hash, open.serverHandshakeSecret, open.flight.transcript.digest(hash));
  const finished = open.flight.append(encodeMessage({ type: 'finished', verifyData }));
  const finishedHash = finished.transcript.digest(hash);
  const traffic = open.secrets.advance();
  const clientSecret = traffic.clientTrafficSecret(finishedHash);
  const serverSecret = traffic.serverTrafficSecret(finishedHash);
  const exporterSecret = traffic.exporterSecret(finishedHash);
  const complete = finished.doing({
    do: 'installWriteKeys',
    keys: trafficKeys(suite, provider, 'application', serverSecret, limits.recordsPerKey),
  });
  const handshake: ServerHandshake = {
    config,
    clientCertificateType: negotiated.clientCertificateType ?? 'x509',
    postHandshakeAuth: hello.extensions.has(postHandshakeAuthExtension),
    suite,
    clientHandshakeSecret: open.clientHandshakeSecret,
    clientSecret,
    serverSecret,
    exporter: (label, exportContext, length) =>
      exportKeyingMaterial(hash, exporterSecret, label, exportContext, length),
    traffic,
    agreed: agreedOf(negotiated),
    ...(open.early === undefined ? {} : { settings: negotiated.psk?.session?.applicationSettings }),
  };
  const answer = open.early === undefined ? negotiated.settings : undefined;
  const clientRandom = hello.random;
  const { clientHandshakeSecret, serverHandshakeSecret } = open;
  const effects: Effect[] = [
    ...negotiatedFacts(negotiated, context),
    ...known,
    { do: 'fact', facts: { ownFinished: copyOf(verifyData) } },
    ...(open.early === undefined
      ? []
      : ([
          { do: 'keylog', label: 'CLIENT_EARLY_TRAFFIC_SECRET', clientRandom, secret: open.early.secret },
          { do: 'keylog', label: 'EARLY_EXPORTER_SECRET', clientRandom, secret: open.early.exporterSecret },
        ] as const)),
    { do: 'keylog', label: 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', clientRandom, secret: clientHandshakeSecret },
    { do: 'keylog', label: 'SERVER_HANDSHAKE_TRAFFIC_SECRET', clientRandom, secret: serverHandshakeSecret },
    { do: 'keylog', label: 'CLIENT_TRAFFIC_SECRET_0', clientRandom, secret: clientSecret },
    { do: 'keylog', label: 'SERVER_TRAFFIC_SECRET_0', clientRandom, secret: serverSecret },
    { do: 'keylog', label: 'EXPORTER_SECRET', clientRandom, secret: exporterSecret },
    ...complete.finish(),
    ...readKeys(negotiated, open, context),
    // 0-RTT data was sent before the client could know our limit: it counts from EndOfEarlyData on.
    ...(open.early === undefined ? receivingLimit(handshake) : []),
    // RFC 9846 §4.5.3: what leaves before the client's Finished goes to somebody who has proved nothing. Who wants
    // to know the client must not tell it anything before, not even where an earlier handshake has asked for its certificate.
    // And settings are there "before any application data can be written" (draft-vvv-tls-alps-01 §3): first the client's must come.
    ...(config.clientAuthentication === 'none' && answer === undefined
      ? [{ do: 'writable', as: 'halfRtt' } as const]
      : []),
    { do: 'wipe', secrets: [serverHandshakeSecret] },
  ];
  return { state: nextState(handshake, open, answer, context), effects };
}

function agreedOf(negotiated: Negotiated): Agreed {
  const { received, psk, resumedPeer, alpnProtocol, peerRecordSizeLimit, maxFragmentLength } = negotiated;
  return {
    psk,
    resumedPeer,
    alpnProtocol,
    peerRecordSizeLimit,
    maxFragmentLength,
    serverName: received.view.serverName,
    takesTickets: takesTickets(received),
  };
}

function secretsOfEarlyData(secrets: EarlySecrets, helloHash: Uint8Array): OpenFlight['early'] {
  return {
    secret: secrets.clientEarlyTrafficSecret(helloHash),
    exporterSecret: secrets.earlyExporterSecret(helloHash),
  };
}

/** Our limit for the client's records, if it has agreed to one (RFC 8449 §4, RFC 6066 §4). */
export function receivingLimit({ config, agreed }: ServerHandshake): readonly Effect[] {
  const { peerRecordSizeLimit, maxFragmentLength } = agreed;
  if (maxFragmentLength !== undefined) {
    return fragmentLengthEffects(maxFragmentLength).filter((each) => each.do === 'limitReceivedRecords');
  }
  const innerBytes = config.recordSizeLimit;
  if (innerBytes === undefined || peerRecordSizeLimit === undefined) return [];
  return [{ do: 'limitReceivedRecords', innerBytes, section: 'RFC 8449 §4' }];
}

function nextState(
  handshake: ServerHandshake,
  { early, request }: OpenFlight,
  answer: SettingsAnswer | undefined,
  { carrier }: Context,
): ServerState {
  if (early !== undefined && carrier.endOfEarlyData) return { at: 'awaitEndOfEarlyData', handshake };
  if (answer !== undefined) return { at: 'awaitEncryptedExtensions', handshake, answer, request };
  return afterSettings(handshake, request);
}

/** The client's Certificate, where it was asked for one, or else its Finished. */
export function afterSettings(
  handshake: ServerHandshake,
  request: OpenFlight['request'],
): Extract<ServerState, { at: 'awaitCertificate' | 'awaitFinished' }> {
  if (request !== undefined) return { at: 'awaitCertificate', handshake, request };
  return { at: 'awaitFinished', handshake, peer: handshake.agreed.resumedPeer };
}

/** What the client's next records are protected with: 0-RTT keys where its early data is taken. */
function readKeys(
  { received, suite, psk, earlyDataBytes, helloRetried }: Negotiated,
  { early, clientHandshakeSecret }: OpenFlight,
  context: Context,
): readonly Effect[] {
  const { provider, limits, carrier } = context;
  const keysOf = (epoch: 'early' | 'handshake', secret: Uint8Array): Effect => ({
    do: 'installReadKeys',
    keys: trafficKeys(suite, provider, epoch, secret, limits.recordsPerKey),
    boundary: context.boundary(),
  });
  const handshakeKeys = keysOf('handshake', clientHandshakeSecret);
  if (early !== undefined && earlyDataBytes !== undefined) {
    const hash = hashOf(suite, provider);
    return [
      keysOf('early', early.secret),
      {
        do: 'earlyExporter',
        exporter: (label, exportContext, length) =>
          exportKeyingMaterial(hash, early.exporterSecret, label, exportContext, length),
      },
      { do: 'fact', facts: { earlyData: 'accepted', ...settingsFacts(psk?.session?.applicationSettings) } },
      { do: 'acceptEarlyData', limitBytes: earlyDataBytes },
      // What has a place of its own ends nothing (RFC 9001 §8.3).
      ...(carrier.endOfEarlyData ? [] : [handshakeKeys]),
    ];
  }
  // After a HelloRetryRequest the 0-RTT data has been skipped already.
  if (helloRetried || !received.hello.extensions.has(earlyDataExtension)) return [handshakeKeys];
  const limitBytes = skippedEarlyDataBytes(received.config, limits);
  return [
    handshakeKeys,
    { do: 'fact', facts: { earlyData: 'rejected' } },
    { do: 'skipEarlyData', limitBytes },
  ];
}

function keyExchange({ exchange }: Negotiated, context: Context) {
  if (exchange === undefined) return { share: undefined, secret: undefined };
  const { group, clientShare } = exchange;
  const implementation = groupOf(context.provider, group);
  if (implementation === undefined) throw new InternalError(`${context.provider.name} has no group ${group}`);
  const response = context.entropy.respond(implementation, clientShare);
  if (response === undefined) {
    throw new TlsError(
      'peer.invalidKeyShare',
      `the client's ${registryName(namedGroups, group)} share is invalid`,
      {
        section: 'RFC 9846 §7.4',
        handshakeMessage: 'client_hello',
        field: 'key_share',
      },
    );
  }
  return response;
}

function negotiatedFacts(negotiated: Negotiated, { receivedAtMs }: Context): Effect[] {
  const { suite, exchange, psk, alpnProtocol, peerRecordSizeLimit, helloRetried } = negotiated;
  return [
    {
      do: 'fact',
      facts: {
        version: protocolVersions.tls13,
        cipherSuite: suite.id,
        ...(exchange === undefined ? {} : { group: exchange.group }),
        helloRetried,
        resumed: psk?.session !== undefined,
        ...(psk?.session === undefined
          ? {}
          : { ticketAgeSkewMs: ageSkewMs(psk.session, psk.obfuscatedTicketAge, receivedAtMs) }),
        ...externalKeyFacts(psk),
      },
    },
    {
      do: 'fact',
      facts: { alpnProtocol, ...(peerRecordSizeLimit === undefined ? {} : { peerRecordSizeLimit }) },
    },
  ];
}
