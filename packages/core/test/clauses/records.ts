import { expect } from 'vitest';
import type { AeadKey, CryptoProvider } from '../../src/crypto/provider.ts';
import { encodeMessage } from '../../src/messages/tls13.ts';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { recordSizeLimitExtension } from '../../src/extensions/record-size-limit.ts';
import { extension } from '../../src/extensions/definition.ts';
import { trafficKeys } from '../../src/tls13/suites.ts';
import { ascii, concat } from '../../src/wire/bytes.ts';
import { testProvider } from '../harness/node-provider.ts';
import { nowMs, plainRecord, withExtension, withoutExtension, type Peer } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { atFinished, atStart, bytes, clause, connected, inHandshake, type Victim } from './clause.ts';

const keyUpdate = encodeMessage({ type: 'key_update', updateRequested: false });
const partial = keyUpdate.subarray(0, 2);

// ------------------------------------------------------------------------------ §5, content types

clause(
  'RFC 9846 §5: an unknown content type in a header',
  (victim) => atStart(victim).write(plainRecord(24, bytes(1))),
  (victim) => inHandshake(victim).write(plainRecord(19, bytes(1))),
  (victim) => connected(victim).write(plainRecord(0xff, bytes(1))),
);
clause(
  'RFC 9846 §5: an unknown content type under protection',
  (victim) => inHandshake(victim).record(24, bytes(1), 1),
  (victim) => connected(victim).record(99, bytes(1), 1),
  // What should be padding and is not zero is taken for the type (§5.4).
  (victim) => connected(victim).record(7, bytes(1, type.application_data, 0, 0), 3),
);
clause(
  'RFC 9846 §5: a change_cipher_spec in compatibility mode',
  (victim) => inHandshake(victim).changeCipherSpec(),
  (victim) => atFinished(victim).changeCipherSpec().changeCipherSpec().finished(),
  (victim) =>
    victim === 'client' ? scriptedServer().changeCipherSpec().before('end') : retryWithChangeCipherSpec(),
);
clause(
  'RFC 9846 §5: a change_cipher_spec with another content',
  (victim) => inHandshake(victim).changeCipherSpec(bytes(2)),
  (victim) => inHandshake(victim).changeCipherSpec(bytes(1, 1)),
  (victim) => inHandshake(victim).changeCipherSpec(bytes()),
);
clause('RFC 9846 §5: a protected change_cipher_spec', (victim) =>
  inHandshake(victim).record(type.change_cipher_spec, bytes(1)),
);
clause('RFC 9846 §5: a change_cipher_spec before the ClientHello', () => scriptedClient().changeCipherSpec());
clause('RFC 9846 §5: a change_cipher_spec after Finished', (victim) => connected(victim).changeCipherSpec());

function retryWithChangeCipherSpec(): Peer {
  const client = scriptedClient({ groups: [0x0017 as never] });
  return client.clientHello().changeCipherSpec().secondHello().changeCipherSpec();
}

/** A record whose header, which its seal covers, has another version. */
function ofOtherVersion(peer: Peer, version: number): Peer {
  const { secret, sequence } = peer.writeKeys!;
  const { aead: name } = peer.suite;
  const aead = testProvider.aeads[name]!;
  const provider: CryptoProvider = {
    ...testProvider,
    aeads: { [name]: { ...aead, key: (bytes: Uint8Array) => changingVersion(aead.key(bytes), version) } },
  };
  const { protection } = trafficKeys(peer.suite, provider, 'application', secret, 100);
  return peer.write(concat(protection().seal(type.application_data, [bytes(1)], 0, sequence)));
}

function changingVersion(key: AeadKey, version: number): AeadKey {
  return {
    open: (...sealed) => key.open(...sealed),
    seal(nonce, header, content) {
      header.set([version >>> 8, version & 0xff], 1);
      return key.seal(nonce, header, content);
    },
    wipe: () => key.wipe(),
  };
}

// ------------------------------------------------------------------------------- §5.1, boundaries

clause(
  'RFC 9846 §5.1: another record inside a handshake message',
  (victim) => inHandshake(victim).record(type.handshake, partial).changeCipherSpec(),
  (victim) => connected(victim).record(type.handshake, partial).data(bytes(1)),
);
clause('RFC 9846 §5.1: ServerHello and more in one record', () => {
  const server = scriptedServer();
  return server.pack(() => server.serverHello().encryptedExtensions());
});
clause('RFC 9846 §5.1: ServerHello and the start of a message in one record', () => {
  const server = scriptedServer();
  return server.pack(() => server.serverHello().handshake(bytes(8)));
});
clause('RFC 9846 §4: HelloRetryRequest and more in one record', () => {
  const server = scriptedServer();
  return server.pack(() => server.helloRetryRequest().handshake(bytes(8)));
});
clause('RFC 9846 §4: a ClientHello that is to be retried, and more in one record', () => {
  const client = scriptedClient({ retryCookie: bytes(1, 2, 3) });
  return client.pack(() => client.clientHello().handshake(bytes(1)));
});
clause(
  'RFC 9846 §5.1: ClientHello and more in one record',
  () => {
    const client = scriptedClient();
    return client.pack(() => client.clientHello().handshake(bytes(20)));
  },
  () => {
    const client = scriptedClient();
    return client.pack(() => client.clientHello().clientHello());
  },
  // The keys change when our signature is there, and the rest still waits.
  () => {
    const client = scriptedClient({ answers: { sign: () => undefined } });
    client.pack(() => client.clientHello().handshake(bytes(20)));
    const question = client.outputs.at(-1);
    if (question?.type === 'decision') {
      client.victim.answer(question.decision, { ok: true, signature: bytes(1) }, nowMs);
    }
    return client.drain();
  },
);
clause(
  'RFC 9846 §5.1: Finished and more in one record',
  (victim) => {
    const peer = atFinished(victim);
    return peer.pack(() => peer.finished().handshake(keyUpdate));
  },
  (victim) => {
    const peer = atFinished(victim);
    return peer.pack(() => peer.finished().handshake(bytes(4, 0)));
  },
);
clause(
  'RFC 9846 §5.1: KeyUpdate and more in one record',
  (victim) => {
    const peer = connected(victim);
    return peer.pack(() => peer.keyUpdate(false).keyUpdate(false));
  },
  (victim) => {
    const peer = connected(victim);
    return peer.pack(() => peer.keyUpdate(true).handshake(bytes(24)));
  },
);
clause('RFC 9846 §5.1: messages cut into records of one byte', (victim) => {
  const peer = connected(victim);
  for (const byte of keyUpdate) peer.record(type.handshake, bytes(byte));
  return peer;
});
clause('RFC 9846 §5.1: a flight in one record', () => {
  const server = scriptedServer({}, { asksClient: true }).before('encryptedExtensions');
  return server.pack(() =>
    server.encryptedExtensions().certificateRequest().certificate().certificateVerify().finished(),
  );
});
clause(
  'RFC 9846 §5.1: a handshake fragment of no bytes',
  (victim) => atStart(victim).write(plainRecord(type.handshake, bytes())),
  (victim) => connected(victim).record(type.handshake, partial).record(type.handshake, bytes()),
);
clause(
  'RFC 9846 §5.1: an alert record that is not one alert',
  (victim) => atStart(victim).write(plainRecord(type.alert, bytes(2))),
  (victim) => atStart(victim).write(plainRecord(type.alert, bytes(1, 0, 1, 0))),
  (victim) => inHandshake(victim).record(type.alert, bytes(2, 40, 0)),
  (victim) => connected(victim).record(type.alert, bytes(1)),
  (victim) => connected(victim).record(type.alert, bytes(1, 0, 1, 0)),
);
clause('RFC 9846 §5.1: an unprotected record of 2^14 + 1 bytes', (victim) =>
  atStart(victim).write(plainRecord(type.handshake, new Uint8Array(16_385)).subarray(0, 5)),
);
clause('RFC 9846 §5.1: an unprotected record of 2^14 bytes', (victim) =>
  atStart(victim).write(plainRecord(type.handshake, new Uint8Array(16_384)).subarray(0, 5)),
);
clause('RFC 9846 §5.1: unprotected application data', (victim) =>
  atStart(victim).write(plainRecord(type.application_data, bytes(1, 2, 3))),
);

// ------------------------------------------------------------------------------- §5.2, protection

clause(
  'RFC 9846 §5.2: an unprotected handshake record after keys',
  (victim) => inHandshake(victim).write(plainRecord(type.handshake, keyUpdate)),
  (victim) => connected(victim).write(plainRecord(type.handshake, keyUpdate)),
);
clause('RFC 9846 §5.2: an unprotected alert after protected records', (victim) =>
  connected(victim).write(plainRecord(type.alert, bytes(2, 40))),
);
clause('RFC 9846 §5.2: an unprotected alert of a server after ServerHello', () =>
  scriptedServer()
    .before('encryptedExtensions')
    .write(plainRecord(type.alert, bytes(2, 40))),
);
clause(
  'RFC 9846 §5.2: a record that does not verify',
  (victim) => changed(inHandshake(victim), 5),
  (victim) => changed(connected(victim), 5),
  (victim) => changed(connected(victim), 20),
  // The header is authenticated, too.
  (victim) => changed(connected(victim), 2),
);
clause(
  'RFC 9846 §5.2: a record shorter than a tag',
  (victim) => inHandshake(victim).write(plainRecord(type.application_data, bytes())),
  (victim) => connected(victim).write(plainRecord(type.application_data, new Uint8Array(15))),
);
clause('RFC 9846 §5.2: a record under keys of the handshake after it', (victim) => {
  const peer = atFinished(victim);
  const { writeKeys } = peer;
  peer.finished();
  peer.writeKeys = writeKeys;
  return peer.data(bytes(1));
});
clause('RFC 9846 §5.2: a protected record of 2^14 + 257 bytes', (victim) =>
  connected(victim).write(plainRecord(type.application_data, new Uint8Array(16_641)).subarray(0, 5)),
);
clause('RFC 9846 §5.2: a protected record of 2^14 + 256 bytes', (victim) =>
  connected(victim).write(plainRecord(type.application_data, new Uint8Array(16_640)).subarray(0, 5)),
);
clause('RFC 9846 §5.3: a record sent twice', (victim) => {
  const peer = connected(victim);
  const record = peer.seal(type.application_data, bytes(1));
  return peer.write(record).write(record);
});
clause('RFC 9846 §5.3: a record left out', (victim) => {
  const peer = connected(victim);
  peer.seal(type.application_data, bytes(1));
  return peer.data(bytes(2));
});

/** A record of data with one bit turned over. */
function changed(peer: Peer, at: number): Peer {
  const record = peer.seal(type.application_data, new Uint8Array(30));
  record[at]! ^= 4;
  return peer.write(record);
}

// ---------------------------------------------------------------------------------- §5.4, padding

clause(
  'RFC 9846 §5.4: a TLSInnerPlaintext of 2^14 + 2 bytes',
  (victim) => connected(victim).data(new Uint8Array(16_385)),
  (victim) => connected(victim).record(type.application_data, new Uint8Array(16_384), 1),
  (victim) => connected(victim).record(type.application_data, bytes(), 16_385),
);
clause('RFC 9846 §5.4: a TLSInnerPlaintext of 2^14 + 1 bytes', (victim) => {
  const peer = connected(victim);
  peer.data(new Uint8Array(16_384)).record(type.application_data, bytes(1, 2), 16_382);
  expect(peer.outputs.slice(-2)).toEqual([
    { type: 'data', bytes: new Uint8Array(16_384), early: false },
    { type: 'data', bytes: bytes(1, 2), early: false },
  ]);
  return peer;
});
clause(
  'RFC 9846 §5.4: nothing but zeros under protection',
  (victim) => inHandshake(victim).record(0, bytes()),
  (victim) => connected(victim).record(0, new Uint8Array(100), 7),
);
clause(
  'RFC 9846 §5.4: a protected handshake record without content',
  (victim) => inHandshake(victim).record(type.handshake, bytes()),
  (victim) => connected(victim).record(type.handshake, bytes(), 10),
);
clause(
  'RFC 9846 §5.4: an alert record without content',
  (victim) => inHandshake(victim).record(type.alert, bytes()),
  (victim) => connected(victim).record(type.alert, bytes(), 10),
  (victim) => atStart(victim).write(plainRecord(type.alert, bytes())),
);
clause('RFC 9846 §5.4: application data without content', (victim) =>
  connected(victim).data(bytes()).record(type.application_data, bytes(), 5).data(bytes(1)),
);
clause('RFC 9846 §5.4: padding behind messages of every type', (victim) => {
  const peer = inHandshake(victim).record(type.alert, bytes(1, 90), 3);
  return peer.record(type.handshake, partial, 9);
});

// ------------------------------------------------------------------------------------- §E, foreign

clause('RFC 9846 §E: a record version that nobody expects', (victim) => {
  const peer = atStart(victim);
  for (const version of [0x0300, 0x0301, 0x0304, 0x03ff])
    peer.write(plainRecord(type.alert, bytes(1, 90), version));
  return peer;
});
clause(
  'RFC 9846 §5.2: a protected record of another version',
  ...[0x0301, 0x0302, 0x0304, 0x03ff].flatMap((version) => [
    (victim: Victim) => ofOtherVersion(inHandshake(victim), version),
    (victim: Victim) => ofOtherVersion(connected(victim), version),
  ]),
);
clause(
  'RFC 9846 §E.5: a record version below 3.0',
  (victim) => atStart(victim).write(plainRecord(type.handshake, bytes(1), 0x0200)),
  (victim) => atStart(victim).write(plainRecord(type.handshake, bytes(1), 0x0002)),
);
clause('RFC 9846 §E.5: a ClientHello of SSL 2.0', () =>
  scriptedClient().write(bytes(0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10, 1, 0, 0x80)),
);
clause(
  'RFC 9846 §5.1: a protocol that is not TLS',
  (victim) => atStart(victim).write(ascii('GET / HTTP/1.1\r\n\r\n')),
  (victim) => atStart(victim).write(ascii('SSH-2.0-x\r\n')),
  (victim) => atStart(victim).write(new Uint8Array(100)),
);

// --------------------------------------------------------------------------- RFC 8449, size limits

clause(
  'RFC 8449 §4: a record above our limit',
  (victim) => limited(victim).data(new Uint8Array(2_000)),
  (victim) => limited(victim).record(type.application_data, bytes(1), 1_999),
);
clause('RFC 8449 §4: a record above a limit that the peer does not know of', () =>
  scriptedClient({ recordSizeLimit: 64 })
    .clientHello((hello) => withoutExtension(hello, recordSizeLimitExtension.type))
    .finished()
    .data(new Uint8Array(16_384)),
);
clause('RFC 8449 §4: a record at our limit', (victim) =>
  limited(victim).data(new Uint8Array(1_999)).record(type.application_data, bytes(1), 1_998),
);
clause('RFC 8449 §4: a limit below 64', (victim) => limiting(victim, 63));
clause('RFC 8449 §4: a limit of 64', (victim) => {
  const peer = limiting(victim, 64);
  peer.victim.send(new Uint8Array(200));
  const sizes = peer
    .drain()
    .received.slice(-4)
    .map(({ content }) => content.length);
  expect(sizes).toEqual([63, 63, 63, 11]);
  return peer;
});
clause('RFC 8449 §4: a limit above the largest record', (victim) => limiting(victim, 0xffff));
clause('RFC 8449 §4: a limit without being asked', () =>
  scriptedServer()
    .before('encryptedExtensions')
    .encryptedExtensions((message) =>
      withExtension(message, extension('EE', recordSizeLimitExtension, 2_000)),
    ),
);

/** Connected with a victim that takes 2,000 bytes a record. */
function limited(victim: Victim): Peer {
  return victim === 'client'
    ? scriptedServer({ recordSizeLimit: 2_000 }).before('end')
    : scriptedClient({ recordSizeLimit: 2_000 }).before('end');
}

/** Connected, our own limit being `limit`. */
function limiting(victim: Victim, limit: number): Peer {
  if (victim === 'server') {
    const entry = extension('CH', recordSizeLimitExtension, limit);
    const client = scriptedClient().clientHello((hello) => withExtension(hello, entry));
    return client.failure === undefined ? client.finished() : client;
  }
  const entry = extension('EE', recordSizeLimitExtension, limit);
  const server = scriptedServer({ recordSizeLimit: 2_000 }).before('encryptedExtensions');
  server.encryptedExtensions((message) => withExtension(message, entry));
  return server.failure === undefined ? server.certificate().certificateVerify().finished() : server;
}
