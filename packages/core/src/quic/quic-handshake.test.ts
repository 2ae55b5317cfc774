import { describe, expect, it } from 'vitest';
import { ed25519Credential, p256Credential } from '../../test/harness/fixtures.ts';
import { misuse } from '../../test/harness/misuse.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { connect, sessionsOf } from '../../test/harness/two-ends.ts';
import {
  nowMs,
  ownParameters,
  QuicEnds,
  type QuicEndsOptions,
  type Side,
} from '../../test/harness/quic-ends.ts';
import {
  clientConfig,
  createClient,
  createServer,
  namedGroups,
  serverConfig,
  suites13,
  type Decision,
  type ServerOptions,
  type Session,
} from '../index.ts';
import { TicketRing } from '../resume/ticket-ring.ts';
import { tls12 } from '../tls12/module.ts';
import { createQuicClient, createQuicServer, quicErrorCode, type QuicOutput } from '../quic.ts';
import { tls13 } from '../tls13/module.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** What a side says, without what is in it. */
function course(outputs: readonly QuicOutput[]): string[] {
  return outputs.flatMap((each) => {
    switch (each.type) {
      case 'crypto':
        return [`crypto ${each.level}`];
      case 'keys':
        return [`${each.direction} ${each.level}`];
      case 'discard':
        return [`discard ${each.level}`];
      case 'fact':
        return [];
      default:
        return [each.type];
    }
  });
}

const keysOf = (ends: QuicEnds, side: Side, direction: 'read' | 'write') =>
  ends
    .of(side, 'keys')
    .flatMap((each) =>
      each.direction === direction ? [`${each.level} ${each.cipherSuite} ${hex(each.secret)}`] : [],
    );

function expectSameKeys(ends: QuicEnds): void {
  expect(keysOf(ends, 'client', 'write')).toEqual(keysOf(ends, 'server', 'read'));
  expect(keysOf(ends, 'client', 'read')).toEqual(keysOf(ends, 'server', 'write'));
}

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

describe('a full handshake', () => {
  const ends = new QuicEnds().run();

  it('has its bytes and secrets in the order of RFC 9001 §4.1.5', () => {
    expect(course(ends.said.client)).toEqual([
      'crypto initial',
      'read handshake',
      'write handshake',
      'read application',
      'crypto handshake',
      'discard initial',
      'write application',
      'connected',
      'session',
      'session',
    ]);
    expect(course(ends.said.server)).toEqual([
      'crypto initial',
      'write handshake',
      'crypto handshake',
      'write application',
      'read handshake',
      'discard initial',
      'read application',
      'connected',
      'discard handshake',
      'crypto application',
      'crypto application',
    ]);
    expectSameKeys(ends);
  });

  it('says the transport parameters of the other side, before and after', () => {
    expect(ends.client.facts.peerTransportParameters).toEqual(ownParameters.server);
    expect(ends.server.facts.peerTransportParameters).toEqual(ownParameters.client);
    expect(ends.client.facts).toMatchObject({
      alpnProtocol: 'test/1',
      handshakes: 1,
      resumed: false,
      version: 0x0304,
    });
    const known = ends.said.server.findIndex(
      (each) => each.type === 'fact' && each.facts.peerTransportParameters !== undefined,
    );
    expect(known).toBeGreaterThanOrEqual(0);
    expect(known).toBeLessThan(ends.said.server.findIndex(({ type }) => type === 'crypto'));
  });

  it('exports the same keying material on both sides', () => {
    const of = (side: Side) => hex(ends[side].exportKeyingMaterial('EXPORTER-test', undefined, 32));
    expect(of('client')).toBe(of('server'));
    expect(() => ends.client.exportKeyingMaterial('EXPORTER-test', undefined, 32, { early: true })).toThrow(
      misuse('no early keying material'),
    );
  });

  it('gives the server the secret of 1-RTT reading only after the client’s Finished', () => {
    const half = new QuicEnds();
    const [hello] = half.underway.client;
    half.deliver('server', 'initial', hello!.bytes);
    expect(keysOf(half, 'server', 'write').map((each) => each.split(' ')[0])).toEqual([
      'handshake',
      'application',
    ]);
    expect(keysOf(half, 'server', 'read').map((each) => each.split(' ')[0])).toEqual(['handshake']);
  });
});

it('a hello has no session id, and offers TLS 1.3 alone, also with a configuration for TCP', () => {
  const config = clientConfig({
    provider: testProvider,
    versions: [tls13, tls12],
    alpnProtocols: ['h3'],
    recordSizeLimit: 1000,
    maxFragmentLength: 512,
    postHandshakeAuth: true,
    grease: true,
  });
  const client = createQuicClient(config, { transportParameters: ownParameters.client });
  const server = createQuicServer(
    { provider: testProvider, alpnProtocols: ['h3'], credentials: [p256Credential] },
    { transportParameters: ownParameters.server },
  );
  client.start(nowMs);
  server.start(nowMs);
  const hello = [client.poll(), client.poll()].find((each) => each?.type === 'crypto')!;
  server.receive('initial', (hello as Extract<QuicOutput, { type: 'crypto' }>).bytes, nowMs);
  expect(server.facts).toMatchObject({ version: 0x0304 });
  expect(server.facts.peerRecordSizeLimit).toBeUndefined();
  expect(server.facts.maxFragmentLength).toBeUndefined();
});

it('a server whose configuration has older versions too speaks TLS 1.3', () => {
  const config = serverConfig({
    provider: testProvider,
    versions: [tls13, tls12],
    alpnProtocols: ['test/1'],
    credentials: [p256Credential],
  });
  const ends = new QuicEnds({ server: { answers: { chooseConfig: () => ({ ok: true, config }) } } }).run();
  expect(ends.server.facts).toMatchObject({ version: 0x0304, handshakes: 1 });
});

it('a server’s transport parameters may depend on the client’s', () => {
  const seen: Uint8Array[] = [];
  const transportParameters = (ofClient: Uint8Array) => {
    seen.push(ofClient);
    return Uint8Array.of(...ofClient, 7);
  };
  const ends = new QuicEnds({ serverTransport: { transportParameters } }).run();
  expect(seen).toEqual([ownParameters.client]);
  expect(ends.client.facts.peerTransportParameters).toEqual(Uint8Array.of(...ownParameters.client, 7));
});

it.each([
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
  ['gives no bytes', () => 'no' as never],
  ['gives too many', () => new Uint8Array(65_536)],
])('a server whose function of transport parameters %s fails by its own fault', (_, transportParameters) => {
  const ends = new QuicEnds({ serverTransport: { transportParameters } }).run();
  expect(ends.failure('server')).toMatchObject({
    error: { code: 'local.policyFailed' },
    alert: 'internal_error',
    errorCode: 0x0150,
  });
});

it('a client proves itself with a certificate', () => {
  const ends = new QuicEnds({
    client: { credentials: [ed25519Credential] },
    server: { clientAuthentication: 'require' },
  }).run();
  expect(ends.server.facts).toMatchObject({ handshakes: 1, peerEvidence: { type: 'x509' } });
  expect(ends.of('client', 'keys').map(({ level, direction }) => `${direction} ${level}`)).toEqual([
    'read handshake',
    'write handshake',
    'read application',
    'write application',
  ]);
});

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
    const answers = new QuicEnds().client && {
      verifyPeer: () =>
        ({
          ok: true,
          publicKey:
            p256Credential.key === 'external' ? new Uint8Array(0) : p256Credential.key.publicKey.spki,
        }) as const,
    };
    const overTcp = (sessions: readonly Session[] = []) => {
      const client = createClient({ ...common, answers, sessions, versions: [tls13] });
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

describe('answers', () => {
  it('may be late: input waits', () => {
    const ends = new QuicEnds({ client: { answers: { verifyPeer: () => undefined } } });
    ends.run();
    expect(ends.client.wantsInput).toBe(false);
    const decision = ends.of('client', 'decision')[0]!.decision as Extract<Decision, { kind: 'verifyPeer' }>;
    const { key } = p256Credential;
    const publicKey = key === 'external' ? new Uint8Array(0) : key.publicKey.spki;
    expect(ends.client.answer(decision, { ok: true, publicKey }, nowMs)).toBe(true);
    ends.drain('client').run();
    expect(ends.client.facts.handshakes).toBe(1);
    expect(() => ends.client.answer(decision, { ok: true, publicKey }, nowMs)).toThrow(
      misuse('answered already'),
    );
  });

  it('too much that waits for one ends the connection with CRYPTO_BUFFER_EXCEEDED', () => {
    const ends = new QuicEnds({
      client: { answers: { verifyPeer: () => undefined }, limits: { heldInputBytes: 1_000 } },
    }).run();
    // A piece takes 256 bytes besides, or pieces of a byte would take hundreds of times what the limit says.
    ends.deliver('client', 'handshake', new Uint8Array(400));
    for (let count = 0; count < 5_000; count++) ends.deliver('client', 'handshake', new Uint8Array(0));
    ends.deliver('client', 'handshake', new Uint8Array(1));
    expect(ends.failure('client')).toBeUndefined();
    ends.deliver('client', 'handshake', new Uint8Array(1));
    expect(ends.failure('client')).toMatchObject({
      error: { code: 'local.heldInputOverflow' },
      errorCode: 0x0d,
    });
    expect(ends.of('client', 'decisionCancelled')).toHaveLength(1);
  });

  it('a policy that calls back is misuse', () => {
    let thrown: unknown;
    const ends: QuicEnds = new QuicEnds({
      server: {
        answers: {
          chooseConfig: () => {
            try {
              ends.server.close();
            } catch (error) {
              thrown = error;
            }
            return { ok: true };
          },
        },
      },
    });
    ends.run();
    expect(thrown).toEqual(misuse('no call while a policy'));
    expect(ends.server.facts.handshakes).toBe(1);
  });
});

describe('the end', () => {
  it('close cancels what is open, and nothing follows', () => {
    const ends = new QuicEnds({ client: { answers: { verifyPeer: () => undefined } } }).run();
    ends.client.close();
    ends.drain('client');
    expect(course(ends.said.client).slice(-2)).toEqual(['decisionCancelled', 'closed']);
    ends.client.close();
    ends.client.abort();
    ends.client.madeProgress();
    ends.client.receive('handshake', new Uint8Array(9), nowMs);
    expect([ends.client.poll(), ends.client.wantsInput]).toEqual([undefined, false]);
  });

  it('abort says why, in the terms of QUIC', () => {
    const ends = new QuicEnds();
    ends.client.abort('enough');
    ends.drain('client');
    expect(ends.failure('client')).toMatchObject({
      error: { code: 'local.aborted', message: 'enough' },
      alert: 'general_error',
      errorCode: 0x0175,
    });
  });

  it('the application says no: the code is 0x0100 and the alert', () => {
    const refuse = () => ({ ok: false, reason: 'unknownCa', message: 'no' }) as const;
    const ends = new QuicEnds({ client: { answers: { verifyPeer: refuse } } }).run();
    expect(ends.failure('client')).toMatchObject({ alert: 'unknown_ca', errorCode: 0x0130 });
    expect(quicErrorCode({ code: 'received.alert' })).toBe(1);
  });
});

it('key log lines and traces, where they are asked for', () => {
  const ends = new QuicEnds({ client: { keyLog: true, trace: true } }).run();
  expect(ends.of('client', 'keylog').map(({ line }) => line.split(' ')[0])).toEqual([
    'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
    'SERVER_HANDSHAKE_TRAFFIC_SECRET',
    'CLIENT_TRAFFIC_SECRET_0',
    'SERVER_TRAFFIC_SECRET_0',
    'EXPORTER_SECRET',
  ]);
  const traced = ends.of('client', 'trace').map(({ event }) => event.what);
  expect(traced.filter((what) => what === 'handshake')).toHaveLength(9);
  expect(traced.filter((what) => what === 'keys')).toHaveLength(4);
  expect(ends.of('server', 'keylog')).toEqual([]);
});

describe('mistakes of the caller', () => {
  const options = { provider: testProvider, alpnProtocols: ['h3'] } as const;
  const transport = { transportParameters: new Uint8Array(0) };

  it.each([
    ['transportParameters', () => createQuicClient(options, {} as never)],
    ['transportParameters', () => createQuicServer(options, undefined as never)],
    ['65,535', () => createQuicClient(options, { transportParameters: new Uint8Array(65_536) })],
    ['alpnProtocols', () => createQuicClient({ provider: testProvider }, transport)],
    ['TLS 1.3: expected', () => createQuicClient({ ...options, versions: [tls12] }, transport)],
    ['a role', () => createQuicClient(serverConfig(options) as never, transport)],
    [
      'header protection',
      () =>
        createQuicServer(
          { ...options, provider: withCcm8, cipherSuites: [suites13.TLS_AES_128_CCM_8_SHA256] },
          transport,
        ),
    ],
  ])('%s', (message, create) => {
    expect(create).toThrow(misuse(message === 'a role' ? 'without role' : message));
  });

  it('the largest transport parameters are none', () => {
    const largest = { transportParameters: new Uint8Array(65_535) };
    expect(() => createQuicClient(options, largest)).not.toThrow();
  });

  it('calls', () => {
    const client = createQuicClient(options, transport);
    expect(() => client.receive('initial', new Uint8Array(1), nowMs)).toThrow(misuse('before start'));
    expect(() => client.start(Number.NaN)).toThrow(misuse('time in ms'));
    client.start(nowMs);
    expect(() => client.start(nowMs)).toThrow(misuse('twice'));
    expect(() => client.receive('1-RTT' as never, new Uint8Array(1), nowMs)).toThrow(
      misuse('one of initial'),
    );
    expect(() => client.receive('initial', 'text' as never, nowMs)).toThrow(misuse('Uint8Array'));
    expect(() => client.exportKeyingMaterial('EXPORTER-test', undefined, 32)).toThrow(
      misuse('after connected'),
    );
    expect(() => client.abort(7 as never)).toThrow(misuse('TlsError or a message'));
  });

  const withCcm8 = {
    ...testProvider,
    aeads: { ...testProvider.aeads, 'aes-128-ccm-8': testProvider.aeads['aes-128-gcm']! },
  };
});
