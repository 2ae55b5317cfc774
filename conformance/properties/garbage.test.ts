import { alertFor, ApiMisuseError, type Connection, type Output, TlsError } from '@sealwire/core';
import { pair, type Side } from '@sealwire/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fcOptions } from './profile.ts';
import { clientOf, type Scenario, scenarios, serverOf } from './scenarios.ts';

/** Bytes that no peer would send, to a connection in any of its states. */
const subjects = scenarios.filter(({ name }) =>
  [
    'plain',
    'retry by group',
    'client authentication with a certificate',
    'half-close',
    'everything at once',
  ].includes(name),
);

describe.each(subjects)('$name', (scenario) => {
  const { client, server } = pair(clientOf(scenario), serverOf(scenario)).run(scenario.script);
  const heard = { client: server.transmitted, server: client.transmitted };

  it.each(['client', 'server'] as const)('the %s survives garbage at any point', (side) => {
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(heard[side].length), garbage, fc.boolean(), (length, chunks, endsThen) => {
        const connection = freshEnd(side, scenario);
        connection.receive(heard[side].slice(0, length), nowMs);
        const before = drained(connection);
        if (isOver(before)) return;
        const outputs: Output[] = [];
        for (const chunk of chunks) {
          connection.receive(chunk, nowMs);
          outputs.push(...drained(connection));
        }
        if (endsThen) connection.receiveEnd(nowMs);
        outputs.push(...drained(connection));
        expectOrder(outputs);
        const failure = outputs.at(-1);
        if (failure?.type === 'failed') {
          refused++;
          expectRefusal(failure, outputs);
          expectDead(connection, heard[side]);
        } else {
          // Nothing has been decided yet: all of it may be the beginning of a record that never came.
          expect(outputs.filter(({ type }) => type === 'data' || type === 'connected')).toEqual([]);
        }
      }),
      fcOptions(150),
    );
    expect(refused).toBeGreaterThan(20);
  });

  it.each(['client', 'server'] as const)(
    'the %s refuses input cut off at any point, and says no more',
    (side) => {
      fc.assert(
        fc.property(fc.nat(heard[side].length), (length) => {
          const connection = freshEnd(side, scenario);
          connection.receive(heard[side].slice(0, length), nowMs);
          connection.receiveEnd(nowMs);
          const outputs = drained(connection);
          expectOrder(outputs);
          const isConnected = outputs.some(({ type }) => type === 'connected');
          const last = outputs.at(-1)!;
          if (isConnected) expect(last.type).toBe('peerClosed');
          else expect(last).toMatchObject({ type: 'failed', error: { code: 'peer.closedDuringHandshake' } });
        }),
        fcOptions(40),
      );
    },
  );
});

function freshEnd(side: Side, scenario: Scenario): Connection {
  const connection = side === 'client' ? clientOf(scenario) : serverOf(scenario);
  connection.start(nowMs);
  return connection;
}

function drained(connection: Connection): Output[] {
  const outputs: Output[] = [];
  for (let output = connection.poll(); output !== undefined; output = connection.poll()) outputs.push(output);
  return outputs;
}

const isOver = (outputs: readonly Output[]) =>
  outputs.some(({ type }) => type === 'closed' || type === 'failed' || type === 'peerClosed');

/** Nothing comes after an end. */
function expectOrder(outputs: readonly Output[]): void {
  const end = outputs.findIndex(({ type }) => type === 'closed' || type === 'failed');
  if (end !== -1) expect(outputs).toHaveLength(end + 1);
}

/** A typed error, the alert that belongs to it, and bytes before it that carry the alert. */
function expectRefusal(failure: Extract<Output, { type: 'failed' }>, outputs: readonly Output[]): void {
  const { error, alert, sentBy } = failure;
  expect(error).toBeInstanceOf(TlsError);
  expect(error.code).toMatch(/^(peer|incompatible|received)\./);
  if (sentBy === 'peer') {
    expect(error.code).toBe('received.alert');
    return;
  }
  if (sentBy === 'nobody') {
    expect(alertFor[error.code]).toBe('none');
    return;
  }
  expect(alert).toBe(alertFor[error.code]);
  const last = outputs.filter((output) => output.type === 'transmit').at(-1);
  expect(last?.pieces.reduce((sum, piece) => sum + piece.length, 0)).toBeGreaterThanOrEqual(7);
}

/** Whatever is done to a connection that has failed, it neither speaks nor throws. */
function expectDead(connection: Connection, more: Uint8Array): void {
  connection.receive(more, nowMs);
  connection.receiveEnd(nowMs);
  expect(connection.send(new Uint8Array([1]))).toBe(0);
  expect(connection.updateKeys({ requestPeer: true })).toBe(false);
  connection.close();
  connection.abort();
  expect(connection.poll()).toBeUndefined();
  expect(connection.wantsInput).toBe(false);
  expect(() => connection.exportKeyingMaterial('EXPORTER-dead', new Uint8Array(0), 32)).toThrow(
    ApiMisuseError,
  );
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

/** A record whose header is right, or nearly. */
const nearlyRecord = fc
  .tuple(
    fc.oneof(fc.constantFrom(20, 21, 22, 23), fc.nat(255)),
    fc.oneof(fc.constantFrom(1, 3), fc.nat(255)),
    bytes(300),
    fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -20, max: 20_000 }) },
    ),
  )
  .map(([type, minor, content, lie]) => {
    const length = Math.max(0, content.length + lie);
    return new Uint8Array([type, 3, minor, length >> 8, length & 0xff, ...content]);
  });

/** A record with one handshake message in it, of the announced length or not. */
const nearlyMessage = fc
  .tuple(
    fc.oneof(fc.constantFrom(1, 2, 4, 8, 11, 13, 15, 20, 24), fc.nat(255)),
    bytes(300),
    fc.constantFrom(0, 0, 0, 1, -1, 70_000),
  )
  .map(([type, body, lie]) => {
    const length = Math.max(0, body.length + lie);
    const message = [type, length >> 16, (length >> 8) & 0xff, length & 0xff, ...body];
    return new Uint8Array([22, 3, 3, message.length >> 8, message.length & 0xff, ...message]);
  });

const garbage = fc.array(fc.oneof(bytes(2_000), nearlyRecord, nearlyMessage), { minLength: 1, maxLength: 6 });

const nowMs = Date.UTC(2026, 0, 1);
