import type { SharedConfig } from '../config/shared.ts';
import type { Context } from '../machine/step.ts';
import type { Session } from '../values/session.ts';
import type { SessionPeer } from '../values/session.ts';
import { copyOf } from '../wire/bytes.ts';
import { owned } from '../wire/owned.ts';
import type { Agreed } from './agreed.ts';
import type { Suite12 } from './suites.ts';

/**
 * Whether a handshake leaves a session that may be resumed. Without the extended main secret an attacker can give two
 * connections the same secret, so that resuming one of them proves nothing: a client "SHOULD offer a full handshake", and "the
 * server SHOULD abort the handshake" (RFC 7627 §5.3). Nor is one kept of nobody.
 */
export function isKept(
  { extendedMainSecret, suite }: Agreed,
  { resumeUnboundSessions }: Pick<SharedConfig, 'resumeUnboundSessions'>,
): boolean {
  return (extendedMainSecret || resumeUnboundSessions) && isResumableSuite(suite);
}

export function isResumableSuite({ authentication }: Suite12): boolean {
  return authentication !== 'anon';
}

/** What all sessions of a connection have in common. */
export function sessionOf(
  { profile, suite, alpnProtocol, extendedMainSecret }: Agreed,
  main: Uint8Array,
  peer: SessionPeer | undefined,
  own: Pick<Session, 'serverName' | 'expectedName' | 'context' | 'applicationData' | 'lifetimeSeconds'>,
  /** Of the pre-shared key with which the first handshake was made. */
  pskIdentity: Uint8Array | undefined,
  /** The session that this handshake has resumed. */
  resumed: Session | undefined,
  { nowMs }: Context,
): Session {
  return {
    ...own,
    version: profile.version,
    cipherSuite: suite.id,
    secret: copyOf(main),
    ticket: new Uint8Array(0),
    extendedMainSecret,
    ageAdd: 0,
    issuedAtMs: nowMs,
    startedAtMs: resumed?.startedAtMs ?? nowMs,
    alpnProtocol,
    maxEarlyDataBytes: 0,
    peer: owned(peer),
    externalPskIdentity: pskIdentity && copyOf(pskIdentity),
  };
}
