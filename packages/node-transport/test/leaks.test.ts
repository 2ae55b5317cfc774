import { EventEmitter } from 'node:events';
import { type ByteStream, type TransportUnderTest, transportContract } from '@sealwire/testkit';
import { afterEach, expect, it } from 'vitest';
import { nodeTransport } from './under-test.ts';

/** What the contract must find: this transport with a leak in each connection. */
const leaks: Readonly<Record<string, (link: ByteStream) => void>> = {
  'a connection that stays in a set': (link) => void kept.add(link),
  'a listener that stays': (link) => void bus.on('message', () => link.destroy()),
  'a timer that is not cleared': () => void timers.push(setTimeout(() => {}, 3_600_000)),
  'a timer that is not cleared, and keeps its connection': (link) =>
    void timers.push(setTimeout(() => link.destroy(), 3_600_000).unref()),
};

const kept = new Set<ByteStream>();
const bus = new EventEmitter().setMaxListeners(0);
const timers: NodeJS.Timeout[] = [];
const belongings = new WeakMap<ByteStream, readonly number[]>();

afterEach(() => {
  kept.clear();
  bus.removeAllListeners();
  for (const timer of timers.splice(0)) clearTimeout(timer);
});

it.each(Object.entries(leaks))('finds %s', async (_name, leak) => {
  await expect(leakCase(leaking(leak)).run()).rejects.toThrow(/memory grew|open handles|memory in bytes/);
});

it('finds nothing without one', async () => {
  expect(await leakCase(nodeTransport).run()).toBeUndefined();
});

function leakCase(transport: TransportUnderTest) {
  return transportContract(transport, { patienceMs: 1_000 }).find(({ name }) =>
    name.includes('leave neither memory nor handles'),
  )!;
}

function leaking(leak: (link: ByteStream) => void): TransportUnderTest {
  const { network } = nodeTransport;
  const connect = async (...args: Parameters<NonNullable<typeof network>['connect']>) => {
    const link = await network!.connect(...args);
    // What a program has by its connection: one that is over keeps little itself.
    belongings.set(link, Array.from({ length: 2_000 }, Math.random));
    leak(link);
    return link;
  };
  return { ...nodeTransport, network: { ...network!, connect } };
}
