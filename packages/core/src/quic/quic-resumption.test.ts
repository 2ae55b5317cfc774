import { describe, expect, it } from 'vitest';
import { p256Credential, takesFixtures } from '../../test/harness/fixtures.ts';
import { misuse } from '../../test/harness/misuse.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { course, expectSameKeys, keysOf } from '../../test/harness/quic-course.ts';
import { nowMs, QuicEnds, type QuicEndsOptions, type Side } from '../../test/harness/quic-ends.ts';
import { connect, sessionsOf } from '../../test/harness/two-ends.ts';
import { createClient, createServer, namedGroups, type ServerOptions, type Session } from '../index.ts';
import { TicketRing } from '../resume/ticket-ring.ts';
import { tls13 } from '../tls13/module.ts';
import { hex } from '../wire/bytes.ts';

describe('resumption and 0-RTT', () => {
  it('0-RTT is taken: its keys, no EndOfEarlyData, and handshake keys beside', () => {
    const session = sessionFrom({ server: early });
    expect(session.maxEarlyDataBytes).toBe(0xffff_ffff);
    const ends = new QuicEnds({ client: { sessions: [session], sendEarlyData: true }, server: early }).run();
    expect(course(ends.said.client).slice(0, 9)).toEqual([
      'crypto initial',
      'write early',
      'read handshake',
      'write handshake',
      'read application',
      'crypto handshake',
      'discard initial',
      'write application',
      'discard early',
    ]);
    expect(course(ends.said.server).slice(0, 7)).toEqual([
      'crypto initial',
      'write handshake',
      'crypto handshake',
      'write application',
      'read early',
      'read handshake',
      'discard initial',
    ]);
    expectSameKeys(ends);
    for (const side of ['client', 'server'] as const)
      expect(ends[side].facts).toMatchObject({ earlyData: 'accepted', resumed: true, handshakes: 1 });
    const of = (side: Side) =>
      hex(ends[side].exportKeyingMaterial('EXPORTER-test', undefined, 32, { early: true }));
    expect(of('client')).toBe(of('server'));
  });

  it('0-RTT is refused: the keys are of no more use', () => {
    const session = sessionFrom({ server: early });
    const ends = new QuicEnds({
      client: { sessions: [session], sendEarlyData: true },
      server: { tickets: early.tickets },
    }).run();
    const said = course(ends.said.client);
    expect(said.slice(said.indexOf('earlyDataRejected'), said.indexOf('earlyDataRejected') + 2)).toEqual([
      'earlyDataRejected',
      'discard early',
    ]);
    expect(said.filter((each) => each === 'discard early')).toHaveLength(1);
    expect(keysOf(ends, 'server', 'read').map((each) => each.split(' ')[0])).toEqual([
      'handshake',
      'application',
    ]);
    expect(ends.client.facts).toMatchObject({ earlyData: 'rejected', resumed: true, handshakes: 1 });
  });

  it('a HelloRetryRequest refuses it; the second hello is at the level of the first', () => {
    const session = sessionFrom({ server: early });
    const ends = new QuicEnds({
      client: { sessions: [session], sendEarlyData: true, keyShares: [namedGroups.secp256r1] },
      server: { ...early, groups: [namedGroups.x25519] },
    }).run();
    expect(course(ends.said.client).slice(0, 6)).toEqual([
      'crypto initial',
      'write early',
      'earlyDataRejected',
      'discard early',
      'crypto initial',
      'read handshake',
    ]);
    expect(ends.server.facts).toMatchObject({ helloRetried: true, handshakes: 1 });
    expect(keysOf(ends, 'client', 'write').slice(1)).toEqual(keysOf(ends, 'server', 'read'));
  });

  it('tickets have the application data of the connection that issues them (RFC 9001 §4.6)', () => {
    const asked: number[][] = [];
    const server = (applicationData?: number): Partial<ServerOptions> => ({
      ...early,
      tickets: {
        keeper: ring,
        ...(applicationData === undefined ? {} : { applicationData: Uint8Array.of(applicationData) }),
      },
      answers: {
        acceptEarlyData: ({ session }) => {
          asked.push([...(session?.applicationData ?? [])]);
          return { ok: true, accept: true };
        },
      },
    });
    let session = sessionFrom({ server: server(1) });
    for (const applicationData of [2, undefined, 3]) {
      const client = { sessions: [session], sendEarlyData: true };
      session = sessionFrom({ client, server: server(applicationData) });
    }
    expect(asked).toEqual([[1], [2], []]);
  });

  it('a server without earlyData says nothing of it in its tickets', () => {
    expect(sessionFrom({ server: { tickets: { keeper: ring } } }).maxEarlyDataBytes).toBe(0);
  });

  it('more tickets on demand, at the level of 1-RTT', () => {
    const ends = new QuicEnds({ server: { tickets: { keeper: ring, count: 0 } } }).run();
    expect(ends.of('client', 'session')).toEqual([]);
    expect(ends.server.issueTickets(2, nowMs)).toBe(true);
    expect(ends.client.issueTickets(2, nowMs)).toBe(false);
    ends.drain('server').run();
    expect(ends.of('client', 'session')).toHaveLength(2);
    for (const count of [0, -1, 1.5, 17])
      expect(() => ends.server.issueTickets(count, nowMs)).toThrow(misuse('1 to 16'));
    expect(ends.server.issueTickets(16, nowMs)).toBe(true);
    expect(ends.drain('server').run().of('client', 'session')).toHaveLength(18);
  });

  it('sessions of TCP are not resumed in QUIC, nor the other way round', () => {
    const common = {
      provider: testProvider,
      serverName: 'sealwire.test',
      alpnProtocols: ['test/1'],
    } as const;
    const serving = { ...common, credentials: [p256Credential], tickets: { keeper: ring } };
    const { serverName: _, ...tcpServer } = serving;
    const overTcp = (sessions: readonly Session[] = []) => {
      const client = createClient({
        ...common,
        answers: { verifyPeer: takesFixtures },
        sessions,
        versions: [tls13],
      });
      const server = createServer(tcpServer);
      const said = connect(client, server, nowMs);
      return { session: sessionsOf(said.a)[0]!, resumed: client.facts.resumed };
    };
    const overQuic = (sessions: readonly Session[] = []) => {
      const ends = new QuicEnds({ client: { sessions }, server: { tickets: { keeper: ring } } }).run();
      return { session: ends.of('client', 'session')[0]!.session, resumed: ends.client.facts.resumed };
    };
    const [ofTcp, ofQuic] = [overTcp().session, overQuic().session];
    expect([overTcp([ofTcp]).resumed, overQuic([ofQuic]).resumed]).toEqual([true, true]);
    expect([overTcp([ofQuic]).resumed, overQuic([ofTcp]).resumed]).toEqual([false, false]);
    // Also where a client does not look: what the ticket says counts.
    const disguised = { ...ofTcp, context: ofQuic.context };
    expect(overQuic([disguised]).resumed).toBe(false);
  });
});

const ring = new TicketRing({ provider: testProvider });
/** A server that takes 0-RTT data; the amount means nothing in QUIC. */
const early = {
  tickets: { keeper: ring },
  earlyData: { maxBytes: 1 },
} as const;

/** Connects once, for a session. */
function sessionFrom(options: QuicEndsOptions): Session {
  return new QuicEnds(options).run().of('client', 'session')[0]!.session;
}
