import { acceptedPeer, verifyPeerAsk } from '../../auth/peer-certificate.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import { refuseUnsolicited } from '../../extensions/matrix.ts';
import { maxFragmentLengthExtension } from '../../extensions/max-fragment-length.ts';
import { earlyDataExtension } from '../../extensions/early-data.ts';
import { quicTransportParametersExtension } from '../../extensions/quic-transport-parameters.ts';
import { recordSizeLimitExtension } from '../../extensions/record-size-limit.ts';
import type { Move } from '../../machine/define.ts';
import type { Context, Effect } from '../../machine/step.ts';
import type { EncryptedExtensions } from '../../messages/encrypted-extensions.ts';
import { receiveCustomExtensions } from '../../negotiate/custom-extensions.ts';
import { confirmedFragmentLength } from '../../negotiate/max-fragment-length.ts';
import { chosenCertificateTypes } from '../../negotiate/certificate-type.ts';
import { checkedRecordSizeLimit, fragmentLengthEffects } from '../../negotiate/record-size-limit.ts';
import type { VerifyPeerReply } from '../../values/peer-evidence.ts';
import type { SessionPeer } from '../../values/session.ts';
import { copyOf } from '../../wire/bytes.ts';
import { trafficKeys } from '../suites.ts';
import { retryConfigsOf } from './ech.ts';
import { earlyDataOf } from './pre-shared-keys.ts';
import type { ClientHandshake, ClientState } from './states.ts';

/** EncryptedExtensions (RFC 9846 §4.4.1): the server's answers to what we offered. */
export function onEncryptedExtensions(
  { handshake }: Extract<ClientState, { at: 'awaitEncryptedExtensions' }>,
  message: EncryptedExtensions,
  context: Context,
): Move<ClientState> {
  const { config, hello } = handshake;
  const { extensions } = message;
  refuseUnsolicited(extensions, hello.extensions);
  const retryConfigs = retryConfigsOf(handshake, extensions);
  const effects: Effect[] = [
    ...receiveCustomExtensions(config.customExtensions, extensions, hello.extensions),
  ];
  const alpnProtocol = extensions.get(alpnExtension) ?? null;
  if (alpnProtocol !== null && !config.alpnProtocols.includes(alpnProtocol) && !config.acceptUnofferedAlpn) {
    throw new TlsError(
      'peer.unofferedAlpn',
      `the server selects the protocol ${JSON.stringify(alpnProtocol)}, which we did not offer`,
      {
        section: 'RFC 7301 §3.1',
        handshakeMessage: 'encrypted_extensions',
        field: 'application_layer_protocol_negotiation',
      },
    );
  }
  if (alpnProtocol === null && context.carrier.requiresAlpn) {
    throw new TlsError('incompatible.alpn', 'the server selects no application protocol', {
      section: 'RFC 9001 §8.1',
      handshakeMessage: 'encrypted_extensions',
      field: 'application_layer_protocol_negotiation',
    });
  }
  effects.push({ do: 'fact', facts: { alpnProtocol } }, ...transportParametersOf(message, context));
  const peerLimit = extensions.get(recordSizeLimitExtension);
  if (peerLimit !== undefined) {
    const peerRecordSizeLimit = checkedRecordSizeLimit(peerLimit, 'encrypted_extensions');
    effects.push({ do: 'fact', facts: { peerRecordSizeLimit } });
    effects.push({ do: 'limitSentRecords', innerBytes: peerRecordSizeLimit });
    // Only a server that answers the extension has agreed to our limit (RFC 8449 §4).
    if (config.recordSizeLimit !== undefined) {
      effects.push({
        do: 'limitReceivedRecords',
        innerBytes: config.recordSizeLimit,
        section: 'RFC 8449 §4',
      });
    }
  }
  const answered = extensions.get(maxFragmentLengthExtension);
  if (answered !== undefined && config.maxFragmentLength !== undefined) {
    const agreed = confirmedFragmentLength(
      answered,
      config.maxFragmentLength,
      peerLimit !== undefined,
      message.type,
    );
    effects.push(...fragmentLengthEffects(agreed));
  }
  effects.push(...earlyDataVerdict(handshake, message, alpnProtocol, context));
  const isEarlyDataTaken = extensions.has(earlyDataExtension);
  const settings = settingsOf(handshake, message, alpnProtocol);
  const answers = { alpnProtocol, settings, sendsEarlyData: isEarlyDataTaken, retryConfigs };
  const next: ClientHandshake = Object.assign({}, handshake, answers);
  if (handshake.psk === undefined) {
    return {
      state: {
        at: 'awaitCertificateOrRequest',
        handshake: { certificateTypes: chosenCertificateTypes(hello, extensions), ...next },
      },
      effects,
    };
  }
  return { effects, ...afterPsk(next, handshake.psk.session?.peer, context) };
}

/** A pre-shared key stands for the certificate of the handshake it comes from; that is judged again. */
function afterPsk(
  handshake: ClientHandshake,
  resumed: SessionPeer | undefined,
  context: Context,
): Pick<Extract<Move<ClientState>, { machine?: never }>, 'state' | 'ask'> {
  if (resumed === undefined)
    return { state: { at: 'awaitFinished', handshake, request: undefined, peer: undefined } };
  return {
    state: { at: 'decideResumedPeer', handshake, resumed },
    ask: verifyPeerAsk('resumption', resumed.evidence, handshake.config, context, resumed),
  };
}

export function onResumedPeerVerdict(
  { handshake, resumed }: Extract<ClientState, { at: 'decideResumedPeer' }>,
  reply: VerifyPeerReply,
  context: Context,
): Move<ClientState> {
  const { verdict, validUntilMs } = acceptedPeer(reply);
  const peer = { evidence: resumed.evidence, verdict, validUntilMs, verifiedAtMs: context.receivedAtMs };
  return { state: { at: 'awaitFinished', handshake, request: undefined, peer } };
}

/** "endpoints that receive ClientHello or EncryptedExtensions messages without" them end the connection (RFC 9001 §8.2). */
function transportParametersOf({ extensions }: EncryptedExtensions, { carrier }: Context): readonly Effect[] {
  if (carrier.transportParameters === undefined) return [];
  const parameters = extensions.get(quicTransportParametersExtension);
  if (parameters === undefined) {
    throw new TlsError('peer.missingExtension', 'EncryptedExtensions lacks quic_transport_parameters', {
      section: 'RFC 9001 §8.2',
      handshakeMessage: 'encrypted_extensions',
      field: 'quic_transport_parameters',
    });
  }
  return [{ do: 'fact', facts: { peerTransportParameters: copyOf(parameters) } }];
}

/**
 * Application settings (draft-vvv-tls-alps-01 §4): the server's, which ours answer. Where it takes 0-RTT data, those of the session
 * hold and it sends none (§4.2).
 */
function settingsOf(
  { config, psk }: ClientHandshake,
  { extensions }: EncryptedExtensions,
  alpnProtocol: string | null,
): ClientHandshake['settings'] {
  const received = config.applicationSettings?.receive(extensions, alpnProtocol, config.alpnProtocols);
  if (!extensions.has(earlyDataExtension)) return received;
  if (received === undefined) return psk?.session?.applicationSettings;
  throw new TlsError(
    'peer.illegalEarlyDataAcceptance',
    'the server accepts early data and sends application settings, which are those of the session',
    {
      section: 'draft-vvv-tls-alps-01 §4.2',
      handshakeMessage: 'encrypted_extensions',
      field: 'application_settings',
    },
  );
}

/** Whether the server takes our 0-RTT data: early_data in its answer says so (RFC 9846 §4.3.10). */
function earlyDataVerdict(
  { psk, sendsEarlyData, suite, clientHandshakeSecret }: ClientHandshake,
  { extensions }: EncryptedExtensions,
  alpnProtocol: string | null,
  context: Context,
): readonly Effect[] {
  if (!extensions.has(earlyDataExtension)) {
    if (!sendsEarlyData) return [];
    const { provider, limits, carrier } = context;
    return [
      { do: 'rejectEarlyData' },
      { do: 'fact', facts: { earlyData: 'rejected' } },
      ...(carrier.endOfEarlyData
        ? [
            {
              do: 'installWriteKeys',
              keys: trafficKeys(suite, provider, 'handshake', clientHandshakeSecret, limits.recordsPerKey),
            } as const,
          ]
        : []),
    ];
  }
  const allowance = psk === undefined ? undefined : earlyDataOf(psk);
  const wrong = (what: string) =>
    new TlsError('peer.illegalEarlyDataAcceptance', `the server accepts early data ${what}`, {
      section: 'RFC 9846 §4.3.10',
      handshakeMessage: 'encrypted_extensions',
      field: 'early_data',
    });
  if (!sendsEarlyData) throw wrong('without having selected the first pre-shared key');
  if (allowance?.cipherSuite !== suite.id) throw wrong('with another cipher suite than it was sent under');
  if (allowance.alpnProtocol !== alpnProtocol)
    throw wrong('with another application protocol than it was sent for');
  return [{ do: 'fact', facts: { earlyData: 'accepted' } }];
}
