import { once } from 'node:events';
import type { End, Stack } from './stacks/stack.ts';

/** What is measured: one call is one sample. */
export interface Scenario<E extends End = End> {
  readonly name: string;
  /** What `perSample` counts, for example `handshakes/s`. */
  readonly unit: string;
  readonly perSample: number;
  /** Samples before anything is measured: until then what is measured is the compiler. */
  readonly warmUp: number;
  prepare(stack: Stack<E>): Promise<{ run(): Promise<void>; end(): Promise<void> }>;
}

/** TCP connect, full handshake with both ends in this process, orderly close: one after the other. */
export const fullHandshakes = handshakes('full handshakes, one after the other', (stack) => stack.connect, 1);

/** The same, each resuming a session of the one before; in TLS 1.3 with a fresh key exchange (psk_dhe_ke). */
export const resumedHandshakes = handshakes('resumed handshakes, one after the other', resumingOf, 1);

/** As many as at a busy server: all begin at once, the next when the last of them is closed. */
export const fullAtOnce = handshakes('full handshakes, 64 at once', (stack) => stack.connect, 64);
export const resumedAtOnce = handshakes('resumed handshakes, 64 at once', resumingOf, 64);

function resumingOf({ name, resuming }: Stack): Stack['connect'] {
  if (resuming === undefined) throw new Error(`${name} resumes nothing`);
  return resuming();
}

function handshakes(name: string, connecting: (stack: Stack) => Stack['connect'], atOnce: number): Scenario {
  return {
    name,
    unit: 'handshakes/s',
    perSample: atOnce,
    warmUp: Math.ceil(3_000 / atOnce),
    async prepare(stack) {
      const server = await stack.listen((connection) => {
        connection.on('error', () => {});
        connection.on('end', () => connection.end());
        connection.resume();
      });
      // For each of those at once a session of its own, since a ticket should not be used twice.
      const connects = Array.from({ length: atOnce }, () => connecting(stack));
      const one = async (connect: Stack['connect']) => {
        const connection = await connect(server.port);
        const ended = once(connection as never, 'close');
        connection.on('error', () => {});
        connection.resume();
        connection.end();
        await ended;
      };
      return {
        run: async () => void (await Promise.all(connects.map(one))),
        end: () => server.close(),
      };
    },
  };
}

/** One direction over an open connection, in writes of `writeBytes`. */
export function bulk(writeBytes: number, totalBytes: number): Scenario {
  return {
    name: `bulk data, writes of ${writeBytes / 1024} KiB`,
    unit: 'MB/s',
    perSample: totalBytes / 1e6,
    warmUp: Math.ceil((64 * 2 ** 20) / totalBytes),
    async prepare(stack) {
      let received = 0;
      let done = () => {};
      const server = await stack.listen((connection) => {
        connection.on('error', () => {});
        connection.on('end', () => connection.end());
        connection.on('data', (chunk) => {
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
          for (let sent = 0; sent < totalBytes; sent += chunk.length) {
            if (!connection.write(chunk)) await new Promise<void>((go) => connection.once('drain', go));
          }
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

/** A message of 100 bytes there and one of 1,000 bytes back over an open connection: how long somebody waits. */
export const roundTrips: Scenario = {
  name: 'round trips, 100 bytes there and 1,000 back',
  unit: 'round trips/s',
  perSample: 1,
  warmUp: 3_000,
  async prepare(stack) {
    const [request, response] = [Buffer.alloc(100, 0x61), Buffer.alloc(1_000, 0x62)];
    const server = await stack.listen((connection) => {
      let asked = 0;
      connection.on('error', () => {});
      connection.on('end', () => connection.end());
      connection.on('data', (chunk) => {
        for (asked += chunk.length; asked >= request.length; asked -= request.length)
          connection.write(response);
      });
    });
    const connection = await stack.connect(server.port);
    let [got, answered] = [0, () => {}];
    connection.on('error', () => {});
    connection.on('data', (chunk) => {
      got += chunk.length;
      if (got >= response.length) answered();
    });
    return {
      run() {
        got = 0;
        const answer = new Promise<void>((resolve) => (answered = resolve));
        connection.write(request);
        return answer;
      },
      async end() {
        connection.end();
        await server.close();
      },
    };
  },
};
