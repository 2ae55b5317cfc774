import { describe, expect, it } from 'vitest';
import { helloWithout, scriptedClient12 } from '../../test/harness/scripted-client12.ts';
import { connect, exchange, nowMs } from '../../test/harness/two-ends.ts';
import { renegotiationInfoExtension } from '../extensions/renegotiation-info.ts';
import { clientConfig, createClient, createServer, serverConfig, tls13 } from '../index.ts';
import { protocolVersions } from '../registry/versions.ts';
import { clientOptions, connected, serverOptions, talk, types } from '../../test/harness/renegotiating.ts';

describe('a renegotiation that is not wanted', () => {
  it('leaves the connection as it was: asked for by the client', () => {
    const { a, b } = connected();
    const before = a.facts;
    for (let i = 0; i < 3; i++) {
      expect(a.renegotiate(undefined, nowMs)).toBe(true);
      const said = exchange(a, b);
      expect(types(said.a)).toEqual(['renegotiating', 'renegotiationRefused', 'writable']);
      expect(types(said.b)).toEqual([]);
      talk(a, b);
    }
    expect(a.facts).toBe(before);
  });

  it('leaves the connection as it was: asked for by the server', () => {
    const { a, b } = connected();
    for (let i = 0; i < 3; i++) {
      expect(b.renegotiate(undefined, nowMs)).toBe(true);
      const said = exchange(a, b);
      expect([types(said.a), types(said.b)]).toEqual([[], ['renegotiationRefused']]);
      talk(a, b);
    }
    expect([a.facts.handshakes, b.facts.handshakes]).toEqual([1, 1]);
  });

  it('is refused by whoever chooses the configuration: by a warning, or for good', () => {
    let reason: 'noRenegotiation' | 'refused' = 'noRenegotiation';
    const asked: number[] = [];
    const { a, b } = connected(
      {},
      {
        acceptRenegotiation: true,
        answers: {
          chooseConfig({ renegotiation }) {
            asked.push(renegotiation);
            return renegotiation === 0 ? { ok: true } : { ok: false, reason, message: 'not now' };
          },
        },
      },
    );
    a.renegotiate(undefined, nowMs);
    const warned = exchange(a, b);
    expect([types(warned.a), types(warned.b)]).toEqual([
      ['renegotiating', 'renegotiationRefused', 'writable'],
      ['renegotiating', 'writable'],
    ]);
    talk(a, b);
    reason = 'refused';
    a.renegotiate(undefined, nowMs);
    const ended = exchange(a, b);
    expect(ended.b.at(-1)).toMatchObject({
      error: { code: 'local.refusedHello' },
      alert: 'handshake_failure',
    });
    expect(asked).toEqual([0, 1, 1]);
  });

  it('goes back to the configuration before, if the new one refuses', () => {
    const judged: string[] = [];
    const { a, b } = connected({ acceptRenegotiation: true }, { acceptRenegotiation: true });
    const refusing = serverConfig({
      ...serverOptions,
      answers: {
        chooseConfig: () => {
          judged.push('new');
          return { ok: false, reason: 'noRenegotiation', message: 'no' };
        },
      },
    });
    expect(b.renegotiate(refusing, nowMs)).toBe(true);
    exchange(a, b);
    expect([judged, b.facts.handshakes]).toEqual([['new'], 1]);
    a.renegotiate(undefined, nowMs);
    exchange(a, b);
    expect([judged, b.facts.handshakes]).toEqual([['new'], 2]);
  });

  it('is noticed when the client closes without an answer', () => {
    const { a, b } = connected();
    b.renegotiate(undefined, nowMs);
    a.close();
    const said = exchange(a, b);
    expect(types(said.b)).toEqual(['renegotiationRefused', 'peerClosed']);
    expect(said.b).toContainEqual({ type: 'renegotiationRefused', how: 'ignored' });
  });

  it('does not keep a connection from closing', () => {
    const { a, b } = connected({}, { acceptRenegotiation: true });
    a.renegotiate(undefined, nowMs);
    a.close();
    expect(a.facts.handshakes).toBe(1);
    const said = exchange(a, b);
    expect(types(said.a)).toEqual(['renegotiating', 'closed']);
    expect(types(said.b)).toContain('peerClosed');
    b.close();
    expect(types(exchange(a, b).b)).toEqual(['closed']);
  });
});

describe('renegotiate', () => {
  it('is not obeyed where there is no renegotiation', () => {
    const a = createClient(clientOptions);
    const b = createServer({ ...serverOptions, versions: [tls13] });
    expect(a.renegotiate(undefined, nowMs)).toBe(false);
    connect(a, b);
    expect(a.facts.version).toBe(protocolVersions.tls13);
    expect([a.renegotiate(undefined, nowMs), b.renegotiate(undefined, nowMs)]).toEqual([false, false]);
    const older = connected();
    older.a.close();
    expect(older.a.renegotiate(undefined, nowMs)).toBe(false);
  });

  it('is not obeyed when the transport has ended, from which no answer can come', () => {
    const { a, b } = connected();
    for (const end of [a, b]) {
      end.receiveEnd(nowMs);
      while (end.poll() !== undefined);
      expect(end.renegotiate(undefined, nowMs)).toBe(false);
      expect(end.poll()).toBeUndefined();
      expect(end.send(Uint8Array.of(1))).toBe(1);
    }
  });

  it('is not obeyed where the client knows no secure one (RFC 5746 §4.4)', () => {
    const peer = scriptedClient12({ acceptRenegotiation: true })
      .clientHello((hello) => helloWithout(hello, renegotiationInfoExtension))
      .afterHello('end');
    const received = peer.received.length;
    expect(peer.victim.facts).toMatchObject({ handshakes: 1, secureRenegotiation: false });
    expect(peer.victim.renegotiate(undefined, nowMs)).toBe(false);
    expect(peer.drain().received).toHaveLength(received);
    expect(peer.data(Uint8Array.of(1)).failure).toBeUndefined();
  });

  it('says what it expects', () => {
    const { a, b } = connected();
    expect(() => a.renegotiate(serverConfig(serverOptions) as never, nowMs)).toThrow(
      'expects what clientConfig made',
    );
    expect(() => b.renegotiate({} as never, nowMs)).toThrow('expects what serverConfig made');
    expect(() => a.renegotiate(clientConfig({ ...clientOptions, versions: [tls13] }), nowMs)).toThrow(
      'a configuration with the version that is spoken, tls12',
    );
    expect(() => a.renegotiate(undefined, Number.NaN)).toThrow('expects the time');
  });

  it('is over with detach, whoever asks for it', () => {
    const { a, b } = connected({ allowDetach: true, acceptRenegotiation: true });
    b.renegotiate(undefined, nowMs);
    expect(() => {
      const asked = connected({}, { allowDetach: true });
      asked.b.renegotiate(undefined, nowMs);
      while (asked.b.poll() !== undefined);
      asked.b.detach();
    }).toThrow('a renegotiation is asked');
    const { control } = a.detach();
    // hello_request, opened elsewhere.
    control.receiveRecord(22, Uint8Array.of(0, 0, 0, 0), nowMs);
    expect(control.poll()).toMatchObject({ type: 'record', contentType: 21, content: Uint8Array.of(1, 100) });
    expect(control.poll()).toBeUndefined();
  });
});

describe('acceptRenegotiation', () => {
  it.each([
    1,
    null,
    'yes',
    { limit: 0 },
    { limit: 1.5 },
    { windowSeconds: 0 },
    { windowSeconds: Number.NaN },
  ])('may not be %j', (acceptRenegotiation) => {
    expect(() =>
      createServer({ ...serverOptions, acceptRenegotiation: acceptRenegotiation as never }),
    ).toThrow('acceptRenegotiation must be a boolean or { limit');
  });
});
