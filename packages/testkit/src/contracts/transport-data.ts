import type { ByteStream } from './byte-wire.ts';
import {
  casesOnBoth,
  expectThat,
  expectToRead,
  noise,
  send,
  transportCase,
  withEnds,
} from './transport-ends.ts';
import type { TransportCase, TransportUnderTest } from './transport-under-test.ts';
import { pause, settled } from './waiting.ts';

/** Data arrives whole and in order, however it is cut, and no faster than it is read. */
export function dataCases(transport: TransportUnderTest): TransportCase[] {
  return [
    ...casesOnBoth(transport, 'a few bytes come back', ({ client, server }) =>
      echo(client, server, noise(5)),
    ),
    ...casesOnBoth(transport, '5 MB come back', ({ client, server }) =>
      echo(client, server, noise(5_000_000)),
    ),
    ...casesOnBoth(transport, 'the server may speak first', ({ client, server }) =>
      echo(server, client, noise(5)),
    ),
    ...casesOnBoth(transport, '1 MB each way at once', async ({ client, server }) => {
      const [fromClient, fromServer] = [noise(1_000_000, 1), noise(1_000_000, 2)];
      await Promise.all([
        send(client, fromClient),
        send(server, fromServer),
        expectToRead(client, fromServer, 'the client'),
        expectToRead(server, fromClient, 'the server'),
      ]);
    }),
    ...casesOnBoth(transport, 'many writes of one byte, and empty ones', async ({ client, server }) => {
      const bytes = noise(500);
      const writing = (async () => {
        for (let i = 0; i < bytes.length; i++) {
          await client.write(bytes.subarray(i, i + 1));
          await client.write(bytes.subarray(0, 0));
        }
        await client.end();
      })();
      await Promise.all([writing, expectToRead(server, bytes, 'the server')]);
    }),
    transportCase('a wire that gives byte by byte', () =>
      withEnds(transport, { chunkBytes: 1 }, ({ client, server }) => echo(client, server, noise(5_000))),
    ),
    transportCase('what is written may be overwritten once the write has resolved', () =>
      withEnds(transport, {}, async ({ client, server }) => {
        const bytes = noise(200_000);
        const lent = bytes.slice();
        const reading = expectToRead(server, bytes, 'the server');
        await client.write(lent);
        lent.fill(0);
        await client.end();
        await reading;
      }),
    ),
    transportCase('a client that writes is stopped while the server does not read', () =>
      withEnds(transport, {}, ({ client, server }) => stops(client, server)),
    ),
    transportCase('a server that writes is stopped while the client does not read', () =>
      withEnds(transport, {}, ({ client, server }) => stops(server, client)),
    ),
  ];
}

/** `near` sends; `far` sends back what it reads, as it comes. */
async function echo(near: ByteStream, far: ByteStream, bytes: Uint8Array): Promise<void> {
  const echoing = (async () => {
    for (;;) {
      const chunk = await far.read();
      if (chunk === undefined) return far.end();
      await far.write(chunk);
    }
  })();
  await Promise.all([send(near, bytes), expectToRead(near, bytes, 'what came back'), echoing]);
}

/** The wire takes 64 KiB, and each end may hold some; then writes no longer resolve until somebody reads. */
async function stops(writer: ByteStream, reader: ByteStream): Promise<void> {
  const bytes = noise(4_000_000);
  let accepted = 0;
  const writing = (async () => {
    for (let at = 0; at < bytes.length; at = accepted) {
      const piece = bytes.subarray(at, at + 16_384);
      await writer.write(piece);
      accepted += piece.length;
    }
    await writer.end();
  })();
  writing.catch(() => {});
  let seen = -1;
  for (let waits = 0; seen !== accepted || accepted === 0; waits++) {
    expectThat(waits < 100, `the writer goes on: ${accepted} bytes`);
    seen = accepted;
    await pause(50);
  }
  expectThat(accepted <= mostUnreadBytes, `${accepted} bytes were taken while nobody read`);
  await expectToRead(reader, bytes, 'the reader');
  await settled(writing, 'the writes');
}

/** Far above what full buffers of both ends and the wire make together. */
const mostUnreadBytes = 1_000_000;
