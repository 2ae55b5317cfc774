import { ApiMisuseError, type Connection, type Facts, type Output } from '@sealwire/core';
import { concatenated } from '../bytes.ts';
import type { ByteStream } from '../contracts/byte-wire.ts';
import { seededRandom } from '../seeded-random.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import { type Chunking, Link } from './link.ts';
import { conditionsOf, type PairOptions } from './pair.ts';
import type { Side } from './script.ts';

declare function setTimeout(run: () => void, delayMs: number): unknown;

export interface MemoryPairOptions extends Pick<PairOptions, 'link' | 'seed' | 'clock'> {
  /** Both must answer every decision by `answers`, and not have been started. */
  readonly client: Connection;
  readonly server: Connection;
  /** How bytes are cut on their way. Default `whole`. */
  readonly chunking?: Chunking;
}

/** One end of a `MemoryPair`: application data, as promises. */
export interface MemoryStream extends ByteStream {
  /** Settled when the handshake is complete or has failed. Need not be looked at. */
  readonly handshake: Promise<Facts>;
  readonly connection: Connection;
}

/** Bytes on the wire. */
export interface Passed {
  readonly from: Side;
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

/**
 * Two ends of a TLS connection in memory, for unit tests of what talks over one. Time is virtual: it stands still while the program
 * has anything to do, then moves to the next arrival on the link, or the end of the next `sleep`. The same seed gives the same run.
 */
export function memoryPair(options: MemoryPairOptions): MemoryPair {
  return new MemoryPair(options);
}

export class MemoryPair {
  readonly client: MemoryStream;
  readonly server: MemoryStream;
  readonly clock: VirtualClock;
  /** All that was written to the wire, in order. */
  readonly passed: Passed[] = [];
  readonly #ends: Readonly<Record<Side, End>>;
  readonly #sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  #isPlanned = false;

  /** Made by `memoryPair`. */
  constructor({
    client,
    server,
    link,
    chunking = 'whole',
    seed = 0,
    clock = virtualClock(),
  }: MemoryPairOptions) {
    this.clock = clock;
    const end = (side: Side, connection: Connection) => {
      const conditions = conditionsOf(link, side === 'client' ? 'fromClient' : 'fromServer');
      const outgoing = new Link({ ...conditions, chunking, random: seededRandom(`${seed} from ${side}`) });
      return new End(connection, outgoing, {
        now: () => clock.now(),
        sent: (bytes) => void this.passed.push({ from: side, bytes, atMs: clock.now() }),
        moved: () => this.#plan(),
      });
    };
    this.#ends = { client: end('client', client), server: end('server', server) };
    this.client = this.#ends.client;
    this.server = this.#ends.server;
    this.#ends.server.start();
    this.#ends.client.start();
  }

  /** Resolves after so much virtual time: for the timeouts of the program under test. */
  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ atMs: this.clock.now() + ms, wake });
      this.#plan();
    });
  }

  /** Breaks the link: what is under way is lost, and both ends fail. */
  cut(): void {
    for (const end of Object.values(this.#ends)) end.broken();
  }

  /** After what this end has sent so far, its bytes stop without close_notify, as when its process was killed. */
  truncate(from: Side): void {
    this.#ends[from].stop();
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    // After all that the program does now, promises included.
    setTimeout(() => {
      this.#isPlanned = false;
      if (this.#deliver()) this.#plan();
      else this.#advance();
    }, 0);
  }

  #deliver(): boolean {
    const { client, server } = this.#ends;
    const toServer = server.take(client);
    return client.take(server) || toServer;
  }

  #advance(): void {
    const { client, server } = this.#ends;
    const nextMs = Math.min(
      client.nextArrivalMs(server),
      server.nextArrivalMs(client),
      ...this.#sleepers.map(({ atMs }) => atMs),
    );
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.clock.advance(Math.max(0, nextMs - this.clock.now()));
    const due = this.#sleepers.filter(({ atMs }) => atMs <= nextMs);
    for (const sleeper of due) {
      this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
      sleeper.wake();
    }
    this.#plan();
  }
}

interface World {
  now(): number;
  sent(bytes: Uint8Array): void;
  /** There is something to deliver, or room for it. */
  moved(): void;
}

class End implements MemoryStream {
  readonly handshake: Promise<Facts>;
  readonly connection: Connection;
  readonly #outgoing: Link;
  readonly #world: World;
  #settle!: { resolve(facts: Facts): void; reject(error: Error): void };
  #data: Uint8Array[] = [];
  #isWritable = false;
  /** No more bytes leave. */
  #hasStopped = false;
  #peerHasEnded = false;
  #failure: Error | undefined;
  #waiting: (() => void)[] = [];

  constructor(connection: Connection, outgoing: Link, world: World) {
    this.connection = connection;
    this.#outgoing = outgoing;
    this.#world = world;
    this.handshake = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.handshake.catch(() => {});
  }

  start(): void {
    this.connection.start(this.#world.now());
    this.#drain();
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0; ) {
      if (this.#failure !== undefined) throw this.#failure;
      const taken = this.#isWritable ? this.connection.send(rest.subarray(0, sliceBytes)) : 0;
      rest = rest.subarray(taken);
      this.#drain();
      if (taken === 0 && this.#hasStopped) throw new Error('this end has been closed');
      while (taken === 0 ? !this.#isWritable && this.#failure === undefined : this.#isCrowded())
        await this.#change();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const bytes = this.#data.shift();
      if (bytes !== undefined) {
        this.#world.moved();
        return bytes;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#peerHasEnded) return undefined;
      await this.#change();
    }
  }

  async end(): Promise<void> {
    await this.handshake;
    this.connection.close();
    this.#drain();
  }

  destroy(): void {
    if (this.#failure !== undefined) return;
    this.#fail(new Error('this end was destroyed'));
    this.connection.abort();
    this.stop();
  }

  /** The link is broken. */
  broken(): void {
    this.#outgoing.cut();
    this.#hasStopped = true;
    this.#fail(new Error('the link was cut'));
  }

  stop(): void {
    this.#hasStopped = true;
    this.#world.moved();
  }

  /** Takes what has arrived from the other end; false where there is nothing, or nobody wants it. */
  take(other: End): boolean {
    if (this.#failure !== undefined || this.#peerHasEnded || this.#isFull()) return false;
    const chunks = other.#outgoing.take(this.#world.now());
    for (const chunk of chunks) this.connection.receive(chunk, this.#world.now());
    const isEnd = other.#hasStopped && other.#outgoing.isEmpty;
    if (isEnd) this.connection.receiveEnd(this.#world.now());
    if (chunks.length === 0 && !isEnd) return false;
    this.#drain();
    other.#changed();
    return true;
  }

  /** When something arrives that is wanted. */
  nextArrivalMs(other: End): number {
    const isWanted = this.#failure === undefined && !this.#peerHasEnded && !this.#isFull();
    return isWanted ? other.#outgoing.nextArrivalMs : Number.POSITIVE_INFINITY;
  }

  #drain(): void {
    for (let output = this.connection.poll(); output !== undefined; output = this.connection.poll())
      this.#carryOut(output);
    this.#changed();
    this.#world.moved();
  }

  #carryOut(output: Output): void {
    if (output.type === 'transmit') {
      const bytes = concatenated(output.pieces);
      if (this.#hasStopped) return;
      this.#world.sent(bytes);
      this.#outgoing.put(bytes.slice(), this.#world.now());
    } else if (output.type === 'data') this.#data.push(output.bytes);
    else if (output.type === 'writable') this.#isWritable ||= output.as !== 'early';
    else if (output.type === 'connected') this.#settle.resolve(this.connection.facts);
    else if (output.type === 'peerClosed') {
      this.#peerHasEnded = true;
      if (output.how === 'truncated')
        this.#fail(new Error('the peer ended without close_notify: data may be missing'));
    } else if (output.type === 'failed') {
      this.#fail(output.error);
      this.#hasStopped = true;
    } else if (output.type === 'closed') this.#hasStopped = true;
    else if (output.type === 'decision')
      throw new ApiMisuseError(
        `memoryPair expects connections that answer ${output.decision.kind} by \`answers\``,
      );
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#settle.reject(error);
    this.#changed();
  }

  #isFull(): boolean {
    return this.#data.reduce((sum, { length }) => sum + length, 0) >= roomBytes;
  }

  /** So much is under way that the program has to wait. */
  #isCrowded(): boolean {
    return this.#failure === undefined && this.#outgoing.bytesUnderWay >= roomBytes;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

const roomBytes = 65_536;
const sliceBytes = 16_384;
