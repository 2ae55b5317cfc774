import { describe, expect, it } from 'vitest';
import type { Connection } from '../src/connection/connection.ts';
import type { Output } from '../src/connection/outputs.ts';
import { alertDescriptions } from '../src/errors/alerts.ts';
import { createClient, createServer } from '../src/index.ts';
import { suites12 } from '../src/registry/suites12.ts';
import type { CipherSuite } from '../src/registry/suites13.ts';
import { tls10, tls11, tls12 } from '../src/tls12/module.ts';
import { concat } from '../src/wire/bytes.ts';
import { p256Credential, takesFixtures } from './harness/fixtures.ts';
import { olderProvider } from './harness/older-provider.ts';

/** Records that change on their way between two ends of TLS 1.2, 1.1 and 1.0. */

const nowMs = Date.UTC(2026, 10, 21);

const agreements = [
  ['TLS 1.2, AES-GCM', tls12, suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256],
  ['TLS 1.2, ChaCha20-Poly1305', tls12, suites12.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256],
  ['TLS 1.2, AES-CBC', tls12, suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256],
  ['TLS 1.2, NULL', tls12, suites12.TLS_ECDHE_ECDSA_WITH_NULL_SHA],
  ['TLS 1.1, AES-CBC', tls11, suites12.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA],
  ['TLS 1.0, 3DES-CBC', tls10, suites12.TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA],
] as const;

function outputsOf(connection: Connection): Output[] {
  const outputs: Output[] = [];
  for (let output = connection.poll(); output !== undefined; output = connection.poll()) outputs.push(output);
  return outputs;
}

const wireOf = (outputs: readonly Output[]) =>
  concat(outputs.flatMap((each) => (each.type === 'transmit' ? each.pieces : [])));

describe.each(agreements)('%s', (_, version, cipherSuite: CipherSuite) => {
  function connected(): { readonly client: Connection; readonly server: Connection } {
    const shared = { provider: olderProvider, versions: [version], cipherSuites: [cipherSuite] };
    const client = createClient({
      ...shared,
      answers: { verifyPeer: takesFixtures },
    });
    const server = createServer({ ...shared, credentials: [p256Credential] });
    server.start(nowMs);
    client.start(nowMs);
    for (let bytes = -1; bytes !== 0; ) {
      const there = wireOf(outputsOf(client));
      if (there.length > 0) server.receive(there, nowMs);
      const answer = wireOf(outputsOf(server));
      if (answer.length > 0) client.receive(answer, nowMs);
      bytes = there.length + answer.length;
    }
    expect(client.facts).toMatchObject({ cipherSuite, handshakes: 1 });
    return { client, server };
  }

  /** What the server says to data of the client that was changed on its way, and what the client hears of it. */
  function attack(change: (wire: Uint8Array) => Uint8Array) {
    const { client, server } = connected();
    client.send(new Uint8Array(50).fill(1));
    server.receive(change(wireOf(outputsOf(client))), nowMs);
    const said = outputsOf(server);
    client.receive(wireOf(said), nowMs);
    const heard = outputsOf(client);
    const failure = (outputs: Output[]) => outputs.find((each) => each.type === 'failed');
    return { data: said.some(({ type }) => type === 'data'), server: failure(said), client: failure(heard) };
  }

  /** The alert was sealed by the one and opened by the other. */
  function expectAlert(
    attacked: ReturnType<typeof attack>,
    code: string,
    alert: keyof typeof alertDescriptions,
  ) {
    expect(attacked.data).toBe(false);
    expect(attacked.server).toMatchObject({ error: { code }, alert, sentBy: 'us' });
    expect(attacked.client?.error).toMatchObject({
      code: 'received.alert',
      receivedAlert: alertDescriptions[alert],
    });
  }

  const flipped = (at: (wire: Uint8Array) => number) => (wire: Uint8Array) => {
    const changed = wire.slice();
    changed[at(wire)]! ^= 1;
    return changed;
  };

  it('says bad_record_mac, wherever the first record was changed (RFC 5246 §7.2.2)', () => {
    const places = [5, 13, 20, 25];
    for (const place of places) {
      expectAlert(attack(flipped(() => place)), 'peer.recordAuthenticationFailed', 'bad_record_mac');
    }
    const lastOfFirst = (wire: Uint8Array) => 4 + ((wire[3]! << 8) | wire[4]!);
    expectAlert(attack(flipped(lastOfFirst)), 'peer.recordAuthenticationFailed', 'bad_record_mac');
  });

  it('says bad_record_mac to another type, and to a record that comes twice or not', () => {
    const alertInstead = (wire: Uint8Array) => {
      const changed = wire.slice();
      changed[0] = 21;
      return changed;
    };
    expectAlert(attack(alertInstead), 'peer.recordAuthenticationFailed', 'bad_record_mac');
    const { client, server } = connected();
    client.send(new Uint8Array(50));
    outputsOf(client);
    client.send(new Uint8Array(50));
    server.receive(wireOf(outputsOf(client)), nowMs);
    expect(outputsOf(server).find((each) => each.type === 'failed')).toMatchObject({
      alert: 'bad_record_mac',
    });
  });

  it('says protocol_version to a record of another version', () => {
    expectAlert(attack(flipped(() => 2)), 'peer.badRecordVersion', 'protocol_version');
  });

  it('says record_overflow to a record of more than 2^14 + 2048 bytes, by its header (RFC 5246 §6.2.3)', () => {
    const sized = (length: number) => (wire: Uint8Array) =>
      concat([wire.subarray(0, 3), new Uint8Array([length >> 8, length & 0xff])]);
    expectAlert(attack(sized(2 ** 14 + 2_049)), 'peer.recordTooLarge', 'record_overflow');
    expect(attack(sized(2 ** 14 + 2_048)).server).toBeUndefined();
  });

  it('takes what was not changed', () => {
    expect(attack((wire) => wire)).toEqual({ data: true, server: undefined, client: undefined });
  });
});
