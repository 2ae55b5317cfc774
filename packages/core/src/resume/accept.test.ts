import { describe, expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { peer13 as peer, session13 as session } from '../../test/harness/session13.ts';
import { serverConfig } from '../index.ts';
import { quicCarrier, streamCarrier } from '../machine/carrier.ts';
import { ageSkewMs, isResumable, resumptionContext } from './accept.ts';

describe('what a server resumes', () => {
  const config = serverConfig({ provider: testProvider, sessionContext: new Uint8Array([9]) });
  const good = { ...session, context: resumptionContext(config, streamCarrier, 'made') };
  const now = {
    version: 0x0304,
    config,
    carrier: streamCarrier,
    serverName: 'sealwire.test',
    nowMs: session.issuedAtMs,
  };

  it('is what was made under the same trust, for the same name, not too long ago', () => {
    expect(isResumable(good, now)).toBe(true);
    expect(isResumable({ ...good, version: 0x0303 }, now)).toBe(false);
    expect(isResumable(session, now)).toBe(false);
    expect(isResumable(good, { ...now, serverName: undefined })).toBe(false);
    expect(
      isResumable(good, {
        ...now,
        carrier: quicCarrier(() => new Uint8Array(0), { original: 1, negotiated: 1 }),
      }),
    ).toBe(false);
    expect(isResumable(good, { ...now, nowMs: session.issuedAtMs + 7_200_000 })).toBe(false);
    expect(isResumable({ ...good, startedAtMs: now.nowMs - 604_800_000 }, now)).toBe(false);
    const without = serverConfig({ provider: testProvider, tickets: false });
    expect(isResumable(good, { ...now, config: without })).toBe(false);
    const strict = serverConfig({ provider: testProvider, clientAuthentication: 'require' });
    const ours = { ...session, context: resumptionContext(strict, streamCarrier, 'made') };
    expect(isResumable(ours, { ...now, config: strict })).toBe(false);
    expect(isResumable({ ...ours, peer }, { ...now, config: strict })).toBe(true);
  });

  it('is as old as it says, modulo 2^32 (RFC 9846 §4.3.11.1)', () => {
    const shown = (ageMs: number) => (ageMs + session.ageAdd) % 2 ** 32;
    expect(ageSkewMs(session, shown(100), session.issuedAtMs + 150)).toBe(50);
    expect(ageSkewMs(session, shown(150), session.issuedAtMs + 100)).toBe(-50);
  });
});
