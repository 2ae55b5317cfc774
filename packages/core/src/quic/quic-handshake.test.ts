import { describe, expect, it } from 'vitest';
import { ed25519Credential, p256Credential } from '../../test/harness/fixtures.ts';
import { misuse } from '../../test/harness/misuse.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { course, expectSameKeys, keysOf } from '../../test/harness/quic-course.ts';
import { nowMs, ownParameters, QuicEnds, type Side } from '../../test/harness/quic-ends.ts';
import { clientConfig, serverConfig } from '../index.ts';
import { createQuicClient, createQuicServer, type QuicOutput } from '../quic.ts';
import { tls12 } from '../tls12/module.ts';
import { tls13 } from '../tls13/module.ts';
import { hex } from '../wire/bytes.ts';

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
