import { certificatePart } from '../../auth/compressed-certificate.ts';
import { certificateOf, presented, refuseOtherType } from '../../auth/own-certificate.ts';
import { certificateVerifyOf, schemeFor, signAsk } from '../../auth/sign.ts';
import { signedContent } from '../../auth/signed-content.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { certificateAuthoritiesExtension } from '../../extensions/certificate-authorities.ts';
import { compressCertificateExtension } from '../../extensions/compress-certificate.ts';
import {
  signatureAlgorithmsCertExtension,
  signatureAlgorithmsExtension,
} from '../../extensions/signature-algorithms.ts';
import { signedCertificateTimestampExtension } from '../../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../../extensions/status-request.ts';
import type { Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect } from '../../machine/step.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import type { Finished } from '../../messages/finished.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import type { CertificateTypeName } from '../../values/credential.ts';
import type { SelectCertificateReply, SignReply } from '../../values/decisions.ts';
import { copyOf } from '../../wire/bytes.ts';
import { checkFinished } from '../finished.ts';
import { exportKeyingMaterial, finishedMac } from '../key-schedule.ts';
import { hashOf, trafficKeys } from '../suites.ts';
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
  };
  traffic.wipe();
  const clientRandom = hello.random;
  const keys = trafficKeys(
    suite,
    context.provider,
    'application',
    connected.serverSecret,
    context.limits.recordsPerKey,
  );
  const effects: Effect[] = [
    {
      do: 'fact',
      facts: { peerEvidence: peer.evidence, peerVerdict: peer.verdict, peerSignatureScheme: peer.scheme },
    },
    { do: 'keylog', label: 'CLIENT_TRAFFIC_SECRET_0', clientRandom, secret: connected.clientSecret },
    { do: 'keylog', label: 'SERVER_TRAFFIC_SECRET_0', clientRandom, secret: connected.serverSecret },
    { do: 'keylog', label: 'EXPORTER_SECRET', clientRandom, secret: connected.exporterSecret },
    { do: 'installReadKeys', keys, boundary: context.boundary() },
  ];
  if (request === undefined)
    return finish(handshake, connected, secondFlight(handshake, context), context, effects);
  return {
    state: { at: 'decideCertificate', handshake, request, connected },
    effects,
    ask: certificateAsk(request, clientCertificateTypes(handshake)),
  };
}

export function onCredential(
  { handshake, request, connected }: Extract<ClientState, { at: 'decideCertificate' }>,
  reply: SelectCertificateReply,
  context: Context,
): Move<ClientState> {
  if (!reply.ok) {
    throw new TlsError('local.noCredential', reply.message, {
      handshakeMessage: 'certificate',
      cause: reply.cause,
    });
  }
  const { credential } = reply;
  if (credential !== undefined) refuseOtherType(credential, clientCertificateTypes(handshake));
  const { extensions, certificateRequestContext } = request;
  const x509 = credential?.type === 'x509' ? credential : undefined;
  const certificate = certificateOf(
    credential,
    certificateRequestContext,
    {
      ocspResponse: extensions.has(statusRequestExtension) ? x509?.ocspResponse : undefined,
      signedCertificateTimestamps: extensions.has(signedCertificateTimestampExtension)
        ? x509?.signedCertificateTimestamps
        : undefined,
    },
    handshake.config,
  );
  const part = certificatePart(
    certificate,
    credential,
    handshake.config.certificateCompression.send,
    extensions.get(compressCertificateExtension),
    context.provider,
  );
  const flight = secondFlight(handshake, context).append(part.raw);
  // RFC 9846 §4.5.2: no CertificateVerify after an empty Certificate.
  if (credential === undefined) return finish(handshake, connected, flight, context, []);
  const scheme = schemeFor(credential, extensions.get(signatureAlgorithmsExtension) ?? []);
  const transcriptHash = flight.transcript.digest(hashOf(handshake.suite, context.provider));
  return {
    state: { at: 'decideSign', handshake, flight, scheme, connected },
    effects: [...part.facts, ...presented(credential)],
    ask: signAsk(credential, scheme, signedContent('client', transcriptHash)),
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

/** Begins with the change_cipher_spec of compatibility mode, unless it came before the second hello (RFC 9846 §E.4). */
function secondFlight({ compatibilityDone }: ClientHandshake, context: Context): Flight {
  const flight = Flight.after(context.after);
  return compatibilityDone ? flight : flight.doing({ do: 'sendChangeCipherSpec' });
}

/** Our Finished, then the application keys. */
function finish(
  handshake: ClientHandshake,
  { clientSecret, serverSecret, exporterSecret }: PendingConnected,
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
  return {
    state: {
      at: 'connected',
      suite,
      readSecret: serverSecret,
      writeSecret: clientSecret,
      peerUpdateRequested: false,
    },
    effects: [
      ...effects,
      ...complete.finish(),
      {
        do: 'connected',
        exporter: (label, exportContext, length) =>
          exportKeyingMaterial(hash, exporterSecret, label, exportContext, length),
      },
      { do: 'writable', as: 'full' },
      { do: 'wipe', secrets: [clientHandshakeSecret, serverHandshakeSecret] },
    ],
  };
}

/** The one type that our Certificate may have. */
function clientCertificateTypes({ certificateTypes }: ClientHandshake): readonly CertificateTypeName[] {
  return [certificateTypes?.client ?? 'x509'];
}

function certificateAsk(
  { extensions }: CertificateRequest,
  certificateTypes: readonly CertificateTypeName[],
) {
  const signatureSchemes = extensions.get(signatureAlgorithmsExtension) ?? [];
  return {
    kind: 'selectCertificate',
    ask: {
      role: 'client',
      certificateTypes,
      signatureSchemes,
      certificateSignatureSchemes: extensions.get(signatureAlgorithmsCertExtension) ?? signatureSchemes,
      // Copies, for the application to keep: the transcript still holds the message.
      certificateAuthorities: (extensions.get(certificateAuthoritiesExtension) ?? []).map(copyOf),
      serverName: undefined,
    },
  } as const;
}
