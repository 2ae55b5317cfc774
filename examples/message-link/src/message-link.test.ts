import { pinnedPublicKeys } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import { Endpoint } from './endpoint.ts';
import { hostOf, meet } from './meeting.ts';

const isFull = process.env['SEALWIRE_PROFILE'] === 'full';
const seeds = isFull ? 1_000 : 8;

describe('a link that loses a tenth, doubles and reorders', () => {
  it(`is crossed with each of ${seeds} seeds: full handshakes, and resumed ones with 0-RTT`, () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const host = hostOf(provider);
      const first = meet({ provider, host, seed, bytes: 4_000 });
      expect(first).toMatchObject({ resumed: false, early: undefined });
      const again = meet({
        provider,
        host,
        seed: seed + 100_000,
        bytes: 4_000,
        session: first.session!,
        startMs: first.endMs + 60_000,
      });
      expect(again).toMatchObject({ resumed: true });
      expect(again.early).toBeDefined();
    }
  });

  it('is deterministic: the same seed puts the same bytes on it', () => {
    const of = (seed: number) => meet({ provider, seed, bytes: 4_000 }).transcript;
    expect(of(3)).toBe(of(3));
    expect(of(3)).not.toBe(of(4));
  });

  it('a good link takes no time but its own, and 0-RTT saves a round trip', () => {
    const host = hostOf(provider);
    const good = { provider, host, lossPercent: 0, doublePercent: 0, reorder: 0, bytes: 1_000 };
    const first = meet({ ...good, seed: 1 });
    const again = meet({ ...good, seed: 2, session: first.session!, startMs: first.endMs + 1_000 });
    expect(again).toMatchObject({ resumed: true, early: 'accepted' });
    expect(again.tookMs).toBeLessThan(first.tookMs);
    expect(first.updates).toBe(2);
  });

  it('half of everything may be lost', () => {
    expect(meet({ provider, seed: 5, lossPercent: 50, bytes: 1_000 }).datagrams).toBeGreaterThan(20);
  });
});

it('0-RTT packets are acknowledged before the handshake is complete, which they must not hold up', () => {
  const host = hostOf(provider);
  const { session, endMs } = meet({ provider, host, seed: 1, bytes: 1_000 });
  const options = { provider, random: (length: number) => provider.random(length) };
  const client = Endpoint.client(options, {
    provider,
    serverName: 'link.example',
    alpnProtocols: ['echo/1'],
    peerCertificateTypes: ['rawPublicKey'],
    answers: { verifyPeer: pinnedPublicKeys([host.publicKey]) },
    sessions: [session!],
    sendEarlyData: true,
  });
  const server = Endpoint.server(options, host.tls);
  server.start(endMs);
  client.send(0, new Uint8Array(20_000), true, endMs);
  client.start(endMs);
  const first = client.takeDatagrams();
  expect(first.length).toBeGreaterThan(15);
  for (const datagram of first) server.receive(datagram, endMs);
  for (const datagram of server.takeDatagrams()) client.receive(datagram, endMs);
  // All that the client says from now on is lost.
  expect(client.takeDatagrams().length).toBeGreaterThan(0);
  client.timeout(client.deadlineMs!);
  const again = client.takeDatagrams();
  expect(again.length).toBeGreaterThan(0);
  expect(again.length).toBeLessThan(4);
});
