import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { readAll, tcpPair, tlsPair } from './ends.ts';

/** Requests to the system to write, of this socket. */
function countWrites(socket: Socket): () => number {
  const { _handle: handle } = socket as unknown as {
    _handle: Record<string, (...given: unknown[]) => unknown>;
  };
  let count = 0;
  for (const name of ['writev', 'writeBuffer', 'writeLatin1String', 'writeUtf8String']) {
    const original = handle[name]!;
    handle[name] = function (this: unknown, ...given: unknown[]) {
      count++;
      return original.apply(this, given);
    };
  }
  return () => count;
}

it('writes once for each flight, and once for each batch of records', async () => {
  const pair = await tcpPair();
  const [ofClient, ofServer] = pair.map(countWrites) as [() => number, () => number];
  const [client, server] = await tlsPair({}, pair);
  // The client's hello and its Finished; the server's flight and, for it, both tickets.
  expect([ofClient(), ofServer()]).toEqual([2, 2]);
  // Several small writes in one turn are one batch, and large ones are cut into 64 KiB.
  const reading = readAll(server);
  for (const word of ['a', 'few', 'words']) client.write(word);
  await client.send('!');
  expect(ofClient() - 2).toBeLessThanOrEqual(2);
  const before = ofClient();
  await client.send(Buffer.alloc(1_048_576));
  expect(ofClient() - before).toBe(16);
  client.end();
  expect((await reading).length).toBe(1_048_576 + 10);
});
