import { describe, expect, it } from 'vitest';
import { testProvider as provider } from '../../test/harness/node-provider.ts';
import { QuicEnds, type QuicEndsOptions } from '../../test/harness/quic-ends.ts';
import { clientEch } from '../ech/client.ts';
import { encodeEchConfigList } from '../ech/config-list.ts';
import { greaseEch } from '../ech/grease.ts';
import { generateEchKey } from '../ech/keys.ts';
import { serverEch } from '../ech/server.ts';
import { namedGroups } from '../registry/groups.ts';
import { TicketRing } from '../resume/ticket-ring.ts';

/** Encrypted Client Hello (RFC 9849) in QUIC: both hellos carry what QUIC asks of a ClientHello. */

const publicName = 'public.test';
const key = generateEchKey({ provider, publicName, configId: 1 });
const newerKey = generateEchKey({ provider, publicName, configId: 2 });
const hiding = { ech: clientEch({ provider, configList: encodeEchConfigList([key.config]) }) };
const keyed = { acceptEch: serverEch({ provider, keys: [key] }) };
/** A server that has another key by now, which it offers. */
const rekeyed = { acceptEch: serverEch({ provider, keys: [newerKey] }) };

const hellos = (ends: QuicEnds) =>
  ends
    .of('client', 'crypto')
    .flatMap(({ level, bytes }) => (level === 'initial' ? [Buffer.from(bytes).toString('latin1')] : []));

function expectAccepted(options: QuicEndsOptions = {}): QuicEnds {
  const ends = new QuicEnds({
    client: { ...hiding, ...options.client },
    server: { ...keyed, ...options.server },
  }).run();
  for (const side of ['client', 'server'] as const) {
    expect(ends[side].facts).toMatchObject({
      handshakes: 1,
      encryptedClientHello: 'accepted',
      serverName: 'sealwire.test',
      alpnProtocol: 'test/1',
    });
  }
  for (const hello of hellos(ends)) {
    expect(hello).toContain(publicName);
    expect(hello).not.toContain('sealwire.test');
  }
  return ends;
}

describe('a server that can decrypt the hello', () => {
  it('has its client’s name, protocols and transport parameters', () => {
    const ends = expectAccepted();
    expect(ends.server.facts.outerServerName).toBe(publicName);
    expect(ends.client.facts.peerTransportParameters).toBeDefined();
    expect(ends.server.facts.peerTransportParameters).toBeDefined();
  });

  it('asks for another hello, which is encrypted as well', () => {
    const ends = expectAccepted({
      client: { keyShares: [namedGroups.secp256r1] },
      server: { groups: [namedGroups.x25519] },
    });
    expect(hellos(ends)).toHaveLength(2);
    expect(ends.server.facts.helloRetried).toBe(true);
  });

  it('takes 0-RTT data, whose keys come from the inner hello', () => {
    const serving = { tickets: { keeper: new TicketRing({ provider }) }, earlyData: { maxBytes: 1 } };
    const { session } = expectAccepted({ server: serving }).of('client', 'session')[0]!;
    const ends = expectAccepted({ client: { sessions: [session], sendEarlyData: true }, server: serving });
    const early = (side: 'client' | 'server') =>
      ends.of(side, 'keys').flatMap(({ level, secret }) => (level === 'early' ? [secret] : []));
    expect(ends.server.facts).toMatchObject({ resumed: true, earlyData: 'accepted' });
    expect(early('client')).toEqual(early('server'));
  });
});

describe('a server that cannot', () => {
  const rejected = (server: QuicEndsOptions['server'], client: QuicEndsOptions['client'] = {}) =>
    new QuicEnds({ client: { ...hiding, ...client }, server: server ?? {} }).run();

  it('takes the outer hello; the client ends with ech_required, and knows the newer keys (RFC 9849 §6.1.6)', () => {
    const ends = rejected(rekeyed);
    // What the outer hello has for QUIC was enough for the server to answer it.
    expect(ends.failure('server')).toBeUndefined();
    expect(ends.server.facts).toMatchObject({ serverName: publicName });
    const failure = ends.failure('client');
    expect(failure).toMatchObject({
      error: { code: 'incompatible.encryptedHelloRejected' },
      alert: 'ech_required',
      errorCode: 0x0179,
    });
    expect(ends.of('client', 'connected')).toEqual([]);
    expect(ends.of('client', 'session')).toEqual([]);
    const ech = clientEch({ provider, configList: failure!.error.retryConfigs! });
    expectAccepted({ client: { ech }, server: rekeyed });
  });

  it('knows nothing of it: there are no newer keys', () => {
    const failure = rejected({}).failure('client');
    expect(failure).toMatchObject({ alert: 'ech_required', errorCode: 0x0179 });
    expect(failure!.error.retryConfigs).toBeUndefined();
  });

  it('proves itself by its public name; who does not gives no newer keys', () => {
    const names: unknown[] = [];
    const refuse = ({ expectedName }: { expectedName?: string | undefined }) => {
      names.push(expectedName);
      return { ok: false, reason: 'unknownCa', message: 'no' } as const;
    };
    const ends = rejected(rekeyed, { answers: { verifyPeer: refuse } });
    expect(names).toEqual([publicName]);
    expect(ends.failure('client')).toMatchObject({ alert: 'unknown_ca', errorCode: 0x0130 });
    expect(ends.failure('client')!.error.retryConfigs).toBeUndefined();
  });

  it('after a HelloRetryRequest as well', () => {
    const ends = rejected(
      { ...rekeyed, groups: [namedGroups.x25519] },
      { keyShares: [namedGroups.secp256r1] },
    );
    expect(ends.failure('client')).toMatchObject({ alert: 'ech_required', errorCode: 0x0179 });
    expect(ends.failure('client')!.error.retryConfigs).toBeDefined();
  });
});

it('a hello that only looks like it is answered as any other', () => {
  const ends = new QuicEnds({ client: { ech: greaseEch({ provider }) }, server: rekeyed }).run();
  expect(ends.client.facts).toMatchObject({ handshakes: 1, serverName: 'sealwire.test' });
  expect(ends.failure('client')).toBeUndefined();
});
