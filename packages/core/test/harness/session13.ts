import type { Session } from '../../src/values/session.ts';

/** Thirty-two bytes, which are others for each seed. */
export const random = (seed: number) => new Uint8Array(32).fill(seed);

/** A session of TLS 1.3 as a server keeps it. */
export const session13: Session = {
  version: 0x0304,
  cipherSuite: 0x1301,
  secret: random(1),
  ticket: new Uint8Array(0),
  ageAdd: 0xffff_fff0,
  lifetimeSeconds: 7_200,
  issuedAtMs: 1_700_000_000_000,
  startedAtMs: 1_700_000_000_000,
  serverName: 'sealwire.test',
  expectedName: undefined,
  alpnProtocol: 'h2',
  maxEarlyDataBytes: 0,
  context: new Uint8Array([0]),
  peer: undefined,
  externalPskIdentity: undefined,
  applicationData: new Uint8Array([5]),
};

/** A peer with a chain of two, and a verdict of all kinds of plain data. */
export const peer13 = {
  evidence: { type: 'x509', chain: [{ certificate: random(7) }, { certificate: random(8) }] },
  verdict: { authorized: true, chain: [random(7), random(8)], note: 'ж "$"', $: [1, null] },
  verifiedAtMs: 5,
} as const;
