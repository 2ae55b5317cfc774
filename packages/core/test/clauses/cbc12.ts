import { contentTypes as type } from '../../src/registry/content-types.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { pseudoHeader } from '../../src/record/older-records.ts';
import { concat } from '../../src/wire/bytes.ts';
import { olderProvider } from '../harness/older-provider.ts';
import { plainRecord } from '../harness/peer.ts';
import type { Peer12 } from '../harness/peer12.ts';
import { scriptedClient12 } from '../harness/scripted-client12.ts';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { bytes, clause, type Victim } from './clause.ts';

/** What stands inside of records in CBC mode, MAC-then-encrypt: AES-128 and HMAC-SHA-1. */

const suite = suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA;

function connected(victim: Victim): Peer12 {
  if (victim === 'client') return scriptedServer12({}, { suite }).before('end');
  return scriptedClient12()
    .clientHello((hello) => ({ ...hello, cipherSuites: [suite] }))
    .afterHello('end');
}

/** A record of what is given here, encrypted under the right key. */
function encrypted({ ownKeys }: Peer12, plain: Uint8Array): Uint8Array {
  const iv = olderProvider.random(16);
  const ciphertext = olderProvider.cbcs!['aes-128-cbc']!.key(ownKeys!.key).encrypt(iv, [plain]);
  return plainRecord(type.application_data, concat([iv, ciphertext]));
}

/** Content and MAC, and behind them this padding, its length included; together whole blocks. */
function padded(peer: Peer12, padding: Uint8Array, spoil = 0): Uint8Array {
  const content = new Uint8Array(32 - ((20 + padding.length) % 16)).fill(7);
  const header = pseudoHeader(peer.writeKeys!.sequence++, type.application_data, 0x0303, content.length);
  const mac = olderProvider.hashes.sha1!.hmac(peer.ownKeys!.mac, [header, content]);
  mac[19]! ^= spoil;
  return encrypted(peer, concat([content, mac, padding]));
}

const rightPadding = (length: number) => new Uint8Array(length + 1).fill(length);

clause(
  'RFC 5246 §6.2.3.2: padding that is wrong',
  ...[1, 15, 255].flatMap((length) =>
    [0, length >> 1, length - 1].map((at) => (victim: Victim) => {
      const peer = connected(victim);
      return peer.write(padded(peer, rightPadding(length).with(at, length ^ 1)));
    }),
  ),
);

clause(
  'RFC 5246 §6.2.3.2: padding that leaves no room for the MAC',
  ...[12, 13, 31, 32, 255].map((length) => (victim: Victim) => {
    const peer = connected(victim);
    return peer.write(encrypted(peer, new Uint8Array(32).fill(length)));
  }),
);

clause(
  'RFC 5246 §6.2.3.2: a MAC that is wrong under right padding',
  ...[0, 15, 255].map((length) => (victim: Victim) => {
    const peer = connected(victim);
    return peer.write(padded(peer, rightPadding(length), 1));
  }),
);

clause(
  'RFC 5246 §6.2.3.2: ciphertext that is no whole number of blocks',
  ...[16, 47, 49].map(
    (length) => (victim: Victim) =>
      connected(victim).write(plainRecord(type.application_data, new Uint8Array(length))),
  ),
);

clause('RFC 5246 §6.2.3.2: all lengths of padding', (victim) => {
  const peer = connected(victim);
  for (let length = 0; length <= 255; length++) peer.write(padded(peer, rightPadding(length)));
  return peer.data(bytes(1));
});
