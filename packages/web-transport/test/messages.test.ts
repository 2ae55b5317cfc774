import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect, it } from 'vitest';
import {
  type DataChannelLike,
  dataChannelStreams,
  messagePortStreams,
  type WebSocketLike,
  webSocketStreams,
} from '../src/index.ts';
import { errorOf, send, textOf, tlsPair } from './pairs.ts';

/** One end of a link in memory that delivers messages as WebSockets and data channels do, and loses what comes after `close`. */
class Link extends EventTarget implements WebSocketLike {
  binaryType = 'blob';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  readyState = 1;
  peer!: Link;
  largest = 0;
  isStuck = false;

  send(message: Uint8Array): void {
    this.largest = Math.max(this.largest, message.length);
    this.bufferedAmount += message.length;
    if (!this.isStuck) setTimeout(() => this.deliver(message));
  }

  deliver(message: Uint8Array): void {
    this.bufferedAmount -= message.length;
    this.dispatchEvent(new Event('bufferedamountlow'));
    if (this.peer.readyState === 1) this.peer.tell('message', { data: message.slice().buffer });
  }

  close(): void {
    if (this.readyState !== 1) return;
    this.readyState = 3;
    setTimeout(() => {
      this.tell('close', { wasClean: true, code: 1000, reason: 'bye' });
      this.peer.close();
    });
  }

  tell(type: string, fields: object): void {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }
}

function linkPair(): readonly [Link, Link] {
  const [a, b] = [new Link(), new Link()];
  a.peer = b;
  b.peer = a;
  return [a, b];
}

function channelOf(link: Link, habits: Partial<DataChannelLike> = {}): DataChannelLike {
  const reliable = { ordered: true, maxRetransmits: null, maxPacketLifeTime: null, ...habits };
  const states = ['connecting', 'open', 'closing', 'closed'];
  const channel: object = new Proxy(link, {
    get(_, name) {
      if (name === 'readyState') return states[link.readyState];
      const value: unknown = name in reliable ? reliable[name as 'ordered'] : Reflect.get(link, name);
      return typeof value === 'function' ? value.bind(link) : value;
    },
    set: (_, name, value) => Reflect.set(link, name, value),
  });
  return channel as DataChannelLike;
}

it('carries TLS over WebSockets, which close when both sides have ended', async () => {
  const links = linkPair();
  const [client, server] = tlsPair({}, [webSocketStreams(links[0]), webSocketStreams(links[1])]);
  await Promise.all([send(client, 'there'), send(server, 'b'.repeat(300_000))]);
  expect(await textOf(server)).toBe('there');
  expect((await textOf(client)).length).toBe(300_000);
  await Promise.all([client.closed, server.closed]);
  client.abort();
});

it('sends no faster than a WebSocket takes it', async () => {
  const [link] = linkPair();
  link.isStuck = true;
  const writer = webSocketStreams(link).writable.getWriter();
  const writes = Array.from({ length: 20 }, () => writer.write(new Uint8Array(65_536)));
  for (const write of writes) write.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(link.bufferedAmount).toBeLessThanOrEqual(262_144 + 65_536);
  link.close();
  expect((await errorOf(Promise.all(writes))).message).toBe('the WebSocket was closed: 1000 bye');
});

it('breaks a WebSocket rather than keep what nobody reads', async () => {
  const [near, far] = linkPair();
  const { readable } = webSocketStreams(near, { maxUnreadBytes: 100_000 });
  for (let i = 0; i < 5; i++) far.send(new Uint8Array(30_000));
  await once(near as never, 'close');
  expect((await errorOf(readable.getReader().read())).message).toBe('more than 100000 bytes lay unread');
});

it('counts messages that are small for more than they bring, and those that are empty for nothing', async () => {
  const [near] = linkPair();
  const { readable } = webSocketStreams(near, { maxUnreadBytes: 100_000 });
  const message = { data: new ArrayBuffer(1) };
  for (let count = 0; count < 10_000; count++) near.tell('message', { data: new ArrayBuffer(0) });
  for (let count = 0; count < 390; count++) near.tell('message', message);
  expect(near.readyState).toBe(1);
  near.tell('message', message);
  expect(near.readyState).toBe(3);
  expect((await errorOf(readable.getReader().read())).message).toBe('more than 100000 bytes lay unread');
});

it.each([0, -1, Number.NaN])('takes no bound that bounds nothing: %s', (maxUnreadBytes) => {
  expect(() => webSocketStreams(linkPair()[0], { maxUnreadBytes })).toThrow(
    `maxUnreadBytes must be a number above 0, got ${maxUnreadBytes}`,
  );
});

it('stops a WebSocket that can be stopped', async () => {
  const [near, far] = linkPair();
  const said: string[] = [];
  const pausing = Object.assign(near, {
    pause: () => void said.push('pause'),
    resume: () => void said.push('resume'),
  });
  const reader = webSocketStreams(pausing).readable.getReader();
  far.send(new Uint8Array(70_000));
  await once(near, 'message');
  expect(said.at(-1)).toBe('pause');
  await reader.read();
  expect(said.at(-1)).toBe('resume');
});

it('waits for a WebSocket to open, and says why it did not', async () => {
  const [near] = linkPair();
  near.readyState = 0;
  const { opened, readable } = webSocketStreams(near);
  near.tell('error', { message: 'refused' });
  near.tell('close', { wasClean: false, code: 1006 });
  expect((await errorOf(opened)).message).toBe('the WebSocket was closed: refused');
  expect((await errorOf(readable.getReader().read())).code).toBe('transport.reset');
  const [late] = linkPair();
  late.readyState = 0;
  const streams = webSocketStreams(late);
  const writing = streams.writable.getWriter().write(new Uint8Array(5));
  late.readyState = 1;
  late.tell('open', {});
  await Promise.all([streams.opened, writing]);
  expect(late.bufferedAmount).toBe(5);
});

it('does not take text for bytes', async () => {
  const [near] = linkPair();
  const { readable } = webSocketStreams(near);
  near.tell('message', { data: 'hello' });
  expect((await errorOf(readable.getReader().read())).message).toContain('not bytes');
});

it('carries TLS over data channels in messages of 16 KiB', async () => {
  const links = linkPair();
  const [client, server] = tlsPair({}, [
    dataChannelStreams(channelOf(links[0])),
    dataChannelStreams(channelOf(links[1])),
  ]);
  await Promise.all([send(client, 'c'.repeat(1_000_000)), send(server, '')]);
  expect((await textOf(server)).length).toBe(1_000_000);
  expect(links[0].largest).toBe(16_384);
  client.abort();
});

it('takes only data channels that lose nothing', () => {
  for (const lossy of [{ ordered: false }, { maxRetransmits: 0 }, { maxPacketLifeTime: 100 }])
    expect(() => dataChannelStreams(channelOf(linkPair()[0], lossy))).toThrow(/ordered and reliable/);
});

it('carries TLS over message ports, each end at its own pace', async () => {
  const { port1, port2 } = new MessageChannel();
  const [client, server] = tlsPair({}, [messagePortStreams(port1), messagePortStreams(port2)]);
  const writer = client.writable.getWriter();
  let taken = 0;
  const writing = (async () => {
    for (; taken < 40; taken++) await writer.write(new Uint8Array(65_536));
    await writer.close();
  })();
  await server.opened;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(taken).toBeLessThan(20);
  expect((await new Response(server.readable).arrayBuffer()).byteLength).toBe(40 * 65_536);
  await Promise.all([writing, send(server, '')]);
  await Promise.all([client.closed, server.closed, once(port1, 'close')]);
});

it('gives up a message port, or one on which something else goes', async () => {
  const { port1, port2 } = new MessageChannel();
  const [near, far] = [messagePortStreams(port1), messagePortStreams(port2)];
  const reading = errorOf(near.readable.getReader().read());
  await far.writable.abort();
  expect((await reading).message).toBe('the other end gave up');

  for (const junk of ['text', { an: 'object' }, undefined]) {
    const channel = new MessageChannel();
    const { readable } = messagePortStreams(channel.port1);
    channel.port2.postMessage(junk);
    expect((await errorOf(readable.getReader().read())).message).toMatch(/expected bytes on the port/);
  }
  for (const number of [-1, 0, 1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const channel = new MessageChannel();
    const { readable } = messagePortStreams(channel.port1);
    channel.port2.postMessage(number);
    expect((await errorOf(readable.getReader().read())).message).toMatch(/has read what was never sent/);
  }
  const channel = new MessageChannel();
  const { readable } = messagePortStreams(channel.port1);
  channel.port2.postMessage(new ArrayBuffer(0));
  for (let i = 0; i < 6; i++) channel.port2.postMessage(new ArrayBuffer(65_536));
  await once(channel.port1, 'close');
  expect((await errorOf(readable.getReader().read())).message).toContain('more than was asked for');
});

it('is closed already, and says so at once', async () => {
  for (const make of [webSocketStreams, (link: Link) => dataChannelStreams(channelOf(link))]) {
    const [link] = linkPair();
    link.readyState = 3;
    const { opened, writable } = make(link);
    expect((await errorOf(opened)).code).toBe('transport.reset');
    expect((await errorOf(writable.getWriter().write(new Uint8Array(1)))).code).toBe('transport.reset');
    expect(link.bufferedAmount).toBe(0);
  }
});

it('sends nothing on a WebSocket that is closing', async () => {
  const [link] = linkPair();
  const writer = webSocketStreams(link).writable.getWriter();
  await writer.write(new Uint8Array(1));
  link.readyState = 2;
  expect((await errorOf(writer.write(new Uint8Array(1)))).code).toBe('transport.reset');
  expect(link.largest).toBe(1);
});

it('hears nothing more of a link whose reading was given up', async () => {
  const [near] = linkPair();
  const { readable } = webSocketStreams(near, { maxUnreadBytes: 1_000 });
  await readable.cancel();
  for (let count = 0; count < 50; count++) near.tell('message', { data: new ArrayBuffer(100) });
  near.tell('message', { data: 'text' });
  expect(near.readyState).toBe(1);
});

it('takes what was sent on a message port after reading was given up, and tells that it has', async () => {
  const { port1, port2 } = new MessageChannel();
  const [near, far] = [messagePortStreams(port1), messagePortStreams(port2)];
  await near.readable.cancel();
  const writer = far.writable.getWriter();
  // More than may be under way at once.
  for (let count = 0; count < 12; count++) await writer.write(new Uint8Array(65_536));
  await writer.close();
  await near.writable.close();
  await once(port1, 'close');
});

it('writes no more on a message port that the other end has given up', async () => {
  const { port1, port2 } = new MessageChannel();
  const [near, far] = [messagePortStreams(port1), messagePortStreams(port2)];
  const writer = near.writable.getWriter();
  // The other end does not read: the fifth waits.
  const writes = Array.from({ length: 6 }, () => writer.write(new Uint8Array(65_536)));
  for (const write of writes) write.catch(() => {});
  await writes[3];
  await far.writable.abort();
  expect((await errorOf(writes[5]!)).message).toBe('the other end gave up');
});
