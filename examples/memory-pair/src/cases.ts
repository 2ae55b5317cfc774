/** The tests, as plain functions: `under-vitest.test.ts` and `under-node.ts` give them to their runners. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import type { MemoryPair } from '@sealwire/testkit';
import { Client, serve } from './line-protocol.ts';
import { tlsPair } from './tls-pair.ts';

export const cases: readonly { readonly name: string; run(): Promise<void> }[] = [
  {
    name: 'answers, however the bytes are cut',
    async run() {
      for (const chunking of ['merged', 'random', 1] as const) {
        const { client, serving, values } = start(tlsPair({ chunking, seed: 7 }));
        equal(await client.ask('GET colour'), 'NONE');
        equal(await client.ask('SET colour blue, nearly'), 'OK');
        equal(await client.ask('GET colour'), 'OK blue, nearly');
        equal(await client.ask('HELLO'), 'WHAT');
        await client.end();
        await serving;
        deepEqual([...values], [['colour', 'blue, nearly']]);
      }
    },
  },
  {
    name: 'waits for a slow link, in no time',
    async run() {
      const pair = tlsPair({ link: { latencyMs: 300 } });
      const { client } = start(pair);
      const beganMs = pair.clock.now();
      equal(await client.ask('GET x'), 'NONE');
      // The hello and its answer, then the question and its answer.
      equal(pair.clock.now() - beganMs, 4 * 300);
    },
  },
  {
    name: 'gives up when no answer comes',
    async run() {
      const pair = tlsPair({ link: { fromServer: { latencyMs: 1_500 }, fromClient: { latencyMs: 1_500 } } });
      const { client } = start(pair);
      await pair.client.handshake;
      const beganMs = pair.clock.now();
      await rejects(client.ask('GET x'), /no answer to GET x/);
      equal(pair.clock.now() - beganMs, 2_000);
    },
  },
  {
    name: 'fails on both sides when the link breaks',
    async run() {
      const pair = tlsPair();
      const { client, serving } = start(pair);
      equal(await client.ask('SET a 1'), 'OK');
      pair.cut();
      await rejects(client.ask('GET a'), /the link was cut/);
      await rejects(serving, /the link was cut/);
    },
  },
  {
    name: 'does not take half a conversation for a whole one',
    async run() {
      const pair = tlsPair();
      const { client, serving, values } = start(pair);
      equal(await client.ask('SET a 1'), 'OK');
      // The process of the client is killed: its end comes without close_notify.
      pair.truncate('client');
      await rejects(serving, /without close_notify/);
      deepEqual([...values], [['a', '1']]);
    },
  },
  {
    name: 'refuses a line that has no end',
    async run() {
      const { pair, serving } = start(tlsPair());
      await pair.client.write(new Uint8Array(101).fill(0x61));
      await rejects(serving, /more than 100 bytes/);
    },
  },
  {
    name: 'shows nothing on the wire, and the same bytes each time',
    async run() {
      const runs: string[] = [];
      for (let run = 0; run < 2; run++) {
        const pair = tlsPair({ seed: 3, link: { latencyMs: 10 } });
        const { client, serving } = start(pair);
        await client.ask('SET password swordfish');
        await client.end();
        await serving;
        const wire = pair.passed.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('');
        match(wire, /localhost/);
        ok(!wire.includes('swordfish'));
        runs.push(pair.passed.map(({ from, atMs, bytes }) => `${from} ${atMs} ${bytes.join()}`).join('\n'));
      }
      equal(runs[0], runs[1]);
    },
  },
];

function start(pair: MemoryPair) {
  const values = new Map<string, string>();
  const serving = serve(pair.server, values);
  serving.catch(() => {});
  return { pair, values, serving, client: new Client(pair.client, (ms) => pair.sleep(ms)) };
}
