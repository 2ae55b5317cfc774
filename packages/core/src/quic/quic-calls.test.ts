import { describe, expect, it } from 'vitest';
import { p256Certificate, publicKeyOf } from '../../test/harness/fixtures.ts';
import { misuse } from '../../test/harness/misuse.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { course } from '../../test/harness/quic-course.ts';
import { nowMs, QuicEnds } from '../../test/harness/quic-ends.ts';
import { serverConfig, suites13, type Decision } from '../index.ts';
import { createQuicClient, createQuicServer, quicErrorCode } from '../quic.ts';
import { tls12 } from '../tls12/module.ts';

describe('answers', () => {
  it('may be late: input waits', () => {
    const ends = new QuicEnds({ client: { answers: { verifyPeer: () => undefined } } });
    ends.run();
    expect(ends.client.wantsInput).toBe(false);
    const decision = ends.of('client', 'decision')[0]!.decision as Extract<Decision, { kind: 'verifyPeer' }>;
    const publicKey = publicKeyOf(p256Certificate);
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
