import {
  type AcceptEarlyDataAsk,
  type Answers,
  type ClientOptions,
  type Connection,
  type ExternalPsk,
  namedGroups,
  suites13,
} from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { bytesOf, client, drain, exchange, nowMs, ofType, server } from './ends.ts';
import { serverOf, sessionsOf, text } from './resuming.ts';

describe('0-RTT data', () => {
  const early = { earlyData: { maxBytes: 1000 } };

  function begin(make: () => Connection, options: Partial<ClientOptions> = {}) {
    const [session] = sessionsOf(make, options);
    const asking = client({ sessions: [session!], sendEarlyData: true, ...options });
    const first = drain(asking);
    const taken = asking.send(text('GET / '));
    return { asking, first, taken, hello: [...first, ...drain(asking)], session: session! };
  }

  it('arrives with the first flight, and goes on until the handshake is done', () => {
    const make = serverOf(early);
    const { asking, first, taken, hello } = begin(make);
    expect(ofType(first, 'writable')).toEqual([{ type: 'writable', as: 'early', limitBytes: 1000 }]);
    expect(taken).toBe(6);
    const answering = make();
    answering.receive(bytesOf(hello), nowMs);
    const flight = drain(answering);
    expect(ofType(flight, 'data')).toEqual([{ type: 'data', bytes: text('GET / '), early: true }]);
    expect(asking.exportKeyingMaterial('EXPORTER-e', text(''), 8, { early: true })).toEqual(
      answering.exportKeyingMaterial('EXPORTER-e', text(''), 8, { early: true }),
    );
    expect(asking.send(text('HTTP'))).toBe(4);
    answering.receive(bytesOf(drain(asking)), nowMs);
    asking.receive(bytesOf(flight), nowMs);
    const { a, b } = exchange(asking, answering);
    expect(ofType(b, 'data').map(({ early }) => early)).toEqual([true]);
    expect([asking.facts.earlyData, answering.facts.earlyData]).toEqual(['accepted', 'accepted']);
    expect([ofType(a, 'connected').length, ofType(b, 'connected').length]).toEqual([1, 1]);
    asking.send(text('later'));
    expect(ofType(exchange(asking, answering).b, 'data').map(({ early }) => early)).toEqual([false]);
  });

  it('takes no more than the ticket allows', () => {
    const { asking } = begin(serverOf(early));
    expect(asking.send(new Uint8Array(5000))).toBe(994);
    expect(asking.send(new Uint8Array(1))).toBe(0);
  });

  it.each([
    [
      'a server that takes none',
      () => serverOf({ ...early, answers: { acceptEarlyData: () => ({ ok: true, accept: false }) } }),
    ],
    ['a server that asks for another hello', () => serverOf({ ...early, groups: [namedGroups.secp521r1] })],
  ])('is lost with %s, and the connection lives', (_, makeServer) => {
    const make = makeServer();
    const { asking, hello } = begin(make);
    const answering = make();
    answering.receive(bytesOf(hello), nowMs);
    const { a, b } = exchange(asking, answering);
    expect(ofType(a, 'earlyDataRejected')).toHaveLength(1);
    expect(ofType(b, 'data')).toEqual([]);
    expect([asking.facts.earlyData, answering.facts.earlyData, asking.facts.resumed]).toEqual([
      'rejected',
      'rejected',
      true,
    ]);
    asking.send(text('again'));
    expect(
      ofType(exchange(asking, answering).b, 'data').map(({ bytes }) => Buffer.from(bytes).toString()),
    ).toEqual(['again']);
  });

  it('is lost with a server that has forgotten the session altogether', () => {
    const { hello, asking } = begin(serverOf(early));
    const answering = serverOf()();
    answering.receive(bytesOf(hello), nowMs);
    const { b } = exchange(asking, answering);
    expect([asking.facts.resumed, ofType(b, 'data').length, asking.facts.handshakes]).toEqual([false, 0, 1]);
  });

  it('is not accepted twice', () => {
    const make = serverOf(early);
    const { hello } = begin(make);
    const facts = [1, 2].map(() => {
      const answering = make();
      answering.receive(bytesOf(hello), nowMs);
      return answering.facts.earlyData;
    });
    expect(facts).toEqual(['accepted', 'rejected']);
  });

  it('is not accepted from a hello that comes late', () => {
    const make = serverOf(early);
    const { hello } = begin(make);
    const answering = make();
    answering.receive(bytesOf(hello), nowMs + 10_001);
    expect(answering.facts.earlyData).toBe('rejected');
    expect(answering.facts.resumed).toBe(true);
  });

  it('is decided with what it takes to tell a replay', () => {
    const asked: AcceptEarlyDataAsk[] = [];
    const answers: Answers = {
      acceptEarlyData: (ask) => {
        asked.push(ask);
        return { ok: true, accept: true };
      },
    };
    const make = serverOf({ ...early, answers });
    const { hello, session } = begin(make);
    const at = (ms: number) => {
      const answering = make();
      answering.receive(bytesOf(hello), nowMs + ms);
      return answering.facts.earlyData;
    };
    // The window is open at its end: there the first copy may be forgotten (RFC 9846 §8.3).
    expect([at(0), at(3), at(9_999), at(10_000)]).toEqual(['accepted', 'accepted', 'accepted', 'rejected']);
    expect(asked.map(({ ageSkewMs, nowMs: now }) => [ageSkewMs, now - nowMs])).toEqual([
      [0, 0],
      [3, 3],
      [9_999, 9_999],
    ]);
    for (const ask of asked) {
      expect(ask).toMatchObject({
        session: { secret: session.secret },
        externalIdentity: undefined,
        replayKey: asked[0]!.replayKey,
        notBeforeMs: nowMs - 10_000,
        expiresAtMs: nowMs + 10_000,
      });
    }
    expect(asked[0]!.replayKey).toHaveLength(32);
    const earlyData = { maxBytes: 1, cipherSuite: suites13.TLS_AES_128_GCM_SHA256, alpnProtocol: null };
    const externalPsks = [{ identity: text('sensor'), key: new Uint8Array(32), earlyData }];
    exchange(client({ externalPsks, sendEarlyData: true }), server({ externalPsks, ...early, answers }));
    expect(asked.at(-1)).toMatchObject({
      session: undefined,
      externalIdentity: text('sensor'),
      ageSkewMs: 0,
      notBeforeMs: Number.NEGATIVE_INFINITY,
      expiresAtMs: Number.POSITIVE_INFINITY,
      nowMs,
    });
  });

  it('is sent only when asked for, and only for the protocol it was made for', () => {
    const make = serverOf({ ...early, alpnProtocols: ['h2', 'http/1.1'] });
    const [session] = sessionsOf(make, { alpnProtocols: ['h2'] });
    const sends = (options: Partial<ClientOptions>) =>
      ofType(drain(client({ sessions: [session!], ...options })), 'writable').length > 0;
    expect([
      sends({ alpnProtocols: ['h2'] }),
      sends({ alpnProtocols: ['h2'], sendEarlyData: true }),
      sends({ alpnProtocols: ['http/1.1'], sendEarlyData: true }),
      sends({ sendEarlyData: true }),
    ]).toEqual([false, true, false, false]);
  });

  it('works with an external key that says for what', () => {
    const external: ExternalPsk = {
      identity: text('sensor'),
      key: new Uint8Array(32).fill(1),
      earlyData: { maxBytes: 100, cipherSuite: suites13.TLS_AES_128_GCM_SHA256, alpnProtocol: null },
    };
    const asking = client({ externalPsks: [external], sendEarlyData: true });
    const answering = server({ externalPsks: [external], credentials: [], ...early });
    asking.send(text('42'));
    const { b } = exchange(asking, answering);
    expect(ofType(b, 'data')).toEqual([{ type: 'data', bytes: text('42'), early: true }]);
    expect(asking.facts.handshakes).toBe(1);
  });

  it('is not held to a limit that its client could not know', () => {
    const make = serverOf({ earlyData: { maxBytes: 10_000 }, recordSizeLimit: 512 });
    const options = { recordSizeLimit: 16_385 };
    const sessions = sessionsOf(make, options);
    const asking = client({ sessions, sendEarlyData: true, ...options });
    const answering = make();
    expect(asking.send(new Uint8Array(5_000))).toBe(5_000);
    const { a, b } = exchange(asking, answering);
    expect(ofType(a, 'connected')).toHaveLength(1);
    expect(ofType(b, 'data').map(({ bytes, early }) => [bytes.length, early])).toEqual([[5_000, true]]);
    // What comes after it is held to it.
    asking.send(new Uint8Array(600));
    const after = exchange(asking, answering);
    expect(ofType(after.b, 'data').map(({ bytes }) => bytes.length)).toEqual([511, 89]);
  });

  it('is not held to a fragment length that nobody had confirmed', () => {
    const make = serverOf({ earlyData: { maxBytes: 10_000 } });
    const options = { maxFragmentLength: 512 } as const;
    const asking = client({ sessions: sessionsOf(make, options), sendEarlyData: true, ...options });
    const answering = make();
    expect(asking.send(new Uint8Array(5_000))).toBe(5_000);
    const { a, b } = exchange(asking, answering);
    expect(ofType(a, 'connected')).toHaveLength(1);
    expect(ofType(b, 'data').map(({ bytes, early }) => [bytes.length, early])).toEqual([[5_000, true]]);
  });
});
