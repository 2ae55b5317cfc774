import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Stack } from './stacks.ts';

/** What is measured: one call is one sample. */
export interface Scenario {
  readonly name: string;
  /** What `perSample` counts, for example `handshakes`. */
  readonly unit: string;
  readonly perSample: number;
  prepare(stack: Stack): Promise<{ run(): Promise<void>; end(): Promise<void> }>;
}

/** TCP connect, full handshake with both ends in this process, orderly close: one after the other. */
export const fullHandshakes = handshakes('full handshakes, one after the other', (stack) => stack.connect);

/** The same, each resuming a session of the one before; in TLS 1.3 with a fresh key exchange (psk_dhe_ke). */
export const resumedHandshakes = handshakes(
  'resumed handshakes, one after the other',
  ({ name, resuming }) => {
    if (resuming === undefined) throw new Error(`${name} resumes nothing`);
    return resuming();
  },
);

function handshakes(name: string, connecting: (stack: Stack) => Stack['connect']): Scenario {
  return { name, unit: 'handshakes/s', perSample: 1, prepare: (stack) => prepare(stack, connecting(stack)) };
}

async function prepare(stack: Stack, connect: Stack['connect']) {
  const server = await stack.listen((connection) => {
    connection.on('error', () => {});
    connection.on('end', () => connection.end());
    connection.resume();
  });
  return {
    async run() {
      const connection = await connect(server.port);
      const ended = once(connection, 'close');
      connection.on('error', () => {});
      connection.resume();
      connection.end();
      await ended;
    },
    end: () => server.close(),
  };
}

/** One direction over an open connection, in writes of `writeBytes`. */
export function bulk(writeBytes: number, totalBytes: number): Scenario {
  return {
    name: `bulk data, writes of ${writeBytes / 1024} KiB`,
    unit: 'MB/s',
    perSample: totalBytes / 1e6,
    async prepare(stack) {
      let received = 0;
      let done = () => {};
      const server = await stack.listen((connection) => {
        connection.on('error', () => {});
        connection.on('end', () => connection.end());
        connection.on('data', (chunk: Buffer) => {
          received += chunk.length;
          if (received >= totalBytes) done();
        });
      });
      const connection = await stack.connect(server.port);
      connection.on('error', () => {});
      connection.resume();
      const chunk = Buffer.alloc(writeBytes, 0x61);
      return {
        async run() {
          received = 0;
          const arrived = new Promise<void>((resolve) => (done = resolve));
          await write(connection, chunk, totalBytes);
          await arrived;
        },
        async end() {
          connection.end();
          await server.close();
        },
      };
    },
  };
}

async function write(connection: Duplex, chunk: Buffer, totalBytes: number): Promise<void> {
  for (let sent = 0; sent < totalBytes; sent += chunk.length) {
    if (!connection.write(chunk)) await once(connection, 'drain');
  }
}
