import type { Session } from '@sealwire/core';

/** A session of TLS 1.3 that says as little as one can. */
export function plainSession(changes: Partial<Session>): Session {
  return {
    version: 0x0304,
    cipherSuite: 0x1301,
    secret: new Uint8Array(32),
    ticket: Uint8Array.of(1),
    ageAdd: 0,
    lifetimeSeconds: 100,
    issuedAtMs: 0,
    startedAtMs: 0,
    serverName: undefined,
    expectedName: undefined,
    alpnProtocol: null,
    maxEarlyDataBytes: 0,
    context: new Uint8Array(0),
    peer: undefined,
    externalPskIdentity: undefined,
    applicationData: new Uint8Array(0),
    ...changes,
  };
}
