import { describe, expect, it } from 'vitest';
import { ed25519Credential, p256Credential, takesFixtures } from '../../test/harness/fixtures.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import type { Connection } from '../connection/connection.ts';
import type { Output } from '../connection/outputs.ts';
import { createClient, createServer, tls13, type ClientOptions, type ServerOptions } from '../index.ts';
import { concat, hex } from '../wire/bytes.ts';
// Through its folder: what checks the walls transpiles each file under the name ./module.ts, and would take it for itself.
import { tls10, tls11, tls12 } from '../tls12/module.ts';
import { suite12, tls12Suites } from './suites.ts';

const nowMs = Date.UTC(2026, 10, 21);

function client(options: Partial<ClientOptions> = {}): Connection {
  return createClient({
    provider: olderProvider,
    versions: [tls12],
    answers: { verifyPeer: takesFixtures },
    keyLog: true,
    ...options,
  });
}

function server(options: Partial<ServerOptions> = {}): Connection {
  return createServer({
    provider: olderProvider,
    versions: [tls12],
    credentials: [p256Credential],
    answers: { verifyPeer: takesFixtures },
    keyLog: true,
    ...options,
  });
}

/** Both ends until nothing moves; all that they say. */
function exchange(a: Connection, b: Connection): { readonly a: Output[]; readonly b: Output[] } {
  const said = { a: [] as Output[], b: [] as Output[] };
  const pass = (from: Connection, to: Connection, list: Output[]): boolean => {
    const outputs: Output[] = [];
    for (let output = from.poll(); output !== undefined; output = from.poll()) outputs.push(output);
    list.push(...outputs);
    const bytes = concat(outputs.flatMap((each) => (each.type === 'transmit' ? each.pieces : [])));
    if (bytes.length > 0) to.receive(bytes, nowMs);
    return bytes.length > 0;
  };
  for (let moves = true; moves; ) moves = [pass(a, b, said.a), pass(b, a, said.b)].includes(true);
  return said;
}

function connect(a: Connection, b: Connection) {
  b.start(nowMs);
  a.start(nowMs);
  return exchange(a, b);
}

function failures(outputs: readonly Output[]): string[] {
  return outputs.flatMap((each) =>
    each.type === 'failed' ? [`${each.error.code}: ${each.error.message}`] : [],
  );
}

const usable = tls12Suites.filter(
  ({ id, authentication }) => authentication === 'ecdsa' && tls12.supports(id, olderProvider),
);

describe('TLS 1.2', () => {
  it.each(usable.map((suite) => [suite.name, suite.id] as const))('connects with %s', (_, id) => {
    const [a, b] = [client({ cipherSuites: [id] }), server({ cipherSuites: [id] })];
    const said = connect(a, b);
    expect([failures(said.a), failures(said.b)]).toEqual([[], []]);
    const encryptThenMac = suite12(id)!.cipher.type === 'cbc';
    const known = {
      version: 0x0303,
      cipherSuite: id,
      extendedMainSecret: true,
      encryptThenMac,
      handshakes: 1,
    };
    expect([a.facts, b.facts]).toMatchObject([
      { ...known, peerSignatureScheme: 0x0403 },
      { ...known, ownSignatureScheme: 0x0403 },
    ]);
    const much = Uint8Array.from({ length: 40_000 }, (_each, i) => i);
    a.send(new Uint8Array([1, 2, 3]));
    b.send(much);
    const data = exchange(a, b);
    const bytes = (outputs: readonly Output[]) =>
      concat(outputs.flatMap((each) => (each.type === 'data' ? [each.bytes] : [])));
    expect(bytes(data.b)).toEqual(new Uint8Array([1, 2, 3]));
    expect(bytes(data.a)).toEqual(much);
    const exported = [a, b].flatMap((end) =>
      [undefined, new Uint8Array(0)].map((each) => hex(end.exportKeyingMaterial('EXPORTER-x', each, 20))),
    );
    // No context is not a context of no bytes (RFC 5705 §4).
    expect(new Set(exported).size).toBe(2);
    expect(exported.slice(0, 2)).toEqual(exported.slice(2));
    expect(a.exportKeyingMaterial('EXPORTER-x', much.subarray(0, 9), 20)).toEqual(
      b.exportKeyingMaterial('EXPORTER-x', much.subarray(0, 9), 20),
    );
    const lines = [said.a, said.b].map((outputs) =>
      outputs.flatMap((each) => (each.type === 'keylog' ? [each.line] : [])),
    );
    expect(lines[0]).toEqual(lines[1]);
    expect(lines[0]![0]).toMatch(/^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$/);
    a.close();
    exchange(a, b);
    b.close();
    expect(exchange(a, b).b.at(-1)?.type).toBe('closed');
  });

  it.each([
    [p256Credential, 0x0403],
    [ed25519Credential, 0x0807],
  ] as const)('authenticates the client, too', (credential, scheme) => {
    const a = client({ credentials: [credential] });
    const b = server({ clientAuthentication: 'require', credentials: [ed25519Credential] });
    const said = connect(a, b);
    expect([failures(said.a), failures(said.b)]).toEqual([[], []]);
    expect(b.facts).toMatchObject({ handshakes: 1, peerSignatureScheme: scheme });
  });

  it('lets a client without a certificate in where none is required, and not elsewhere', () => {
    const b = server({ clientAuthentication: 'request' });
    connect(client(), b);
    expect(b.facts.handshakes).toBe(1);
    expect(b.facts.peerEvidence).toBeUndefined();
    const said = connect(client(), server({ clientAuthentication: 'require' }));
    expect(failures(said.b)).toEqual([
      'incompatible.certificateRequired: the client has no certificate, and must have one',
    ]);
  });

  it.each([
    ['TLS 1.1', tls11, 0x0302],
    ['TLS 1.0', tls10, 0x0301],
  ] as const)('goes back to %s', (_, module, version) => {
    const options = { versions: [module] };
    const a = client({ ...options, credentials: [p256Credential] });
    const b = server({ ...options, clientAuthentication: 'require' });
    const said = connect(a, b);
    expect([failures(said.a), failures(said.b)]).toEqual([[], []]);
    expect([a.facts.version, b.facts.version]).toEqual([version, version]);
    a.send(new Uint8Array(50));
    const records = exchange(a, b);
    // Under a chained IV the first byte goes alone.
    const sizes = records.b.flatMap((each) => (each.type === 'data' ? [each.bytes.length] : []));
    expect(sizes).toEqual(module === tls10 ? [1, 49] : [50]);
    const mixed = client({ versions: [tls13, tls12, tls11, tls10] });
    connect(mixed, server(options));
    expect(mixed.facts).toMatchObject({ version, handshakes: 1 });
  });

  it.each([
    ['record_size_limit', { recordSizeLimit: 100 }, { recordSizeLimit: 300 }, 300, 100],
    ['record_size_limit of one side', { recordSizeLimit: 100 }, {}, 16_384, 100],
    ['max_fragment_length', { maxFragmentLength: 512 }, {}, 512, 512],
    [
      'max_fragment_length that is not wanted',
      { maxFragmentLength: 512 },
      { acceptMaxFragmentLength: false },
      1_000,
      1_000,
    ],
  ] as const)('keeps to %s', (_, ours, theirs, toServer, toClient) => {
    const [a, b] = [client(ours), server(theirs)];
    const said = connect(a, b);
    expect([failures(said.a), failures(said.b)]).toEqual([[], []]);
    a.send(new Uint8Array(1_000));
    b.send(new Uint8Array(1_000));
    const data = exchange(a, b);
    const largest = (outputs: readonly Output[]) =>
      Math.max(...outputs.map((each) => (each.type === 'data' ? each.bytes.length : 0)));
    expect([largest(data.b), largest(data.a)]).toEqual([Math.min(toServer, 1_000), toClient]);
  });

  it('is negotiated together with TLS 1.3 in one hello', () => {
    const both = { versions: [tls13, tls12] };
    for (const [ours, theirs, version] of [
      [both, both, 0x0304],
      [both, { versions: [tls12] }, 0x0303],
      [{ versions: [tls12] }, both, 0x0303],
    ] as const) {
      const [a, b] = [client(ours), server(theirs)];
      const said = connect(a, b);
      expect([failures(said.a), failures(said.b)]).toEqual([[], []]);
      expect([a.facts.version, b.facts.version]).toEqual([version, version]);
    }
  });
});
