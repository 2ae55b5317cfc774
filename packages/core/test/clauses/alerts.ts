import { expect } from 'vitest';
import { alertDescriptions } from '../../src/errors/alerts.ts';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { tls13 } from '../../src/tls13/module.ts';
import { nowMs, plainRecord, type Peer } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import {
  atStart,
  bytes,
  clause,
  clauses,
  connected,
  inHandshake,
  type Attack,
  type Victim,
} from './clause.ts';

const { close_notify, user_canceled, handshake_failure } = alertDescriptions;

const alone = (victim: Victim) =>
  victim === 'client' ? scriptedServer({ versions: [tls13] }) : scriptedClient({ versions: [tls13] });

const errorAlerts = Object.entries(alertDescriptions).filter(
  ([, description]) => description !== close_notify && description !== user_canceled,
);

clauses(
  'RFC 9846 §6: an error alert of either level',
  errorAlerts.flatMap(([name, description]) =>
    [1, 2].map((level): [string, Attack] => [
      `${name}, level ${level}`,
      (victim) => {
        const peer = connected(victim).alert(level, description);
        expect(peer.failure).toMatchObject({ alert: name, error: { receivedAlert: description } });
        return peer;
      },
    ]),
  ),
);
clause(
  'RFC 9846 §6: an alert that nobody assigned',
  // Where an older version may yet be agreed on, a warning ends nothing (RFC 5246 §7.2.2).
  (victim) => alone(victim).write(plainRecord(type.alert, bytes(1, 200))),
  (victim) => atStart(victim).write(plainRecord(type.alert, bytes(2, 200))),
  (victim) => inHandshake(victim).alert(1, 255),
  (victim) => connected(victim).alert(1, 1),
);
clause(
  'RFC 9846 §6: an alert of an unknown level',
  (victim) => connected(victim).alert(77, handshake_failure),
  (victim) => connected(victim).alert(0, close_notify),
  (victim) => inHandshake(victim).alert(3, handshake_failure),
  (victim) => atStart(victim).write(plainRecord(type.alert, bytes(255, handshake_failure))),
);
clause('RFC 9846 §6: an unprotected alert for our first flight', () =>
  scriptedClient()
    .clientHello()
    .write(plainRecord(type.alert, bytes(2, handshake_failure))),
);
clause('RFC 9846 §6: an alert inside a handshake message', (victim) =>
  connected(victim).record(type.handshake, bytes(24, 0)).alert(2, handshake_failure),
);

clause('RFC 9846 §6.1: close_notify after the handshake', (victim) => {
  const peer = connected(victim).alert(1, close_notify);
  expect(peer.outputs.at(-1)).toEqual({ type: 'peerClosed', how: 'closeNotify' });
  expect(peer.victim.send(bytes(9))).toBe(1);
  expect(peer.drain().received.at(-1)).toMatchObject({ type: type.application_data, content: bytes(9) });
  peer.victim.close();
  expect(peer.drain().outputs.at(-1)).toEqual({ type: 'closed' });
  expect(peer.received.at(-1)).toMatchObject({ type: type.alert, content: bytes(1, close_notify) });
  return peer;
});
clause('RFC 9846 §6.1: close_notify of level fatal', (victim) => connected(victim).alert(2, close_notify));
clause('RFC 9846 §6.1: data after close_notify', (victim) => {
  const peer = connected(victim).alert(1, close_notify);
  const { length } = peer.outputs;
  peer.data(bytes(1)).alert(2, handshake_failure).write(new Uint8Array(50));
  expect(peer.outputs).toHaveLength(length);
  return peer;
});
clause('RFC 9846 §6.1: data in one piece with close_notify', (victim) => {
  const peer = connected(victim);
  const closing = peer.seal(type.alert, bytes(1, close_notify));
  peer.write(Uint8Array.from([...closing, ...peer.seal(type.application_data, bytes(1))]));
  expect(peer.outputs.at(-1)).toEqual({ type: 'peerClosed', how: 'closeNotify' });
  return peer;
});
clause(
  'RFC 9846 §6.1: close_notify in the handshake',
  (victim) => atStart(victim).write(plainRecord(type.alert, bytes(1, close_notify))),
  (victim) => inHandshake(victim).alert(1, close_notify),
);
clause(
  'RFC 9846 §6.1: user_canceled',
  (victim) => connected(victim).alert(1, user_canceled).data(bytes(1)),
  (victim) => inHandshake(victim).alert(2, user_canceled),
  () => scriptedServer().before('finished').alert(1, user_canceled).finished(),
);
clause('RFC 9846 §6.1: user_canceled and close_notify in the handshake', (victim) =>
  inHandshake(victim).alert(1, user_canceled).alert(1, close_notify),
);
clause(
  'RFC 9846 §6.1: the end of the transport in the handshake',
  (victim) => ended(atStart(victim)),
  (victim) => ended(inHandshake(victim)),
);
clause('RFC 9846 §6.1: the end of the transport without close_notify', (victim) => {
  const peer = ended(connected(victim));
  expect(peer.outputs.at(-1)).toEqual({ type: 'peerClosed', how: 'truncated' });
  return peer;
});

function ended(peer: Peer): Peer {
  peer.victim.receiveEnd(nowMs);
  return peer.drain();
}
