import type { Session } from '@sealwire/core';
import { integerBelow, seededRandom, seededSource } from '@sealwire/testkit';
import { setImmediate as turn } from 'node:timers/promises';
import { createServer, type TlsServer, type TlsStream } from '../../src/index.ts';
import { connectTo, loopback } from '../ends.ts';
import { serverIdentity } from '@sealwire/transport-tests';
import { type Fault, faults, harmless, type Plan, relayTo } from './relay.ts';

export interface SoakOutcome {
  readonly connections: number;
  /** How many of each fault came true. */
  readonly happened: Readonly<Partial<Record<Fault, number>>>;
  /** Both ends have had all, and an orderly end. */
  readonly whole: number;
  readonly resumed: number;
  readonly bytes: number;
}

/** One connection: what happens on its way, and what its ends send. */
interface Trip {
  readonly name: string;
  readonly plan: Plan;
  readonly client: Load;
  readonly server: Load;
  /** Set when the server has completed the handshake. */
  heardByServer?: Promise<Heard>;
}

interface Load {
  readonly seed: number;
  readonly bytes: number;
}

interface Heard {
  readonly bytes: number;
  /** Absent: an orderly end. */
  readonly error?: Error;
}

/**
 * Connections through a relay with faults, in `workers` rows, while `goesOn`. Each byte that an end is given is the right one; an
 * end that is told of an orderly end has had all of them; where nothing was lost, both have; and where something was lost or changed,
 * whoever should have got it is told of an error. Throws at the first that is not so.
 */
export async function soak(
  seed: number,
  goesOn: (done: number) => boolean,
  workers: number,
): Promise<SoakOutcome> {
  const random = seededRandom(`soak ${seed}`);
  const happened: Partial<Record<Fault, number>> = {};
  const sums = { connections: 0, whole: 0, resumed: 0, bytes: 0 };
  const sessions: Session[] = [];
  const trips = new Map<number, Trip>();
  const server = await serving(trips);
  const row = async () => {
    while (goesOn(sums.connections)) {
      const trip = drawTrip(random, sums.connections++, seed);
      let known = 0;
      const relay = await relayTo(server.port, trip.plan, (port) => {
        known = port;
        trips.set(port, trip);
      });
      let client: TlsStream | undefined;
      const heardByClient = await connectTo(relay.port, {
        ...(trip.plan.fault === 'stall' ? { handshakeTimeoutMs: 300, idleTimeoutMs: 300 } : patience),
        sessions: sessions.splice(0, 1),
        onSession: (session) => void (sessions.length < 10 && sessions.push(session)),
      }).then(
        (stream) => exchange((client = stream), trip.client, trip.server, trip.name),
        (error: Error) => ({ bytes: 0, error }),
      );
      await relay.finish();
      await turn();
      const heardByServer = (await trip.heardByServer) ?? { bytes: 0, error: new Error('no handshake') };
      // Left there where the server has never completed its handshake.
      if (trips.get(known) === trip) trips.delete(known);
      check(trip, relay.hasHappened, heardByClient, heardByServer);
      if (relay.hasHappened || isImpatient(trip, heardByClient))
        happened[trip.plan.fault] = (happened[trip.plan.fault] ?? 0) + 1;
      if (heardByClient.error === undefined && heardByServer.error === undefined) sums.whole++;
      if (client?.facts.resumed === true) sums.resumed++;
      sums.bytes += heardByClient.bytes + heardByServer.bytes;
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, row));
  } finally {
    await server.close({ timeoutMs: 1_000 });
  }
  return { ...sums, happened };
}

function serving(trips: Map<number, Trip>): Promise<TlsServer> {
  return createServer({ host: loopback, ...serverIdentity, ...patience }, async (stream) => {
    const port = (stream.transport as import('node:net').Socket).remotePort ?? 0;
    const trip = trips.get(port);
    trips.delete(port);
    // Its client has gone already, and with it the name of its port.
    if (trip === undefined) return void stream.destroy();
    trip.heardByServer = exchange(stream, trip.server, trip.client, trip.name);
    await trip.heardByServer;
  });
}

/** Sends one load and reads the other. */
async function exchange(stream: TlsStream, own: Load, others: Load, name: string): Promise<Heard> {
  const sending = (async () => {
    const next = seededSource(own.seed);
    for (let left = own.bytes; left > 0; left -= pieceBytes)
      await stream.send(next(Math.min(left, pieceBytes)));
    stream.end();
  })();
  const expected = expectedBytes(others);
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      if (!expected.subarray(bytes, bytes + chunk.length).equals(chunk))
        throw new SoakFailure(`${name}: a wrong byte among the ${chunk.length} after ${bytes}`);
      bytes += chunk.length;
    }
    await sending;
    if (bytes !== others.bytes)
      throw new SoakFailure(`${name}: an orderly end after ${bytes} of ${others.bytes}`);
    return { bytes };
  } catch (error) {
    sending.catch(() => {});
    if (error instanceof SoakFailure) throw error;
    return { bytes, error: error as Error };
  } finally {
    await stream.close({ timeoutMs: 2_000 });
  }
}

function expectedBytes({ seed, bytes }: Load): Buffer {
  const next = seededSource(seed);
  const pieces: Uint8Array[] = [];
  for (let left = bytes; left > 0; left -= pieceBytes) pieces.push(next(Math.min(left, pieceBytes)));
  return Buffer.concat(pieces);
}

/** The short limits of connections that are to stall come true on a busy machine even without. */
function isImpatient({ plan }: Trip, { error }: Heard): boolean {
  return (
    plan.fault === 'stall' &&
    /^transport\.(handshake|idle)Timeout$/.test((error as { code?: string } | undefined)?.code ?? '')
  );
}

function check(trip: Trip, hasHappened: boolean, client: Heard, server: Heard): void {
  const { name, plan } = trip;
  if (!hasHappened && isImpatient(trip, client)) return;
  if (!hasHappened || harmless.includes(plan.fault)) {
    const error = client.error ?? server.error;
    if (error !== undefined)
      throw new SoakFailure(`${name}: nothing happened to it, and yet: ${error}`, { cause: error });
    return;
  }
  const receiver = plan.from === 'client' ? server : client;
  if (receiver.error === undefined) throw new SoakFailure(`${name}: nobody noticed`);
}

function drawTrip(random: ReturnType<typeof seededRandom>, id: number, seed: number): Trip {
  const fault = faults[integerBelow(random, faults.length)]!;
  const from = integerBelow(random, 2) === 0 ? 'client' : 'server';
  const load = (salt: number): Load => ({
    seed: id * 2 + salt + 1,
    bytes: 1 + integerBelow(random, mostBytes),
  });
  const [client, server] = [load(0), load(1)];
  // Half of the faults fall into the handshake.
  const reach = integerBelow(random, 2) === 0 ? 2_000 : mostBytes;
  const afterBytes = integerBelow(random, reach);
  const own = seededRandom(`trip ${seed} ${id}`);
  const plan: Plan = { fault, from, afterBytes, random: () => integerBelow(own, 1_000_000) / 1_000_000 };
  return {
    name: `seed ${seed}, connection ${id}: ${fault} after ${afterBytes} bytes of the ${from}`,
    plan,
    client,
    server,
  };
}

export class SoakFailure extends Error {
  override readonly name = 'SoakFailure';
}

/** For machines that have much else to do. */
const patience = { handshakeTimeoutMs: 60_000, idleTimeoutMs: 60_000 };
const mostBytes = 100_000;
const pieceBytes = 7_000;
