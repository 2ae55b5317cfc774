import { ApiMisuseError, type Connection, type Output, suites13, TlsError } from '@sealwire/core';
import { once } from 'node:events';
import type tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import {
  bytesOf,
  client,
  clientCredential,
  drain,
  exchange,
  nowMs,
  ofType,
  server,
  verifyPeer,
} from './ends.ts';
import { closeOpen, detachedClient, detachedServer } from './detached.ts';
import { Offloader } from './offloader.ts';

afterEach(closeOpen);

/** The other end is the builtin TLS of Node, which knows nothing of any of this. */
describe.each([suites13.TLS_AES_128_GCM_SHA256, suites13.TLS_AES_256_GCM_SHA384])(
  'a detached connection, suite %s',
  (suite) => {
    it('of a client carries data, key changes and the end of both sides', async () => {
      const { peer, offloader } = await detachedClient(suite);
      await conversation(peer, offloader);
    });

    it('of a server carries data, key changes and the end of both sides', async () => {
      const { peer, offloader } = await detachedServer(suite);
      await conversation(peer, offloader);
    });
  },
);

describe('a detached connection', () => {
  it('hears the alert of its peer', async () => {
    const { peer, offloader } = await detachedClient(suites13.TLS_AES_128_GCM_SHA256);
    peer.on('error', () => {}).resume();
    offloader.sendBroken();
    await offloader.until(() => offloader.said.at(-1)?.type === 'failed');
    expect(offloader.said.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'received.alert' },
      alert: 'bad_record_mac',
      sentBy: 'peer',
    });
  });

  it('says its own alert', async () => {
    const { peer, offloader } = await detachedServer(suites13.TLS_AES_128_GCM_SHA256);
    const failed = once(peer.resume(), 'error');
    offloader.control.abort(new TlsError('local.accessDenied', 'not you'));
    offloader.drain();
    expect(offloader.said.at(-1)).toMatchObject({ type: 'failed', sentBy: 'us', alert: 'access_denied' });
    const [error] = (await failed) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ERR_SSL_TLSV1_ALERT_ACCESS_DENIED');
  });

  it('answers a request for new keys before anything else is sealed', () => {
    const { peer, offloader, carry } = detachedPair();
    peer.updateKeys({ requestPeer: true });
    peer.send(Buffer.from('under new keys'));
    carry();
    expect(offloader.generations).toEqual({ read: 2, write: 2 });
    expect(offloader.text).toBe('under new keys');
    offloader.send(Buffer.from('mine, too'));
    const data = ofType(carry(), 'data').map(({ bytes }) => Buffer.from(bytes).toString());
    expect(data).toEqual(['mine, too']);
    expect(peer.facts).toMatchObject({ keyUpdatesSent: 1, keyUpdatesReceived: 1 });
  });

  it('owes what was owed before', () => {
    const { asking, answering } = connectedPair();
    answering.updateKeys({ requestPeer: true });
    asking.receive(bytesOf(drain(answering)), nowMs);
    drain(asking);
    const toPeer: Uint8Array[] = [];
    const offloader = new Offloader(asking.detach(), (record) => toPeer.push(record));
    expect(offloader.generations).toEqual({ read: 1, write: 2 });
    offloader.send(Buffer.from('hello'));
    for (const record of toPeer) answering.receive(record, nowMs);
    expect(ofType(drain(answering), 'data')).toHaveLength(1);
    expect(answering.facts.keyUpdatesReceived).toBe(1);
  });

  it('refuses what its peer may not send, with an alert', () => {
    const { offloader, carry } = detachedPair();
    offloader.control.receiveRecord(22, Uint8Array.of(20, 0, 0, 0), nowMs);
    offloader.drain();
    expect(offloader.said.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'peer.unexpectedMessage', handshakeMessage: 'finished' },
    });
    expect(ofType(carry(), 'failed')[0]).toMatchObject({ alert: 'unexpected_message', sentBy: 'peer' });
    // Nothing follows, and nothing throws.
    offloader.control.receiveRecord(23, Uint8Array.of(1), nowMs);
    offloader.control.close();
    expect([offloader.control.updateKeys({ requestPeer: false }), offloader.control.poll()]).toEqual([
      false,
      undefined,
    ]);
  });

  it('knows floods, and data that passes through as progress', () => {
    const { peer, offloader, carry } = detachedPair();
    for (let i = 0; i < 70; i++) {
      peer.updateKeys({ requestPeer: false });
      if (i % 32 === 31) peer.send(Uint8Array.of(1));
    }
    carry();
    expect(offloader.generations.read).toBe(71);
    for (let i = 0; i < 33; i++) peer.updateKeys({ requestPeer: false });
    carry();
    expect(offloader.said.at(-1)).toMatchObject({ error: { code: 'peer.tooManyKeyUpdates' } });
  });

  it('keeps within the limits that were agreed on', () => {
    const { offloader, carry, sizes } = detachedPair({ recordSizeLimit: 100 });
    offloader.send(new Uint8Array(250));
    expect(ofType(carry(), 'data').map(({ bytes }) => bytes.length)).toEqual([99, 99, 52]);
    expect(Math.max(...sizes)).toBe(5 + 100 + 16);
  });

  it('takes with it what was not yet a record', () => {
    const { asking, answering } = connectedPair();
    answering.send(Buffer.from('first'));
    answering.send(Buffer.from('second'));
    const bytes = bytesOf(drain(answering));
    asking.receive(bytes.subarray(0, 40), nowMs);
    drain(asking);
    const detached = asking.detach();
    expect(detached.tail).toEqual(bytes.subarray(5 + 5 + 1 + 16, 40));
    expect([detached.read.sequence, detached.write.sequence]).toEqual([1, 0]);
    const offloader = new Offloader(detached, () => {});
    offloader.receive(bytes.subarray(40));
    expect(offloader.text).toBe('second');
  });

  describe('while an answer is outstanding', () => {
    function held() {
      const answering = server({
        allowDetach: true,
        tickets: false,
        limits: { heldInputBytes: 20_000 },
        answers: { verifyPeer: () => undefined },
      });
      const asking = client({ postHandshakeAuth: true, credentials: [clientCredential] });
      exchange(asking, answering);
      expect(answering.requestClientAuth({}, nowMs)).toBe(1);
      asking.receive(bytesOf(drain(answering)), nowMs);
      const offloader = new Offloader(answering.detach(), () => {});
      const carry = () => offloader.receive(bytesOf(drain(asking)));
      carry();
      const [decision] = offloader.said.flatMap((each) => (each.type === 'decision' ? [each.decision] : []));
      if (decision?.kind !== 'verifyPeer') throw new Error(`expected verifyPeer, got ${decision?.kind}`);
      return { asking, offloader, carry, decision };
    }

    it('keeps records, and handles them afterwards in their order', () => {
      const { asking, offloader, carry, decision } = held();
      for (const each of ['one ', 'two ', 'three']) asking.send(Buffer.from(each));
      carry();
      expect(offloader.text).toBe('');
      offloader.control.answer(decision, verifyPeer({ ...decision.ask, receivedAtMs: nowMs }), nowMs);
      offloader.drain();
      expect(offloader.text).toBe('one two three');
      expect(offloader.control.facts.peerVerdict).toMatchObject({ authorized: true });
    });

    it('keeps so many of them', () => {
      const { asking, offloader, carry } = held();
      asking.send(new Uint8Array(16_384));
      carry();
      expect(offloader.said.some(({ type }) => type === 'failed')).toBe(false);
      asking.send(new Uint8Array(16_384));
      carry();
      expect(offloader.said.at(-1)).toMatchObject({
        type: 'failed',
        error: { code: 'local.heldInputOverflow' },
        sentBy: 'us',
      });
    });
  });

  it('exports what it would have exported', () => {
    const { asking } = connectedPair();
    const before = asking.exportKeyingMaterial('EXPERIMENTAL', new Uint8Array(0), 16);
    const { control } = asking.detach();
    expect(control.exportKeyingMaterial('EXPERIMENTAL', new Uint8Array(0), 16)).toEqual(before);
    expect(control.facts).toBe(asking.facts);
    expect(control.wantsInput).toBe(true);
  });
});

describe('detaching', () => {
  it.each<[string, (pair: ReturnType<typeof connectedPair>) => Connection]>([
    ['needs the option allowDetach', () => client()],
    ['it is not connected (client hello: awaitServerHello)', () => polled(client({ allowDetach: true }))],
    ['outputs wait', ({ asking }) => after(asking, () => asking.send(Uint8Array.of(1)))],
    ['it is being closed', ({ asking }) => polled(after(asking, () => asking.close()))],
    [
      'the peer has closed its side',
      ({ asking, answering }) => {
        answering.close();
        asking.receive(bytesOf(drain(answering)), nowMs);
        return polled(asking);
      },
    ],
    ['the peer has closed its side', ({ asking }) => polled(after(asking, () => asking.receiveEnd(nowMs)))],
    ['it is not connected', ({ asking }) => polled(after(asking, () => asking.abort()))],
    ['a decision is open', () => taskOpen()],
    ['detach was called after detach', ({ asking }) => after(asking, () => asking.detach())],
  ])('is refused: %s', (reason, prepare) => {
    const connection = prepare(connectedPair());
    expect(() => connection.detach()).toThrow(ApiMisuseError);
    expect(() => connection.detach()).toThrow(reason);
  });

  it('is refused inside a handshake message', () => {
    const { asking, answering } = connectedPair();
    const peer = new Offloader(answering.detach(), (record) => asking.receive(record, nowMs));
    peer.seal(22, Uint8Array.of(24, 0));
    polled(asking);
    expect(() => asking.detach()).toThrow('half of a handshake message has arrived');
  });

  it('leaves a connection that is spent', () => {
    const { asking } = connectedPair();
    asking.detach();
    expect([asking.poll(), asking.wantsInput]).toEqual([undefined, false]);
    for (const call of [
      () => asking.send(Uint8Array.of(1)),
      () => asking.receive(Uint8Array.of(1), nowMs),
      () => asking.receiveEnd(nowMs),
      () => asking.close(),
      () => asking.abort(),
      () => asking.updateKeys({ requestPeer: false }),
    ]) {
      expect(call).toThrow(/was called after detach; use its control/);
    }
  });
});

/** A server that waits for a ticket to be sealed. */
function taskOpen(): Connection {
  const answering = server({ allowDetach: true, answers: { sealTicket: () => undefined } });
  exchange(client(), answering);
  return polled(answering);
}

/** Text both ways, new keys both ways, text again, and the end of either side. */
async function conversation(peer: tls.TLSSocket, offloader: Offloader): Promise<void> {
  peer.on('data', (chunk: Buffer) => peer.write(chunk.toString().toUpperCase()));
  const answered = (length: number) => offloader.until(() => offloader.text.length >= length);
  offloader.send(Buffer.from('one '));
  await answered(4);
  offloader.control.updateKeys({ requestPeer: true });
  offloader.drain();
  offloader.send(Buffer.from('two '));
  await answered(8);
  expect(offloader.generations).toEqual({ read: 2, write: 2 });
  offloader.send(Buffer.from('three'));
  await answered(13);
  expect(offloader.text).toBe('ONE TWO THREE');
  const ended = once(peer, 'end');
  offloader.control.close();
  offloader.drain();
  await ended;
  peer.end();
  await offloader.until(() => offloader.said.at(-1)?.type === 'closed');
  expect(offloader.said).toContainEqual({ type: 'peerClosed', how: 'closeNotify' });
}

function connectedPair(options: Parameters<typeof client>[0] = {}) {
  const asking = client({ allowDetach: true, ...options });
  // Tickets would be records, too, and make the numbers harder to read.
  const answering = server({ allowDetach: true, tickets: false, ...options });
  exchange(asking, answering);
  return { asking, answering };
}

/** A detached client with a server that is not. `carry` brings bytes to and fro, and says what the server said. */
function detachedPair(options: Parameters<typeof client>[0] = {}) {
  const { asking, answering: peer } = connectedPair(options);
  const toPeer: Uint8Array[] = [];
  const sizes: number[] = [];
  const offloader = new Offloader(asking.detach(), (record) => toPeer.push(record));
  const carry = (): Output[] => {
    const said: Output[] = [];
    for (;;) {
      for (const record of toPeer.splice(0)) {
        sizes.push(record.length);
        peer.receive(record, nowMs);
      }
      const outputs = drain(peer);
      said.push(...outputs);
      const bytes = bytesOf(outputs);
      if (bytes.length > 0) offloader.receive(bytes);
      if (toPeer.length === 0) return said;
    }
  };
  return { peer, offloader, carry, sizes };
}

function after(connection: Connection, call: () => unknown): Connection {
  call();
  return connection;
}

function polled(connection: Connection): Connection {
  drain(connection);
  return connection;
}
