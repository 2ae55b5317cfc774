import type { RawExtension } from '../../src/extensions/definition.ts';
import type { Tls13Message } from '../../src/messages/tls13.ts';
import { concat } from '../../src/wire/bytes.ts';
import { withBody, withExtensions, type Change, type Peer } from '../harness/peer.ts';
import { retriedClient, scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { bytes, clauses, type Case, type Victim } from './clause.ts';
import { sampleMessages } from './sample-messages.ts';

type AnyChange = Change<Tls13Message>;

const asked = { asksClient: true };
const asking = { clientAuthentication: 'request' } as const;

/** Every message that is read, sent where it belongs with one change; but Finished, whose length is of its hash (§4.5.3). */
const senders: Readonly<Record<Victim, Readonly<Record<string, (change: AnyChange) => Peer>>>> = {
  client: {
    server_hello: (change) => scriptedServer().serverHello(change),
    hello_retry_request: (change) => scriptedServer().helloRetryRequest(change),
    encrypted_extensions: (change) =>
      scriptedServer().before('encryptedExtensions').encryptedExtensions(change),
    certificate_request: (change) => scriptedServer().before('certificate').certificateRequest(change),
    certificate: (change) => scriptedServer().before('certificate').certificate(change),
    'certificate after a request': (change) =>
      scriptedServer({}, asked).before('certificate').certificate(change),
    certificate_verify: (change) => scriptedServer().before('certificateVerify').certificateVerify(change),
    new_session_ticket: (change) =>
      scriptedServer().before('end').handshake(change(sampleMessages.new_session_ticket)),
    key_update: (change) => scriptedServer().before('end').handshake(change(sampleMessages.key_update)),
  },
  server: {
    client_hello: (change) => scriptedClient().clientHello(change),
    'second client_hello': (change) => retriedClient().secondHello(change),
    certificate: (change) => scriptedClient(asking).before('certificate').certificate(change),
    certificate_verify: (change) =>
      scriptedClient(asking).before('certificateVerify').certificateVerify(change),
    key_update: (change) => scriptedClient().before('end').handshake(change(sampleMessages.key_update)),
  },
};

clauses('RFC 9846 §6: a message that is too short', forEachMessage(truncated));
clauses('RFC 9846 §6: a message that is too long', forEachMessage(lengthened));
clauses('RFC 9846 §4.3: bytes behind the content of an extension', {
  client: extensionCases('client', [
    'server_hello',
    'hello_retry_request',
    'encrypted_extensions',
    'certificate_request',
  ]),
  server: extensionCases('server', ['client_hello', 'second client_hello']),
});

function forEachMessage(attack: (send: (change: AnyChange) => Peer) => Iterable<Peer>) {
  const cases = (victim: Victim) =>
    Object.entries(senders[victim]).map(([name, send]): Case => [name, () => attack(send)]);
  return { client: cases('client'), server: cases('server') };
}

/** Cut at every byte, or at every seventh of a long message. */
function* truncated(send: (change: AnyChange) => Peer): Generator<Peer> {
  let length = 1;
  let step = 1;
  for (let at = 0; at < length; at += step) {
    let isWhole = false;
    const peer = send((message) => {
      const cut = withBody(message, (body) => {
        length = body.length;
        step = length > 250 ? 7 : 1;
        // ECDSA signatures differ in length.
        isWhole = at >= length || at === wholeWithoutExtensions(message);
        return body.subarray(0, at);
      });
      return isWhole ? message : cut;
    });
    if (!isWhole) yield peer;
  }
}

/** Hellos may end before their extensions, and are those of an older version then. */
function wholeWithoutExtensions(message: Tls13Message): number {
  if (message.type === 'client_hello') return 2 + 32 + 33 + 2 + 2 * message.cipherSuites.length + 2;
  return message.type === 'server_hello' || message.type === 'hello_retry_request' ? 2 + 32 + 33 + 2 + 1 : -1;
}

function* lengthened(send: (change: AnyChange) => Peer): Generator<Peer> {
  yield send((message) => withBody(message, (body) => concat([body, bytes(0)])));
  yield send((message) => withBody(message, (body) => concat([body, new Uint8Array(300)])));
}

function extensionCases(victim: Victim, names: readonly string[]): Case[] {
  return names.map((name): Case => [name, () => extensionsLengthened(senders[victim][name]!)]);
}

/** Each extension in turn with one byte more. */
function* extensionsLengthened(send: (change: AnyChange) => Peer): Generator<Peer> {
  let count = 1;
  for (let at = 0; at < count; at++) {
    yield send((message) =>
      withExtensions(message as Extract<Tls13Message, { extensions: unknown }>, (entries) => {
        count = entries.length;
        return entries.map((entry, i) => (i === at ? longer(entry) : entry));
      }),
    );
  }
}

function longer({ type, data }: RawExtension): RawExtension {
  return { type, data: concat([data, bytes(0)]) };
}
