import { type Decision, defaultLimits } from '@sealwire/core';
import type { SentRecord, Side } from '@sealwire/testkit';
import { type Beginning, sessionsMadeMs } from './beginnings.ts';
import { End } from './end.ts';
import { People } from './people.ts';
import { checkViews } from './views.ts';

export interface WorldSetup {
  readonly scenario: Beginning;
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
  readonly people: People;
  /** By the side that it comes from. */
  readonly #bytes: Record<Side, Buffer> = { client: Buffer.alloc(0), server: Buffer.alloc(0) };
  readonly #records: Record<Side, SentRecord[]> = { client: [], server: [] };
  readonly #sent: Record<Side, Uint8Array[]> = { client: [], server: [] };
  readonly #wrote: Record<Side, number> = { client: 0, server: 0 };
  /** Of `sent` by the client, how much left as 0-RTT data. */
  earlySent = 0;
  /** Everything that the client has written, for who plays it again. */
  readonly written: Uint8Array[] = [];
  /** Somebody has meddled with what was under way, said something wrong, or refused. */
  isDisturbed = false;
  /** Time has leapt, or a choice was made that may lead elsewhere than the beginning says, though not astray. */
  hasStrayed = false;
  /** How many more handshakes were asked for. */
  renegotiations = 0;
  /** The client's hello was changed on its way. */
  isHelloTampered = false;
  nowMs = sessionsMadeMs + 1_000;

  constructor(setup: WorldSetup) {
    this.setup = setup;
    this.people = new People(setup);
    this.ends = {
      client: new End('client', this.people.client()),
      server: new End('server', this.people.server()),
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
      if (side === 'client') this.written.push(record.wire);
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
    // 0-RTT data that its receiver has not taken stays what it is: bytes that it cannot open, and must skip.
    const isSkipped = record.isEarly && !end.tap.readsEarlyData;
    const wire =
      record.type === 20 || isSkipped ? record.wire : end.tap.recordFor(record.type, record.content);
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

  /** Changes the content of a record that is under way to a side, whose sender has the keys. */
  rewrite(
    to: Side,
    which: (records: readonly SentRecord[]) => number,
    change: (content: Uint8Array) => Uint8Array,
  ): void {
    const records = this.#records[other(to)];
    const at = which(records);
    const record = records[at];
    if (record === undefined || record.type === 20) return;
    this.isDisturbed = true;
    records[at] = { ...record, content: change(record.content) };
  }

  /** Changes the client's hello, if the whole of it is still under way. */
  tamper(change: (hello: Uint8Array) => Uint8Array): void {
    const isHello = (type: number | undefined, content: Uint8Array) => type === 22 && content[0] === 1;
    const changed = (content: Uint8Array): Uint8Array => {
      const now = change(content);
      if (!Buffer.from(now).equals(content)) this.isHelloTampered = this.isDisturbed = true;
      return now;
    };
    if (this.setup.between === 'keys') {
      const [record] = this.#records.client;
      if (record !== undefined && isHello(record.type, record.content))
        this.#records.client[0] = { ...record, content: changed(record.content) };
      return;
    }
    const bytes = this.#bytes.client;
    const end = bytes.length < 5 ? Number.POSITIVE_INFINITY : 5 + bytes.readUInt16BE(3);
    if (end > bytes.length || !isHello(bytes[0], bytes.subarray(5))) return;
    const hello = changed(bytes.subarray(5, end));
    const header = Buffer.from([22, bytes[1]!, bytes[2]!, hello.length >> 8, hello.length & 0xff]);
    this.#bytes.client = Buffer.concat([header, hello, bytes.subarray(end)]);
  }

  send(side: Side, data: Uint8Array): void {
    const end = this.ends[side];
    // Whether it would be 0-RTT data has to be known beforehand.
    if (!end.isWritable) this.drain(side);
    const isEarly = end.earlyLimit !== undefined && !end.isWritable;
    const taken = end.call('send', (connection) => connection.send(data));
    const expected = isEarly ? Math.min(data.length, end.earlyLimit! - this.earlySent) : data.length;
    if (taken !== 0 && taken !== expected)
      throw new Error(`the ${side} took ${taken} of ${data.length} bytes`);
    if (isEarly) this.earlySent += taken;
    this.#sent[side].push(Uint8Array.from(data.subarray(0, taken)));
    if (taken === 0) return;
    this.wasFalseStarted ||= side === 'client' && !isEarly && !end.isConnected;
    this.drain(side);
    const may = end.isWritable || (isEarly && !end.earlyRejected);
    if (!may || end.hasClosed) throw new Error(`the ${side} took data when it should not`);
  }

  requestClientAuth(by: Side, require: boolean): void {
    const end = this.ends[by];
    const id = end.call('requestClientAuth', (each) => each.requestClientAuth({ require }, this.nowMs));
    if (id !== undefined) end.requests.add(id);
    this.drain(by);
    if (id !== undefined && (by === 'client' || !end.isConnected))
      throw new Error(`the ${by} may not ask that`);
  }

  /** The client has sent data in the keys of a handshake that was not complete. */
  wasFalseStarted = false;

  get isRenegotiating(): boolean {
    return sides.some((side) => this.ends[side].isRenegotiating || this.ends[side].hasAskedAgain);
  }

  /** Another handshake, where the version and the peer allow one. */
  renegotiate(by: Side): void {
    const end = this.ends[by];
    // More than the three that a peer may begin would end the connection, and of detached ones nothing begins.
    if (end.isDetached || (this.renegotiations === 3 && !this.setup.isHostile)) return;
    this.drain(by);
    if (end.pending.size > 0 && !this.setup.isHostile) return;
    const wasOpen = end.isConnected && end.ended === undefined && !end.hasClosed && !end.peerClosed;
    const isOlder = (end.connection.facts.version ?? 0x0304) < 0x0304;
    const wasAsked = end.isRenegotiating || end.hasAskedAgain;
    const obeyed = end.call('renegotiate', (each) => each.renegotiate(undefined, this.nowMs));
    if (obeyed) {
      this.renegotiations++;
      end.hasAskedAgain = true;
    }
    this.drain(by);
    if (obeyed && (!wasOpen || !isOlder || wasAsked)) throw new Error(`the ${by} may not renegotiate`);
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
      how === 'refusing'
        ? { ok: false, reason: 'rejected', message: 'no' }
        : this.people.replyTo(side, decision);
    if (how === 'refusing') {
      // Without a session, a ticket or 0-RTT data there is a way all the same; not without a key or a name.
      if (mild.has(decision.kind)) this.hasStrayed = true;
      else this.isDisturbed = true;
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
    this.#checkSettled();
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
    const { failsWith, expects = {} } = this.setup.scenario;
    if (failsWith !== undefined) {
      const { ended } = this.ends.server;
      if (ended?.type === 'failed' && ended.error.code === failsWith) return;
      if (!this.hasStrayed) throw new Error(`the server did not fail with ${failsWith}`);
    }
    for (const side of sides) {
      const end = this.ends[side];
      // A walk delivers what no transport would read while an answer is outstanding, and the limit may be a small one.
      if (this.setup.isHostile && hasOverflowed(this.ends)) return;
      if (end.ended?.type === 'failed') throw end.ended.error;
      const said = this.#said(other(side));
      // Of data that was given up, `#checkData` has seen that what came is how it begins.
      if (!end.hasGivenUpInput && !said.equals(end.received))
        throw new Error(`the ${side} got ${end.received.length} of ${said.length} bytes`);
      if (!end.isConnected || this.hasStrayed || this.renegotiations > 0) continue;
      for (const [name, value] of Object.entries(expects)) {
        const actual = end.connection.facts[name as keyof typeof expects];
        if (actual !== value) throw new Error(`the ${side}: ${name} is ${actual}, should be ${value}`);
      }
    }
  }

  /** What must hold where nothing is under way any more. */
  #checkSettled(): void {
    const { client, server } = this.ends;
    if (this.setup.between === 'wire' || !this.isDisturbed) {
      // A renegotiation that the end has cut off has facts on one side alone.
      if (!this.isRenegotiating) checkViews(client.tap.view, server.tap.view);
      const both = client.isConnected && server.isConnected;
      if (this.isHelloTampered && both) throw new Error('nobody noticed that the hello was changed');
    }
    const isOpen = sides.every((side) => this.ends[side].ended === undefined && !this.ends[side].hasClosed);
    if (this.isDisturbed || !isOpen) return;
    if (this.isRenegotiating) throw new Error('a renegotiation is never answered');
    if (client.handshakes !== server.handshakes)
      throw new Error(`${client.handshakes} handshakes of the client, ${server.handshakes} of the server`);
    for (const id of server.requests) {
      if (!server.answeredRequests.has(id)) throw new Error(`request ${id} is never answered`);
    }
  }

  /** What a side has said that the other must be given: 0-RTT data only where it was taken. */
  #said(side: Side): Buffer {
    const all = Buffer.concat(this.#sent[side]);
    const isTaken = this.ends.server.connection.facts.earlyData === 'accepted';
    return side === 'client' && !isTaken ? all.subarray(this.earlySent) : all;
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

  /** Whatever somebody does in between, no byte is delivered that the other end has not sent, in its order. */
  #checkData(to: Side): void {
    if (this.setup.between === 'keys' && this.isDisturbed) return;
    const end = this.ends[to];
    this.drain(to);
    const said = this.#said(other(to));
    if (to === 'server' && end.earlyBytes > this.earlySent)
      throw new Error('0-RTT data that nobody sent as such');
    if (!said.subarray(0, end.received.length).equals(end.received)) {
      throw new Error(`the ${to} delivered data that nobody sent`);
    }
  }

  /** Nobody says more than the handshake, its data and a few words: the peer cannot make it speak for ever. */
  #checkBounds(side: Side): void {
    const data = this.#sent[side].reduce((sum, { length }) => sum + length, 0);
    const records = this.#sent[side].length + this.ends[side].outputs.length;
    const bound =
      2 * data + 60 * records + 30_000 + defaultLimits.keyUpdates * 100 + this.renegotiations * 20_000;
    if (this.#wrote[side] > bound)
      throw new Error(`the ${side} wrote ${this.#wrote[side]} bytes, at most ${bound}`);
  }
}

export const other = (side: Side): Side => (side === 'client' ? 'server' : 'client');
function hasOverflowed(ends: World['ends']): boolean {
  return sides.some((side) => {
    const { ended } = ends[side];
    return ended?.type === 'failed' && ended.error.code === 'local.heldInputOverflow';
  });
}

/** What an answer of no leads to another way, and not to an end. */
const mild: ReadonlySet<Decision['kind']> = new Set([
  'chooseSession',
  'openTicket',
  'sealTicket',
  'acceptEarlyData',
]);
export const sides = ['client', 'server'] as const;
