import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import { ByteWire, type WireEnd } from './byte-wire.ts';
import {
  caseWith,
  drained,
  expectThat,
  expectToRead,
  handshake,
  noise,
  otherEnd,
  readBytes,
  send,
  withEnds,
} from './transport-ends.ts';
import type { TransportCase, TransportUnderTest } from './transport-under-test.ts';
import { abortController, pause, pendingOf, rejection, settled } from './waiting.ts';

/** Connections that their owner gives up: by a signal while they open, or because they have nothing to say. */
export function limitCases(transport: TransportUnderTest): TransportCase[] {
  return roles.flatMap((role) => [...signals(transport, role), ...idleness(transport, role)]);
}

function signals(transport: TransportUnderTest, role: WireEnd): TransportCase[] {
  const why = new Error('no longer wanted');
  return [
    caseWith(transport, 'signal', `a signal that is aborted before: the ${role} says nothing`, async () => {
      const wire = new ByteWire();
      const abort = abortController();
      abort.abort(why);
      const opening = (async () => transport.secure(wire[role], role, { signal: abort.signal }))();
      expectThat((await rejection(opening, 'secure')) === why, 'the reason of the signal');
      await pause(5);
      expectThat(wire.sentBytes(role) === 0, 'bytes were sent');
      wire.cut();
    }),
    caseWith(
      transport,
      'signal',
      `a signal within the handshake: the ${role} lets go of the wire`,
      async () => {
        const wire = new ByteWire();
        const abort = abortController();
        const opening = transport.secure(wire[role], role, { signal: abort.signal });
        const failing = rejection(opening, 'secure');
        // Looked at below, which may come after it has rejected.
        failing.catch(() => {});
        await pause(5);
        abort.abort(why);
        expectThat((await failing) === why, 'the reason of the signal');
        await settled(drained(wire[otherEnd(role)]), 'the end of the wire');
      },
    ),
    caseWith(
      transport,
      'signal',
      `a signal after the handshake changes nothing for the ${role}`,
      async () => {
        const abort = abortController();
        const opening = handshake(transport, new ByteWire(), { [role]: { signal: abort.signal } });
        const [client, server] = await settled(
          Promise.all([opening.client, opening.server]),
          'the handshake',
        );
        abort.abort(why);
        const [near, far] = role === 'client' ? [client, server] : [server, client];
        await Promise.all([send(near, noise(1_000)), expectToRead(far, noise(1_000), 'the other end')]);
        for (const link of [client, server]) link.destroy();
      },
    ),
  ];
}

function idleness(transport: TransportUnderTest, role: WireEnd): TransportCase[] {
  return [
    caseWith(transport, 'idleTimeout', `a ${role} over which nothing goes ends by itself`, async () => {
      const clock = virtualClock(Date.now());
      const opening = handshake(transport, new ByteWire(), { [role]: { idleTimeoutMs: 100, clock } });
      const [client, server] = await settled(Promise.all([opening.client, opening.server]), 'the handshake');
      const [near, far] = role === 'client' ? [client, server] : [server, client];
      const reading = near.read();
      await staysOpen(reading, clock, 99);
      clock.advance(1);
      expectIdle(await rejection(reading, 'reading'));
      await settled(drained(far), 'the other end hears of it');
      for (const link of [client, server]) link.destroy();
    }),
    caseWith(transport, 'idleTimeout', `what goes over a ${role} in either direction keeps it open`, () => {
      const clock = virtualClock(Date.now());
      return withEnds(
        transport,
        {},
        async (ends) => {
          const [near, far] = [ends[role], ends[otherEnd(role)]];
          for (const [from, to] of [
            [near, far],
            [far, near],
          ] as const) {
            for (let i = 0; i < 3; i++) {
              clock.advance(60);
              await settled(from.write(noise(10)), 'writing');
              await readBytes(to, noise(10), 10, 'reading');
            }
          }
          const reading = near.read();
          await staysOpen(reading, clock, 149);
          clock.advance(1);
          expectIdle(await rejection(reading, 'reading'));
        },
        { [role]: { idleTimeoutMs: 150, clock } },
      );
    }),
  ];
}

/** A read of an end over which nothing goes for so long. */
async function staysOpen(reading: Promise<unknown>, clock: VirtualClock, ms: number): Promise<void> {
  const isOpen = pendingOf(reading);
  clock.advance(ms);
  await pause(5);
  expectThat(isOpen(), 'over before its time');
}

function expectIdle({ code }: { readonly code?: unknown }): void {
  expectThat(code === 'transport.idleTimeout', `expected transport.idleTimeout, got ${code}`);
}

const roles = ['client', 'server'] as const;
