import { describe, expect, it } from 'vitest';
import { misuse } from '../../test/harness/misuse.ts';
import { testProvider as provider } from '../../test/harness/node-provider.ts';
import { nowMs, ownParameters, QuicEnds } from '../../test/harness/quic-ends.ts';
import type { Session } from '../index.ts';
import { createQuicClient, quicVersions } from '../quic.ts';
import { TicketRing } from '../resume/ticket-ring.ts';

const { v1, v2 } = quicVersions;
const server = { tickets: { keeper: new TicketRing({ provider }) }, earlyData: { maxBytes: 1 } } as const;
const sendEarlyData = true;

interface Versions {
  readonly client?: number;
  readonly server?: number;
  /** What both change to, once the server has the client's hello. */
  readonly negotiated?: number;
}

/** A connection that offers `sessions`, and what came of it. */
function talk(versions: Versions, sessions: readonly Session[] = []) {
  const ends = new QuicEnds({
    client: { sessions, sendEarlyData },
    server,
    ...(versions.client === undefined ? {} : { clientVersion: versions.client }),
    serverTransport: {
      transportParameters: ownParameters.server,
      ...(versions.server === undefined ? {} : { version: versions.server }),
    },
  });
  if (versions.negotiated !== undefined) {
    for (const side of ['server', 'client'] as const) {
      // As packets go: the server knows it from the client's hello, the client from the server's first packet.
      for (const { level, bytes } of ends.underway.client.splice(0)) ends.deliver('server', level, bytes);
      ends[side].changeVersion(versions.negotiated);
    }
  }
  ends.run();
  const { resumed, earlyData } = ends.server.facts;
  expect(ends.client.facts).toMatchObject({ handshakes: 1, resumed });
  return { session: ends.of('client', 'session')[0]!.session, resumed, earlyData };
}

describe('sessions are of one version of QUIC alone (RFC 9369 §5)', () => {
  it.each([
    ['version 1', { client: v1, server: v1 }],
    ['version 2', { client: v2, server: v2 }],
    ['a version of its own', { client: 0xff00_0001, server: 0xff00_0001 }],
    ['version 1 by default', {}],
  ])('%s', (_, versions: Versions) => {
    const { session } = talk(versions);
    expect(talk(versions, [session])).toMatchObject({ resumed: true, earlyData: 'accepted' });
    const others = [v1, v2, 0xff00_0001].filter((each) => each !== (versions.client ?? v1));
    for (const other of others)
      expect(talk({ client: other, server: other }, [session])).toMatchObject({ resumed: false });
  });

  it('a client does not offer those of another one', () => {
    const { session } = talk({ client: v1, server: v1 });
    const ends = new QuicEnds({ client: { sessions: [session], sendEarlyData }, clientVersion: v2 });
    expect(ends.of('client', 'keys')).toEqual([]);
  });

  it('a server does not take them, whatever a client offers: a full handshake, without 0-RTT', () => {
    const ofV1 = talk({ client: v1, server: v1 }).session;
    const { context } = talk({ client: v2, server: v2 }).session;
    const disguised = { ...ofV1, context };
    expect(talk({ client: v2, server: v2 }, [disguised])).toMatchObject({
      resumed: false,
      earlyData: 'rejected',
    });
  });

  it('after compatible version negotiation they are of the negotiated one', () => {
    const { session } = talk({ client: v1, server: v1, negotiated: v2 });
    expect(talk({ client: v1, server: v1 }, [session])).toMatchObject({ resumed: false });
    expect(talk({ client: v2, server: v2 }, [session])).toMatchObject({ resumed: true });
  });

  it('and those of the original one are taken, as its 0-RTT packets are (RFC 9369 §4.1)', () => {
    const { session } = talk({ client: v1, server: v1 });
    expect(talk({ client: v1, server: v1, negotiated: v2 }, [session])).toMatchObject({
      resumed: true,
      earlyData: 'accepted',
    });
  });
});

describe('mistakes of the caller', () => {
  const transport = { transportParameters: ownParameters.client };
  const options = { provider, alpnProtocols: ['test/1'] } as const;

  it.each([0, -1, 1.5, 2 ** 32, 'v1' as never])('%s is no version', (version) => {
    expect(() => createQuicClient(options, { ...transport, version })).toThrow(misuse('a version of QUIC'));
    const client = createQuicClient(options, transport);
    expect(() => client.changeVersion(version)).toThrow(misuse('a version of QUIC'));
  });

  it('a version is changed before the handshake is complete', () => {
    const ends = new QuicEnds().run();
    for (const side of ['client', 'server'] as const)
      expect(() => ends[side].changeVersion(v2)).toThrow(misuse('after connected'));
    expect(ends.client.issueTickets(1, nowMs)).toBe(false);
  });

  it('the largest number is one', () => {
    expect(() => createQuicClient(options, { ...transport, version: 0xffff_ffff })).not.toThrow();
  });
});
