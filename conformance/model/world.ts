import { type Answers, type Decision, defaultLimits } from '@sealwire/core';
import { recordClient, recordServer, type SentRecord, type Side } from '@sealwire/testkit';
import {
  answersOf,
  clientOptionsOf,
  nodeProvider,
  type Scenario,
  serverOptionsOf,
} from '../properties/scenarios.ts';
import { memoized } from '../mutations/memoized-entropy.ts';
import { End } from './end.ts';

export interface WorldSetup {
  readonly scenario: Scenario;
  /** Whether every decision becomes an output. */
  readonly asksEverything: boolean;
  /**
   * `wire`: what lies between the two is bytes, cut anyhow, and whoever changes them has no keys. `keys`: records,
   * sealed for their receiver when they are delivered, so that a peer may say anything at all.
   */
  readonly between: 'wire' | 'keys';
  /** Whether anybody means harm; small limits then. */
  readonly isHostile: boolean;
}

/** Two ends, what is under way between them, and a clock. */
export class World {
  readonly setup: WorldSetup;
  readonly ends: Readonly<Record<Side, End>>;
  /** By the side that it comes from. */
  readonly #bytes: Record<Side, Buffer> = { client: Buffer.alloc(0), server: Buffer.alloc(0) };
  readonly #records: Record<Side, SentRecord[]> = { client: [], server: [] };
  readonly #sent: Record<Side, Uint8Array[]> = { client: [], server: [] };
  readonly #wrote: Record<Side, number> = { client: 0, server: 0 };
  /** Somebody has meddled with what was under way, said something wrong, or refused. */
  isDisturbed = false;
  nowMs = Date.UTC(2026, 0, 1);

  constructor(setup: WorldSetup) {
    this.setup = setup;
    const { scenario, asksEverything } = setup;
    const options = { isTapped: true, asksEverything, entropy: memoized(nodeProvider) };
    // Who disturbs may well reach a limit; who does not must come nowhere near the real ones.
    const limits = setup.isHostile ? { heldInputBytes: 5_000, handshakeMessageBytes: 20_000 } : {};
    this.ends = {
      client: new End('client', recordClient({ ...clientOptionsOf(scenario, options), limits })),
      server: new End('server', recordServer({ ...serverOptionsOf(scenario, options), limits })),
    };
  }

  start(side: Side): void {
    const end = this.ends[side];
    if (end.hasStarted) {
      end.misuse('start', (connection) => connection.start(this.nowMs));
      return;
    }
    end.hasStarted = true;
    end.call('start', (connection) => connection.start(this.nowMs));
  }

  /** Polls everything that a side has to say. */
  drain(side: Side): void {
    const records = this.ends[side].drain();
    for (const record of records) {
      this.#wrote[side] += record.wire.length;
      if (this.setup.between === 'keys') this.#records[side].push(record);
      else this.#bytes[side] = Buffer.concat([this.#bytes[side], record.wire]);
    }
    this.#checkBounds(side);
  }

  isUnderWay(to: Side): boolean {
    const from = other(to);
    return this.#bytes[from].length > 0 || this.#records[from].length > 0;
  }

  /** Delivers some of what is under way: at most so many bytes, or one record. */
  deliver(to: Side, bytes: number): void {
    const end = this.ends[to];
    const from = other(to);
    if (!end.hasStarted) {
      end.misuse('receive', (each) => each.receive(new Uint8Array(1), this.nowMs));
      return;
    }
    if (this.setup.between === 'wire') {
      const chunk = this.#bytes[from].subarray(0, bytes);
      this.#bytes[from] = this.#bytes[from].subarray(bytes);
      this.receive(to, chunk);
      return;
    }
    // A record is sealed with the keys that its receiver reads with, so it waits until they are certain.
    if (end.isHeld) return;
    const record = this.#records[from].shift();
    if (record === undefined) return;
    const wire = record.type === 20 ? record.wire : end.tap.recordFor(record.type, record.content);
    for (const part of [wire.subarray(0, bytes), wire.subarray(bytes)]) this.receive(to, part);
    this.drain(to);
  }

  /** Bytes to a side; whatever they are, nothing throws. */
  receive(to: Side, bytes: Uint8Array): void {
    const end = this.ends[to];
    const chunk = Uint8Array.from(bytes);
    end.call('receive', (connection) => connection.receive(chunk, this.nowMs));
    chunk.fill(0xee);
    this.#checkData(to);
  }

  /** Content of a record that a peer with the keys says all of a sudden. */
  speak(to: Side, type: number, content: Uint8Array): void {
    const end = this.ends[to];
    if (!end.hasStarted || end.isHeld || end.ended !== undefined) return;
    this.isDisturbed = true;
    this.drain(to);
    this.receive(to, end.tap.recordFor(type, content));
    this.drain(to);
  }

  /** Changes what is under way to a side. */
  meddle(to: Side, change: (underWay: Buffer) => Buffer): void {
    const from = other(to);
    if (this.setup.between === 'keys' || this.#bytes[from].length === 0) return;
    this.isDisturbed = true;
    this.#bytes[from] = Buffer.from(change(this.#bytes[from]));
  }

  send(side: Side, data: Uint8Array): void {
    const end = this.ends[side];
    const taken = end.call('send', (connection) => connection.send(data));
    if (taken !== 0 && taken !== data.length)
      throw new Error(`the ${side} took ${taken} of ${data.length} bytes`);
    this.#sent[side].push(Uint8Array.from(data.subarray(0, taken)));
    if (taken === 0) return;
    this.drain(side);
    if (!end.isWritable || end.hasClosed) throw new Error(`the ${side} took data when it should not`);
  }

  /** Answers the oldest open question; `undefined` if none is open. */
  answer(side: Side, how: 'rightly' | 'refusing' | 'twice' | 'with nonsense'): void {
    const end = this.ends[side];
    const [decision] = end.pending.values();
    if (decision === undefined) {
      const [old] = end.settled;
      if (old === undefined) return;
      const reply = { ok: true } as never;
      // Answered once, or withdrawn: the first is a mistake while the connection lives, the second is not.
      if (end.ended === undefined && !end.outputs.some((each) => each.type === 'decisionCancelled')) {
        end.misuse('answer', (connection) => connection.answer(old, reply, this.nowMs));
      } else if (end.ended !== undefined) {
        const taken = end.call('answer', (connection) => connection.answer(old, reply, this.nowMs));
        if (taken) throw new Error(`the ${side} took an answer after its end`);
      }
      return;
    }
    if (how === 'with nonsense') {
      end.misuse('answer', (connection) => connection.answer(decision, 'yes' as never, this.nowMs));
      end.misuse('answer', (each) =>
        each.answer({ ...decision, id: 10_000 } as never, { ok: true } as never, this.nowMs),
      );
      return;
    }
    const reply =
      how === 'refusing' ? { ok: false, reason: 'rejected', message: 'no' } : this.#replyTo(side, decision);
    if (how === 'refusing') {
      this.isDisturbed = true;
      if (decision.kind === 'chooseConfig') Object.assign(reply, { reason: 'refused' });
    }
    end.pending.delete(decision.id);
    end.settled.push(decision);
    const taken = end.call('answer', (each) => each.answer(decision, reply as never, this.nowMs));
    if (!taken) throw new Error(`the ${side} did not take the answer to ${decision.kind}`);
    // A connection that the first answer has ended ignores the second; one that lives does not let it pass.
    this.drain(side);
    const again = () => end.connection.answer(decision, reply as never, this.nowMs);
    if (how === 'twice' && end.ended === undefined) end.misuse('answer', again);
    if (how === 'twice' && end.ended !== undefined) end.call('answer', again);
    this.#checkData(side);
  }

  /** Everything that is under way arrives and every question is answered, until nothing moves; then both close. */
  finish(): void {
    for (const side of sides) if (!this.ends[side].hasStarted) this.start(side);
    this.#settle();
    for (const side of sides) this.ends[side].call('close', (each) => each.close());
    this.#settle();
    for (const side of sides) {
      const end = this.ends[side];
      if (end.ended === undefined) {
        end.call('receiveEnd', (each) => each.receiveEnd(this.nowMs));
        end.inputEnded = true;
        this.drain(side);
      }
      if (end.ended === undefined) throw new Error(`the ${side} does not come to its end`);
    }
  }

  /** What two ends that nobody disturbed have said to each other. */
  checkUndisturbed(): void {
    for (const side of sides) {
      const end = this.ends[side];
      if (end.ended?.type === 'failed') throw end.ended.error;
      const said = Buffer.concat(this.#sent[other(side)]);
      if (!said.equals(end.received))
        throw new Error(`the ${side} got ${end.received.length} of ${said.length} bytes`);
    }
  }

  #settle(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const side of sides) {
        this.drain(side);
        if (this.ends[side].pending.size > 0) {
          moved = true;
          this.answer(side, 'rightly');
          this.drain(side);
        }
        if (this.isUnderWay(side) && !(this.setup.between === 'keys' && this.ends[side].isHeld)) {
          moved = true;
          this.deliver(side, Number.POSITIVE_INFINITY);
          this.drain(side);
        }
      }
    }
  }

  #replyTo(side: Side, { kind, ask }: Decision): object {
    const answers: Answers = answersOf(side, this.setup.scenario);
    const reply = (answers[kind] as ((ask: unknown) => object | undefined) | undefined)?.(ask);
    if (reply === undefined) throw new Error(`nobody knows what to reply to ${kind}`);
    return reply;
  }

  /** Whatever somebody does in between, no byte is delivered that the other end has not sent, in its order. */
  #checkData(to: Side): void {
    if (this.setup.between === 'keys' && this.isDisturbed) return;
    const end = this.ends[to];
    this.drain(to);
    const said = Buffer.concat(this.#sent[other(to)]);
    if (!said.subarray(0, end.received.length).equals(end.received)) {
      throw new Error(`the ${to} delivered data that nobody sent`);
    }
  }

  /** Nobody says more than the handshake, its data and a few words: the peer cannot make it speak for ever. */
  #checkBounds(side: Side): void {
    const data = this.#sent[side].reduce((sum, { length }) => sum + length, 0);
    const records = this.#sent[side].length + this.ends[side].outputs.length;
    const bound = 2 * data + 60 * records + 30_000 + defaultLimits.keyUpdates * 100;
    if (this.#wrote[side] > bound)
      throw new Error(`the ${side} wrote ${this.#wrote[side]} bytes, at most ${bound}`);
  }
}

export const other = (side: Side): Side => (side === 'client' ? 'server' : 'client');
export const sides = ['client', 'server'] as const;
