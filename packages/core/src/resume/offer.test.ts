import { describe, expect, it } from 'vitest';
import { streamCarrier } from '../machine/carrier.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { clientConfig } from '../index.ts';
import type { Session } from '../values/session.ts';
import { offerableSessions } from './offer.ts';

const issuedAtMs = 1_700_000_000_000;
const weekMs = 604_800_000;
const config = clientConfig({
  provider: testProvider,
  serverName: 'sealwire.test',
  sni: 'front.test',
  sessionContext: new Uint8Array([9]),
});
const good: Session = {
  version: 0x0304,
  cipherSuite: 0x1301,
  secret: new Uint8Array(32),
  ticket: new Uint8Array(1),
  ageAdd: 0,
  lifetimeSeconds: 7_200,
  issuedAtMs,
  startedAtMs: issuedAtMs,
  serverName: 'front.test',
  expectedName: 'sealwire.test',
  alpnProtocol: null,
  maxEarlyDataBytes: 0,
  context: new Uint8Array([9]),
  peer: undefined,
  externalPskIdentity: undefined,
  applicationData: new Uint8Array(0),
};
const offered = (change: Partial<Session>, afterMs = 0) =>
  offerableSessions([{ ...good, ...change }], 0x0304, config, {
    nowMs: issuedAtMs + afterMs,
    carrier: streamCarrier,
  }).length === 1;

describe('a session is offered', () => {
  it('as long as it is good, in the order of the application', () => {
    const second = { ...good, ageAdd: 1 };
    expect(
      offerableSessions([good, second], 0x0304, config, { nowMs: issuedAtMs, carrier: streamCarrier }),
    ).toEqual([good, second]);
    expect(offered({}, 7_199_999)).toBe(true);
    expect(offered({ lifetimeSeconds: 604_800 }, weekMs - 1)).toBe(true);
  });

  it.each([
    ['another version', { version: 0x0303 }],
    ['no ticket', { ticket: new Uint8Array(0) }],
    ['another name sent', { serverName: 'other.test' }],
    ['no name sent', { serverName: undefined }],
    ['another name expected', { expectedName: 'other.test' }],
    ['another context', { context: new Uint8Array([8]) }],
  ])('not with %s', (_, change) => {
    expect(offered(change)).toBe(false);
  });

  it('not when its time is over, nor before it has begun (RFC 9846 §4.7.1)', () => {
    expect(offered({}, 7_200_000)).toBe(false);
    expect(offered({}, -1)).toBe(false);
    // Whatever a stored session says of itself: 7 days after issuance, and 7 days after the full handshake.
    expect(offered({ lifetimeSeconds: 1_000_000 }, weekMs)).toBe(false);
    expect(offered({ startedAtMs: issuedAtMs - weekMs + 1 })).toBe(true);
    expect(offered({ startedAtMs: issuedAtMs - weekMs })).toBe(false);
  });
});
