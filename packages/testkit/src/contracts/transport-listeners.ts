import { ApiMisuseError } from '@sealwire/core';
import { virtualClock } from '../virtual-clock.ts';
import type { ByteStream } from './byte-wire.ts';
import {
  drained,
  expectThat,
  expectToRead,
  networkCase,
  noise,
  readBytes,
  transportCase,
} from './transport-ends.ts';
import { echo } from './transport-service.ts';
import type {
  EndOptions,
  ListenerUnderTest,
  TransportCase,
  TransportNetwork,
  TransportUnderTest,
} from './transport-under-test.ts';
import { pause, pendingOf, rejection, settled, until } from './waiting.ts';

/** Listeners and those who connect to them: peers that speak no TLS, or too slowly, and the end of a listener. */
export function listenerCases(transport: TransportUnderTest): TransportCase[] {
  return [
    plainCase(transport, 'peers that say nothing, or trickle, are given up, and hold up nobody', slowPeers),
    plainCase(transport, 'a peer that connects and goes again', hitAndRun),
    ...(['end', 'destroy'] as const).map((how) =>
      plainCase(
        transport,
        `a server that accepts and ${how === 'end' ? 'ends' : 'drops'} the connection`,
        (network) => acceptAndDrop(network, how),
      ),
    ),
    plainCase(transport, 'a server that accepts and says nothing', acceptAndStall),
    plainCase(transport, 'a listener is closed during handshakes', closedInHandshake),
    networkCase(transport, 'a listener is closed: connections go on to their end', closedInOrder),
    networkCase(transport, 'a listener is closed: what does not end is ended', closedInTime),
    networkCase(transport, 'a writer over the network is stopped while nobody reads', stopsOverNetwork),
  ];
}

type PlainNetwork = TransportNetwork & Required<Pick<TransportNetwork, 'plain'>>;

function plainCase(
  { network }: TransportUnderTest,
  name: string,
  run: (network: PlainNetwork) => Promise<void>,
): TransportCase {
  return transportCase(name, async () => {
    if (network?.plain === undefined) return { skipped: 'this adapter has no connections without TLS' };
    await run({ ...network, plain: network.plain });
    return undefined;
  });
}

async function slowPeers(network: PlainNetwork): Promise<void> {
  const clock = virtualClock(Date.now());
  await withListener(network, { handshakeTimeoutMs: 300, clock }, async ({ port }, { failures }) => {
    const slow = await Promise.all(Array.from({ length: 20 }, () => network.plain.connect(port)));
    // When the last is through, all have been accepted.
    const honest = await settled(network.connect(port, {}), 'an honest client among them');
    await exchange(honest);
    for (const byte of helloBegins) {
      clock.advance(20);
      await Promise.all(slow.map((link, i) => (i % 2 === 0 ? link.write(Uint8Array.of(byte)) : undefined)));
      await pause(5);
    }
    expectThat(failures.length === 0, 'given up before their time');
    clock.advance(300 - 20 * helloBegins.length);
    await settled(Promise.all(slow.map(drained)), 'the server lets go of the slow ones');
    await until(() => failures.length === slow.length, 'all of them are failures');
    for (const { code } of failures)
      expectThat(code === 'transport.handshakeTimeout', `expected transport.handshakeTimeout, got ${code}`);
    for (const link of [...slow, honest]) link.destroy();
  });
}

async function hitAndRun(network: PlainNetwork): Promise<void> {
  await withListener(network, {}, async ({ port }, { failures }) => {
    for (const how of ['end', 'destroy'] as const) {
      const peer = await network.plain.connect(port);
      if (how === 'destroy') await peer.write(Uint8Array.from(helloBegins));
      await peer[how]();
      const wanted = how === 'end' ? 1 : 2;
      await until(() => failures.length === wanted, `${how} is a failed handshake`);
      await drained(peer);
    }
    for (const { code } of failures)
      expectThat(code !== 'transport.handshakeTimeout', 'seen at once, not by the clock');
    await exchange(await settled(network.connect(port, {}), 'an honest client after them'));
  });
}

async function acceptAndDrop(network: PlainNetwork, how: 'end' | 'destroy'): Promise<void> {
  const listener = await network.plain.listen((link) => {
    link[how]();
    if (how === 'end') void drained(link).finally(() => link.destroy());
  });
  try {
    for (let i = 0; i < 5; i++) {
      const error = await rejection(network.connect(listener.port, {}), 'connecting');
      expectThat(!(error instanceof ApiMisuseError), 'a peer is no mistake of the caller');
      expectThat(error.code !== 'transport.handshakeTimeout', 'seen at once, not by the clock');
    }
  } finally {
    await settled(listener.close(), 'closing the listener');
  }
}

async function acceptAndStall(network: PlainNetwork): Promise<void> {
  const links: ByteStream[] = [];
  const listener = await network.plain.listen((link) => void links.push(link));
  try {
    const clock = virtualClock(Date.now());
    const connecting = rejection(
      network.connect(listener.port, { handshakeTimeoutMs: 100, clock }),
      'connecting',
    );
    connecting.catch(() => {});
    await until(() => links.length > 0, 'the server accepts');
    // When a client begins to count is its own matter.
    for (const isOpen = pendingOf(connecting); isOpen(); clock.advance(100)) await pause(5);
    const error = await connecting;
    expectThat(error.code === 'transport.handshakeTimeout', `expected a timeout, got ${error.code}`);
    await settled(Promise.all(links.map(drained)), 'the client lets go of the connection');
  } finally {
    for (const link of links) link.destroy();
    await settled(listener.close(), 'closing the listener');
  }
}

async function closedInHandshake(network: PlainNetwork): Promise<void> {
  await withListener(network, {}, async (listener, { failures }) => {
    const stuck = await network.plain.connect(listener.port);
    await stuck.write(Uint8Array.from(helloBegins));
    const silent = await network.plain.connect(listener.port);
    // An honest client afterwards: when it is through, the others have been accepted.
    await exchange(await settled(network.connect(listener.port, {}), 'an honest client'));
    await settled(listener.close({ timeoutMs: 50 }), 'closing');
    await settled(Promise.all([drained(stuck), drained(silent)]), 'the server lets go of them');
    await until(() => failures.length === 2, 'both are failures');
    await rejection(network.connect(listener.port, {}), 'connecting to a closed listener');
    for (const link of [stuck, silent]) link.destroy();
  });
}

async function closedInOrder(network: TransportNetwork): Promise<void> {
  await withListener(network, {}, async (listener) => {
    const client = await settled(network.connect(listener.port, {}), 'connecting');
    await settled(client.write(noise(1_000)), 'writing');
    await readBytes(client, noise(1_000), 1_000, 'before closing');
    let isClosed = false;
    const closing = listener.close({ timeoutMs: 20_000 }).then(() => (isClosed = true));
    await rejection(network.connect(listener.port, {}), 'connecting to a closed listener');
    await client.write(noise(100_000, 2));
    await client.end();
    expectThat(!isClosed, 'closed while a connection was open');
    await expectToRead(client, noise(100_000, 2), 'after closing');
    client.destroy();
    await settled(closing, 'closing');
  });
}

async function closedInTime(network: TransportNetwork): Promise<void> {
  await withListener(network, {}, async (listener) => {
    const client = await settled(network.connect(listener.port, {}), 'connecting');
    await settled(client.write(noise(10)), 'writing');
    await readBytes(client, noise(10), 10, 'before closing');
    await settled(listener.close({ timeoutMs: 50 }), 'closing');
    await settled(drained(client), 'the end of the connection');
    client.destroy();
  });
}

/** The system's own buffers take some megabytes; what lies above them is ours. */
async function stopsOverNetwork(network: TransportNetwork): Promise<void> {
  const idle: ByteStream[] = [];
  const served = { connection: (link: ByteStream) => void idle.push(link), failure() {} };
  const listener = await settled(network.listen({}, served), 'listening');
  try {
    const client = await settled(network.connect(listener.port, {}), 'connecting');
    const piece = noise(262_144);
    let accepted = 0;
    const writing = (async () => {
      for (; accepted <= mostBytesOfSystem; accepted += piece.length) await client.write(piece);
    })();
    writing.catch(() => {});
    for (let seen = -1; seen !== accepted; ) {
      seen = accepted;
      await pause(60);
    }
    expectThat(accepted <= mostBytesOfSystem, `${accepted} bytes were taken while nobody read`);
    client.destroy();
    await rejection(writing, 'the write that waited');
  } finally {
    for (const link of idle) link.destroy();
    await settled(listener.close({ timeoutMs: 50 }), 'closing the listener');
  }
}

/** Runs with a listener that echoes. */
async function withListener(
  network: TransportNetwork,
  options: EndOptions,
  run: (
    listener: ListenerUnderTest,
    seen: { readonly failures: readonly { readonly code?: unknown }[] },
  ) => Promise<void>,
): Promise<void> {
  const failures: { code?: unknown }[] = [];
  const listener = await settled(
    network.listen(options, {
      connection: (link) => void echo(link).catch(() => {}),
      failure: (error) => void failures.push(error as { code?: unknown }),
    }),
    'listening',
  );
  try {
    await run(listener, { failures });
  } finally {
    await settled(listener.close({ timeoutMs: 50 }), 'closing the listener');
  }
}

async function exchange(client: ByteStream): Promise<void> {
  const bytes = noise(1_000);
  await settled(client.write(bytes), 'writing');
  await client.end();
  await expectToRead(client, bytes, 'what came back');
  client.destroy();
}

/** The first bytes of a ClientHello in its record, which go on for 512 bytes. */
const helloBegins = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, 0x00];

const mostBytesOfSystem = 32_000_000;
