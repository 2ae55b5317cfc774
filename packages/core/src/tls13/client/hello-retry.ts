import { rankExtensions } from '../../config/arrange-extensions.ts';
import { groupOf } from '../../config/defaults.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { ExtensionBlock } from '../../extensions/block.ts';
import { cookieExtension } from '../../extensions/cookie.ts';
import { extension, type RawExtension } from '../../extensions/definition.ts';
import { earlyDataExtension } from '../../extensions/early-data.ts';
import { keyShareExtension } from '../../extensions/key-share.ts';
import { refuseUnsolicited } from '../../extensions/matrix.ts';
import { paddingExtension } from '../../extensions/padding.ts';
import { preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import { supportedGroupsExtension } from '../../extensions/supported-groups.ts';
import type { Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect, SentHello } from '../../machine/step.ts';
import { padded, type ClientHello } from '../../messages/client-hello.ts';
import type { HelloRetryRequest } from '../../messages/server-hello.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import { receiveCustomExtensions } from '../../negotiate/custom-extensions.ts';
import { namedGroups, type NamedGroup } from '../../registry/groups.ts';
import { registryName } from '../../registry/registered.ts';
import { hashOf } from '../suites.ts';
import { generateShare, keyShareOf } from './contribute.ts';
import { settleEch } from './ech.ts';
import { checkLegacyFields } from './server-hello.ts';
import { pskExtension, withBinders } from './pre-shared-keys.ts';
import type { ClientOffer, ClientState, OfferedShares } from './states.ts';

/**
 * HelloRetryRequest (RFC 9846 §4.2.4): the second ClientHello is the first one with the changes of §4.2.2 and
 * nothing else; nothing is drawn anew but the one key share asked for.
 */
export function onHelloRetryRequest(
  offered: SentHello,
  message: HelloRetryRequest,
  received: Context,
): Move<ClientState> {
  received.endFlight('RFC 9846 §4');
  const { sent, context, effects } = settleEch(offered, message, received);
  refuseUnsolicited(message.extensions, sent.hello.extensions, [cookieExtension]);
  receiveCustomExtensions(sent.config.customExtensions, message.extensions);
  const suite = checkLegacyFields(sent, message);
  const group = requestedGroup(sent, message, context);
  const cookie = message.extensions.get(cookieExtension);
  if (group === undefined && cookie === undefined) {
    throw new TlsError('peer.retryWithoutChange', 'the HelloRetryRequest asks for no change', {
      section: 'RFC 9846 §4.2.4',
      handshakeMessage: 'hello_retry_request',
    });
  }
  const first = sent.carry as ClientOffer;
  const offer: ClientOffer = {
    shares: group === undefined ? first.shares : newShare(first.shares, group, context),
    psks: first.psks.filter((psk) => psk.hash === suite.hash),
    early: false,
  };
  // RFC 9846 §4.1: the first ClientHello is replaced by its hash.
  const hash = hashOf(suite, context.provider);
  const before = context.before.replacedByMessageHash(hash).append(context.raw);
  const hello = withBinders(secondHello(sent, offer, group, cookie, context), offer.psks, before, context);
  // RFC 9849 §6.1.5: what the server took is hashed, what it can read on the way is sent.
  const wire = sent.ech?.state === 'accepted' ? sent.ech.offer.wrapAgain(hello) : hello;
  const raw = encodeMessage(hello);
  const inner: readonly Effect[] = wire === hello ? [] : [{ do: 'innerClientHello', direction: 'sent', raw }];
  // RFC 9846 §4.3.10: a HelloRetryRequest refuses 0-RTT data, and the second hello is in the clear again.
  const rejected: readonly Effect[] = first.early
    ? [{ do: 'rejectEarlyData' }, { do: 'fact', facts: { earlyData: 'rejected' } }, { do: 'dropWriteKeys' }]
    : [];
  const compatibility: readonly Effect[] =
    hello.legacySessionId.length > 0 && !first.early ? [{ do: 'sendChangeCipherSpec' }] : [];
  return {
    state: { at: 'awaitSecondServerHello', sent: { ...sent, hello, carry: offer }, suite, group },
    effects: [
      ...effects,
      { do: 'holdForHandshake', secrets: [...offer.shares.values()] },
      ...rejected,
      ...compatibility,
      ...inner,
      ...Flight.after(before).append(encodeMessage(wire), raw).finish(),
    ],
  };
}

/** RFC 9846 §4.3.8: a group that we listed, and did not send a share of. */
function requestedGroup(
  { hello, config }: SentHello,
  message: HelloRetryRequest,
  { provider }: Context,
): NamedGroup | undefined {
  const group = message.extensions.get(keyShareExtension);
  if (group === undefined) return undefined;
  const at = { section: 'RFC 9846 §4.3.8', handshakeMessage: 'hello_retry_request', field: 'key_share' };
  const name = registryName(namedGroups, group);
  // What we list and do not have is GREASE, which must be refused when it is chosen (RFC 8701 §3.1), or of older versions.
  const listed = hello.extensions.get(supportedGroupsExtension) ?? [];
  const isOurs = config.groups.includes(group) && groupOf(provider, group) !== undefined;
  if (!listed.includes(group) || !isOurs) {
    throw new TlsError(
      'peer.unofferedGroup',
      `the server asks for a share of ${name}, which we did not list`,
      at,
    );
  }
  if ((hello.extensions.get(keyShareExtension) ?? []).some((share) => share.group === group)) {
    throw new TlsError(
      'peer.retryWithoutChange',
      `the server asks for a share of ${name}, which it has got`,
      at,
    );
  }
  return group;
}

function newShare(shares: OfferedShares, group: NamedGroup, context: Context): OfferedShares {
  for (const unused of shares.values()) unused.wipe();
  return new Map([[group, generateShare(group, context)]]);
}

/** A cookie that fits into its own message need not fit into ours beside what we sent before. */
function refuseTooLarge(entries: readonly RawExtension[]): void {
  const bytes = entries.reduce((sum, { data }) => sum + 4 + data.length, 0);
  if (bytes <= maxExtensionsBytes) return;
  throw new TlsError(
    'peer.messageTooLarge',
    `with the cookie our second ClientHello would have ${bytes} bytes of extensions, ${maxExtensionsBytes} fit`,
    { section: 'RFC 9846 §4.3.2', handshakeMessage: 'hello_retry_request', field: 'cookie' },
  );
}

function secondHello(
  { hello, config, ech }: SentHello,
  { shares, psks }: ClientOffer,
  group: NamedGroup | undefined,
  cookie: Uint8Array | undefined,
  context: Context,
): ClientHello {
  let extensions = hello.extensions
    .without(paddingExtension)
    .without(earlyDataExtension)
    .without(preSharedKeyExtension);
  if (group !== undefined) extensions = extensions.with(keyShareOf(shares));
  if (cookie !== undefined) extensions = extensions.with(extension('CH', cookieExtension, cookie));
  // Ages are counted anew, keys that do not fit the server's suite are left out (RFC 9846 §4.2.2).
  const last = psks.length > 0 ? [pskExtension(psks, context)] : [];
  refuseTooLarge([...extensions.entries, ...last]);
  // The order of an inner hello is the one in which it can be packed, with a cookie behind the rest.
  const ranked =
    ech?.state === 'accepted'
      ? extensions.entries
      : rankExtensions(extensions.entries, config.extensionOrder);
  const ordered = [...ranked, ...last];
  const second = { ...hello, extensions: ExtensionBlock.of('CH', ordered) };
  return config.padHello && ech?.state !== 'accepted' ? padded(second) : second;
}

/** `Extension extensions<8..2^16-1>` (RFC 9846 §4.2.2). */
const maxExtensionsBytes = 65_535;
