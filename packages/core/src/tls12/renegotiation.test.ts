import { describe, expect, it } from 'vitest';
import { ed25519Credential, takesFixtures } from '../../test/harness/fixtures.ts';
import { session12 } from '../../test/harness/session12.ts';
import { exchange, failures, nowMs } from '../../test/harness/two-ends.ts';
import { clientConfig, serverConfig, tls13 } from '../index.ts';
import { protocolVersions } from '../registry/versions.ts';
import { suites12 } from '../registry/suites12.ts';
import type { Session } from '../values/session.ts';
// Through its folder, as in handshake.test.ts.
import { tls10, tls11, tls12 } from '../tls12/module.ts';
import {
  causes,
  clientOptions,
  connected,
  judging,
  serverOptions,
  talk,
  types,
} from '../../test/harness/renegotiating.ts';

describe('a renegotiation', () => {
  it('is begun by the client, and replaces what was agreed on', () => {
    const { a, b } = connected({}, { acceptRenegotiation: true });
    const before = a.facts;
    const [exported, unique] = [
      a.exportKeyingMaterial('l', new Uint8Array(), 8),
      a.channelBinding('tls-unique'),
    ];
    expect(b.channelBinding('tls-unique')).toEqual(unique);
    expect(a.renegotiate(undefined, nowMs + 5)).toBe(true);
    expect([a.facts, a.send(Uint8Array.of(1))]).toEqual([before, 0]);
    expect(a.exportKeyingMaterial('l', new Uint8Array(), 8)).toEqual(exported);
    const said = exchange(a, b, nowMs + 5);
    expect(types(said.a)).toEqual(['renegotiating', 'fact', 'connected', 'writable', 'session']);
    expect(types(said.b)).toEqual(['renegotiating', 'fact', 'connected', 'writable']);
    for (const end of [a, b]) {
      expect(end.facts).toMatchObject({ version: protocolVersions.tls12, handshakes: 2, resumed: false });
      expect(end.facts).toMatchObject({ startedAtMs: nowMs, connectedAtMs: nowMs + 5 });
    }
    expect(a.facts.clientRandom).not.toEqual(before.clientRandom);
    expect(a.channelBinding('tls-unique')).not.toEqual(unique);
    expect(b.channelBinding('tls-unique')).toEqual(a.channelBinding('tls-unique'));
    expect(causes).toEqual(['client: handshake', 'client: renegotiation']);
    talk(a, b);
  });

  it('leaves the protocol above it as it is, and does not ask for another (RFC 7301 §3.1)', () => {
    const { a, b } = connected(
      { acceptRenegotiation: true, alpnProtocols: ['x', 'y'] },
      { alpnProtocols: ['y'], acceptRenegotiation: true },
    );
    const other = clientConfig({ ...clientOptions, alpnProtocols: ['x'] });
    expect(a.renegotiate(other, nowMs)).toBe(true);
    const said = exchange(a, b);
    expect([...failures(said.a), ...failures(said.b)]).toEqual([]);
    for (const end of [a, b]) expect(end.facts).toMatchObject({ handshakes: 2, alpnProtocol: 'y' });
    expect(b.facts).not.toHaveProperty('clientAlpnProtocols');
  });

  it('leaves a protocol of NPN as it is', () => {
    const { a, b } = connected(
      { npnProtocols: ['x'], versions: [tls12] },
      { npnProtocols: ['x'], acceptRenegotiation: true },
    );
    expect(a.renegotiate(undefined, nowMs)).toBe(true);
    exchange(a, b);
    for (const end of [a, b]) expect(end.facts).toMatchObject({ handshakes: 2, npnProtocol: 'x' });
  });

  it('offers no session of another version', () => {
    const kept: Session = {
      ...session12,
      issuedAtMs: nowMs,
      startedAtMs: nowMs,
      version: protocolVersions.tls11,
      cipherSuite: suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
    };
    const ids: number[] = [];
    const { a, b } = connected(
      {
        versions: [tls12, tls11],
        answers: {
          verifyPeer: takesFixtures,
          chooseSession: ({ renegotiation }) => ({ ok: true, sessions: renegotiation > 0 ? [kept] : [] }),
        },
      },
      {
        acceptRenegotiation: true,
        answers: {
          chooseConfig({ hello }) {
            ids.push(hello.sessionId.length);
            return { ok: true };
          },
        },
      },
    );
    expect(a.renegotiate(undefined, nowMs)).toBe(true);
    exchange(a, b);
    expect(ids).toEqual([0, 0]);
  });

  it.each([
    ['TLS 1.2', tls12, protocolVersions.tls12],
    ['TLS 1.1', tls11, protocolVersions.tls11],
    ['TLS 1.0', tls10, protocolVersions.tls10],
  ])('is begun by the server of %s, whatever else both speak', (_, module, version) => {
    const { a, b } = connected(
      { acceptRenegotiation: true, versions: [tls13, module] },
      { versions: [module] },
    );
    expect([b.renegotiate(undefined, nowMs), b.renegotiate(undefined, nowMs)]).toEqual([true, false]);
    // It may go on sending until the client answers.
    expect(b.send(Uint8Array.of(9))).toBe(1);
    const said = exchange(a, b);
    expect(said.a.filter(({ type }) => type === 'data')).toMatchObject([{ bytes: Uint8Array.of(9) }]);
    for (const end of [a, b]) expect(end.facts).toMatchObject({ version, handshakes: 2 });
    talk(a, b);
  });

  it('asks for a certificate that was not asked for before, and judges it by another configuration', () => {
    const { a, b } = connected({ acceptRenegotiation: true, credentials: [ed25519Credential] });
    expect(b.facts.peerEvidence).toBeUndefined();
    const requiring = serverConfig({
      ...serverOptions,
      clientAuthentication: 'require',
      answers: { verifyPeer: judging('new server') },
    });
    expect(b.renegotiate(requiring, nowMs)).toBe(true);
    const said = exchange(a, b);
    expect([...failures(said.a), ...failures(said.b)]).toEqual([]);
    expect(causes).toEqual(['client: handshake', 'client: renegotiation', 'new server: renegotiation']);
    const [certificate] = ed25519Credential.type === 'x509' ? ed25519Credential.chain : [];
    expect(b.facts.peerEvidence).toMatchObject({ chain: [{ certificate }] });
    expect(a.facts).toMatchObject({ certificateRequested: true, handshakes: 2 });
    // What is no longer true is no longer said.
    expect(b.renegotiate(serverConfig(serverOptions), nowMs)).toBe(true);
    exchange(a, b);
    expect(b.facts).toMatchObject({ handshakes: 3 });
    expect(b.facts.peerEvidence).toBeUndefined();
    talk(a, b);
  });

  it('shows a certificate that the client did not have before', () => {
    const { a, b } = connected({}, { acceptRenegotiation: true, clientAuthentication: 'request' });
    expect(b.facts.peerEvidence).toBeUndefined();
    expect(a.renegotiate(clientConfig({ ...clientOptions, credentials: [ed25519Credential] }), nowMs)).toBe(
      true,
    );
    exchange(a, b);
    expect(b.facts.peerEvidence).toMatchObject({ type: 'x509' });
    talk(a, b);
  });

  it('changes the suite where the configuration does', () => {
    const { TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: gcm, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: cbc } =
      suites12;
    const { a, b } = connected(
      { cipherSuites: [gcm] },
      { acceptRenegotiation: true, cipherSuites: [gcm, cbc] },
    );
    for (const suite of [cbc, gcm]) {
      expect(a.renegotiate(clientConfig({ ...clientOptions, cipherSuites: [suite] }), nowMs)).toBe(true);
      exchange(a, b);
      expect([a.facts.cipherSuite, b.facts.cipherSuite]).toEqual([suite, suite]);
      talk(a, b);
    }
  });

  it('resumes a session where the application says so, and by default none', () => {
    const kept: Session[] = [];
    let offers = false;
    const chooseSession = () => ({ ok: true, sessions: offers ? kept : [] }) as const;
    const { a, b } = connected(
      { answers: { verifyPeer: judging('client'), chooseSession } },
      { acceptRenegotiation: true },
    );
    for (const resumed of [false, true, false]) {
      offers = resumed;
      a.renegotiate(undefined, nowMs);
      const { a: said } = exchange(a, b);
      kept.push(...said.flatMap((each) => (each.type === 'session' ? [each.session] : [])));
      expect([a.facts.resumed, b.facts.resumed, a.channelBinding('tls-unique')]).toEqual([
        resumed,
        resumed,
        b.channelBinding('tls-unique'),
      ]);
      talk(a, b);
    }
    expect(causes).toEqual([
      'client: handshake',
      'client: renegotiation',
      'client: resumption',
      'client: renegotiation',
    ]);
    const byDefault = connected({ sessions: kept }, { acceptRenegotiation: true });
    byDefault.a.renegotiate(undefined, nowMs);
    exchange(byDefault.a, byDefault.b);
    expect([byDefault.a.facts.handshakes, byDefault.a.facts.resumed]).toEqual([2, false]);
  });

  it('is limited, when the other side begins it', () => {
    const { a, b } = connected({}, { acceptRenegotiation: { limit: 2, windowSeconds: 10 } });
    for (const at of [0, 5_000, 10_000]) {
      expect(a.renegotiate(undefined, nowMs + at)).toBe(true);
      exchange(a, b, nowMs + at);
    }
    expect(b.facts.handshakes).toBe(4);
    a.renegotiate(undefined, nowMs + 14_000);
    const said = exchange(a, b, nowMs + 14_000);
    expect(said.b.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'peer.tooManyRenegotiations' },
      alert: 'handshake_failure',
      sentBy: 'us',
    });
    expect(said.a.at(-1)).toMatchObject({ type: 'failed', alert: 'handshake_failure', sentBy: 'peer' });
  });
});
