import { describe, expect, it } from 'vitest';
import { client12 as client, connect12 as connect, server12 as server } from '../../test/harness/pair12.ts';
import { nowMs } from '../../test/harness/peer.ts';
import { connect as exchange } from '../../test/harness/two-ends.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { TicketRing, tls13, type ClientOptions, type ServerOptions } from '../index.ts';
import { selectNextProtocol } from '../negotiate/next-protocol.ts';
import { tls12 } from '../tls12/module.ts';

const npnProtocols = ['spdy/3', 'http/1.1'];

function agreed(a: Partial<ClientOptions>, b: Partial<ServerOptions>) {
  const ends = [client(a), server(b)] as const;
  expect(connect(...ends)).toEqual([]);
  const [ofClient, ofServer] = ends.map(({ facts }) => [facts.npnProtocol, facts.alpnProtocol]);
  expect(ofClient).toEqual(ofServer);
  return ofClient;
}

describe('NPN', () => {
  it('takes the first of the server’s that the client has, or the client’s first', () => {
    expect(selectNextProtocol(['a', 'b'], ['x', 'b', 'a'])).toBe('b');
    expect(selectNextProtocol(['a', 'b'], ['x'])).toBe('a');
    expect(selectNextProtocol(['a', 'b'], [])).toBe('a');
  });

  it('agrees on a protocol where both sides name some', () => {
    expect(agreed({ npnProtocols }, { npnProtocols: ['http/1.1', 'spdy/3'] })).toEqual(['http/1.1', null]);
    expect(agreed({ npnProtocols }, { npnProtocols: ['another'] })).toEqual(['spdy/3', null]);
  });

  it('lists nothing, or takes nothing, where the name is empty', () => {
    expect(agreed({ npnProtocols }, { npnProtocols: [''] })).toEqual(['spdy/3', null]);
    expect(agreed({ npnProtocols: [''] }, { npnProtocols })).toEqual(['', null]);
    expect(agreed({ npnProtocols: [''] }, { npnProtocols: [''] })).toEqual(['', null]);
    expect(agreed({ npnProtocols: ['', 'spdy/3'] }, { npnProtocols })).toEqual(['spdy/3', null]);
  });

  it('is not spoken where one side names none', () => {
    expect(agreed({ npnProtocols }, {})).toEqual([undefined, null]);
    expect(agreed({}, { npnProtocols })).toEqual([undefined, null]);
  });

  it('gives way to ALPN, and steps in where that agrees on nothing', () => {
    const alpnProtocols = ['h2'];
    expect(agreed({ npnProtocols, alpnProtocols }, { npnProtocols, alpnProtocols })).toEqual([
      undefined,
      'h2',
    ]);
    expect(agreed({ npnProtocols, alpnProtocols }, { npnProtocols })).toEqual(['spdy/3', null]);
  });

  it('is no part of TLS 1.3', () => {
    const versions = [tls13, tls12];
    expect(agreed({ versions, npnProtocols }, { versions, npnProtocols })).toEqual([undefined, null]);
  });

  it('settles it anew when a session is resumed', () => {
    const tickets = { keeper: new TicketRing({ provider: olderProvider }) };
    const first = client({ npnProtocols });
    const said = exchange(first, server({ npnProtocols, tickets }), nowMs);
    const sessions = said.a.flatMap((output) => (output.type === 'session' ? [output.session] : []));
    expect(sessions).toHaveLength(1);
    for (const [own, chosen] of [
      [['http/1.1'], 'http/1.1'],
      [[], undefined],
    ] as const) {
      const a = client({ npnProtocols: own, sessions });
      const b = server({ npnProtocols, tickets });
      expect(connect(a, b)).toEqual([]);
      expect([a.facts, b.facts].map((facts) => [facts.resumed, facts.npnProtocol])).toEqual([
        [true, chosen],
        [true, chosen],
      ]);
    }
  });

  it('refuses names that do not fit', () => {
    expect(() => client({ npnProtocols: ['x'.repeat(256)] })).toThrow(
      'an NPN protocol name has 1 to 255 bytes',
    );
    expect(() => server({ npnProtocols: ['ж'] })).toThrow('an NPN protocol name has 1 to 255 bytes');
  });
});
