import { groupOf } from '../../config/defaults.ts';
import { InternalError, TlsError } from '../../errors/tls-error.ts';
import { postHandshakeAuthExtension } from '../../extensions/post-handshake-auth.ts';
import type { Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect } from '../../machine/step.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import { namedGroups } from '../../registry/groups.ts';
import { registryName } from '../../registry/registered.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { EarlySecrets, exportKeyingMaterial, finishedMac, type HandshakeSecrets } from '../key-schedule.ts';
import { fragmentLengthEffects } from '../record-size-limit.ts';
import { hashOf, trafficKeys } from '../suites.ts';
import { certificateRequestOf, encryptedExtensionsOf, serverHelloOf } from './own-messages.ts';
import type { Negotiated, OpenFlight, ServerHandshake, ServerState } from './states.ts';

/** The first flight up to what follows EncryptedExtensions and CertificateRequest (RFC 9846 §2, figure 1). */
export function openFlight(negotiated: Negotiated, context: Context): OpenFlight {
  const { received, suite } = negotiated;
  const { config, hello } = received;
  const random = context.entropy.random(32);
  const { share, secret } = keyExchange(negotiated, context);
  const hash = hashOf(suite, context.provider);

  let flight = Flight.after(context.after).append(encodeMessage(serverHelloOf(negotiated, random, share)));
  const secrets = new EarlySecrets(hash).advance(secret);
  secret.fill(0);
  const transcriptHash = flight.transcript.digest(hash);
  const clientHandshakeSecret = secrets.clientTrafficSecret(transcriptHash);
  const serverHandshakeSecret = secrets.serverTrafficSecret(transcriptHash);
  // RFC 9846 §E.4: after our first handshake message, which was the HelloRetryRequest if there was one.
  if (hello.legacySessionId.length > 0 && !negotiated.helloRetried)
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
      : fragmentLengthEffects(negotiated.maxFragmentLength)),
  );
  flight = flight.append(encodeMessage(encryptedExtensionsOf(negotiated)));
  const isAsked = config.clientAuthentication !== 'none' && negotiated.clientCertificateType !== undefined;
  const request = isAsked ? certificateRequestOf(config, context.entropy) : undefined;
  if (request !== undefined) flight = flight.append(encodeMessage(request));
  return { flight, secrets, clientHandshakeSecret, serverHandshakeSecret, request };
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
  const secrets = trafficSecrets(open.secrets, finished.transcript.digest(hash));
  const complete = finished.doing({
    do: 'installWriteKeys',
    keys: trafficKeys(suite, provider, 'application', secrets.serverSecret, limits.recordsPerKey),
  });
  const handshake: ServerHandshake = {
    config,
    clientCertificateType: negotiated.clientCertificateType ?? 'x509',
    postHandshakeAuth: hello.extensions.has(postHandshakeAuthExtension),
    suite,
    clientHandshakeSecret: open.clientHandshakeSecret,
    clientSecret: secrets.clientSecret,
    serverSecret: secrets.serverSecret,
    exporter: (label, exportContext, length) =>
      exportKeyingMaterial(hash, secrets.exporterSecret, label, exportContext, length),
  };
  const clientRandom = hello.random;
  const effects: Effect[] = [
    ...negotiatedFacts(negotiated),
    ...known,
    {
      do: 'keylog',
      label: 'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
      clientRandom,
      secret: open.clientHandshakeSecret,
    },
    {
      do: 'keylog',
      label: 'SERVER_HANDSHAKE_TRAFFIC_SECRET',
      clientRandom,
      secret: open.serverHandshakeSecret,
    },
    { do: 'keylog', label: 'CLIENT_TRAFFIC_SECRET_0', clientRandom, secret: secrets.clientSecret },
    { do: 'keylog', label: 'SERVER_TRAFFIC_SECRET_0', clientRandom, secret: secrets.serverSecret },
    { do: 'keylog', label: 'EXPORTER_SECRET', clientRandom, secret: secrets.exporterSecret },
    ...complete.finish(),
    {
      do: 'installReadKeys',
      keys: trafficKeys(suite, provider, 'handshake', open.clientHandshakeSecret, limits.recordsPerKey),
      boundary: context.boundary(),
    },
    ...(config.recordSizeLimit !== undefined && negotiated.peerRecordSizeLimit !== undefined
      ? [{ do: 'limitReceivedRecords', innerBytes: config.recordSizeLimit, section: 'RFC 8449 §4' } as const]
      : []),
    // RFC 9846 §4.5.3: what leaves before the client's Finished goes to somebody who has proved nothing. Who wants
    // to know the client must not tell it anything before.
    ...(open.request === undefined ? [{ do: 'writable', as: 'halfRtt' } as const] : []),
    { do: 'wipe', secrets: [open.serverHandshakeSecret] },
  ];
  return {
    state:
      open.request === undefined
        ? { at: 'awaitFinished', handshake, peer: undefined }
        : { at: 'awaitCertificate', handshake, request: open.request },
    effects,
  };
}

function keyExchange({ group, clientShare }: Negotiated, context: Context) {
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

function trafficSecrets(handshake: HandshakeSecrets, serverFinishedHash: Uint8Array) {
  const traffic = handshake.advance();
  const secrets = {
    clientSecret: traffic.clientTrafficSecret(serverFinishedHash),
    serverSecret: traffic.serverTrafficSecret(serverFinishedHash),
    exporterSecret: traffic.exporterSecret(serverFinishedHash),
  };
  traffic.wipe();
  return secrets;
}

function negotiatedFacts(negotiated: Negotiated): Effect[] {
  const { suite, group, alpnProtocol, peerRecordSizeLimit, helloRetried } = negotiated;
  return [
    { do: 'fact', facts: { version: protocolVersions.tls13, cipherSuite: suite.id, group, helloRetried } },
    {
      do: 'fact',
      facts: { alpnProtocol, ...(peerRecordSizeLimit === undefined ? {} : { peerRecordSizeLimit }) },
    },
  ];
}
