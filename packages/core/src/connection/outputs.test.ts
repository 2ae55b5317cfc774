import { expect, it } from 'vitest';
import { OutputQueue } from './outputs.ts';

const [a, b, c] = [1, 2, 3].map((byte) => new Uint8Array([byte])) as [Uint8Array, Uint8Array, Uint8Array];

it('gives outputs in order, then undefined, and takes more afterwards', () => {
  const queue = new OutputQueue();
  expect(queue.poll()).toBeUndefined();
  queue.push({ type: 'connected' });
  queue.push({ type: 'closed' });
  expect(all(queue).map(({ type }) => type)).toEqual(['connected', 'closed']);
  queue.push({ type: 'connected' });
  expect(all(queue)).toHaveLength(1);
});

it('merges transmits with nothing but facts between them', () => {
  const queue = new OutputQueue();
  queue.transmit([a]);
  queue.push({ type: 'fact', facts: {} });
  queue.transmit([b]);
  queue.push({ type: 'connected' });
  queue.transmit([c]);
  expect(all(queue)).toEqual([
    { type: 'transmit', pieces: [a, b] },
    { type: 'fact', facts: {} },
    { type: 'connected' },
    { type: 'transmit', pieces: [c] },
  ]);
});

it('adds nothing to a transmit that has been taken', () => {
  const queue = new OutputQueue();
  queue.transmit([a]);
  queue.push({ type: 'fact', facts: {} });
  expect(queue.poll()).toEqual({ type: 'transmit', pieces: [a] });
  queue.transmit([b]);
  expect(all(queue)).toEqual([
    { type: 'fact', facts: {} },
    { type: 'transmit', pieces: [b] },
  ]);
});

function all(queue: OutputQueue): { readonly type: string }[] {
  const found: { readonly type: string }[] = [];
  for (let next = queue.poll(); next !== undefined; next = queue.poll()) found.push(next);
  return found;
}
