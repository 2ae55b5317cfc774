import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer as createTcpServer,
  connect as connectTcp,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach } from 'vitest';
import {
  connect,
  type ConnectOptions,
  secure,
  type TlsClientOptions,
  type TlsServerOptions,
  type TlsStream,
} from '../src/index.ts';
import { loopback, roots, serverIdentity } from '@sealwire/transport-tests';

export { loopback };

/** `connect` to a server of ours or Node's on this machine, which must be certified for `localhost`. */
export function connectTo(port: number, options: Partial<ConnectOptions> = {}): Promise<TlsStream> {
  const trust = options.verify === false || options.decide?.verifyPeer !== undefined ? {} : { roots };
  return connect({ host: loopback, serverName: 'localhost', port, ...trust, ...options });
}

/** Two TCP sockets connected to each other. */
export async function tcpPair(): Promise<[client: Socket, server: Socket]> {
  const server = await listening(createTcpServer({ allowHalfOpen: true }));
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connectTcp({ port: portOf(server), host: loopback, allowHalfOpen: true });
  const [other] = await accepted;
  server.close();
  closeAfterTest(client, other);
  return [client, other];
}

/** Two of our ends, connected: over memory, or over what is given. */
export async function tlsPair(
  options: { client?: Partial<TlsClientOptions>; server?: Partial<TlsServerOptions> } = {},
  transports: readonly [Duplex, Duplex] = duplexPair(),
): Promise<[client: TlsStream, server: TlsStream]> {
  const trust = options.client?.decide?.verifyPeer === undefined ? { roots } : {};
  const ends = (await Promise.all([
    secure(transports[0], { role: 'client', serverName: 'localhost', ...trust, ...options.client }),
    secure(transports[1], { role: 'server', ...serverIdentity, ...options.server }),
  ])) as [TlsStream, TlsStream];
  closeAfterTest(...ends);
  return ends;
}

export async function listening<S extends Server>(server: S): Promise<S> {
  server.listen(0, loopback);
  await once(server, 'listening');
  toClose.push(() => server.close());
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** A port of this machine on which nobody listened a moment ago. */
export async function freePort(): Promise<number> {
  const server = await listening(createTcpServer());
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** Everything until the peer's end. */
export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The error that a promise ends in; fails if it has none. */
export async function errorOf(
  promise: Promise<unknown>,
): Promise<Error & { code?: string; cause?: unknown }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected a rejection');
}

/** Waits until `condition` holds; fails after a minute. */
export async function until(condition: () => boolean): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += 5) {
    if (waitedMs > 60_000) throw new Error(`never came true: ${condition}`);
    await sleep(5);
  }
}

/** Waits for `close`, whether or not an error comes before it. */
export async function closed(stream: Duplex): Promise<void> {
  if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve));
}

export function closeAfterTest(...streams: readonly Duplex[]): void {
  toClose.push(...streams.map((stream) => () => stream.destroy()));
}

/** Random bytes that a slice of cannot be mistaken for another. */
export const fiveMegabytes: Buffer = randomBytes(5_000_000);

export function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const toClose: (() => unknown)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});
