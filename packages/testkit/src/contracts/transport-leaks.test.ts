import { expect, it } from 'vitest';
import type { ByteStream } from './byte-wire.ts';
import { transportContract } from './transport.ts';
import type { TransportUnderTest } from './transport-under-test.ts';

const heapBytes = 50_000_000;

/** Plaintext in memory, and a runtime that says what `memory` and `handles` make of the connections there were. */
function runtime(
  memory: (connections: number) => number,
  handles: (connections: number) => number,
): TransportUnderTest {
  let connections = 0;
  return {
    async secure(below, role, { trust }): Promise<ByteStream> {
      if (role === 'client') connections += 1;
      if (role === 'client' && trust === 'other') {
        below.destroy();
        throw new Error('refused');
      }
      return below;
    },
    memoryBytes: () => heapBytes + memory(connections),
    openHandles: () => 7 + handles(connections),
  };
}

const none = () => 0;
const warmedUp = 200;
const caseOf = (transport: TransportUnderTest, profile: 'default' | 'full') =>
  transportContract(transport, { profile, patienceMs: 100 }).find(({ name }) => /leave neither/.test(name))!;

it.each([
  ['nothing', none, none],
  ['caches that fill up', (n: number) => 3_000 * Math.min(n, warmedUp), none],
  ['a heap that is now larger, now smaller', (n: number) => (n % 32 < 16 ? 90_000 : 0), none],
  ['handles that are open at times', none, (n: number) => (n % 2 === 0 ? 0 : -1)],
])('takes %s for no leak', async (_name, memory, handles) => {
  expect(await caseOf(runtime(memory, handles), 'default').run()).toBeUndefined();
});

it.each([
  ['one handle', none, (n: number) => (n > 40 ? 1 : 0), 'open handles'],
  ['a handle each', none, (n: number) => n, 'open handles'],
  ['6 KB each', (n: number) => 6_000 * n, none, 'memory grew in each of 4 rounds'],
])('finds a leak of %s', async (_name, memory, handles, what) => {
  await expect(caseOf(runtime(memory, handles), 'default').run()).rejects.toThrow(what);
});

it('finds 100 bytes each where thousands of connections are tried', async () => {
  await expect(
    caseOf(
      runtime((n) => 100 * n, none),
      'full',
    ).run(),
  ).rejects.toThrow('memory grew in each');
});
