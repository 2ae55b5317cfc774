import type { Context, HelloPlan } from '../../machine/step.ts';
import { isUsedIn } from '../../negotiate/external-psk.ts';
import { offerableSessions } from '../../resume/offer.ts';
import type { Session } from '../../values/session.ts';
import { sameBytes } from '../../wire/bytes.ts';
import { owned } from '../../wire/owned.ts';
import { allowsSuite, profileOf } from '../profile.ts';
import { isResumableSuite } from '../resumable.ts';
import { suite12 } from '../suites.ts';

/** What `onServerHello` must remember of the ClientHello. */
export interface ClientOffer {
  readonly session: Session | undefined;
}

/**
 * The one session that a ClientHello can resume (RFC 5246 §7.4.1.2): the first that has the extended main secret (RFC
 * 7627 §5.3; or need not have it), whose server has proved itself by a certificate or by a key that we still have, and whose suite is offered. The same for all versions in the hello, of which the
 * server selects one.
 */
export function offeredSession(plan: HelloPlan, context: Context): Session | undefined {
  const { config, sessions, renegotiation } = plan;
  // RFC 9849 §6.1: not in an inner hello; in the outer one it would say whom we have known before.
  if (config.ech?.canEncrypt === true) return undefined;
  const versions =
    renegotiation === undefined
      ? config.versions.flatMap((module) => (module.isLegacy ? module.versions : []))
      : [renegotiation.version];
  const session = sessions.find(
    (each) =>
      versions.some((version) => offerableSessions([each], version, config, context).length > 0) &&
      (each.extendedMainSecret === true || config.resumeUnboundSessions) &&
      isTrusted(each, plan) &&
      each.ticket.length <= (config.requestTickets ? maxTicketBytes : 0) &&
      (each.sessionId?.length ?? 0) <= maxSessionIdBytes &&
      config.cipherSuites.some((id) => id === each.cipherSuite) &&
      isSuiteOf(each),
  );
  return owned(session);
}

/** A session of a pre-shared key proves no more than that key, which the application must still have, or expects to have. */
function isTrusted({ peer, externalPskIdentity: own }: Session, plan: HelloPlan): boolean {
  if (own === undefined) return peer !== undefined;
  const isKnown = plan.externalPsks.some((each) => isUsedIn(each, 'tls12') && sameBytes(each.identity, own));
  return isKnown || plan.awaitsHint;
}

function isSuiteOf({ cipherSuite, version }: Session): boolean {
  const suite = suite12(cipherSuite);
  return suite !== undefined && isResumableSuite(suite) && allowsSuite(profileOf(version), suite);
}

/** What is left of a ClientHello's extensions beside those of TLS 1.3 and their tickets (RFC 9846 §4.2.2). */
const maxTicketBytes = 16_384;
/** `opaque SessionID<0..32>` (RFC 5246 §7.4.1.2). */
const maxSessionIdBytes = 32;
