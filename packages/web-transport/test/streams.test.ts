import { type Session, TicketRing } from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { afterEach, expect, it, vi } from 'vitest';
import { type ByteStreams, secureClient, TlsStreams, clientSettings } from '../src/index.ts';
import { errorOf, identities, send, streamPair, textOf, tlsPair } from './pairs.ts';

const { roots } = identities;
const bytes = new TextEncoder();
afterEach(() => vi.unstubAllGlobals());

it('goes with the provider in pure JavaScript by default, and settles opened and closed', async () => {
  const [near, far] = streamPair();
  const [client, server] = tlsPair(
    { client: { provider: nobleProvider }, server: { provider: nobleProvider } },
    [near, far],
  );
  const plain = new TlsStreams(streamPair()[0], clientSettings({ serverName: 'a', roots }));
  plain.abort('enough');
  expect((await client.opened).serverName).toBe('localhost');
  expect((await server.opened).version).toBe(0x0304);
  await Promise.all([send(client, 'there'), send(server, 'back')]);
  expect(await Promise.all([textOf(client), textOf(server)])).toEqual(['back', 'there']);
  await Promise.all([client.closed, server.closed]);
  expect(client.exportKeyingMaterial('label', undefined, 8)).toEqual(
    server.exportKeyingMaterial('label', undefined, 8),
  );
});

it('fills the buffers of a reader who brings his own, and gives the last one back', async () => {
  const [client, server] = tlsPair();
  const sent = send(client, 'seven!!');
  const reader = server.readable.getReader({ mode: 'byob' });
  const first = await reader.read(new Uint8Array(5));
  expect(new TextDecoder().decode(first.value)).toBe('seven');
  const second = await reader.read(new Uint8Array(5));
  expect(new TextDecoder().decode(second.value)).toBe('!!');
  const last = await reader.read(new Uint8Array(5));
  expect([last.done, last.value?.byteLength, last.value?.buffer.byteLength]).toEqual([true, 0, 5]);
  await sent;
  client.abort();
});

it('ends a reader of wider elements who got a part of one', async () => {
  const [client, server] = tlsPair();
  const reader = server.readable.getReader({ mode: 'byob' });
  const reading = errorOf(reader.read(new Uint16Array(2)));
  await send(client, 'x');
  expect(await reading).toBeInstanceOf(TypeError);
  await server.close();
  await client.closed;
});

it('does without streams of bytes where the runtime has none', async () => {
  const Whole = ReadableStream;
  class Older extends Whole<Uint8Array> {
    constructor(source: { readonly type?: string }, strategy: QueuingStrategy<Uint8Array>) {
      if (source.type !== undefined) throw new RangeError('not supported');
      super(source as object, strategy);
    }
  }
  const pair = streamPair();
  vi.stubGlobal('ReadableStream', Older);
  const [client, server] = tlsPair({}, pair);
  await send(client, 'as chunks');
  expect(await textOf(server)).toBe('as chunks');
  expect(() => server.readable.getReader({ mode: 'byob' })).toThrow(TypeError);
  client.abort();
});

it('tells of a truncation after all that came, also to a reader with a small buffer', async () => {
  const [near, far] = streamPair();
  const below = near.writable.getWriter();
  const writable = new WritableStream<Uint8Array>({ write: (chunk) => below.write(chunk) });
  const [client, server] = tlsPair({}, [{ readable: near.readable, writable }, far]);
  await client.opened;
  await client.writable.getWriter().write(bytes.encode('abc'));
  const reader = server.readable.getReader({ mode: 'byob' });
  const { value } = await reader.read(new Uint8Array(2));
  expect(new TextDecoder().decode(value)).toBe('ab');
  await below.close();
  expect((await errorOf(server.closed)).code).toBe('transport.truncated');
  const rest = await reader.read(new Uint8Array(2));
  expect(new TextDecoder().decode(rest.value)).toBe('c');
  expect((await errorOf(reader.read(new Uint8Array(2)))).code).toBe('transport.truncated');
  expect((await errorOf(server.writable.getWriter().write(bytes.encode('late')))).code).toBe(
    'transport.truncated',
  );
});

it('sends a fatal alert when writing is aborted, so that nobody takes it for an end', async () => {
  const [client, server] = tlsPair();
  await Promise.all([client.opened, server.opened]);
  const why = new Error('changed my mind');
  const reading = errorOf(server.readable.getReader().read());
  await client.writable.abort(why);
  expect(await errorOf(client.closed)).toBe(why);
  expect(await errorOf(client.readable.getReader().read())).toBe(why);
  expect((await reading).code).toBe('received.alert');
  expect((await errorOf(server.closed)).code).toBe('received.alert');
});

it('cancels a handshake with user_canceled, then close_notify (RFC 9846 §6.1)', async () => {
  const [near, far] = streamPair();
  const [client] = tlsPair({ client: { decide: { chooseSession: () => new Promise(() => {}) } } }, [
    near,
    streamPair()[1],
  ]);
  client.abort('never mind');
  expect((await errorOf(client.opened)).message).toContain('never mind');
  const { value } = await far.readable.getReader().read();
  const alerts = [...(value as Uint8Array)].join();
  expect(alerts).toMatch(/^21,3,\d,0,2,1,90,21,3,\d,0,2,1,0$/);
});

it('is given up for a reason that has no words, too', async () => {
  const [client, server] = tlsPair();
  await client.opened;
  client.abort(Object.create(null));
  expect((await errorOf(client.closed)).message).toContain('something that has no words');
  expect((await errorOf(server.closed)).code).toBe('received.alert');
});

it('throws away what comes after reading was cancelled, and goes on writing', async () => {
  const [client, server] = tlsPair();
  await client.readable.cancel();
  const flood = server.writable.getWriter();
  for (let i = 0; i < 40; i++) await flood.write(new Uint8Array(65_536));
  const [read] = await Promise.all([textOf(server), send(client, 'still here'), flood.close()]);
  expect(read).toBe('still here');
  await Promise.all([client.closed, server.closed]);
});

it('closes in order, and cuts a peer that does not', async () => {
  const [client, server] = tlsPair();
  const closing = client.close();
  expect(await textOf(server)).toBe('');
  await server.close();
  await closing;
  await client.closed;

  const [quick, deaf] = tlsPair();
  const patient = quick.close({ timeoutMs: 20 });
  await patient;
  expect((await errorOf(quick.closed)).message).toContain('within 20 ms');
  deaf.abort();
});

it('closes in order though the peer, which has ended in order, is gone; but does not lose what is written', async () => {
  for (const [hasEnded, writes, outcome] of [
    [true, false, 'in order'],
    [true, true, 'gone'],
    [false, false, 'gone'],
  ] as const) {
    const [near, far] = streamPair();
    const below = near.writable.getWriter();
    let isGone = false;
    const gone = async (): Promise<void> => {
      if (isGone) throw new Error('gone');
    };
    const writable = new WritableStream<Uint8Array>({
      write: (bytes) => gone().then(() => below.write(bytes)),
      close: () => gone().then(() => below.close()),
    });
    const [client, server] = tlsPair({}, [{ readable: near.readable, writable }, far]);
    await client.opened;
    if (hasEnded) {
      await send(server, 'bye');
      expect(await textOf(client)).toBe('bye');
    }
    isGone = true;
    const writer = client.writable.getWriter();
    const said = (promise: Promise<void>) =>
      promise.then(
        () => 'in order',
        (error: Error) => (/gone/.test(error.message) ? 'gone' : String(error)),
      );
    // That it cannot leave may be known only after it was taken.
    if (writes) await said(writer.write(Uint8Array.of(1)));
    expect(await said(writer.close())).toBe(outcome);
    expect(await said(client.closed)).toBe(outcome);
  }
});

it('leaves closing to whoever holds the writer', async () => {
  const [client] = tlsPair();
  const writer = client.writable.getWriter();
  expect((await errorOf(client.close())).message).toContain('locked');
  writer.releaseLock();
  client.abort();
});

it('gives the connection up when something else than bytes is written', async () => {
  const [client, server] = tlsPair();
  await client.opened;
  const writer = client.writable.getWriter() as unknown as WritableStreamDefaultWriter<string>;
  const error = await errorOf(writer.write('text'));
  expect(error.message).toContain('expected bytes');
  expect(await errorOf(client.closed)).toBe(error);
  expect((await errorOf(textOf(server))).code).toBe('received.alert');
});

it('takes bytes that the program has read already', async () => {
  const [near, far] = streamPair();
  const [client] = tlsPair({}, [near, streamPair()[1]]);
  const reader = far.readable.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  const chunk = value as Uint8Array;
  const [, server] = tlsPair({ server: { alreadyRead: chunk } }, [streamPair()[0], far]);
  chunk.fill(0);
  await Promise.all([client.opened, server.opened]);
  client.abort();
});

it('waits until the streams below are open, and says when they never are', async () => {
  const [near, far] = streamPair();
  const refused = secureClient(
    { ...near, opened: Promise.reject(new Error('nobody there')) },
    { serverName: 'localhost', roots },
  );
  const error = await errorOf(refused.opened);
  expect([error.code, error.message]).toEqual(['transport.connectFailed', 'could not connect: nobody there']);
  expect((await errorOf(far.readable.getReader().read())).message).toContain('ended');
});

it('does not take two streams that are no streams, locked, or give no bytes', async () => {
  const options = { serverName: 'localhost', roots };
  const [near] = streamPair();
  expect(() => secureClient({} as ByteStreams, options)).toThrow(/expected \{ readable, writable \}/);
  const reader = near.readable.getReader();
  expect(() => secureClient(near, options)).toThrow(/readable is locked: expected releaseLock/);
  reader.releaseLock();
  expect(() => secureClient(near, { ...options, alreadyRead: 'x' as never })).toThrow(/alreadyRead/);
  expect(near.writable.locked).toBe(false);
  const text = new ReadableStream({ start: (controller) => controller.enqueue('220 ready') });
  const { opened } = secureClient({ ...near, readable: text }, options);
  expect((await errorOf(opened)).message).toContain('gave string, not bytes');
});

it('trusts nobody who was not named', () => {
  expect(() => secureClient(streamPair()[0], { serverName: 'localhost' })).toThrow(/expected roots/);
});

it('resumes, with early data', async () => {
  const tickets = { keeper: new TicketRing({ provider: nodeProvider }) };
  const server = { tickets, earlyData: { maxBytes: 100 } };
  const sessions: Session[] = [];
  const onSession = (session: Session) => void sessions.push(session);
  const [first, accepted] = tlsPair({ client: { onSession }, server });
  await Promise.all([send(first, ''), send(accepted, ''), textOf(first)]);
  const sendEarlyData = bytes.encode('early');
  const [again, resumed] = tlsPair({ client: { sessions: sessions.slice(0, 1), sendEarlyData }, server });
  await Promise.all([send(again, ', late'), send(resumed, '')]);
  expect(await textOf(resumed)).toBe('early, late');
  expect([again.earlyDataTaken, resumed.earlyDataReceived, again.facts.resumed]).toEqual([5, 5, true]);
});

it('goes inside itself', async () => {
  const [client, server] = tlsPair({}, tlsPair());
  await Promise.all([send(client, 'inside'), send(server, '')]);
  expect(await textOf(server)).toBe('inside');
  await Promise.all([client.closed, server.closed]);
});
