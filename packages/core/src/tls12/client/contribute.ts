import { extension, type RawExtension } from '../../extensions/definition.ts';
import { ecPointFormatsExtension } from '../../extensions/ec-point-formats.ts';
import { encryptThenMacExtension } from '../../extensions/encrypt-then-mac.ts';
import { extendedMainSecretExtension } from '../../extensions/extended-main-secret.ts';
import { nextProtocolNegotiationExtension } from '../../extensions/next-protocol-negotiation.ts';
import { renegotiationInfoExtension } from '../../extensions/renegotiation-info.ts';
import { sessionTicketExtension } from '../../extensions/session-ticket.ts';
import type { Context, HelloContribution, HelloPlan } from '../../machine/step.ts';
import { isUsedIn } from '../../negotiate/external-psk.ts';
import { pointFormats } from '../../registry/point-formats.ts';
import { suites12 } from '../../registry/suites12.ts';
import type { ProtocolVersion } from '../../registry/versions.ts';
import type { Session } from '../../values/session.ts';
import { copyOf } from '../../wire/bytes.ts';
import { allowsSuite, profileOf } from '../profile.ts';
import { needsPsk, suite12 } from '../suites.ts';
import { clientInfo, establishedOf } from '../renegotiation.ts';
import { offeredSession, type ClientOffer } from './offer.ts';

/** What `version` adds to a ClientHello: its suites, and the extensions that make it safe. */
export function contributeHello(
  version: ProtocolVersion,
  plan: HelloPlan,
  context: Context,
): HelloContribution {
  const { config } = plan;
  const profile = profileOf(version);
  const suites = config.cipherSuites.flatMap((id) => suite12(id) ?? []);
  // RFC 4279 §2: by these suites the client "indicates its willingness to use pre-shared key authentication".
  const hasPsk = plan.awaitsHint || plan.externalPsks.some((each) => isUsedIn(each, 'tls12'));
  const own = suites.filter((suite) => allowsSuite(profile, suite) && (hasPsk || !needsPsk(suite)));
  const session = offeredSession(plan, context);
  const sessionId = session === undefined ? undefined : sessionIdOf(session, context);
  const extensions: RawExtension[] = [
    // RFC 5746 §3.4: the extension, or the signaling suite; the first handshake has nothing to say in it.
    extension('CH', renegotiationInfoExtension, clientInfo(establishedOf(plan.renegotiation))),
    extension('CH', extendedMainSecretExtension, true),
  ];
  if (config.requestTickets) {
    extensions.push(extension('CH', sessionTicketExtension, session?.ticket ?? new Uint8Array(0)));
  }
  if (own.some(({ keyExchange }) => keyExchange === 'ecdhe' || keyExchange === 'ecdhePsk')) {
    extensions.push(extension('CH', ecPointFormatsExtension, [pointFormats.uncompressed]));
  }
  // What a connection has once agreed on, it does not go back from (RFC 7366 §3.1).
  const before = establishedOf(plan.renegotiation);
  const mayEncryptFirst = config.encryptThenMac || before?.hasEncryptedThenMaced === true;
  if (mayEncryptFirst && own.some(({ cipher }) => cipher.type === 'cbc')) {
    extensions.push(extension('CH', encryptThenMacExtension, true));
  }
  // "Renegotiations on the same connection MUST NOT include the next_protocol_negotiation extension" (draft-agl-tls-nextprotoneg-04 §3).
  if (config.npnProtocols.length > 0 && plan.renegotiation === undefined) {
    extensions.push(extension('CH', nextProtocolNegotiationExtension, true));
  }
  const carry: ClientOffer = { session };
  return {
    cipherSuites: own.map(({ id }) => id),
    // RFC 7507 §4: behind the suites that it is to be read with.
    ...(config.signalFallback ? { signals: [suites12.TLS_FALLBACK_SCSV] } : {}),
    extensions,
    carry,
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}

/** With a ticket any id will do: by its echo we can tell a resumption (RFC 5077 §3.4). */
function sessionIdOf({ sessionId }: Session, { entropy }: Context): Uint8Array {
  return sessionId !== undefined && sessionId.length > 0 ? copyOf(sessionId) : entropy.random(32);
}
