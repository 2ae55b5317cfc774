/**
 * The contract of transports, in Bun: `bun contract.ts [text]` runs the cases whose names contain the text, prints one line for each, and a
 * count. The profile is that of `SEALWIRE_PROFILE`.
 */
import { type TransportUnderTest, transportContract } from '@sealwire/testkit';
import { clientOptions, loopback, plainNetwork, serverOptions } from '@sealwire/transport-tests';
import { connect, listen, secure } from '../../src/index.ts';
import { FakeSocket } from '../fake-socket.ts';
import { linkOf } from './links.ts';

let unhandled = 0;
process.on('unhandledRejection', () => unhandled++);

const bunTransport: TransportUnderTest = {
  async secure(below, role, options) {
    const socket = new FakeSocket(below);
    const initial = options.alreadyRead === undefined ? {} : { initial: options.alreadyRead };
    const { tls, handler } =
      role === 'client'
        ? secure(socket, { role, allowHalfOpen: true, ...clientOptions(options), ...initial })
        : secure(socket, { role, allowHalfOpen: true, ...serverOptions(options), ...initial });
    socket.reload({ socket: handler });
    return linkOf(await tls);
  },
  network: {
    async listen(options, { connection, failure }) {
      const listener = listen({
        hostname: loopback,
        allowHalfOpen: true,
        ...serverOptions(options),
        socket: {
          open: (socket) => connection(linkOf(socket)),
          connectError: (_socket, error) => failure(error),
        },
      });
      return { port: listener.port, close: (limits) => listener.close(limits) };
    },
    connect: async (port, options) =>
      linkOf(await connect({ hostname: loopback, port, allowHalfOpen: true, ...clientOptions(options) })),
    plain: plainNetwork,
  },
  memoryBytes() {
    Bun.gc(true);
    return process.memoryUsage().heapUsed;
  },
  unhandledRejections: () => unhandled,
};

declare const Bun: { readonly version: string; gc(isNow: boolean): void };

const text = process.argv[2] ?? '';
const profile = process.env.SEALWIRE_PROFILE === 'full' ? 'full' : 'default';
const cases = transportContract(bunTransport, { profile }).filter(({ name }) => name.includes(text));
const counts = { passed: 0, failed: 0, skipped: 0 };
console.log(`Bun ${Bun.version}, ${profile} profile, ${cases.length} cases`);
for (const { name, run } of cases) {
  const startedAtMs = performance.now();
  try {
    const outcome = await run();
    if (outcome === undefined) counts.passed++;
    else {
      counts.skipped++;
      console.log(`skipped: ${name}: ${outcome.skipped}`);
    }
  } catch (error) {
    counts.failed++;
    console.log(`FAILED ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  const tookMs = Math.round(performance.now() - startedAtMs);
  if (tookMs > 1_000) console.log(`${tookMs} ms: ${name}`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 && cases.length > 0 ? 0 : 1);
