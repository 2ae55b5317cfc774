import { type ByteStream, ByteWire, type WireEnd, type WireOptions } from './byte-wire.ts';
import { ContractFailure, seededSource } from './contract-case.ts';
import type {
  EndOptions,
  TransportCapability,
  TransportCase,
  TransportNetwork,
  TransportUnderTest,
} from './transport-under-test.ts';
import { settled } from './waiting.ts';

/** Two ends with a complete handshake between them. */
export interface Ends {
  readonly client: ByteStream;
  readonly server: ByteStream;
}

export function transportCase(
  name: string,
  run: () => Promise<undefined | { readonly skipped: string }> | Promise<void>,
): TransportCase {
  return { name, run: async () => (await run()) ?? undefined };
}

/** A case about the network, skipped where there is none. */
export function networkCase(
  { network }: TransportUnderTest,
  name: string,
  run: (network: TransportNetwork) => Promise<void>,
): TransportCase {
  return transportCase(name, async () => {
    if (network === undefined) return { skipped: 'this transport has no network' };
    await run(network);
    return undefined;
  });
}

/** A case that needs what adapters may name in `lacks`. */
export function caseWith(
  { lacks }: TransportUnderTest,
  capability: TransportCapability,
  name: string,
  run: () => Promise<void>,
): TransportCase {
  return transportCase(name, async () => {
    const reason = lacks?.[capability];
    if (reason !== undefined) return { skipped: reason };
    await run();
    return undefined;
  });
}

/** One case over a wire in memory, and the same over the network, where the transport has one. */
export function casesOnBoth(
  transport: TransportUnderTest,
  name: string,
  run: (ends: Ends) => Promise<void>,
): TransportCase[] {
  return [
    transportCase(`${name}, in memory`, () => withEnds(transport, {}, run)),
    networkCase(transport, `${name}, over the network`, (network) =>
      withListener(network, async (connect, accepted) => {
        const opening = Promise.all([connect({}), accepted]);
        const [client, server] = await settled(opening, 'connecting');
        await destroyedAfter({ client, server }, run);
      }),
    ),
  ];
}

/** Runs with two ends over a wire in memory. */
export function withEnds(
  transport: TransportUnderTest,
  options: WireOptions,
  run: (ends: Ends, wire: ByteWire) => Promise<void>,
  ends: { readonly client?: EndOptions; readonly server?: EndOptions } = {},
): Promise<void> {
  const wire = new ByteWire(options);
  const opening = handshake(transport, wire, ends);
  return settled(Promise.all([opening.client, opening.server]), 'the handshake').then(([client, server]) =>
    destroyedAfter({ client, server }, (ends) => run(ends, wire)),
  );
}

/** Runs with a listener that serves one connection: `accepted` is that, or its failure. */
export async function withListener(
  network: TransportNetwork,
  run: (
    connect: (options: EndOptions) => Promise<ByteStream>,
    accepted: Promise<ByteStream>,
  ) => Promise<void>,
): Promise<void> {
  let served!: Parameters<TransportNetwork['listen']>[1];
  const accepted = new Promise<ByteStream>((connection, failure) => {
    served = { connection, failure };
  });
  accepted.catch(() => {});
  const listener = await settled(network.listen({}, served), 'listening');
  try {
    await run((options) => network.connect(listener.port, options), accepted);
  } finally {
    await settled(listener.close(), 'closing the listener');
  }
}

/** Starts both ends on this wire. */
export function handshake(
  transport: TransportUnderTest,
  wire: ByteWire,
  options: { readonly client?: EndOptions; readonly server?: EndOptions } = {},
): { readonly client: Promise<ByteStream>; readonly server: Promise<ByteStream> } {
  const client = transport.secure(wire.client, 'client', options.client ?? {});
  const server = transport.secure(wire.server, 'server', options.server ?? {});
  // Each is looked at in its turn, which may come after it has rejected.
  client.catch(() => {});
  server.catch(() => {});
  return { client, server };
}

/** Writes these bytes and ends. */
export async function send(link: ByteStream, bytes: Uint8Array): Promise<void> {
  await link.write(bytes);
  await link.end();
}

/** Reads to the end, which must come exactly after these bytes. */
export async function expectToRead(link: ByteStream, expected: Uint8Array, what: string): Promise<void> {
  const read = await readBytes(link, expected, expected.length, what);
  if (read !== expected.length)
    throw new ContractFailure(`${what}: ended after ${read} of ${expected.length} bytes`);
  if ((await settled(link.read(), `${what}: the end`)) !== undefined)
    throw new ContractFailure(`${what}: more than ${expected.length} bytes`);
}

/** Reads at least so many bytes, compared with `expected`; says how many came, which is less only at the end. */
export async function readBytes(
  link: ByteStream,
  expected: Uint8Array,
  leastBytes: number,
  what: string,
): Promise<number> {
  let read = 0;
  while (read < leastBytes) {
    const chunk = await settled(link.read(), `${what}: reading after ${read} bytes`);
    if (chunk === undefined) return read;
    for (const byte of chunk) {
      if (byte !== expected[read]) throw new ContractFailure(`${what}: byte ${read} is wrong, or too much`);
      read++;
    }
  }
  return read;
}

/** Reads away what comes, until the end or a break. */
export async function drained(end: ByteStream): Promise<void> {
  try {
    while ((await end.read()) !== undefined);
  } catch {
    // A break lets go as well.
  }
}

/** The same stream, for cases that change one of its functions. */
export function forwarding(below: ByteStream): ByteStream {
  return {
    write: (bytes) => below.write(bytes),
    read: () => below.read(),
    end: () => below.end(),
    destroy: () => below.destroy(),
  };
}

/** Bytes of which no slice can be mistaken for another. */
export function noise(length: number, seed = 1): Uint8Array {
  return seededSource(seed)(length);
}

export function otherEnd(role: WireEnd): WireEnd {
  return role === 'client' ? 'server' : 'client';
}

export function expectThat(isTrue: boolean, what: string): void {
  if (!isTrue) throw new ContractFailure(what);
}

async function destroyedAfter(ends: Ends, run: (ends: Ends) => Promise<void>): Promise<void> {
  try {
    await run(ends);
  } finally {
    ends.client.destroy();
    ends.server.destroy();
  }
}
