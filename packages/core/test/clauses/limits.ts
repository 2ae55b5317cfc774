import { expect } from 'vitest';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { certificateAuthoritiesExtension } from '../../src/extensions/certificate-authorities.ts';
import { extension } from '../../src/extensions/definition.ts';
import { keyShareExtension } from '../../src/extensions/key-share.ts';
import { paddingExtension } from '../../src/extensions/padding.ts';
import { alertDescriptions } from '../../src/errors/alerts.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import { encodeMessage, type Tls13Message } from '../../src/messages/tls13.ts';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { p256Certificate } from '../harness/fixtures.ts';
import { withExtension, withExtensions, type Change, type Peer } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause, connected, inHandshake } from './clause.ts';

const ticket: Tls13Message = {
  type: 'new_session_ticket',
  ticketLifetimeSeconds: 1,
  ticketAgeAdd: 1,
  ticketNonce: bytes(),
  ticket: bytes(1),
  extensions: ExtensionBlock.of('NST', []),
};

clause('Limits: records without content', (victim) =>
  times(33, connected(victim), (peer) => peer.data(bytes())),
);
clause('Limits: records without content, up to the limit', (victim) => {
  const peer = times(32, connected(victim), (each) => each.data(bytes()));
  times(32, peer.data(bytes(1)), (each) => each.record(type.application_data, bytes(), 50));
  expect(peer.outputs.flatMap((output) => (output.type === 'data' ? [output.bytes.length] : []))).toEqual([
    1,
  ]);
  return peer;
});
clause(
  'Limits: warning alerts',
  (victim) => times(5, connected(victim), (peer) => peer.alert(1, alertDescriptions.user_canceled)),
  (victim) => times(5, inHandshake(victim), (peer) => peer.alert(1, alertDescriptions.user_canceled)),
);
clause('Limits: warning alerts, up to the limit', (victim) => {
  const peer = times(4, connected(victim), (each) => each.alert(1, alertDescriptions.user_canceled));
  return times(4, peer.data(bytes(1)), (each) => each.alert(1, alertDescriptions.user_canceled));
});
clause(
  'Limits: KeyUpdates',
  (victim) => times(33, connected(victim), (peer) => peer.keyUpdate(false)),
  (victim) => times(33, connected(victim), (peer) => peer.keyUpdate(true)),
  // Empty records are no progress.
  (victim) => times(32, connected(victim), (peer) => peer.keyUpdate(false).data(bytes())).keyUpdate(true),
);
clause('Limits: KeyUpdates, up to the limit', (victim) => {
  const peer = times(32, connected(victim), (each) => each.keyUpdate(true));
  return times(32, peer.data(bytes(1)), (each) => each.keyUpdate(true)).data(bytes(2));
});
clause('Limits: tickets', () => times(33, scriptedServer().before('end'), (peer) => peer.handshake(ticket)));
clause('Limits: tickets, up to the limit', () => {
  const peer = times(32, scriptedServer().before('end'), (each) => each.handshake(ticket));
  return times(32, peer.data(bytes(1)), (each) => each.handshake(ticket));
});
clause('Limits: change_cipher_spec records', (victim) =>
  times(33, inHandshake(victim), (peer) => peer.changeCipherSpec()),
);
clause('Limits: change_cipher_spec records, up to the limit', (victim) =>
  times(32, inHandshake(victim), (peer) => peer.changeCipherSpec()),
);

clause(
  'Limits: a handshake message above 64 KiB',
  (victim) => inHandshake(victim).record(type.handshake, bytes(8, 1, 0, 1)),
  (victim) => connected(victim).record(type.handshake, bytes(24, 0xff, 0xff, 0xff)),
  // The header alone decides, also when it stands behind a whole message.
  () => {
    const server = scriptedServer().before('encryptedExtensions');
    return server.pack(() => server.encryptedExtensions().handshake(bytes(13, 1, 0, 1)));
  },
);
clause('Limits: a handshake message of 64 KiB', () =>
  scriptedClient().clientHello(ofSize(65_536)).finished(),
);
clause(
  'Limits: a ClientHello of 1,025 entries',
  () => scriptedClient().clientHello(withEntries(1_025, 'extensions')),
  () => scriptedClient().clientHello(withEntries(1_025, 'authorities')),
  // Also where it is asked how it is to be served.
  () =>
    scriptedClient({ answers: { chooseConfig: () => undefined } }).clientHello(
      withEntries(1_025, 'authorities'),
    ),
);
clause(
  'Limits: a ClientHello of 1,024 entries',
  () => scriptedClient().clientHello(withEntries(1_024, 'extensions')).finished(),
  () => scriptedClient().clientHello(withEntries(1_024, 'authorities')).finished(),
);
clause('Limits: a Certificate above 100 KiB', (victim) =>
  inHandshake(victim).record(type.handshake, bytes(11, 1, 0x90, 1)),
);
clause('Limits: a Certificate of 100 KiB', () =>
  scriptedServer()
    .before('certificate')
    .certificate((message) => {
      const [first] = message.certificateList;
      const certData = new Uint8Array(102_400 - 1 - 3 - 3 - 2 - p256Certificate.length - 3 - 2);
      return { ...message, certificateList: [first!, { ...first!, certData }] };
    }),
);
clause('Limits: 101 certificates', () =>
  scriptedServer()
    .before('certificate')
    .certificate((message) => ({ ...message, certificateList: Array(101).fill(message.certificateList[0]) })),
);
clause('Limits: 100 certificates', () =>
  scriptedServer()
    .before('certificate')
    .certificate((message) => ({ ...message, certificateList: Array(100).fill(message.certificateList[0]) }))
    .certificateVerify(),
);
clause('Limits: more input than is held while a decision is pending', () => {
  const client = scriptedClient({ limits: { heldInputBytes: 1_000 }, answers: { sign: () => undefined } });
  return client.clientHello().write(new Uint8Array(600)).write(new Uint8Array(401));
});
clause('Limits: input held while a decision is pending', () => {
  const client = scriptedClient({ limits: { heldInputBytes: 1_000 }, answers: { sign: () => undefined } });
  return client.clientHello().write(new Uint8Array(600)).write(new Uint8Array(400));
});

function times(count: number, peer: Peer, send: (peer: Peer) => Peer): Peer {
  for (let i = 0; i < count; i++) send(peer);
  return peer;
}

/** A ClientHello with so many extensions and entries of lists, most of them of one kind. */
function withEntries(count: number, kind: 'extensions' | 'authorities'): Change<ClientHello> {
  return (hello) => {
    const { extensions } = hello;
    const listed = extensions.get(keyShareExtension)!.length + (extensions.get(alpnExtension)?.length ?? 0);
    const more = count - extensions.entries.length - listed;
    if (kind === 'extensions') {
      const unknown = Array.from({ length: more }, (_, i) => ({ type: 0x7000 + i, data: bytes() }));
      return withExtensions(hello, (entries) => [...entries, ...unknown]);
    }
    const names = Array.from({ length: more - 1 }, () => bytes(0x30));
    return withExtension(hello, extension('CH', certificateAuthoritiesExtension, names));
  };
}

/** A ClientHello whose body has `size` bytes, by padding. */
function ofSize(size: number): Change<ClientHello> {
  return (hello) => {
    const more = size - (encodeMessage(hello).length - 4) - 4;
    return withExtension(hello, { type: paddingExtension.type, data: new Uint8Array(more) });
  };
}
