import type { ClientConfig } from '../../config/client.ts';
import type { HashName } from '../../crypto/provider.ts';
import { InternalError } from '../../errors/tls-error.ts';
import { extension, type RawExtension } from '../../extensions/definition.ts';
import { bindersLength, preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import type { Context, HelloPlan } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import { sameSettings } from '../settings.ts';
import { isUsedIn } from '../../negotiate/external-psk.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { offerableSessions } from '../../resume/offer.ts';
import type { Transcript } from '../../transcript/transcript.ts';
import type { ExternalPsk } from '../../values/external-psk.ts';
import type { Session } from '../../values/session.ts';
import { owned } from '../../wire/owned.ts';
import { sameBytes } from '../../wire/bytes.ts';
import { binderOf, type BinderLabel } from '../binder.ts';
import { suite13 } from '../suites.ts';

/** A pre-shared key in a ClientHello. */
export interface OfferedPsk {
  readonly identity: Uint8Array;
  readonly key: Uint8Array;
  readonly hash: HashName;
  readonly binder: BinderLabel;
  /** What it comes from: one of the two. */
  readonly session?: Session;
  readonly external?: ExternalPsk;
}

/** The keys to offer: sessions first, then external ones; only those that a suite of ours can use (RFC 9846 §4.3.11). */
export function pskOffer(
  { config, sessions, externalPsks: known }: HelloPlan,
  context: Context,
): readonly OfferedPsk[] {
  if (config.pskModes.length === 0) return [];
  const externalPsks = known.filter((each) => isUsedIn(each, 'tls13'));
  const resumable = offerableSessions(sessions, protocolVersions.tls13, config, context);
  // A session of an external key proves no more than that key, which the application must still have.
  const isKnown = (own: Uint8Array | undefined) =>
    own !== undefined && externalPsks.some(({ identity }) => sameBytes(identity, own));
  const trusted = resumable.filter(
    ({ peer, externalPskIdentity }) => peer !== undefined || isKnown(externalPskIdentity),
  );
  const all = [...owned(fitting(trusted)).flatMap(ofSession), ...owned(externalPsks).map(ofExternal)];
  const hashes = config.cipherSuites.map((id) => suite13(id)?.hash);
  return all.filter(({ hash }) => hashes.includes(hash)).slice(0, context.limits.offeredPsks);
}

/** A server that issues tickets of 64 KiB must not keep us from connecting: those that fit, the first ones first. */
function fitting(sessions: readonly Session[]): readonly Session[] {
  let leftBytes = maxTicketBytes;
  return sessions.filter(({ ticket }) => {
    if (ticket.length > leftBytes) return false;
    leftBytes -= ticket.length;
    return true;
  });
}

/** Whether 0-RTT data can go with the first of these keys: the server must come to the same choices (RFC 9846 §4.3.10). */
export function allowsEarlyData(config: ClientConfig, [first]: readonly OfferedPsk[]): boolean {
  const allowance = first === undefined ? undefined : earlyDataOf(first);
  if (!config.sendEarlyData || allowance === undefined || allowance.maxBytes === 0) return false;
  const { cipherSuite, alpnProtocol } = allowance;
  // draft-vvv-tls-alps-01 §4.2: what leaves goes under the settings of the session, which must still be ours.
  const settings = first?.session?.applicationSettings;
  if (settings !== undefined && !sameSettings(config.applicationSettings?.own(alpnProtocol), settings))
    return false;
  return (
    config.cipherSuites.some((id) => id === cipherSuite) &&
    // Without one the data is of no protocol in particular; a server that selects one cannot take it.
    (alpnProtocol === null || config.alpnProtocols.includes(alpnProtocol))
  );
}

/** What a key says about 0-RTT data. */
export function earlyDataOf({ session, external }: OfferedPsk): ExternalPsk['earlyData'] {
  if (session === undefined) return external?.earlyData;
  const { maxEarlyDataBytes, cipherSuite, alpnProtocol } = session;
  return { maxBytes: maxEarlyDataBytes, cipherSuite, alpnProtocol };
}

/** pre_shared_key with zeros in place of its binders, whose lengths already count. */
export function pskExtension(psks: readonly OfferedPsk[], context: Context): RawExtension {
  return extension('CH', preSharedKeyExtension, {
    identities: psks.map(({ identity, session }) => ({
      identity,
      obfuscatedTicketAge: session === undefined ? 0 : obfuscatedTicketAge(session, context.nowMs),
    })),
    binders: psks.map(({ hash }) => new Uint8Array(context.provider.hashes[hash]?.outputBytes ?? 0)),
  });
}

/** The hello with its binders in place (RFC 9846 §4.3.11.2); `before`: the transcript that it is appended to. */
export function withBinders(
  hello: ClientHello,
  psks: readonly OfferedPsk[],
  before: Transcript,
  context: Context,
): ClientHello {
  if (psks.length === 0) return hello;
  const unbound = hello.extensions.get(preSharedKeyExtension);
  if (unbound === undefined) return hello;
  const raw = encodeMessage(hello);
  const truncated = raw.subarray(0, raw.length - bindersLength(unbound));
  const binders = psks.map(({ key, hash: name, binder }) => {
    const hash = context.provider.hashes[name];
    if (hash === undefined) throw new InternalError(`${context.provider.name} has no ${name}`);
    return binderOf(hash, key, binder, before.digestWith(hash, truncated));
  });
  const { identities } = unbound;
  return {
    ...hello,
    extensions: hello.extensions.with(extension('CH', preSharedKeyExtension, { identities, binders })),
  };
}

function ofSession(session: Session): readonly OfferedPsk[] {
  const hash = suite13(session.cipherSuite)?.hash;
  if (hash === undefined) return [];
  return [{ identity: session.ticket, key: session.secret, hash, binder: 'res binder', session }];
}

function ofExternal(external: ExternalPsk): OfferedPsk {
  const { identity, key, hash = 'sha256', imported = false } = external;
  return { identity, key, hash, binder: imported ? 'imp binder' : 'ext binder', external };
}

/** RFC 9846 §4.3.11.1. */
function obfuscatedTicketAge({ issuedAtMs, ageAdd }: Session, nowMs: number): number {
  return (Math.max(0, Math.floor(nowMs - issuedAtMs)) + ageAdd) % 2 ** 32;
}

/** Of all tickets in a ClientHello; half of what its extensions may be (RFC 9846 §4.2.2), the rest is for the others. */
const maxTicketBytes = 32_768;
