import { arrangeExtensions } from '../../config/arrange-extensions.ts';
import type { ServerConfig } from '../../config/server.ts';
import type { Limits } from '../../limits.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { ExtensionBlock } from '../../extensions/block.ts';
import { cookieExtension } from '../../extensions/cookie.ts';
import { extension, type RawExtension } from '../../extensions/definition.ts';
import { earlyDataExtension } from '../../extensions/early-data.ts';
import { encryptedClientHelloExtension } from '../../extensions/encrypted-client-hello.ts';
import { keyShareExtension } from '../../extensions/key-share.ts';
import { paddingExtension } from '../../extensions/padding.ts';
import { preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import { pskKeyExchangeModesExtension } from '../../extensions/psk-key-exchange-modes.ts';
import { supportedVersionsExtension } from '../../extensions/supported-versions.ts';
import type { Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, ReceivedHello } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import { helloRetryRequestRandom, type HelloRetryRequest } from '../../messages/server-hello.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import type { NamedGroup } from '../../registry/groups.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { copyOf, sameBytes } from '../../wire/bytes.ts';
import { hashOf, type Suite13 } from '../suites.ts';
import type { ServerState } from './states.ts';

/** HelloRetryRequest (RFC 9846 §4.2.4) for a share of another group, with a cookie, or both. */
export function sendHelloRetryRequest(
  first: ReceivedHello,
  suite: Suite13,
  group: NamedGroup | undefined,
  needsShare: boolean,
  context: Context,
): Move<ServerState> {
  context.endFlight('RFC 9846 §4');
  const { hello, config, ech } = first;
  const own: RawExtension[] = [];
  if (needsShare && group !== undefined) own.push(extension('HRR', keyShareExtension, group));
  if (config.retryCookie !== undefined) own.push(extension('HRR', cookieExtension, config.retryCookie));
  own.push(extension('HRR', supportedVersionsExtension, protocolVersions.tls13));
  // RFC 9849 §7.1: so that a rejected hello looks like an accepted one to those who watch.
  if (ech?.kind === 'rejected') {
    own.push(extension('HRR', encryptedClientHelloExtension, context.entropy.random(8)));
  }
  const plain: HelloRetryRequest = {
    type: 'hello_retry_request',
    legacyVersion: protocolVersions.tls12,
    random: helloRetryRequestRandom,
    legacySessionIdEcho: hello.legacySessionId,
    cipherSuite: suite.id,
    legacyCompressionMethod: 0,
    extensions: ExtensionBlock.of('HRR', arrangeExtensions(own, config, 'HRR', [])),
  };
  const hash = hashOf(suite, context.provider);
  const before = context.after.replacedByMessageHash(hash);
  const retry = ech?.kind === 'accepted' ? ech.confirm(plain, hello.random, before, hash) : plain;
  const flight = Flight.after(before).append(encodeMessage(retry));
  // RFC 9846 §E.4: after the first handshake message, where the client's session id asks for it.
  const compatible = wantsCompatibility(first, context)
    ? flight.doing({ do: 'sendChangeCipherSpec' })
    : flight;
  // RFC 9846 §4.3.10: 0-RTT data that comes before the second hello is skipped, unread.
  const complete = hello.extensions.has(earlyDataExtension)
    ? compatible.doing(
        { do: 'fact', facts: { earlyData: 'rejected' } },
        { do: 'skipEarlyData', limitBytes: skippedEarlyDataBytes(config, context.limits) },
      )
    : compatible;
  return {
    state: { at: 'awaitSecondClientHello', first, suite, group, needsShare },
    effects: complete.finish(),
  };
}

/** RFC 9846 §E.4: a session id asks for it; without one it may be sent as well. QUIC has no such thing (RFC 9001 §8.4). */
export function wantsCompatibility({ hello, config }: ReceivedHello, { carrier }: Context): boolean {
  return hello.legacySessionId.length > 0 || (config.alwaysChangeCipherSpec && carrier.hasRecords);
}

/** How much 0-RTT data we would have taken, and what a client may have had in mind beside (RFC 9846 §4.3.10). */
export function skippedEarlyDataBytes({ earlyData }: ServerConfig, limits: Limits): number {
  return (earlyData?.maxBytes ?? 0) + limits.skippedEarlyDataBytes;
}

/** RFC 9846 §4.2.2: the second hello is the first, but for what the retry asked to change. */
export function checkSecondHello(
  { first, group, needsShare }: Extract<ServerState, { at: 'awaitSecondClientHello' }>,
  second: ClientHello,
): void {
  const differs = (field: string): never => {
    throw new TlsError(
      'peer.secondHelloDiffers',
      `the second ClientHello differs from the first in ${field}`,
      {
        section: 'RFC 9846 §4.2.2',
        handshakeMessage: 'client_hello',
        field,
      },
    );
  };
  const { hello, config } = first;
  if (second.legacyVersion !== hello.legacyVersion) differs('legacy_version');
  if (!sameBytes(second.random, hello.random)) differs('random');
  if (!sameBytes(second.legacySessionId, hello.legacySessionId)) differs('legacy_session_id');
  if (!sameList(second.cipherSuites, hello.cipherSuites)) differs('cipher_suites');
  if (!sameBytes(second.legacyCompressionMethods, hello.legacyCompressionMethods))
    differs('legacy_compression_methods');
  checkCookie(config.retryCookie, second);
  const shares = second.extensions.get(keyShareExtension) ?? [];
  if (needsShare && (shares.length !== 1 || shares[0]!.group !== group)) differs('key_share');
  // It may be updated or left out, not added.
  if (second.extensions.has(preSharedKeyExtension) && !hello.extensions.has(preSharedKeyExtension))
    differs('pre_shared_key');
  if (!isOuter(first) && !leavesOutAtMost(identitiesOf(hello), identitiesOf(second)))
    differs('pre_shared_key');
  const mayChange = needsShare ? [...changeable, keyShareExtension.type] : changeable;
  const before = hello.extensions.entries.filter(({ type }) => !mayChange.includes(type));
  const after = second.extensions.entries.filter(({ type }) => !mayChange.includes(type));
  const isSame =
    before.length === after.length &&
    before.every(({ type, data }, i) => type === after[i]!.type && sameBytes(data, after[i]!.data));
  if (!isSame) differs('extensions');
}

/** The identities of an outer hello may be GREASE that is drawn anew (RFC 9849 §6.1.2). */
function isOuter({ ech, hello }: ReceivedHello): boolean {
  return ech?.kind !== 'accepted' && hello.extensions.has(encryptedClientHelloExtension);
}

/** Those of the first hello that the second has no more, where its modes are ones that we take. */
export function leftOutIdentities(first: ReceivedHello, second: ClientHello): readonly Uint8Array[] {
  const theirs = second.extensions.get(pskKeyExchangeModesExtension) ?? [];
  if (isOuter(first) || !first.config.pskModes.some((mode) => theirs.includes(mode))) return [];
  const still = identitiesOf(second);
  return identitiesOf(first.hello)
    .filter((identity) => !still.some((each) => sameBytes(each, identity)))
    .map(copyOf);
}

function identitiesOf({ extensions }: ClientHello): readonly Uint8Array[] {
  return extensions.get(preSharedKeyExtension)?.identities.map(({ identity }) => identity) ?? [];
}

/** Ages and binders are made anew, identities may be left out; none is added or moved. */
function leavesOutAtMost(before: readonly Uint8Array[], after: readonly Uint8Array[]): boolean {
  let at = 0;
  for (const identity of before) if (at < after.length && sameBytes(identity, after[at]!)) at++;
  return at === after.length;
}

function checkCookie(sent: Uint8Array | undefined, second: ClientHello): void {
  const cookie = second.extensions.get(cookieExtension);
  const isRight = sent === undefined ? cookie === undefined : cookie !== undefined && sameBytes(sent, cookie);
  if (!isRight) {
    throw new TlsError('peer.retryCookieMismatch', 'the second ClientHello does not bring our cookie back', {
      section: 'RFC 9846 §4.3.2',
      handshakeMessage: 'client_hello',
      field: 'cookie',
    });
  }
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

/** What a client may add, drop or alter between its hellos (key_share besides, if it was asked for). */
const changeable: readonly number[] = [
  cookieExtension.type,
  earlyDataExtension.type,
  preSharedKeyExtension.type,
  paddingExtension.type,
];
