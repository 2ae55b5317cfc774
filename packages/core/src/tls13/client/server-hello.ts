import { TlsError } from '../../errors/tls-error.ts';
import { keyShareExtension } from '../../extensions/key-share.ts';
import { refuseUnsolicited } from '../../extensions/matrix.ts';
import { preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import type { Move } from '../../machine/define.ts';
import type { Context, Effect, SentHello } from '../../machine/step.ts';
import type { HelloRetryRequest, LegacyServerHello, ServerHello } from '../../messages/server-hello.ts';
import { receiveCustomExtensions } from '../../negotiate/custom-extensions.ts';
import { selectsTls13 } from '../../negotiate/version.ts';
import { namedGroups } from '../../registry/groups.ts';
import { pskKeyExchangeModes } from '../../registry/psk-key-exchange-modes.ts';
import { registryName } from '../../registry/registered.ts';
import { suites13 } from '../../registry/suites13.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { sameBytes } from '../../wire/bytes.ts';
import { EarlySecrets } from '../key-schedule.ts';
import { hashOf, suite13, trafficKeys, type Suite13 } from '../suites.ts';
import { externalKeyFacts } from '../psk-origin.ts';
import type { OfferedPsk } from './pre-shared-keys.ts';
import { settleEch } from './ech.ts';
import type { ClientOffer, ClientState } from './states.ts';

/** What a HelloRetryRequest has settled before this ServerHello. */
export interface Retried {
  readonly suite: Suite13;
  readonly group: number | undefined;
}

/** The ServerHello after a HelloRetryRequest (RFC 9846 §4.2.4): it may not take back what that one said. */
export function onSecondServerHello(
  state: Extract<ClientState, { at: 'awaitSecondServerHello' }>,
  message: ServerHello | LegacyServerHello,
  context: Context,
): Move<ClientState> {
  if (message.type === 'legacy_server_hello' || !selectsTls13(message)) {
    throw new TlsError(
      'peer.versionDiffersFromRetry',
      'the ServerHello selects another version than the HelloRetryRequest',
      { section: 'RFC 9846 §4.2.4', handshakeMessage: 'server_hello', field: 'supported_versions' },
    );
  }
  return onServerHello(state.sent, state, message, context);
}

/** ServerHello (RFC 9846 §4.2.3): the suite, the shared secret, the handshake keys of both directions. */
export function onServerHello(
  offered: SentHello,
  retried: Retried | undefined,
  message: ServerHello,
  received: Context,
): Move<ClientState> {
  const { sent, context, effects } = settleEch(offered, message, received);
  const { config, hello } = sent;
  refuseUnsolicited(message.extensions, hello.extensions);
  const custom = receiveCustomExtensions(config.customExtensions, message.extensions, hello.extensions);
  const suite = checkLegacyFields(sent, message);
  if (retried !== undefined && retried.suite !== suite) {
    throw new TlsError(
      'peer.cipherSuiteDiffersFromRetry',
      'the ServerHello selects another suite than the HelloRetryRequest',
      {
        section: 'RFC 9846 §4.2.4',
        handshakeMessage: 'server_hello',
        field: 'cipher_suite',
      },
    );
  }
  const offer = sent.carry as ClientOffer;
  const psk = selectedPsk(offer, suite, message);
  if (psk === undefined && sent.config.requirePsk) {
    throw new TlsError('incompatible.pskRequired', 'the server selects none of our pre-shared keys', {
      section: 'RFC 9846 §4.3.11',
      handshakeMessage: 'server_hello',
      field: 'pre_shared_key',
    });
  }
  const { group, secret } = sharedSecret(sent, retried, psk !== undefined, message);
  const hash = hashOf(suite, context.provider);
  const secrets = new EarlySecrets(hash, psk?.key).advance(secret);
  secret?.fill(0);
  const transcriptHash = context.after.digest(hash);
  const clientHandshakeSecret = secrets.clientTrafficSecret(transcriptHash);
  const serverHandshakeSecret = secrets.serverTrafficSecret(transcriptHash);
  const clientRandom = hello.random;
  const keys = (handshakeSecret: Uint8Array) =>
    trafficKeys(suite, context.provider, 'handshake', handshakeSecret, context.limits.recordsPerKey);
  // Only the first key can protect 0-RTT data that the server takes.
  const sendsEarlyData = offer.early && psk !== undefined && psk === offer.psks[0];
  return {
    state: {
      at: 'awaitEncryptedExtensions',
      handshake: {
        config,
        hello,
        suite,
        secrets,
        clientHandshakeSecret,
        serverHandshakeSecret,
        psk,
        sendsEarlyData,
        alpnProtocol: null,
        ech: sent.ech,
        retryConfigs: undefined,
      },
    },
    effects: [
      ...effects,
      ...custom,
      {
        do: 'fact',
        facts: {
          version: protocolVersions.tls13,
          cipherSuite: suite.id,
          ...(group === undefined ? {} : { group }),
          helloRetried: retried !== undefined,
          resumed: psk?.session !== undefined,
          ...externalKeyFacts(psk),
        },
      },
      { do: 'keylog', label: 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', clientRandom, secret: clientHandshakeSecret },
      { do: 'keylog', label: 'SERVER_HANDSHAKE_TRAFFIC_SECRET', clientRandom, secret: serverHandshakeSecret },
      { do: 'installReadKeys', keys: keys(serverHandshakeSecret), boundary: context.boundary() },
      // Where nothing marks the end of 0-RTT data, these keys have a place of their own (RFC 9001 §8.3).
      ...(sendsEarlyData && context.carrier.endOfEarlyData
        ? []
        : ([
            ...(offer.early && !sendsEarlyData ? rejection : []),
            // RFC 9846 §E.4: before whatever we protect first, be it an alert; unless it has left with a second hello.
            ...(hello.legacySessionId.length > 0 && retried === undefined && !offer.early
              ? [{ do: 'sendChangeCipherSpec' } as const]
              : []),
            { do: 'installWriteKeys', keys: keys(clientHandshakeSecret) },
          ] as const)),
    ],
  };
}

/** The fields that ServerHello and HelloRetryRequest share (RFC 9846 §4.2.3, §4.2.4); returns the suite. */
export function checkLegacyFields(
  { hello, config }: SentHello,
  message: ServerHello | HelloRetryRequest,
): Suite13 {
  const at = (field: string) => ({ section: 'RFC 9846 §4.2.3', handshakeMessage: message.type, field });
  if (message.legacyVersion !== protocolVersions.tls12) {
    throw new TlsError(
      'peer.illegalLegacyVersion',
      `legacy_version is ${registryName(protocolVersions, message.legacyVersion)} instead of 0x0303`,
      at('legacy_version'),
    );
  }
  if (!sameBytes(message.legacySessionIdEcho, hello.legacySessionId)) {
    throw new TlsError(
      'peer.illegalSessionIdEcho',
      'the server does not echo our legacy_session_id',
      at('legacy_session_id_echo'),
    );
  }
  if (message.legacyCompressionMethod !== 0) {
    throw new TlsError(
      'peer.illegalCompressionMethods',
      `the server selects compression method ${message.legacyCompressionMethod}`,
      at('legacy_compression_method'),
    );
  }
  const suite = suite13(message.cipherSuite);
  if (
    suite === undefined ||
    !hello.cipherSuites.includes(suite.id) ||
    !config.cipherSuites.includes(suite.id)
  ) {
    const name = registryName(suites13, message.cipherSuite);
    throw new TlsError(
      'peer.unofferedCipherSuite',
      `the server selects ${name}, which we did not offer for TLS 1.3`,
      at('cipher_suite'),
    );
  }
  return suite;
}

/** The key that the server selected, if it did (RFC 9846 §4.3.11). */
function selectedPsk({ psks }: ClientOffer, suite: Suite13, message: ServerHello): OfferedPsk | undefined {
  const index = message.extensions.get(preSharedKeyExtension);
  if (index === undefined) return undefined;
  const psk = psks[index];
  const wrong = (what: string) =>
    new TlsError('peer.illegalPskSelection', what, {
      section: 'RFC 9846 §4.3.11',
      handshakeMessage: 'server_hello',
      field: 'pre_shared_key',
    });
  if (psk === undefined) throw wrong(`the server selects identity ${index}, we offered ${psks.length}`);
  if (psk.hash !== suite.hash) {
    throw wrong(`the server selects a key for ${psk.hash} and a suite with ${suite.hash}`);
  }
  return psk;
}

/** The secret of the key exchange; none with a pre-shared key alone (psk_ke, RFC 9846 §4.3.9). */
function sharedSecret(
  { config, carry }: SentHello,
  retried: Retried | undefined,
  hasPsk: boolean,
  message: ServerHello,
): { readonly group: number | undefined; readonly secret: Uint8Array | undefined } {
  const { shares } = carry as ClientOffer;
  const at = { section: 'RFC 9846 §4.3.8', handshakeMessage: 'server_hello', field: 'key_share' };
  const serverShare = message.extensions.get(keyShareExtension);
  if (serverShare === undefined) {
    if (!hasPsk) throw new TlsError('peer.missingExtension', 'the ServerHello has no key_share', at);
    if (!config.pskModes.includes(pskKeyExchangeModes.psk_ke)) {
      throw new TlsError(
        'peer.illegalPskSelection',
        'the ServerHello has no key_share, and we offered pre-shared keys with a key exchange only',
        { ...at, section: 'RFC 9846 §4.3.9' },
      );
    }
    for (const share of shares.values()) share.wipe();
    return { group: undefined, secret: undefined };
  }
  if (hasPsk && !config.pskModes.includes(pskKeyExchangeModes.psk_dhe_ke)) {
    throw new TlsError(
      'peer.illegalPskSelection',
      'the ServerHello has a key_share, and we offered pre-shared keys without key exchange only',
      { ...at, section: 'RFC 9846 §4.3.9' },
    );
  }
  const { group, keyExchange } = serverShare;
  const name = () => registryName(namedGroups, group);
  if (retried?.group !== undefined && retried.group !== group) {
    throw new TlsError(
      'peer.groupDiffersFromRetry',
      `the ServerHello uses ${name()}, the HelloRetryRequest asked for another group`,
      at,
    );
  }
  const key = shares.get(group);
  if (key === undefined) {
    throw new TlsError('peer.unofferedGroup', `the server uses ${name()}, of which we sent no share`, at);
  }
  const secret = key.finish(keyExchange);
  for (const share of shares.values()) share.wipe();
  if (secret === undefined) {
    throw new TlsError('peer.invalidKeyShare', `the server's ${name()} share is invalid`, {
      ...at,
      section: 'RFC 9846 §7.4',
    });
  }
  return { group, secret };
}

const rejection = [
  { do: 'rejectEarlyData' },
  { do: 'fact', facts: { earlyData: 'rejected' } },
] as const satisfies readonly Effect[];
