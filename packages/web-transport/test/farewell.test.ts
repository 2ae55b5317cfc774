import { expect, it } from 'vitest';
import { StreamCarrier } from '../src/stream-carrier.ts';

const nothing = { start() {}, data() {}, drain() {}, end() {}, error() {} };

it('lets leave what was written, though the event loop was blocked for longer than a farewell may take', async () => {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const log: string[] = [];
  let over!: () => void;
  const done = new Promise<void>((resolve) => (over = resolve));
  const readable = new ReadableStream({ start: (controller) => controller.close() });
  const writable = new WritableStream<Uint8Array>({
    async write(bytes) {
      for (let turns = 0; turns < 3; turns++) await turn();
      log.push(`${bytes.length} bytes`);
    },
    async close() {
      await turn();
      log.push('closed');
      over();
    },
    abort() {
      log.push('aborted');
      over();
    },
  });
  const carrier = new StreamCarrier({ readable, writable }, nothing, undefined);
  carrier.write([new Uint8Array(7)]);
  carrier.farewell();
  await Promise.resolve();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_100);
  await done;
  expect(log).toEqual(['7 bytes', 'closed']);
});
