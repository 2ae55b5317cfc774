import { expect } from 'vitest';
import { alertDescriptions } from '../../src/errors/alerts.ts';
import { encodeMessage12 } from '../../src/messages/tls12.ts';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { tls13 } from '../../src/tls13/module.ts';
import { nowMs, plainRecord, type Peer } from '../harness/peer.ts';
import type { Peer12 } from '../harness/peer12.ts';
import { scriptedClient12 } from '../harness/scripted-client12.ts';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { bytes, clause, clauses, type Case, type Victim } from './clause.ts';
import { sampleMessages12 } from './sample-messages12.ts';

/** Records, change_cipher_spec and alerts of TLS 1.2. */

/** Nothing is protected, the version is agreed on: a client waits for Certificate, a server for ClientKeyExchange. */
function inHandshake(victim: Victim): Peer12 {
  return victim === 'client'
    ? scriptedServer12().before('certificate')
    : scriptedClient12().before('clientKeyExchange');
}

/** The victim waits for our change_cipher_spec. */
function atChange(victim: Victim): Peer12 {
  return victim === 'client' ? scriptedServer12().before('newKeys') : scriptedClient12().before('newKeys');
}

/** The victim waits for our Finished. */
function atFinished(victim: Victim): Peer12 {
  return victim === 'client' ? scriptedServer12().before('finished') : scriptedClient12().before('finished');
}

const cbc = suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA;

function connected(victim: Victim, suite?: number): Peer12 {
  if (victim === 'client') return scriptedServer12({}, suite === undefined ? {} : { suite }).before('end');
  const client = scriptedClient12();
  if (suite === undefined) return client.before('end');
  return client
    .clientHello((hello) => ({ ...hello, cipherSuites: [suite as typeof cbc] }))
    .clientKeyExchange()
    .newKeys()
    .finished();
}

const {
  close_notify,
  handshake_failure,
  no_renegotiation,
  protocol_version,
  unrecognized_name,
  user_canceled,
} = alertDescriptions;
const partial = encodeMessage12(sampleMessages12.certificate).subarray(0, 9);

// ------------------------------------------------------------------------------ change_cipher_spec

clause(
  'RFC 5246 §7.1: a change_cipher_spec with another content',
  (victim) => atChange(victim).changeCipherSpec(bytes(2)),
  (victim) => atChange(victim).changeCipherSpec(bytes(1, 1)),
  (victim) => atChange(victim).changeCipherSpec(bytes()),
);
clause('RFC 5246 §7.1: a change_cipher_spec inside a handshake message', (victim) =>
  atChange(victim).record(type.handshake, partial).changeCipherSpec(),
);
clause('RFC 5246 §7.1: change_cipher_spec twice', (victim) => atChange(victim).newKeys().changeCipherSpec());
clause('RFC 5246 §7.1: change_cipher_spec twice, the second in the clear', (victim) =>
  atChange(victim)
    .newKeys()
    .write(plainRecord(type.change_cipher_spec, bytes(1))),
);
clause('RFC 5246 §7.1: Finished in the clear', (victim) => (atChange(victim) as Scripted).finished());
clause('RFC 5246 §7.1: Finished under keys that nobody announced', (victim) => {
  const peer = atChange(victim).switchKeys() as Scripted;
  // The explicit nonce, read as a message: a HelloRequest with a body.
  peer.writeKeys!.sequence = 2 ** 32;
  return peer.finished();
});
clause('RFC 5246 §7.1: Finished in the clear after change_cipher_spec', (victim) =>
  (atChange(victim).changeCipherSpec() as Scripted).finished(),
);
clause('RFC 5246 §7.1: change_cipher_spec before the ServerHello', () =>
  scriptedServer12().changeCipherSpec(),
);
clause('RFC 5246 §7.1: change_cipher_spec before the ServerHello, where TLS 1.3 is offered', () =>
  scriptedServer12({ versions: [tls13, tls12] })
    .changeCipherSpec()
    .before('end')
    .data(bytes(1)),
);
clause('RFC 5246 §7.1: change_cipher_spec before the ClientHello', () =>
  scriptedClient12().changeCipherSpec(),
);

type Scripted = ReturnType<typeof scriptedClient12>;

// ----------------------------------------------------------------------------------------- records

clause(
  'RFC 5246 §6.2.1: a record of another version',
  (victim) => inHandshake(victim).write(plainRecord(type.handshake, partial, 0x0301)),
  (victim) => inHandshake(victim).write(plainRecord(type.handshake, partial, 0x0304)),
  (victim) => {
    const peer = connected(victim);
    return peer.write(peer.seal(type.application_data, bytes(1)).with(2, 2));
  },
  // Only the end of everything may be said in another version.
  (victim) => inHandshake(victim).write(plainRecord(type.alert, bytes(1, no_renegotiation), 0x0301)),
  (victim) => {
    const peer = connected(victim);
    return peer.write(peer.seal(type.alert, bytes(2, handshake_failure)).with(2, 2));
  },
);
clause('RFC 5246 §E.1: the ClientHello in a record of TLS 1.0', () => {
  const client = scriptedClient12();
  const { write } = client;
  client.write = (record) => write.call(client, record.with(2, 1));
  client.clientHello();
  client.write = write;
  return client.completed();
});
clause(
  'RFC 5246 §6.2.1: a record of an unknown type',
  (victim) => inHandshake(victim).write(plainRecord(24, bytes(1))),
  (victim) => connected(victim).write(plainRecord(25, new Uint8Array(40))),
);
clause(
  'RFC 5246 §6.2.1: a record of TLS 1.2 without content',
  (victim) => inHandshake(victim).record(type.handshake, bytes()),
  (victim) => inHandshake(victim).record(type.alert, bytes()),
  (victim) => atFinished(victim).record(type.handshake, bytes()),
  (victim) => connected(victim).record(type.alert, bytes()),
);
clause('RFC 5246 §6.2.1: application data of TLS 1.2 without content', (victim) =>
  connected(victim).data(bytes()).data(bytes(1)),
);
clause('RFC 5246 §6.2.1: application data without content, without end', (victim) => {
  const peer = connected(victim);
  for (let i = 0; i < 1_000 && peer.failure === undefined; i++) peer.data(bytes());
  return peer;
});
clause('RFC 5246 §6.2.1: a message in records of one byte', (victim) => {
  const peer = atFinished(victim);
  const finished = encodeMessage12({ type: 'finished', verifyData: peer.verifyData(peer.role) });
  peer.transcript = peer.transcript.append(finished);
  for (const byte of finished) peer.record(type.handshake, bytes(byte));
  return peer.data(bytes(1));
});
clause('RFC 5246 §6.2.1: a flight of TLS 1.2 in one record', () => {
  const server = scriptedServer12({}, { asksClient: true });
  server.pack(() =>
    server.serverHello().certificate().serverKeyExchange().certificateRequest().serverHelloDone(),
  );
  return server.newKeys().finished().data(bytes(1));
});
clause(
  'RFC 5246 §7.3: ClientHello of TLS 1.2 and more in one record',
  () => {
    const client = scriptedClient12();
    return client.pack(() => client.clientHello().handshake(bytes(16)));
  },
  () => {
    const client = scriptedClient12();
    return client.pack(() => client.clientHello().handshake(bytes(16, 0, 0, 2, 1, 5)));
  },
);
clause('RFC 5246 §7.3: ServerHelloDone and more in one record', () => {
  const server = scriptedServer12().before('serverHelloDone');
  return server.pack(() => server.serverHelloDone().handshake(bytes(4, 0)));
});
clause('RFC 5246 §6.2.1: an unprotected record of TLS 1.2 of 2^14 + 1 bytes', (victim) =>
  inHandshake(victim).write(plainRecord(type.handshake, new Uint8Array(16_385)).subarray(0, 5)),
);
clause('RFC 5246 §6.2.3: a protected record of 2^14 + 2049 bytes', (victim) =>
  connected(victim).write(plainRecord(type.application_data, new Uint8Array(18_433)).subarray(0, 5)),
);
clause('RFC 5246 §6.2.3: a protected record of 2^14 + 2048 bytes', (victim) =>
  connected(victim).write(plainRecord(type.application_data, new Uint8Array(18_432)).subarray(0, 5)),
);
clauses(
  'RFC 5246 §6.2.3: more than 2^14 bytes of content under protection',
  [undefined, cbc].map(
    (suite): Case => [
      `${suite ?? 'AEAD'}`,
      (victim) => connected(victim, suite).data(new Uint8Array(16_385)),
    ],
  ),
);
clauses(
  'RFC 5246 §6.2.3: 2^14 bytes of content under protection',
  [undefined, cbc].map(
    (suite): Case => [
      `${suite ?? 'AEAD'}`,
      (victim) => connected(victim, suite).data(new Uint8Array(16_384)),
    ],
  ),
);
clauses(
  'RFC 5246 §6.2.3: a record of TLS 1.2 that does not verify',
  [undefined, cbc, suites12.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256].flatMap((suite) => [
    ...[5, 20, -1].map(
      (at): Case => [`${suite ?? 'default'}, byte ${at}`, (victim) => changed(connected(victim, suite), at)],
    ),
    // The type is authenticated, too.
    [
      `${suite ?? 'default'}, type`,
      (victim: Victim) => changed(connected(victim, suite), 0, type.alert),
    ] as const,
    [`${suite ?? 'default'}, sent twice`, (victim: Victim) => twice(connected(victim, suite))] as const,
    [`${suite ?? 'default'}, left out`, (victim: Victim) => leftOut(connected(victim, suite))] as const,
    [
      `${suite ?? 'default'}, too short`,
      (victim: Victim) => connected(victim, suite).write(plainRecord(type.application_data, bytes(1))),
    ] as const,
    [
      `${suite ?? 'default'}, empty`,
      (victim: Victim) => connected(victim, suite).write(plainRecord(type.application_data, bytes())),
    ] as const,
  ]),
);
clause(
  'RFC 5246 §6.2.3: a record in the clear after keys',
  (victim) => connected(victim).write(plainRecord(type.application_data, bytes(1))),
  (victim) => connected(victim).write(plainRecord(type.handshake, bytes(0, 0, 0, 0))),
  (victim) => connected(victim).write(plainRecord(type.alert, bytes(1, 0))),
  (victim) => connected(victim).write(plainRecord(type.alert, bytes(2, 40))),
);

function changed(peer: Peer, at: number, to?: number): Peer {
  const record = peer.seal(type.application_data, new Uint8Array(30));
  return peer.write(record.with(at, to ?? record.at(at)! ^ 4));
}

function twice(peer: Peer): Peer {
  const record = peer.seal(type.application_data, bytes(1));
  return peer.write(record).write(record);
}

function leftOut(peer: Peer): Peer {
  peer.seal(type.application_data, bytes(1));
  return peer.data(bytes(2));
}

// -------------------------------------------------------------------------------- application data

clause(
  'RFC 5246 §10: application data in the first handshake',
  (victim) => inHandshake(victim).write(plainRecord(type.application_data, bytes(1))),
  (victim) => atChange(victim).write(plainRecord(type.application_data, bytes(1))),
);
clause('RFC 5246 §10: application data before Finished', (victim) => atFinished(victim).data(bytes(1)));
clause('RFC 5246 §10: application data inside a handshake message', () =>
  scriptedServer12().before('end').record(type.handshake, bytes(0, 0)).data(bytes(1)),
);

// ------------------------------------------------------------------------------------------ alerts

clause(
  'RFC 5246 §7.2: warnings',
  (victim) => inHandshake(victim).alert(1, unrecognized_name),
  (victim) => connected(victim).alert(1, no_renegotiation).alert(1, 200).data(bytes(1)),
);
clause(
  'RFC 5246 §7.2: warnings without end',
  (victim) => flooded(inHandshake(victim)),
  (victim) => flooded(connected(victim)),
);
clause(
  'RFC 5246 §7.2.2: a fatal alert',
  (victim) => inHandshake(victim).alert(2, handshake_failure),
  (victim) => atFinished(victim).alert(2, handshake_failure),
  (victim) => connected(victim).alert(2, no_renegotiation),
  (victim) => inHandshake(victim).alert(2, user_canceled),
  (victim) => connected(victim).alert(2, user_canceled),
);
clause(
  'RFC 5246 §7.2.2: an alert of TLS 1.2 of an unknown level',
  (victim) => inHandshake(victim).alert(0, handshake_failure),
  (victim) => connected(victim).alert(3, handshake_failure),
);
clause(
  'RFC 5246 §7.2.2: a fatal alert in a record of another version',
  (victim) => inHandshake(victim).write(plainRecord(type.alert, bytes(2, protocol_version), 0x0301)),
  (victim) => atChange(victim).write(plainRecord(type.alert, bytes(2, handshake_failure), 0x0300)),
);
clause(
  'RFC 5246 §7.2: an alert of TLS 1.2 that is not one alert',
  (victim) => inHandshake(victim).record(type.alert, bytes(2)),
  (victim) => connected(victim).record(type.alert, bytes(1, 0, 1, 0)),
);
clause(
  'RFC 5246 §7.2.1: close_notify in the handshake of TLS 1.2',
  (victim) => inHandshake(victim).alert(1, close_notify),
  (victim) => atFinished(victim).alert(1, close_notify),
);
clause('RFC 5246 §7.2.1: close_notify', (victim) => {
  const peer = connected(victim).alert(1, close_notify);
  expect(peer.outputs.at(-1)).toEqual({ type: 'peerClosed', how: 'closeNotify' });
  return peer;
});
clause('RFC 5246 §7.2.1: the end of the transport in a handshake of TLS 1.2', (victim) => {
  const peer = inHandshake(victim);
  peer.victim.receiveEnd(nowMs);
  return peer.drain();
});

function flooded(peer: Peer): Peer {
  for (let i = 0; i < 1_000 && peer.failure === undefined; i++) peer.alert(1, no_renegotiation);
  return peer;
}
