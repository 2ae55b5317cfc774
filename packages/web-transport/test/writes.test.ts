import { expect, it } from 'vitest';
import { errorOf, streamPair, textOf, tlsPair } from './pairs.ts';

/** Two ends whose handshake is complete, and how many records of application data the first has sent. */
async function countedPair() {
  const [near, far] = streamPair();
  let records = 0;
  let rest: Uint8Array = new Uint8Array(0);
  const count = (bytes: Uint8Array): void => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 5 && rest.length >= 5 + lengthOf(rest)) {
      if (rest[0] === 0x17) records++;
      rest = rest.subarray(5 + lengthOf(rest));
    }
  };
  const writer = near.writable.getWriter();
  const writable = new WritableStream<Uint8Array>({
    write(bytes) {
      count(bytes);
      return writer.write(bytes);
    },
    close: () => writer.close(),
    abort: (reason) => writer.abort(reason),
  });
  const [client, server] = tlsPair({}, [{ readable: near.readable, writable }, far]);
  await Promise.all([client.opened, server.opened]);
  const before = records;
  return { client, server, records: () => records - before };
}

function lengthOf(record: Uint8Array): number {
  return (record[3]! << 8) | record[4]!;
}

it('makes few full records of many small writes', async () => {
  const { client, server, records } = await countedPair();
  const writer = client.writable.getWriter();
  const words = Array.from({ length: 2_000 }, (_, i) => `${i} ${'x'.repeat(i % 200)}\n`);
  const writes = words.map((word) => writer.write(new TextEncoder().encode(word)));
  const closed = writer.close();
  const heard = await textOf(server);
  await Promise.all([...writes, closed]);
  expect(heard).toBe(words.join(''));
  // The first by itself, the others in full ones, and the close_notify.
  expect(records()).toBeLessThanOrEqual(
    Math.ceil(heard.length / 16_384) + 2 + Math.ceil(heard.length / 65_536),
  );
});

it('lets a write leave within its call, and one after the other where the program waits', async () => {
  const { client, server, records } = await countedPair();
  const writer = client.writable.getWriter();
  const heard = textOf(server);
  for (let i = 1; i <= 3; i++) {
    const written = writer.write(Uint8Array.of(0x61));
    expect(records()).toBe(i);
    await written;
  }
  await writer.close();
  expect(await heard).toBe('aaa');
});

it('has copied what was gathered when its write resolves', async () => {
  const { client, server } = await countedPair();
  const writer = client.writable.getWriter();
  const words = ['one ', 'two ', 'three ', 'four'].map((word) => new TextEncoder().encode(word));
  const writes = words.map((word) => writer.write(word).then(() => void word.fill(0x2e)));
  const heard = textOf(server);
  await Promise.all([...writes, writer.close()]);
  expect(await heard).toBe('one two three four');
});

it('takes large writes between small ones, in order', async () => {
  const { client, server } = await countedPair();
  const writer = client.writable.getWriter();
  const sizes = [1, 10, 70_000, 5, 65_536, 0, 7, 65_535, 2, 100_000, 3];
  const pieces = sizes.map((size, i) => 'abcdefghijk'[i]!.repeat(size));
  const writes = pieces.map((piece) => writer.write(new TextEncoder().encode(piece)));
  const heard = textOf(server);
  await Promise.all([...writes, writer.close()]);
  expect(await heard).toBe(pieces.join(''));
});

it('sends what was gathered before the end, though more was written after it', async () => {
  const { client, server } = await countedPair();
  const writer = client.writable.getWriter();
  const writes = ['a', 'b', 'c'].map((word) => writer.write(new TextEncoder().encode(word)));
  const closed = writer.close();
  const late = errorOf(writer.write(Uint8Array.of(1)));
  const heard = textOf(server);
  await Promise.all([...writes, closed]);
  expect(await heard).toBe('abc');
  expect(await late).toBeInstanceOf(TypeError);
});
