import { protocolVersions } from '../../src/registry/versions.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import type { Session } from '../../src/values/session.ts';
import { p256Certificate } from './fixtures.ts';
import { nowMs } from './peer.ts';

/** A session of TLS 1.2 as a client keeps it, under an id. */
export const session12: Session = {
  version: protocolVersions.tls12,
  cipherSuite: suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  secret: new Uint8Array(48).fill(1),
  ticket: new Uint8Array(0),
  sessionId: new Uint8Array(32).fill(2),
  extendedMainSecret: true,
  ageAdd: 0,
  lifetimeSeconds: 3_600,
  issuedAtMs: nowMs,
  startedAtMs: nowMs,
  serverName: 'sealwire.test',
  expectedName: 'sealwire.test',
  alpnProtocol: null,
  maxEarlyDataBytes: 0,
  context: new Uint8Array(0),
  peer: {
    evidence: { type: 'x509', chain: [{ certificate: p256Certificate }] },
    verdict: undefined,
    verifiedAtMs: nowMs,
  },
  externalPskIdentity: undefined,
  applicationData: new Uint8Array(0),
};

/** The same as its server keeps it, under the trust of a configuration that asks for no certificate. */
export const serverSession12: Session = {
  ...session12,
  expectedName: undefined,
  peer: undefined,
  context: Uint8Array.of(0),
};
