import { type Connection, defaultLimits, type Output } from '@sealwire/core';
import { contentTypes } from '@sealwire/core/codecs';
import { type Parcel, pair, sealedAgain } from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import { clientOf, plain, serverOf } from '../properties/scenarios.ts';
import { converseAs } from './subjects.ts';

/** Input that could go on for ever: it ends at a limit, and what is kept until then is bounded by one. */
describe('a peer that never comes to the point', () => {
  it.each([
    [
      'change_cipher_spec',
      record(changeCipherSpec, [1]),
      defaultLimits.changeCipherSpecs,
      'peer.tooManyChangeCipherSpecs',
    ],
    ['user_canceled', record(alert, [1, 90]), defaultLimits.warningAlerts, 'peer.tooManyWarningAlerts'],
  ])('may send %s only so often', (_, wire, limit, code) => {
    const client = started(clientOf(plain));
    for (let i = 0; i < limit; i++) client.receive(wire, nowMs);
    expect(failureOf(client)).toBeUndefined();
    client.receive(wire, nowMs);
    expect(failureOf(client)).toMatchObject({ error: { code }, alert: 'unexpected_message', sentBy: 'us' });
  });

  it.each([
    ['client', 0, 'peer.emptyRecord'],
    ['client', 1, undefined],
    ['server', 1, undefined],
  ] as const)('the %s takes one message in fragments of %i bytes, up to the limit', (side, bytes, code) => {
    const end = started(side === 'client' ? clientOf(plain) : serverOf(plain));
    const body = defaultLimits.handshakeMessageBytes;
    const message = new Uint8Array(4 + body);
    message.set([side === 'client' ? 2 : 1, body >> 16, (body >> 8) & 0xff, body & 0xff]);
    if (code !== undefined) {
      end.receive(record(handshake, []), nowMs);
      expect(failureOf(end)).toMatchObject({ error: { code } });
      return;
    }
    for (let at = 0; at < message.length - bytes; at += bytes) {
      end.receive(record(handshake, message.subarray(at, at + bytes)), nowMs);
    }
    expect(failureOf(end)).toBeUndefined();
    end.receive(record(handshake, message.subarray(-bytes)), nowMs);
    expect(failureOf(end)).toMatchObject({ error: { blame: 'peer' }, sentBy: 'us' });
  });

  it('learns from the length of a message that it is too large, before the message', () => {
    const server = started(serverOf(plain));
    const length = defaultLimits.handshakeMessageBytes + 1;
    server.receive(record(handshake, [1, length >> 16, (length >> 8) & 0xff, length & 0xff]), nowMs);
    expect(failureOf(server)).toMatchObject({ error: { code: 'peer.messageTooLarge' }, sentBy: 'us' });
  });

  it('is not listened to for ever while a question is open', () => {
    const client = clientOf(plain, { asksEverything: true });
    pair(client, serverOf(plain)).run();
    expect(client.wantsInput).toBe(false);
    const chunk = new Uint8Array(16_384);
    let taken = 0;
    while (failureOf(client) === undefined && taken < 4 * defaultLimits.heldInputBytes) {
      client.receive(chunk, nowMs);
      taken += chunk.length;
    }
    expect(taken).toBeLessThanOrEqual(defaultLimits.heldInputBytes + chunk.length);
    expect(taken).toBeGreaterThan(defaultLimits.heldInputBytes - chunk.length);
  });

  it.each([
    [
      'empty records',
      { as: 'content', type: applicationData, content: new Uint8Array(0) },
      'peer.tooManyEmptyRecords',
      defaultLimits.emptyRecords,
    ],
    [
      'KeyUpdates',
      { as: 'content', type: handshake, content: new Uint8Array([24, 0, 0, 1, 0]) },
      'peer.tooManyKeyUpdates',
      defaultLimits.keyUpdates,
    ],
    [
      'warnings',
      { as: 'content', type: alert, content: new Uint8Array([1, 90]) },
      'peer.tooManyWarningAlerts',
      defaultLimits.warningAlerts,
    ],
  ] as const)('may send %s only so often after the handshake', (_, parcel: Parcel, code, limit) => {
    const flood = (count: number) =>
      converseAs(plain, {
        onMessage: (seen) => [
          ...sealedAgain(seen),
          ...(seen.from === 'server' && seen.message[0] === finished
            ? Array<Parcel>(count).fill(parcel)
            : []),
        ],
      }).client;
    expect(flood(limit).failure).toBeUndefined();
    expect(flood(limit + 1).failure).toMatchObject({ error: { code }, sentBy: 'us' });
  });
});

const failures = new WeakMap<Connection, Output>();

/** Drains; the failure so far. */
function failureOf(connection: Connection): Output | undefined {
  for (let output = connection.poll(); output !== undefined; output = connection.poll()) {
    if (output.type === 'failed') failures.set(connection, output);
  }
  return failures.get(connection);
}

function started(connection: Connection): Connection {
  connection.start(nowMs);
  failureOf(connection);
  return connection;
}

function record(type: number, content: ArrayLike<number>): Uint8Array {
  return new Uint8Array([type, 3, 3, content.length >> 8, content.length & 0xff, ...Array.from(content)]);
}

const {
  alert,
  handshake,
  application_data: applicationData,
  change_cipher_spec: changeCipherSpec,
} = contentTypes;
const finished = 20;
const nowMs = Date.UTC(2026, 0, 1);
