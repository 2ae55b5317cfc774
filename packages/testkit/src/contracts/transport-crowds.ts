import { integerBelow, seededRandom } from '../seeded-random.ts';
import type { ByteStream } from './byte-wire.ts';
import { seededSource } from './contract-case.ts';
import { expectThat, expectToRead, noise, send, transportCase } from './transport-ends.ts';
import { type Connect, echo, withService } from './transport-service.ts';
import type { TransportCase, TransportProfile, TransportUnderTest } from './transport-under-test.ts';
import { pause, rejection, settled } from './waiting.ts';

/** Much data, many connections at once and many in a row: nothing is mixed up, and nothing stays behind. */
export function crowdCases(
  transport: TransportUnderTest,
  profile: TransportProfile,
  patienceMs: number,
): TransportCase[] {
  const { megabytes, atOnce, inARow } = sizes[profile];
  return [
    transportCase(`${megabytes} MB in writes of all sizes`, () => transfer(transport, megabytes * 1_000_000)),
    transportCase(`${atOnce} connections at once`, () =>
      withService(transport, echo, async (connect) => {
        await Promise.all(Array.from({ length: atOnce }, async (_, i) => talk(await connect(), i)));
      }),
    ),
    transportCase(`${inARow} connections leave neither memory nor handles`, () =>
      leaks(transport, inARow, patienceMs),
    ),
  ];
}

/** Both ends draw the same bytes, each as it needs them, so that none has to be kept. */
async function transfer(transport: TransportUnderTest, totalBytes: number): Promise<void> {
  let came = 0;
  const read = async (link: ByteStream) => {
    const expected = drawnBytes();
    for (let chunk: Uint8Array | undefined; (chunk = await link.read()) !== undefined; ) {
      const right = expected(chunk.length);
      // One comparison a chunk: byte by byte would take longer than the transfer.
      expectThat(sameBytes(chunk, right), `a wrong byte after ${came}`);
      came += chunk.length;
    }
    await link.end();
  };
  await withService(transport, read, async (connect) => {
    const link = await settled(connect(), 'connecting');
    const next = drawnBytes();
    const random = seededRandom('sizes of writes');
    for (let sent = 0; sent < totalBytes; ) {
      const size = Math.min(1 + integerBelow(random, mostBytesAtOnce), totalBytes - sent);
      await settled(link.write(next(size)), `writing after ${sent} bytes`);
      sent += size;
    }
    await link.end();
    const end = await settled(link.read(), 'the end of the server');
    expectThat(end === undefined, 'the server sent something');
    expectThat(came === totalBytes, `${came} of ${totalBytes} bytes came`);
    link.destroy();
  });
}

/** The same endless row of bytes each time, as a function that gives the next so many of them. */
function drawnBytes(): (length: number) => Uint8Array {
  const source = seededSource(7);
  let block = new Uint8Array(0);
  let at = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      if (at === block.length) {
        block = source(blockBytes) as Uint8Array<ArrayBuffer>;
        at = 0;
      }
      const piece = block.subarray(at, at + length - done);
      bytes.set(piece, done);
      done += piece.length;
      at += piece.length;
    }
    return bytes;
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

/** Bytes there and back, which are this connection's own. */
async function talk(link: ByteStream, seed: number): Promise<void> {
  const bytes = noise(1_000 + seed, seed);
  await Promise.all([send(link, bytes), expectToRead(link, bytes, `connection ${seed}`)]);
  link.destroy();
}

/**
 * Connections in rounds; one in eight is refused by its client, and one in eight is cut. Against the whole of a heap a leak of a few
 * kilobytes shows only after thousands of them, but what leaks grows with every round, and nothing else does.
 */
async function leaks(
  transport: TransportUnderTest,
  count: number,
  patienceMs: number,
): Promise<undefined | { readonly skipped: string }> {
  if (transport.memoryBytes === undefined && transport.openHandles === undefined)
    return { skipped: 'this runtime tells neither memory nor handles' };
  await withService(transport, cutsAreFine, async (connect) => {
    await inTurns(connect, Math.ceil(count / 10) + leastWarmUp);
    const base = await steady(transport);
    const perRound = Math.ceil(count / rounds);
    const growths: number[] = [];
    for (let round = 0, before = base.bytes; round < rounds; round++) {
      await inTurns(connect, perRound);
      const { bytes } = await steady(transport);
      growths.push(bytes - before);
      before = bytes;
    }
    await comesDown(patienceMs, 'open handles', async () => {
      const now = await transport.openHandles?.();
      return now !== undefined && now > base.handles ? `${now}, before them ${base.handles}` : undefined;
    });
    await comesDown(patienceMs, 'memory in bytes', async () => {
      const now = await transport.memoryBytes?.();
      return now !== undefined && now > base.bytes * mostGrowth
        ? `${now}, before them ${base.bytes}`
        : undefined;
    });
    const bound = unsteadyBytes + perRound * mostBytesEach;
    const least = Math.min(...growths);
    expectThat(
      least <= bound,
      `memory grew in each of ${rounds} rounds of ${perRound} connections, by ${growths.join(', ')} bytes`,
    );
  });
  return undefined;
}

/** What is left when nothing is given back any more: the last connections end a while after they were let go. */
async function steady(
  transport: TransportUnderTest,
): Promise<{ readonly bytes: number; readonly handles: number }> {
  const look = async () => ({
    handles: (await transport.openHandles?.()) ?? 0,
    bytes: (await transport.memoryBytes?.()) ?? 0,
  });
  let least = await look();
  for (let same = 0; same < 3; ) {
    await pause(20);
    const { handles, bytes } = await look();
    same = bytes < least.bytes * 0.999 || handles < least.handles ? 0 : same + 1;
    least = { bytes: Math.min(least.bytes, bytes), handles: Math.min(least.handles, handles) };
  }
  return least;
}

async function cutsAreFine(link: ByteStream): Promise<void> {
  await echo(link).catch(() => {});
}

async function inTurns(connect: Connect, count: number): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < count; i = next++) {
      if (i % 8 === 3) {
        await rejection(connect({ trust: 'other' }), 'a client that distrusts the server');
        continue;
      }
      const link = await settled(connect(), 'connecting');
      if (i % 8 === 5) link.destroy();
      else await talk(link, i % 100);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

/** Waits until nothing is `tooMuch` any more. */
async function comesDown(
  patienceMs: number,
  what: string,
  tooMuch: () => Promise<string | undefined>,
): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    const found = await tooMuch();
    if (found === undefined) return;
    expectThat(waitedMs < patienceMs, `${what}: ${found}`);
    await pause(50);
  }
}

const sizes = {
  default: { megabytes: 2, atOnce: 24, inARow: 64 },
  full: { megabytes: 100, atOnce: 500, inARow: 10_000 },
} as const;

const mostBytesAtOnce = 100_000;
const blockBytes = 65_536;
const workers = 8;
/** Compiled functions and caches come with the first connections. */
const leastWarmUp = 32;
const mostGrowth = 1.05;
const rounds = 4;
/** What a runtime still compiles and caches in each round. */
const unsteadyBytes = 80_000;
/** A closure, or an entry of a list. */
const mostBytesEach = 24;
