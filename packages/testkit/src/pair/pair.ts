import { ApiMisuseError, type Answers, type Connection, type Output } from '@sealwire/core';
import { seededRandom } from '../seeded-random.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import { type Chunking, Link, type LinkConditions } from './link.ts';
import type { ScriptStep, Side } from './script.ts';
import { type AnswerDelay, PairSide, type SideResult } from './side.ts';

export interface PairOptions {
  /** How bytes are cut on their way, in both directions. Default `whole`. */
  readonly chunking?: Chunking;
  /**
   * What happens to bytes on their way: in both directions, or in each its own. Where it takes time, the clock moves
   * to the next arrival as soon as nothing else can happen. Default: they arrive at once, all and in order.
   */
  readonly link?:
    | LinkConditions
    | { readonly fromClient?: LinkConditions; readonly fromServer?: LinkConditions };
  /** What chunk sizes and accidents of the link are drawn from. Default 0. */
  readonly seed?: number | string;
  /** Default: a clock of its own, which `wait` steps alone move. */
  readonly clock?: VirtualClock;
  /**
   * Who answers the decisions that come out of the connections. A decision without a policy, or whose policy
   * returns `undefined`, stays open. Connections ask only where their own `answers` are silent.
   */
  readonly answers?: { readonly client?: Answers; readonly server?: Answers };
  /**
   * When: 0, as soon as the question is polled; a number, after so many rounds of the link; `{ ms }`, after so much
   * time; `afterInput`, when everything under way has been delivered. Default 0.
   */
  readonly decisionDelay?: number | 'afterInput' | { readonly ms: number };
  /**
   * Somebody between the two: sees the bytes of each transmit and says what goes on in their place, in as many
   * pieces as it likes.
   */
  readonly middle?: (from: Side, bytes: Uint8Array) => Uint8Array | readonly Uint8Array[];
  /** Sees every output right after it was polled, and may change the arrays in it: they belong to the caller. */
  readonly onOutput?: (side: Side, output: Output) => void;
  /** Sees every chunk right after `receive` has returned, and may change it. */
  readonly onDelivered?: (to: Side, chunk: Uint8Array) => void;
  /** Calls of `receive`, `poll` and `answer` in one run; more is a `PairHang`. Default 1,000,000. */
  readonly maxCalls?: number;
}

/** What happened, in one order for both sides. `atMs`: when, on the pair's clock. */
export type LogEntry =
  | { readonly what: 'output'; readonly side: Side; readonly output: Output; readonly atMs: number }
  | { readonly what: 'delivered'; readonly side: Side; readonly bytes: number }
  | { readonly what: 'answered'; readonly side: Side }
  /** `result`: what the method returned. */
  | { readonly what: 'step'; readonly step: ScriptStep; readonly result: unknown };

export interface PairResult {
  readonly client: SideResult;
  readonly server: SideResult;
  readonly log: readonly LogEntry[];
}

/** The two did not come to rest within `maxCalls`. */
export class PairHang extends Error {
  override readonly name = 'PairHang';
}

/**
 * Two connections over a link in memory. Nothing here depends on time, chance or the runtime: the same
 * connections, options and script give the same log.
 *
 *     const random = { entropy: givenEntropy(seededRandom('client')) };
 *     const { client, server } = pair(createClient({ ...random, … }), createServer({ … }), { chunking: 1 })
 *       .run([{ by: 'client', do: 'send', bytes }, { by: 'client', do: 'close' }]);
 */
export function pair(client: Connection, server: Connection, options: PairOptions = {}): Pair {
  return new Pair(client, server, options);
}

export class Pair {
  readonly clock: VirtualClock;
  readonly #options: PairOptions;
  readonly #sides: Readonly<Record<Side, PairSide>>;
  /** By the side that the bytes come from. */
  readonly #links: Readonly<Record<Side, Link>>;
  readonly #endsToDeliver = new Set<Side>();
  readonly #log: LogEntry[] = [];
  readonly #delay: AnswerDelay;
  readonly #gone = new Set<Side>();
  #started = false;
  #calls = 0;

  /** Made by `pair`. */
  constructor(client: Connection, server: Connection, options: PairOptions) {
    const { chunking = 'whole', seed = 0, decisionDelay = 0, answers = {} } = options;
    this.#options = options;
    this.#delay = delayOf(decisionDelay);
    this.clock = options.clock ?? virtualClock();
    this.#sides = {
      client: new PairSide(client, answers.client ?? {}),
      server: new PairSide(server, answers.server ?? {}),
    };
    this.#links = {
      client: new Link({
        ...conditionsOf(options.link, 'fromClient'),
        chunking,
        random: seededRandom(`${seed} from client`),
      }),
      server: new Link({
        ...conditionsOf(options.link, 'fromServer'),
        chunking,
        random: seededRandom(`${seed} from server`),
      }),
    };
  }

  /**
   * Starts both sides if that has not been done, runs the script, and goes on until nothing moves any more. May
   * be called again with more steps; the result is that of all runs together. Throws `PairHang`.
   */
  run(script: readonly ScriptStep[] = []): PairResult {
    this.#calls = 0;
    if (!this.#started) {
      this.#started = true;
      // The server first: no chunk may reach it before.
      this.#sides.server.connection.start(this.clock.now());
      this.#sides.client.connection.start(this.clock.now());
    }
    this.#settle();
    for (const step of script) {
      this.#log.push({ what: 'step', step, result: this.#do(step) });
      this.#settle();
    }
    return { client: this.#sides.client.result(), server: this.#sides.server.result(), log: [...this.#log] };
  }

  /** Everything that happens up to `untilMs`, however often the clock has to move for that. */
  #settle(untilMs = Number.POSITIVE_INFINITY): void {
    for (;;) {
      this.#settleNow();
      const nextMs = Math.min(
        ...bothSides.flatMap((side) => [this.#links[side].nextArrivalMs, this.#sides[side].nextAnswerMs]),
      );
      if (nextMs > untilMs || nextMs === Number.POSITIVE_INFINITY) return;
      this.clock.advance(Math.max(0, nextMs - this.clock.now()));
      this.#count();
    }
  }

  /** Rounds until the link is quiet. In each one every side reads what has arrived, then says its own. */
  #settleNow(): void {
    for (;;) {
      let moved = false;
      for (const side of bothSides) moved = this.#drain(side) || moved;
      for (const side of bothSides) moved = this.#deliver(side) || moved;
      for (const side of bothSides) moved = this.#answer(side, !moved) || moved;
      for (const side of bothSides) this.#sides[side].passRound();
      if (!moved && !bothSides.some((side) => this.#sides[side].owesAnswer)) return;
      this.#count();
    }
  }

  #drain(side: Side): boolean {
    if (this.#gone.has(side)) return false;
    const { connection } = this.#sides[side];
    let said = false;
    for (let output = connection.poll(); output !== undefined; output = connection.poll()) {
      said = true;
      this.#count();
      this.#log.push({ what: 'output', side, output, atMs: this.clock.now() });
      const bytes = this.#sides[side].note(output, this.#delay, this.clock.now());
      if (bytes !== undefined) this.#send(side, bytes);
      this.#options.onOutput?.(side, output);
      if (output.type === 'decision' && this.#delay.rounds === 0 && this.#delay.ms === 0)
        this.#answer(side, true);
    }
    return said;
  }

  #send(side: Side, bytes: Uint8Array): void {
    const passedOn = this.#options.middle?.(side, bytes) ?? bytes;
    for (const piece of passedOn instanceof Uint8Array ? [passedOn] : passedOn) {
      this.#links[side].put(piece.slice(), this.clock.now());
    }
  }

  /** Everything that is under way to `side`; its outputs are polled after each chunk. */
  #deliver(side: Side): boolean {
    const { connection } = this.#sides[side];
    const from = side === 'client' ? 'server' : 'client';
    const chunks = this.#links[from].take(this.clock.now());
    // Who is gone has an open transport still: bytes to it are lost.
    if (this.#gone.has(side)) return chunks.length > 0;
    for (const chunk of chunks) {
      this.#count();
      connection.receive(chunk, this.clock.now());
      this.#log.push({ what: 'delivered', side, bytes: chunk.length });
      this.#options.onDelivered?.(side, chunk);
      this.#drain(side);
    }
    const ends = this.#links[from].isEmpty && this.#endsToDeliver.delete(from);
    if (ends) {
      connection.receiveEnd(this.clock.now());
      this.#drain(side);
    }
    return chunks.length > 0 || ends;
  }

  #answer(side: Side, linkIsQuiet: boolean): boolean {
    if (this.#gone.has(side) || !this.#sides[side].answerDue(this.clock.now(), linkIsQuiet)) return false;
    this.#count();
    this.#log.push({ what: 'answered', side });
    return true;
  }

  #do(step: ScriptStep): unknown {
    if (step.do === 'wait') return this.#wait(step.ms);
    if (step.do === 'cutLink') {
      for (const side of bothSides) if ((step.from ?? side) === side) this.#links[side].cut();
      return undefined;
    }
    if (step.do === 'vanish') {
      this.#gone.add(step.by);
      return undefined;
    }
    if (this.#gone.has(step.by))
      throw new ApiMisuseError(`expected no step of the ${step.by}: it has vanished`);
    const { connection } = this.#sides[step.by];
    switch (step.do) {
      case 'send':
        return connection.send(step.bytes);
      case 'updateKeys':
        return connection.updateKeys({ requestPeer: step.requestPeer });
      case 'close':
        return connection.close();
      case 'abort':
        return connection.abort(step.error);
      case 'endTransport':
        this.#endsToDeliver.add(step.by);
        return undefined;
      case 'call':
        return step.run(connection, this.clock.now());
    }
  }

  #wait(ms: number): void {
    const untilMs = this.clock.now() + ms;
    if (ms >= 0) this.#settle(untilMs);
    this.clock.advance(ms < 0 ? ms : Math.max(0, untilMs - this.clock.now()));
  }

  #count(): void {
    const { maxCalls = 1_000_000 } = this.#options;
    if (++this.#calls > maxCalls) throw new PairHang(`the pair has not come to rest after ${maxCalls} calls`);
  }
}

function delayOf(delay: NonNullable<PairOptions['decisionDelay']>): AnswerDelay {
  if (delay === 'afterInput') return { rounds: Number.POSITIVE_INFINITY, ms: 0 };
  const [rounds, ms] = typeof delay === 'number' ? [delay, 0] : [0, delay.ms];
  if (!Number.isInteger(rounds) || rounds < 0 || !Number.isFinite(ms) || ms < 0) {
    throw new ApiMisuseError(
      `decisionDelay expects zero or more rounds, { ms } or 'afterInput', got ${JSON.stringify(delay)}`,
    );
  }
  return { rounds, ms };
}

export function conditionsOf(
  link: PairOptions['link'] = {},
  from: 'fromClient' | 'fromServer',
): LinkConditions {
  return 'fromClient' in link || 'fromServer' in link ? (link[from] ?? {}) : (link as LinkConditions);
}

const bothSides = ['client', 'server'] as const satisfies readonly Side[];
