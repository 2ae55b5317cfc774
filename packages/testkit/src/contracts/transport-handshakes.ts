import { ApiMisuseError } from '@sealwire/core';
import { virtualClock } from '../virtual-clock.ts';
import { type ByteStream, ByteWire, type WireEnd } from './byte-wire.ts';
import {
  drained,
  expectThat,
  expectToRead,
  forwarding,
  handshake,
  networkCase,
  noise,
  otherEnd,
  send,
  transportCase,
  withListener,
} from './transport-ends.ts';
import type { TransportCase, TransportProfile, TransportUnderTest } from './transport-under-test.ts';
import { pause, pendingOf, rejection, settled } from './waiting.ts';

/** Handshakes that are cut, late, refused or never meant to be: both ends settle, each with an error. */
export function handshakeCases(transport: TransportUnderTest, profile: TransportProfile): TransportCase[] {
  return [
    ...cuts(transport, profile),
    ...silence(transport),
    ...refusals(transport),
    ...lateDecisions(transport),
  ];
}

function cuts(transport: TransportUnderTest, profile: TransportProfile): TransportCase[] {
  return roles.flatMap((from) =>
    (['end', 'cut'] as const).map((how) =>
      transportCase(
        `${how === 'end' ? 'end' : 'cut'} of the wire within the handshake, from the ${from}`,
        async () => {
          const total = await handshakeBytes(transport, from);
          const last = total - spreadBytes;
          const places =
            profile === 'full'
              ? Array.from({ length: last + 1 }, (_, place) => place)
              : [0, 1, 4, 5, 6, 70, Math.floor(total / 2), last];
          for (const afterBytes of places) await expectBroken(transport, { from, afterBytes, how }, total);
        },
      ),
    ),
  );
}

/**
 * A client is connected when it has sent its Finished, a server may send tickets afterwards: who was told that the
 * handshake is complete learns of the fault by reading. Whoever lacks half of what the other sends is never told so.
 */
async function expectBroken(
  transport: TransportUnderTest,
  fault: { readonly from: WireEnd; readonly afterBytes: number; readonly how: 'end' | 'cut' },
  total: number,
): Promise<void> {
  const what = `${fault.how} after ${fault.afterBytes} of ${total} bytes of the ${fault.from}`;
  const opening = handshake(transport, new ByteWire({ fault }));
  for (const role of roles) {
    const opened = opening[role];
    const error = await rejection(
      opened.then((link) => link.read()),
      `${role}: ${what}`,
    );
    expectThat(!(error instanceof ApiMisuseError), `${role}: ${what}: called a mistake of the caller`);
    expectThat(error.code !== 'transport.handshakeTimeout', `${role}: ${what}: seen only by the clock`);
    if (role !== fault.from && (role === 'server' || fault.afterBytes <= total / 2))
      await rejection(opened, `${role}: ${what}: the handshake`);
    opened.then((link) => link.destroy()).catch(() => {});
  }
}

/** How long a handshake of one end is, from first byte to last. */
async function handshakeBytes(transport: TransportUnderTest, from: WireEnd): Promise<number> {
  const wire = new ByteWire();
  const opening = handshake(transport, wire);
  const links = await settled(Promise.all([opening.client, opening.server]), 'the handshake');
  const bytes = wire.sentBytes(from);
  for (const link of links) link.destroy();
  expectThat(bytes > 100, `a handshake of ${bytes} bytes`);
  return bytes;
}

function silence(transport: TransportUnderTest): TransportCase[] {
  return roles.flatMap((role) => [
    transportCase(`a silent peer: the ${role} gives up in time, and lets go of the wire`, async () => {
      const wire = new ByteWire();
      const clock = virtualClock(Date.now());
      const opening = transport.secure(wire[role], role, { handshakeTimeoutMs: 100, clock });
      const isOpening = pendingOf(opening);
      clock.advance(99);
      await pause(5);
      expectThat(isOpening(), 'given up before its time');
      clock.advance(1);
      await expectTimeout(opening);
      await settled(drained(wire[otherEnd(role)]), 'the end of the wire');
    }),
    transportCase(`a peer that trickles does not give the ${role} more time`, async () => {
      const wire = new ByteWire({ chunkBytes: 1 });
      const clock = virtualClock(Date.now());
      const below = wire[role];
      let readBytes = 0;
      const trickling: ByteStream = {
        ...forwarding(below),
        async read() {
          const byte = await below.read();
          readBytes += 1;
          clock.advance(10);
          return byte;
        },
      };
      const other = transport.secure(wire[otherEnd(role)], otherEnd(role), {});
      other.catch(() => {});
      await expectTimeout(transport.secure(trickling, role, { handshakeTimeoutMs: 200, clock }));
      expectThat(readBytes >= 20, `given up after ${readBytes} bytes of 10 ms each`);
      wire.cut();
      await rejection(other, `the ${otherEnd(role)}`);
    }),
  ]);
}

async function expectTimeout(opening: Promise<ByteStream>): Promise<void> {
  const error = await rejection(opening, 'the handshake');
  expectThat(
    error.code === 'transport.handshakeTimeout',
    `expected transport.handshakeTimeout, got ${error.code}: ${error.message}`,
  );
}

function refusals(transport: TransportUnderTest): TransportCase[] {
  return [
    // Refused before it begins, or verified against a list that nobody here stands on: both do, but never anybody.
    transportCase('a client that is not told whom to trust takes no stranger', async () => {
      const wire = new ByteWire();
      const opening = (async () => transport.secure(wire.client, 'client', { trust: 'unsaid' }))();
      const server = transport.secure(wire.server, 'server', {});
      server.catch(() => {});
      const error = await rejection(opening, 'secure');
      if (!(error instanceof ApiMisuseError)) {
        expectDistrust(error);
        expectHeard(await rejection(server, 'the server'));
        return;
      }
      await pause(20);
      expectThat(wire.sentBytes('client') === 0, 'bytes were sent');
      wire.cut();
    }),
    networkCase(transport, 'the same when it connects itself', (network) =>
      withListener(network, async (connect, accepted) => {
        accepted.catch(() => {});
        const error = await rejection((async () => connect({ trust: 'unsaid' }))(), 'connect');
        if (!(error instanceof ApiMisuseError)) expectDistrust(error);
      }),
    ),
    transportCase('the alert of a client that distrusts the server reaches it', async () => {
      const opening = handshake(transport, new ByteWire(), { client: { trust: 'other' } });
      expectDistrust(await rejection(opening.client, 'the client'));
      expectHeard(await rejection(opening.server, 'the server'));
    }),
    networkCase(transport, 'the same over the network', (network) =>
      withListener(network, async (connect, accepted) => {
        expectDistrust(await rejection(connect({ trust: 'other' }), 'the client'));
        expectHeard(await rejection(accepted, 'the server'));
      }),
    ),
  ];
}

function expectDistrust(error: Error & { readonly code?: unknown }): void {
  expectThat(error.code === 'local.unknownCa', `expected local.unknownCa, got ${error.code}`);
}

function expectHeard(error: { readonly code?: unknown; readonly receivedAlert?: unknown }): void {
  expectThat(error.code === 'received.alert', `expected received.alert, got ${error.code}`);
  expectThat(error.receivedAlert === unknownCa, `expected alert ${unknownCa}, got ${error.receivedAlert}`);
}

function lateDecisions(transport: TransportUnderTest): TransportCase[] {
  return [
    transportCase('a decision that is answered late: the handshake waits, then completes', async () => {
      const question = openQuestion();
      const opening = handshake(transport, new ByteWire(), { client: { trust: question.ask } });
      await settled(question.asked, 'the question');
      let isOpen = false;
      opening.client.then(() => (isOpen = true)).catch(() => {});
      await pause(100);
      expectThat(!isOpen, 'connected before the decision was answered');
      question.answer(true);
      const [client, server] = await settled(Promise.all([opening.client, opening.server]), 'the handshake');
      const bytes = noise(1_000);
      await Promise.all([send(client, bytes), expectToRead(server, bytes, 'the server')]);
      client.destroy();
      server.destroy();
    }),
    transportCase('a decision that refuses late: both ends fail', async () => {
      const question = openQuestion();
      const opening = handshake(transport, new ByteWire(), { client: { trust: question.ask } });
      await settled(question.asked, 'the question');
      await pause(50);
      question.answer(false);
      await rejection(opening.client, 'the client');
      const heard = await rejection(opening.server, 'the server');
      expectThat(heard.code === 'received.alert', `expected received.alert, got ${heard.code}`);
    }),
    transportCase('the time of the handshake goes on while a decision is open', async () => {
      const question = openQuestion();
      const clock = virtualClock(Date.now());
      const client = { trust: question.ask, handshakeTimeoutMs: 200, clock };
      const opening = handshake(transport, new ByteWire(), { client });
      await settled(question.asked, 'the question');
      clock.advance(200);
      await expectTimeout(opening.client);
      await rejection(opening.server, 'the server');
      question.answer(true);
      await pause(20);
    }),
    transportCase('a decision that is answered after the wire was cut changes nothing', async () => {
      const question = openQuestion();
      const wire = new ByteWire();
      const clock = virtualClock(Date.now());
      const client = { trust: question.ask, handshakeTimeoutMs: 500, clock };
      const opening = handshake(transport, wire, { client });
      await settled(question.asked, 'the question');
      wire.cut();
      await rejection(opening.server, 'the server');
      // Who waits for an answer need not read, and then hears nothing of the cut.
      clock.advance(500);
      await rejection(opening.client, 'the client');
      question.answer(true);
      await pause(20);
    }),
  ];
}

/** A question whose answer the case gives when it likes. */
function openQuestion() {
  let isAsked!: () => void;
  let answer!: (accepts: boolean) => void;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  const answered = new Promise<boolean>((resolve) => (answer = resolve));
  const ask = () => {
    isAsked();
    return answered;
  };
  return { asked, ask, answer };
}

const roles = ['client', 'server'] as const;
const unknownCa = 48;

/**
 * Two handshakes differ in length by a few bytes: an ECDSA signature is as long as its two numbers are (RFC 3279
 * §2.2.3). A fault so far before the end always comes true, and still within the last record.
 */
const spreadBytes = 16;
