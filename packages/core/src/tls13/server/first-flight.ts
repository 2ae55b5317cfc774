import { certificateOf } from '../../auth/own-certificate.ts';
import { certificateVerifyOf, schemeFor, signAsk } from '../../auth/sign.ts';
import { signedContent } from '../../auth/signed-content.ts';
import { groupOf } from '../../config/defaults.ts';
import { InternalError, TlsError } from '../../errors/tls-error.ts';
import { signatureAlgorithmsExtension } from '../../extensions/signature-algorithms.ts';
import { signedCertificateTimestampExtension } from '../../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../../extensions/status-request.ts';
import type { Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect } from '../../machine/step.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import { namedGroups } from '../../registry/groups.ts';
import { registryName } from '../../registry/registered.ts';
import { protocolVersions } from '../../registry/versions.ts';
import type { Credential } from '../../values/credential.ts';
import type { FetchStatusReply, SelectCertificateReply, SignReply } from '../../values/decisions.ts';
import { EarlySecrets, exportKeyingMaterial, finishedMac, type HandshakeSecrets } from '../key-schedule.ts';
import { hashOf, trafficKeys } from '../suites.ts';
import { certificateRequestOf, encryptedExtensionsOf, serverHelloOf } from './own-messages.ts';
import type { Negotiated, ServerHandshake, ServerState } from './states.ts';

/** Everything is negotiated but who we are. */
export function askForCertificate(negotiated: Negotiated): Move<ServerState> {
  const { view, hello } = negotiated.received;
  const signatureSchemes = hello.extensions.get(signatureAlgorithmsExtension);
  if (signatureSchemes === undefined) {
    // A hello with pre_shared_key may lack it, and is served by a certificate all the same.
    throw new TlsError('peer.missingExtension', 'the ClientHello lacks signature_algorithms', {
      section: 'RFC 9846 §4.3.3',
      handshakeMessage: 'client_hello',
      field: 'signature_algorithms',
    });
  }
  return {
    state: { at: 'decideCertificate', negotiated },
    ask: {
      kind: 'selectCertificate',
      ask: {
        role: 'server',
        signatureSchemes,
        certificateSignatureSchemes: view.certificateSignatureSchemes,
        certificateAuthorities: view.certificateAuthorities,
        serverName: view.serverName,
      },
    },
  };
}

export function onCredential(
  { negotiated }: Extract<ServerState, { at: 'decideCertificate' }>,
  reply: SelectCertificateReply,
  context: Context,
): Move<ServerState> {
  const at = { section: 'RFC 9846 §4.5.1.2', handshakeMessage: 'certificate' };
  if (!reply.ok) throw new TlsError('local.noCredential', reply.message, { ...at, cause: reply.cause });
  if (reply.credential === undefined) {
    throw new TlsError('incompatible.signatureSchemes', 'the client can verify none of our certificates', at);
  }
  const { credential } = reply;
  const status = negotiated.received.hello.extensions.get(statusRequestExtension);
  if (status?.kind !== 'ocsp') return openFlight(negotiated, credential, undefined, context);
  return {
    state: { at: 'decideStatus', negotiated, credential },
    ask: { kind: 'fetchStatus', ask: { credential } },
  };
}

export function onStatus(
  { negotiated, credential }: Extract<ServerState, { at: 'decideStatus' }>,
  reply: FetchStatusReply,
  context: Context,
): Move<ServerState> {
  // A response that cannot be had is left out; whether that is acceptable is the client's decision (RFC 6066 §8).
  return openFlight(negotiated, credential, reply.ok ? reply.ocspResponse : undefined, context);
}

/** ServerHello to Certificate (RFC 9846 §2, figure 1); nothing leaves before the signature is there. */
function openFlight(
  negotiated: Negotiated,
  credential: Credential,
  ocspResponse: Uint8Array | undefined,
  context: Context,
): Move<ServerState> {
  const { received, suite } = negotiated;
  const { config, hello } = received;
  const scheme = schemeFor(credential, hello.extensions.get(signatureAlgorithmsExtension) ?? []);
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
  );
  flight = flight.append(encodeMessage(encryptedExtensionsOf(negotiated)));
  const request = config.clientAuthentication === 'none' ? undefined : certificateRequestOf(config);
  if (request !== undefined) flight = flight.append(encodeMessage(request));
  const wantsTimestamps = hello.extensions.has(signedCertificateTimestampExtension);
  const certificate = certificateOf(
    credential,
    new Uint8Array(0),
    {
      ocspResponse,
      signedCertificateTimestamps: wantsTimestamps ? credential.signedCertificateTimestamps : undefined,
    },
    config,
  );
  flight = flight.append(encodeMessage(certificate));
  const content = signedContent('server', flight.transcript.digest(hash));
  return {
    state: {
      at: 'decideSign',
      negotiated,
      open: { flight, scheme, secrets, clientHandshakeSecret, serverHandshakeSecret, request },
    },
    ask: signAsk(credential, scheme, content),
  };
}

export function onSignature(
  { negotiated, open }: Extract<ServerState, { at: 'decideSign' }>,
  reply: SignReply,
  context: Context,
): Move<ServerState> {
  const { received, suite } = negotiated;
  const { config, hello } = received;
  const { provider, limits } = context;
  const hash = hashOf(suite, provider);
  const signed = open.flight.append(encodeMessage(certificateVerifyOf(open.scheme, reply)));
  const verifyData = finishedMac(hash, open.serverHandshakeSecret, signed.transcript.digest(hash));
  const finished = signed.append(encodeMessage({ type: 'finished', verifyData }));
  const secrets = trafficSecrets(open.secrets, finished.transcript.digest(hash));
  const complete = finished.doing({
    do: 'installWriteKeys',
    keys: trafficKeys(suite, provider, 'application', secrets.serverSecret, limits.recordsPerKey),
  });
  const handshake: ServerHandshake = {
    config,
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
    { do: 'fact', facts: { ownSignatureScheme: open.scheme } },
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
      ? [{ do: 'limitReceivedRecords', innerBytes: config.recordSizeLimit } as const]
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
