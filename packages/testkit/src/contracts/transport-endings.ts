import { ApiMisuseError } from '@sealwire/core';
import type { WireEnd } from './byte-wire.ts';
import {
  casesOnBoth,
  type Ends,
  expectThat,
  expectToRead,
  noise,
  readBytes,
  send,
  transportCase,
  withEnds,
} from './transport-ends.ts';
import type { TransportCase, TransportUnderTest } from './transport-under-test.ts';
import { pause, rejection, settled, until } from './waiting.ts';

/** Each side ends its own direction, and only a close_notify counts as an end (RFC 9846 §6.1). */
export function endingCases(transport: TransportUnderTest): TransportCase[] {
  return sides.flatMap(([first, second]) => [
    ...casesOnBoth(transport, `half-close: the ${first} ends, the ${second} goes on`, async (ends) => {
      const [early, late] = [ends[first], ends[second]];
      const [before, after] = [noise(1_000, 1), noise(200_000, 2)];
      await settled(send(early, before), 'the first end');
      await expectToRead(late, before, `the ${second}`);
      await pause(20);
      await Promise.all([send(late, after), expectToRead(early, after, `the ${first}`)]);
    }),
    ...casesOnBoth(
      transport,
      `the ${first} is destroyed: the ${second} reads no orderly end`,
      async (ends) => {
        await settled(ends[first].write(noise(10)), 'writing');
        expectThat((await readBytes(ends[second], noise(10), 10, `the ${second}`)) === 10, 'data came');
        ends[first].destroy();
        ends[first].destroy();
        await rejection(ends[second].read(), 'reading after the peer was destroyed');
      },
    ),
    transportCase(`truncated: the ${second} reads all that came, then an error`, () =>
      withEnds(transport, {}, async (ends, wire) => {
        const bytes = noise(300_000);
        const isSent = wire.sentBytes(first) + bytes.length;
        await Promise.all([
          settled(ends[first].write(bytes), 'writing'),
          readBytes(ends[second], bytes, bytes.length, `the ${second}`),
        ]);
        expectThat(wire.sentBytes(first) >= isSent, 'the wire carries the data');
        wire.endFrom(first);
        await expectTruncated(ends, second);
      }),
    ),
    transportCase(`truncated before the ${second} reads: nothing that came is lost`, () =>
      withEnds(transport, {}, async (ends, wire) => {
        const bytes = noise(10_000);
        const isSent = wire.sentBytes(first) + bytes.length;
        await settled(ends[first].write(bytes), 'writing');
        await until(() => wire.sentBytes(first) >= isSent, 'the data is on the wire');
        wire.endFrom(first);
        await pause(20);
        expectThat(
          (await readBytes(ends[second], bytes, bytes.length, `the ${second}`)) === bytes.length,
          'an orderly end in place of an error',
        );
        await expectTruncated(ends, second);
      }),
    ),
    transportCase(`a cut wire fails reading, and the writes of the ${first}`, () =>
      withEnds(transport, {}, async (ends, wire) => {
        const failing = [ends.client, ends.server].map((link) => rejection(link.read(), 'reading'));
        wire.cut();
        await Promise.all(failing);
        await rejection(ends[first].write(noise(10)), 'writing to a cut wire');
      }),
    ),
    transportCase(`a cut wire fails a write of the ${first} that waits for room`, () =>
      withEnds(transport, {}, async (ends, wire) => {
        const writing = rejection(ends[first].write(noise(4_000_000)), 'the write');
        await pause(20);
        wire.cut();
        await writing;
      }),
    ),
  ]);
}

async function expectTruncated(ends: Ends, reader: WireEnd): Promise<void> {
  const error = await rejection(ends[reader].read(), 'reading after the wire ended');
  expectThat(!(error instanceof ApiMisuseError), 'a peer is no mistake of the caller');
  expectThat(error.code === 'transport.truncated', `expected transport.truncated, got ${error.code}`);
}

const sides = [
  ['client', 'server'],
  ['server', 'client'],
] as const;
