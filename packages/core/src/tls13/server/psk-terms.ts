import type { HashName } from '../../crypto/provider.ts';
import type { Context } from '../../machine/step.ts';
import { selectSuite } from '../../negotiate/suite.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { isResumable } from '../../resume/accept.ts';
import type { Session } from '../../values/session.ts';
import { suite13, suitesOver, type Suite13 } from '../suites.ts';
import type { Candidate } from './states.ts';

/** With which suite a pre-shared key can be used, and what is asked about it. */

/** The suite with which a session can be resumed here; `undefined`: it cannot. */
export function suiteOfSession(
  candidate: Candidate,
  session: Session,
  context: Context,
): Suite13 | undefined {
  const { config, view } = candidate.received;
  const { carrier, receivedAtMs: nowMs } = context;
  const { tls13: version } = protocolVersions;
  const hash = suite13(session.cipherSuite)?.hash;
  if (hash === undefined) return undefined;
  const isGood = isResumable(session, { version, config, carrier, serverName: view.serverName, nowMs });
  return isGood ? suiteFor(candidate, hash, session.cipherSuite, context) : undefined;
}

/** A suite whose hash is the key's: `wanted` if it can be had, else the first in order of preference. */
export function suiteFor(
  { received, suite, helloRetried }: Candidate,
  hash: HashName,
  wanted: number | undefined,
  { carrier }: Context,
) {
  // A HelloRetryRequest has named the suite (RFC 9846 §4.2.4).
  if (helloRetried) return suite.hash === hash ? suite : undefined;
  const { config, hello } = received;
  const fitting = suitesOver(carrier)
    .filter((each) => each.hash === hash)
    .map(({ id }) => id);
  const ours = config.cipherSuites.filter((id) => fitting.includes(id));
  const isCommon = ours.some((id) => id === wanted) && hello.cipherSuites.some((id) => id === wanted);
  const id = isCommon ? wanted : selectSuite(ours, hello.cipherSuites, config.cipherSuitePreference);
  return id === undefined ? undefined : suite13(id);
}

export function lookupPskAsk({ received }: Candidate, identities: readonly Uint8Array[]) {
  const { serverName } = received.view;
  const { tls13: version } = protocolVersions;
  return {
    kind: 'lookupPsk',
    ask: { role: 'server', identities, serverName, version, hint: undefined },
  } as const;
}
