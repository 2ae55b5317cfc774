import { clientConfig, createClient, createServer, serverConfig } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { createVerifier, loadCredential } from '@sealwire/x509';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { carry } from './carry.ts';
import { identity, modern, sharedOf } from './stacks/flavour.ts';
import { builtin, lemonTls, sealwireCompat, sealwireNode } from './stacks/index.ts';
import { plainTcp } from './stacks/plain.ts';
import type { Stack } from './stacks/stack.ts';

/** What one idle connection takes, both ends together, in bytes. */
export interface IdleMemory {
  /** Of the whole process: what the operating system gave. */
  readonly rss: number;
  /** Objects of JavaScript, and the buffers that they hold. */
  readonly heap: number;
}

export interface MemoryRow extends IdleMemory {
  readonly variant: string;
}

export const memoryVariants = [
  'node:tls',
  'sealwire, crypto-node',
  'sealwire, compat-node-tls',
  'lemon-tls',
  'plain TCP',
  'sealwire, core alone',
] as const;
export type MemoryVariant = (typeof memoryVariants)[number];

/** Opens `count` connections in this process, lets them come to rest, and weighs them; needs `--expose-gc`. */
export async function measureIdle(variant: MemoryVariant, count: number): Promise<IdleMemory> {
  const open = opener(variant);
  // What the first connections load and compile belongs to none of them.
  await Promise.all(Array.from({ length: warmUp }, () => open()));
  const before = await weigh();
  const kept: unknown[] = [];
  for (let i = 0; i < count; i += atOnce) {
    const opened = Array.from({ length: Math.min(atOnce, count - i) }, () => open());
    kept.push(...(await Promise.all(opened)));
  }
  const after = await weigh();
  if (kept.length !== count) throw new Error(`expected ${count} connections, got ${kept.length}`);
  return { rss: (after.rss - before.rss) / count, heap: (after.heap - before.heap) / count };
}

async function weigh(): Promise<IdleMemory> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('expected to run with --expose-gc');
  // Tickets arrive and streams settle; finalizers run between collections.
  for (let i = 0; i < 5; i++) {
    await sleep(100);
    gc();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

/** What makes one more connection; both ends stay in memory as long as the process. */
function opener(variant: MemoryVariant): () => Promise<unknown> {
  switch (variant) {
    case 'node:tls':
      return overTcp(builtin);
    case 'sealwire, crypto-node':
      return overTcp(sealwireNode);
    case 'sealwire, compat-node-tls':
      return overTcp(sealwireCompat);
    case 'lemon-tls':
      return overTcp(lemonTls);
    case 'plain TCP':
      return overTcp(plainTcp);
    case 'sealwire, core alone':
      return inMemory();
  }
}

function overTcp(stack: Stack<Duplex>): () => Promise<unknown> {
  const accepted: Duplex[] = [];
  const arrivals: ((connection: Duplex) => void)[] = [];
  const serving = stack.listen((connection) => {
    accepted.push(connection);
    connection.resume();
    arrivals.shift()?.(connection);
  });
  return async () => {
    const { port } = await serving;
    const arrived = new Promise<Duplex>((resolve) => arrivals.push(resolve));
    const [client, server] = await Promise.all([stack.connect(port), arrived]);
    client.resume();
    return [client, server];
  };
}

function inMemory(): () => Promise<unknown> {
  const { chain, key, root } = identity;
  const shared = sharedOf(modern);
  const provider = nodeProvider;
  const verifyPeer = createVerifier({ provider, roots: root });
  const client = clientConfig({ ...shared, provider, serverName: 'localhost', answers: { verifyPeer } });
  const credentials = [loadCredential({ provider, chain, key })];
  const server = serverConfig({ ...shared, provider, credentials });
  return async () => {
    const [a, b] = [createClient(client), createServer(server)];
    a.start(Date.now());
    b.start(Date.now());
    while (carry(a, b).bytes + carry(b, a).bytes > 0);
    if (a.facts.handshakes + b.facts.handshakes !== 2) throw new Error('the handshake is not complete');
    return [a, b];
  };
}

const warmUp = 50;
const atOnce = 50;
