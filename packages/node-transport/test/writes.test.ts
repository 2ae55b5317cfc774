import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { secure } from '../src/index.ts';
import { readAll, tcpPair, tlsPair } from './ends.ts';
import { roots, serverIdentity } from '@sealwire/transport-tests';

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
  // The client's hello and its Finished; the server's flight, and when the turn is over, both tickets.
  expect([ofClient(), ofServer()]).toEqual([2, 1]);
  await new Promise(setImmediate);
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

/** The promises of two ends, as programs await them. */
function securing([one, other]: readonly [Socket, Socket]) {
  return {
    client: secure(one, { role: 'client', serverName: 'localhost', roots }),
    server: secure(other, { role: 'server', ...serverIdentity }),
  };
}

it('writes what ends the handshake together with what is said at once', async () => {
  const pair = await tcpPair();
  const [ofClient, ofServer] = pair.map(countWrites) as [() => number, () => number];
  const ends = securing(pair);
  const asked = ends.client.then((client) => void client.write('question'));
  const answered = ends.server.then((server) => void server.write('answer'));
  await Promise.all([asked, answered]);
  expect(String((await once(await ends.server, 'data'))[0])).toBe('question');
  expect(String((await once(await ends.client, 'data'))[0])).toBe('answer');
  // The hello, then Finished with the question; the flight, then the tickets with the answer.
  expect([ofClient(), ofServer()]).toEqual([2, 2]);
  for (const end of [await ends.client, await ends.server]) end.destroy();
});

it('ends the handshake of a peer, though the program has destroyed the connection at once', async () => {
  const ends = securing(await tcpPair());
  const destroyed = ends.client.then((client) => void client.destroy());
  expect((await ends.server).facts.handshakes).toBe(1);
  await destroyed;
  (await ends.server).destroy();
});
