import { TlsError } from '../../errors/tls-error.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import { keyShareExtension, type KeyShareEntry } from '../../extensions/key-share.ts';
import { maxFragmentLengthExtension, type MaxFragmentLength } from '../../extensions/max-fragment-length.ts';
import { preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import { pskKeyExchangeModesExtension } from '../../extensions/psk-key-exchange-modes.ts';
import { recordSizeLimitExtension } from '../../extensions/record-size-limit.ts';
import { signatureAlgorithmsExtension } from '../../extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../extensions/supported-groups.ts';
import type { Move } from '../../machine/define.ts';
import type { Context, ReceivedHello } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import { selectAlpn } from '../../negotiate/alpn.ts';
import { selectGroup } from '../../negotiate/group.ts';
import { wantedFragmentLength } from '../../negotiate/max-fragment-length.ts';
import { selectSuite } from '../../negotiate/suite.ts';
import type { NamedGroup } from '../../registry/groups.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { checkedRecordSizeLimit } from '../record-size-limit.ts';
import { suite13, tls13Suites, type Suite13 } from '../suites.ts';
import { askForCertificate } from './own-certificate.ts';
import { checkSecondHello, sendHelloRetryRequest } from './hello-retry.ts';
import type { Negotiated, ServerState } from './states.ts';

/** A first ClientHello for TLS 1.3: checks it, picks suite and group, goes on or asks for another hello. */
export function onClientHello(received: ReceivedHello, context: Context): Move<ServerState> {
  const { hello, config } = received;
  checkClientHello(hello);
  const suite = negotiatedSuite(received);
  const shares = hello.extensions.get(keyShareExtension) ?? [];
  const choice = selectGroup(
    config.groups,
    received.view.groups,
    shares.map((share) => share.group),
  );
  if (choice === undefined) {
    throw new TlsError('incompatible.groups', 'the client lists no key-exchange group that we take', {
      section: 'RFC 9846 §4.2.1',
      handshakeMessage: 'client_hello',
      field: 'supported_groups',
    });
  }
  const group = choice.group as NamedGroup;
  if (choice.needsRetry || config.retryCookie !== undefined) {
    return sendHelloRetryRequest(received, suite, group, choice.needsRetry, context);
  }
  return askForCertificate(negotiate(received, suite, group, false));
}

/** The ClientHello after our HelloRetryRequest; the configuration chosen for the first one stays. */
export function onSecondClientHello(
  state: Extract<ServerState, { at: 'awaitSecondClientHello' }>,
  hello: ClientHello,
): Move<ServerState> {
  checkClientHello(hello);
  checkSecondHello(state, hello);
  return askForCertificate(negotiate({ ...state.first, hello }, state.suite, state.group, true));
}

/** What remains to be settled once suite and group are fixed. */
export function negotiate(
  received: ReceivedHello,
  suite: Suite13,
  group: NamedGroup,
  helloRetried: boolean,
): Negotiated {
  const { hello, config } = received;
  const share = (hello.extensions.get(keyShareExtension) ?? []).find((each) => each.group === group);
  if (share === undefined) {
    throw new TlsError(
      'peer.secondHelloDiffers',
      'the second ClientHello lacks the key share that was asked for',
      {
        section: 'RFC 9846 §4.2.2',
        handshakeMessage: 'client_hello',
        field: 'key_share',
      },
    );
  }
  const limit = hello.extensions.get(recordSizeLimitExtension);
  return {
    received,
    suite,
    group,
    clientShare: share.keyExchange,
    alpnProtocol: negotiatedAlpn(config.alpnProtocols, hello),
    peerRecordSizeLimit: limit === undefined ? undefined : checkedRecordSizeLimit(limit, 'client_hello'),
    maxFragmentLength: negotiatedFragmentLength(received),
    helloRetried,
  };
}

/** RFC 8449 §5: max_fragment_length MUST be ignored beside record_size_limit, right or wrong. */
function negotiatedFragmentLength({ hello, config }: ReceivedHello): MaxFragmentLength | undefined {
  const wanted = hello.extensions.get(maxFragmentLengthExtension);
  if (wanted === undefined || !config.acceptMaxFragmentLength) return undefined;
  return hello.extensions.has(recordSizeLimitExtension) ? undefined : wantedFragmentLength(wanted);
}

/** The rules that every ClientHello for TLS 1.3 must keep (RFC 9846 §4.2.2, §4.3.8, §9.2). */
export function checkClientHello(hello: ClientHello): void {
  const at = (field: string, section = 'RFC 9846 §4.2.2') => ({
    section,
    handshakeMessage: 'client_hello',
    field,
  });
  if (hello.legacyVersion !== protocolVersions.tls12) {
    throw new TlsError(
      'peer.illegalLegacyVersion',
      `legacy_version is 0x${hello.legacyVersion.toString(16).padStart(4, '0')} instead of 0x0303`,
      at('legacy_version'),
    );
  }
  if (hello.legacyCompressionMethods.length !== 1 || hello.legacyCompressionMethods[0] !== 0) {
    throw new TlsError(
      'peer.illegalCompressionMethods',
      'legacy_compression_methods must be the null method alone',
      at('legacy_compression_methods'),
    );
  }
  const { extensions } = hello;
  const groups = extensions.get(supportedGroupsExtension);
  const shares = extensions.get(keyShareExtension);
  const missing = (name: string): never => {
    throw new TlsError('peer.missingExtension', `the ClientHello lacks ${name}`, at(name, 'RFC 9846 §9.2'));
  };
  if (extensions.has(preSharedKeyExtension)) {
    // RFC 9846 §4.3.9: one without the other MUST end the handshake.
    if (!extensions.has(pskKeyExchangeModesExtension)) missing('psk_key_exchange_modes');
  } else {
    if (!extensions.has(signatureAlgorithmsExtension)) missing('signature_algorithms');
    if (groups === undefined) missing('supported_groups');
  }
  if (groups !== undefined && shares === undefined) missing('key_share');
  if (groups === undefined && shares !== undefined) missing('supported_groups');
  checkGroups(groups ?? []);
  checkKeyShares(groups ?? [], shares ?? []);
}

function checkGroups(groups: readonly NamedGroup[]): void {
  if (new Set(groups).size !== groups.length) {
    throw new TlsError('peer.illegalExtension', 'supported_groups names a group twice', {
      section: 'RFC 9846 §4.3.7',
      handshakeMessage: 'client_hello',
      field: 'supported_groups',
    });
  }
}

/** RFC 9846 §4.3.8: shares of listed groups only, one each, in the order of the list. */
function checkKeyShares(groups: readonly NamedGroup[], shares: readonly KeyShareEntry[]): void {
  const at = { section: 'RFC 9846 §4.3.8', handshakeMessage: 'client_hello', field: 'key_share' };
  // Both lists may be thousands long: looking each share up in the list would take the product of the two.
  const positions = new Map(groups.map((group, position) => [group as number, position]));
  let last = -1;
  const seen = new Set<number>();
  for (const { group } of shares) {
    if (seen.has(group))
      throw new TlsError('peer.duplicateKeyShare', 'key_share has two shares of one group', at);
    seen.add(group);
    const position = positions.get(group);
    if (position === undefined) {
      throw new TlsError(
        'peer.keyShareOfUnlistedGroup',
        'key_share has a share of a group that supported_groups lacks',
        at,
      );
    }
    if (position < last) {
      throw new TlsError('peer.keyShareOrder', 'key_share is not in the order of supported_groups', at);
    }
    last = position;
  }
}

function negotiatedSuite({ hello, config }: ReceivedHello): Suite13 {
  const ours = config.cipherSuites.filter((id) => tls13Suites.some((suite) => suite.id === id));
  const id = selectSuite(ours, hello.cipherSuites, config.cipherSuitePreference);
  const suite = id === undefined ? undefined : suite13(id);
  if (suite === undefined) {
    throw new TlsError(
      'incompatible.cipherSuites',
      'the client offers no TLS 1.3 cipher suite that we take',
      {
        section: 'RFC 9846 §4.2.1',
        handshakeMessage: 'client_hello',
        field: 'cipher_suites',
      },
    );
  }
  return suite;
}

function negotiatedAlpn(ours: readonly string[], hello: ClientHello): string | null {
  const choice = selectAlpn(ours, hello.extensions.get(alpnExtension));
  switch (choice.kind) {
    case 'selected':
      return choice.protocol;
    case 'none':
      return null;
    case 'noOverlap':
      throw new TlsError('incompatible.alpn', 'the client offers no application protocol that we take', {
        section: 'RFC 7301 §3.2',
        handshakeMessage: 'client_hello',
        field: 'application_layer_protocol_negotiation',
      });
  }
}
