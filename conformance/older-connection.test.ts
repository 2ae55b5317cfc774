import { ApiMisuseError, type ClientOptions, type ServerOptions, type Session } from '@sealwire/core';
import { suites12, tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { describe, expect, it } from 'vitest';
import { client, clientCredential, drain, exchange, nowMs, ofType, pairOf, server } from './ends.ts';

/** What an application sees that asks a connection of TLS 1.2 or older for what only TLS 1.3 has. */
const older = [tls12, tls11, tls10] as const;

function connectedPair(own: Partial<ClientOptions> = {}, theirs: Partial<ServerOptions> = {}) {
  const a = client(own);
  const b = server(theirs);
  const said = exchange(a, b);
  expect([a.facts.handshakes, b.facts.handshakes]).toEqual([1, 1]);
  return { a, b, said };
}

describe.each(older)('a connection of %#', (version) => {
  const [number] = version.versions;
  const pair = (own: Partial<ClientOptions> = {}, theirs: Partial<ServerOptions> = {}) =>
    connectedPair({ versions: [tls13, ...older], ...own }, { versions: [version], ...theirs });

  it('says which version it has', () => {
    const { a, b } = pair();
    expect([a.facts.version, b.facts.version]).toEqual([number, number]);
  });

  it('has no KeyUpdate, no tickets later on, no authentication after the handshake', () => {
    const { a, b } = pair({ postHandshakeAuth: true, credentials: [clientCredential] });
    expect([a.updateKeys({ requestPeer: true }), b.updateKeys({ requestPeer: false })]).toEqual([
      false,
      false,
    ]);
    expect(b.issueTickets(1, nowMs)).toBe(false);
    expect(b.requestClientAuth({}, nowMs)).toBeUndefined();
    expect([...drain(a), ...drain(b)]).toEqual([]);
    expect(a.send(Uint8Array.of(1))).toBe(1);
    expect(ofType(exchange(a, b).b, 'data')).toHaveLength(1);
  });

  it('sends no 0-RTT data with its sessions, and has no early keying material', () => {
    const { said } = pair();
    const sessions = ofType(said.a, 'session').map(({ session }) => session);
    expect(sessions).toMatchObject([{ version: number, maxEarlyDataBytes: 0 }]);
    const a = client({ versions: [tls13, ...older], sessions, sendEarlyData: true });
    expect(a.send(Uint8Array.of(1))).toBe(0);
    expect(ofType(drain(a), 'writable')).toEqual([]);
    const early = () => a.exportKeyingMaterial('EXPORTER-test', new Uint8Array(0), 32, { early: true });
    expect(early).toThrow(ApiMisuseError);
  });

  it('exports keying material, and is bound to what is above it', () => {
    const { a, b } = pair();
    const exported = [a, b].map((end) => end.exportKeyingMaterial('EXPORTER-test', new Uint8Array(3), 20));
    expect(exported[0]).toEqual(exported[1]);
    expect(exported[0]).toHaveLength(20);
    expect(a.channelBinding('tls-exporter')).toEqual(b.channelBinding('tls-exporter'));
    expect(() => a.exportKeyingMaterial('master secret', new Uint8Array(0), 20)).toThrow(ApiMisuseError);
  });

  it('has its padding policy for TLS 1.3 alone', () => {
    const { a, b } = pair({ recordPadding: { toMultipleOf: 512, handshake: true } });
    a.send(Uint8Array.of(1));
    const sent = ofType(drain(a), 'transmit').flatMap(({ pieces }) => pieces);
    expect(sent.reduce((bytes, piece) => bytes + piece.length, 0)).toBeLessThan(512);
    for (const piece of sent) b.receive(piece, nowMs);
    expect(ofType(drain(b), 'data')).toHaveLength(1);
  });
});

it('a session of one version is offered where it helps, and forgotten elsewhere', () => {
  const shared = server({ versions: [tls12] });
  const first = client();
  const [session] = ofType(exchange(first, shared).a, 'session').map((each) => each.session) as [Session];
  expect(session.version).toBe(0x0303);
  // The server has learnt TLS 1.3 in the meantime.
  const { a } = connectedPair({ sessions: [session] });
  expect(a.facts).toMatchObject({ version: 0x0304, resumed: false });
});

it('the default of both sides is TLS 1.3, and TLS 1.2 where one has nothing better', () => {
  const versionOf = (...[own, theirs]: Parameters<typeof connectedPair>) =>
    connectedPair(own, theirs).a.facts.version;
  expect(versionOf({}, {})).toBe(0x0304);
  expect(versionOf({}, { versions: [tls12] })).toBe(0x0303);
  expect(versionOf({ versions: [tls12] }, {})).toBe(0x0303);
  expect(versionOf({ cipherSuites: [suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA] }, {})).toBe(0x0303);
  const refused = pairOf({}, { versions: [tls11] }).run();
  expect(refused.server.facts.handshakes).toBe(0);
});
