import { expect } from 'vitest';
import { encodeHandshake } from '../../src/messages/envelope.ts';
import type { NewSessionTicket } from '../../src/messages/new-session-ticket.ts';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { withExtension } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause, connected } from './clause.ts';
import { sampleMessages } from './sample-messages.ts';

const ticket = sampleMessages.new_session_ticket;

// ------------------------------------------------------------------------------------------ §4.7.1

clause(
  'RFC 9846 §4.7.1: a ticket that nobody wants',
  () => scriptedServer().before('end').handshake(ticket).data(bytes(1)),
  () =>
    scriptedServer()
      .before('end')
      .handshake(withExtension(ticket, { type: 0x6a6a, data: bytes(1) })),
  () => {
    const server = scriptedServer().before('end');
    return server.pack(() => server.handshake(ticket).handshake(ticket));
  },
);
clause('RFC 9846 §4.7.1: a ticket of a client', () => scriptedClient().before('end').handshake(ticket));
clause('RFC 9846 §4.7.1: a ticket without bytes', () =>
  scriptedServer()
    .before('end')
    .handshake(encodeHandshake(handshakeTypes.new_session_ticket, new Uint8Array(4 + 4 + 1 + 2 + 2))),
);
clause('RFC 9846 §4.7.1: an extension that may not stand in a ticket', () =>
  scriptedServer()
    .before('end')
    .handshake(withExtension(ticket, { type: ext.key_share, data: bytes(0, 0) })),
);
clause('RFC 9846 §4.7.1: a ticket before Finished', () =>
  scriptedServer().before('finished').handshake(ticket),
);
clause('RFC 9846 §4.7.1: an extension twice in a ticket', () => {
  const entries = [1, 2].map(() => ({ type: ext.early_data, data: bytes(0, 0, 0, 1) }));
  const extensions = { entries } as unknown as NewSessionTicket['extensions'];
  return scriptedServer()
    .before('end')
    .handshake({ ...ticket, extensions });
});

// ------------------------------------------------------------------------------------------ §4.7.2

clause('RFC 9846 §4.7.2: a CertificateRequest after the handshake', () =>
  scriptedServer()
    .before('end')
    .certificateRequest((message) => ({ ...message, certificateRequestContext: bytes(7) })),
);
clause('RFC 9846 §4.2.2: a ClientHello after the handshake', () =>
  scriptedClient().before('end').clientHello(),
);
clause(
  'RFC 9846 §4.6: EndOfEarlyData',
  (victim) => connected(victim).handshake({ type: 'end_of_early_data' }),
  () => scriptedServer().before('finished').handshake({ type: 'end_of_early_data' }),
);

// ------------------------------------------------------------------------------------------ §4.7.3

clause(
  'RFC 9846 §4.7.3: another request_update',
  (victim) => connected(victim).handshake(encodeHandshake(handshakeTypes.key_update, bytes(2))),
  (victim) => connected(victim).handshake(encodeHandshake(handshakeTypes.key_update, bytes(255))),
);
clause('RFC 9846 §4.7.3: the next key without a KeyUpdate', (victim) => {
  const peer = connected(victim);
  peer.writeKeys = peer.nextKeys(peer.writeKeys!);
  return peer.data(bytes(1));
});
clause('RFC 9846 §4.7.3: the old key after a KeyUpdate', (victim) => {
  const peer = connected(victim);
  return peer.handshake({ type: 'key_update', updateRequested: false }).data(bytes(1));
});
clause('RFC 9846 §4.7.3: update_requested', (victim) => {
  const peer = connected(victim).keyUpdate(true).keyUpdate(true);
  const { length } = peer.received;
  // One answer for both, and before the next data.
  peer.victim.send(bytes(1));
  const answer = peer.drain().received.slice(length);
  expect(answer.map((record) => record.type)).toEqual([type.handshake, type.application_data]);
  expect(answer[0]!.content).toEqual(bytes(24, 0, 0, 1, 0));
  expect(peer.victim.facts).toMatchObject({ keyUpdatesReceived: 2, keyUpdatesSent: 1 });
  return peer;
});
clause('RFC 9846 §4.7.3: an answer nobody asked for', (victim) =>
  connected(victim).keyUpdate(false).data(bytes(1)),
);
