import { groupOf } from '../../config/defaults.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import { keyShareExtension } from '../../extensions/key-share.ts';
import { maxFragmentLengthExtension, type MaxFragmentLength } from '../../extensions/max-fragment-length.ts';
import { preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import { recordSizeLimitExtension } from '../../extensions/record-size-limit.ts';
import type { Move } from '../../machine/define.ts';
import type { Carrier } from '../../machine/carrier.ts';
import type { Context, ReceivedHello } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import { selectAlpn } from '../../negotiate/alpn.ts';
import { selectGroup } from '../../negotiate/group.ts';
import { wantedFragmentLength } from '../../negotiate/max-fragment-length.ts';
import type { NamedGroup } from '../../registry/groups.ts';
import { checkedRecordSizeLimit } from '../../negotiate/record-size-limit.ts';
import type { Suite13 } from '../suites.ts';
import { askForCertificate } from './own-certificate.ts';
import { sendHelloRetryRequest } from './hello-retry.ts';
import type { Candidate, Negotiated, ServerState } from './states.ts';

/** The handshake without a pre-shared key: with a certificate, after a HelloRetryRequest where a share is missing. */
export function withoutPsk(candidate: Candidate, context: Context): Move<ServerState> {
  const { received, suite, group, helloRetried } = candidate;
  if (group === undefined && !helloRetried) return retry(received, suite, context);
  if (group === undefined) throw noCommonGroup();
  return askForCertificate(negotiate(candidate, suite, group, context), context);
}

/** HelloRetryRequest for a share that we take, with our cookie, or both (RFC 9846 §4.2.1). */
export function retry(received: ReceivedHello, suite: Suite13, context: Context): Move<ServerState> {
  const choice = groupChoice(received);
  if (choice !== undefined) {
    return sendHelloRetryRequest(received, suite, choice.group as NamedGroup, choice.needsRetry, context);
  }
  // A pre-shared key may do without a group; whether it can be used turns out with the second hello.
  const canDoWithout =
    received.hello.extensions.has(preSharedKeyExtension) && received.view.groups.length === 0;
  if (!canDoWithout || received.config.retryCookie === undefined) throw noCommonGroup();
  return sendHelloRetryRequest(received, suite, undefined, false, context);
}

export function groupChoice({ config, view, hello }: ReceivedHello) {
  const shares = hello.extensions.get(keyShareExtension) ?? [];
  return selectGroup(
    config.groups.filter((group) => groupOf(config.provider, group) !== undefined),
    view.groups,
    shares.map((share) => share.group),
    config.retryForGroup,
  );
}

function noCommonGroup(): TlsError {
  return new TlsError('incompatible.groups', 'the client lists no key-exchange group that we take', {
    section: 'RFC 9846 §4.2.1',
    handshakeMessage: 'client_hello',
    field: 'supported_groups',
  });
}

/** What remains to be settled once suite and group are fixed; `group` undefined: a pre-shared key does without. */
export function negotiate(
  { received, helloRetried }: Candidate,
  suite: Suite13,
  group: NamedGroup | undefined,
  { carrier }: Context,
): Negotiated {
  const { hello, config } = received;
  const alpnProtocol = negotiatedAlpn(config.alpnProtocols, hello, carrier);
  const limit = carrier.hasRecords ? hello.extensions.get(recordSizeLimitExtension) : undefined;
  return {
    received,
    suite,
    exchange: group === undefined ? undefined : { group, clientShare: shareOf(hello, group) },
    psk: undefined,
    resumedPeer: undefined,
    earlyDataBytes: undefined,
    alpnProtocol,
    settings: config.applicationSettings?.answer(hello, alpnProtocol),
    peerRecordSizeLimit: limit === undefined ? undefined : checkedRecordSizeLimit(limit, 'client_hello'),
    maxFragmentLength: carrier.hasRecords ? negotiatedFragmentLength(received) : undefined,
    helloRetried,
  };
}

/** RFC 8449 §5: max_fragment_length MUST be ignored beside record_size_limit, right or wrong. */
function negotiatedFragmentLength({ hello, config }: ReceivedHello): MaxFragmentLength | undefined {
  const wanted = hello.extensions.get(maxFragmentLengthExtension);
  if (wanted === undefined || !config.acceptMaxFragmentLength) return undefined;
  return hello.extensions.has(recordSizeLimitExtension) ? undefined : wantedFragmentLength(wanted);
}

function shareOf(hello: ClientHello, group: NamedGroup): Uint8Array {
  const share = (hello.extensions.get(keyShareExtension) ?? []).find((each) => each.group === group);
  if (share !== undefined) return share.keyExchange;
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

function negotiatedAlpn(
  ours: readonly string[],
  hello: ClientHello,
  { requiresAlpn }: Carrier,
): string | null {
  const noneAgreed = (section: string, message: string) =>
    new TlsError('incompatible.alpn', message, {
      section,
      handshakeMessage: 'client_hello',
      field: 'application_layer_protocol_negotiation',
    });
  const choice = selectAlpn(ours, hello.extensions.get(alpnExtension));
  switch (choice.kind) {
    case 'selected':
      return choice.protocol;
    case 'none':
      if (requiresAlpn) throw noneAgreed('RFC 9001 §8.1', 'no application protocol is agreed on');
      return null;
    case 'noOverlap':
      throw noneAgreed(
        'RFC 7301 §3.2',
        `the client offers no application protocol that we take: ${ours.join(', ')}`,
      );
  }
}
