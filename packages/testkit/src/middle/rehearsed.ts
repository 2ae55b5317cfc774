import type { Connection, CryptoProvider } from '@sealwire/core';
import type { Side } from '../pair/script.ts';
import { type Conversation, type ConversationRules, converseBetween, type Middle } from './conversation.ts';
import type { ConversationEnd, EndCall, EndState, FinishedMaker, SentRecord, View } from './end.ts';
import type { Failure } from '../pair/side.ts';
import { type OutputListener, TappedEnd } from './tapped-end.ts';

export interface RehearsedOptions extends ConversationRules {
  /** A new connection, not started, with `keyLog: true` and `trace: true`; each time one that does the same. */
  readonly connection: (side: Side) => Connection;
  /** Opens and seals records; need not be that of the connections. */
  readonly provider: CryptoProvider;
  /** As for `converse`; what it does may depend on nothing but its arguments. */
  readonly onOutput?: OutputListener;
  /** After how many new calls those are forgotten that have not come up again. Default 500. */
  readonly maxNewCalls?: number;
  /**
   * Given two ends to which the same has been done, says how to make copies of the first, or `undefined` if that cannot
   * be done. The language has no means to copy a connection; without one, another is led to the same point.
   */
  readonly copier?: (end: TappedEnd, same: TappedEnd) => (() => TappedEnd) | undefined;
}

/**
 * The same conversation again and again, each time with another middle. A connection is a function of the calls made to
 * it: what has been called once is remembered with all that came of it, and a connection is only made, and led to
 * the point, when something is new to it. Of a conversation that breaks off where somebody changed one byte, that is the
 * one end which is given the byte. Nobody may change the bytes of a conversation after it.
 *
 *     const converseWith = rehearsed({ connection: (side) => (side === 'client' ? newClient() : newServer()), provider });
 *     for (const middle of middles) judge(converseWith(middle), original, …);
 */
export function rehearsed(options: RehearsedOptions): (middle: Middle) => Conversation {
  const pasts = { client: new Past('client', options), server: new Past('server', options) };
  return (middle) =>
    converseBetween(
      { client: new RehearsedEnd(pasts.client), server: new RehearsedEnd(pasts.server) },
      options,
      middle,
    );
}

/** All that one of the two ends has ever been through: a tree of calls. */
class Past {
  readonly root: Moment;
  readonly #side: Side;
  readonly #options: RehearsedOptions;
  #newCalls = 0;

  constructor(side: Side, options: RehearsedOptions) {
    this.#side = side;
    this.#options = options;
    this.root = new Moment(this.#newEnd());
  }

  /** An end to which has been done what led to `moment`: `end`, to which part of it has been done, or another. */
  endAt(moment: Moment, end?: Live): TappedEnd {
    if (end === undefined && ++moment.visits === 2) {
      const { copier } = this.#options;
      moment.copies = copier?.(this.#led(moment), this.#led(moment));
    }
    return this.#led(moment, end);
  }

  #led(moment: Moment, end?: Live): TappedEnd {
    const path: Origin[] = [];
    for (let at = moment; at.origin !== undefined && at !== end?.at; at = at.origin.before) {
      const copied = at.copies?.();
      if (copied !== undefined) return replayed(copied, path);
      path.push(at.origin);
    }
    return replayed(end?.end ?? this.#newEnd(), path);
  }

  /** What has come of a call that nobody has made at `before`. */
  remember(before: Moment, call: EndCall, end: TappedEnd, sent: readonly SentRecord[]): Moment {
    const { maxNewCalls = 500 } = this.#options;
    if (++this.#newCalls > maxNewCalls) {
      this.root.forget();
      this.#newCalls = 0;
    }
    const moment = new Moment(end, { before, call, sent });
    before.add(call, moment);
    return moment;
  }

  #newEnd(): TappedEnd {
    const { connection, provider, onOutput } = this.#options;
    return new TappedEnd(this.#side, connection(this.#side), provider, onOutput);
  }
}

/** Does the rest of a path, of which the last call comes first. */
function replayed(end: TappedEnd, path: Origin[]): TappedEnd {
  for (let origin = path.pop(); origin !== undefined; origin = path.pop()) end.call(origin.call);
  return end;
}

/** An end and how far it has come. */
interface Live {
  readonly end: TappedEnd;
  readonly at: Moment;
}

interface Origin {
  readonly before: Moment;
  readonly call: EndCall;
  /** The records that were sent. */
  readonly sent: readonly SentRecord[];
}

/** How an end was after a call, and what was called then. */
class Moment implements EndState {
  readonly origin: Origin | undefined;
  readonly side: Side;
  readonly outputs: number;
  readonly data: readonly Uint8Array[];
  readonly alertsSent: readonly number[];
  readonly views: readonly View[];
  readonly failure: Failure | undefined;
  readonly isClosed: boolean;
  readonly isTruncated: boolean;
  readonly readsEarlyData: boolean;
  readonly finishedMaker: FinishedMaker | undefined;
  /** By the object that was handed over, which in most conversations is the same, and by what it says, if that is short. */
  #byObject = new Map<object, Moment>();
  #byName = new Map<string, Moment>();
  #isUsed = false;
  /** How often a connection was needed here. */
  visits = 0;
  copies: (() => TappedEnd) | undefined;

  constructor(end: TappedEnd, origin?: Origin) {
    const before = origin?.before;
    this.origin = origin;
    this.side = end.side;
    this.outputs = end.outputs;
    this.data = end.data.length === before?.data.length ? before.data : [...end.data];
    this.alertsSent =
      end.alertsSent.length === before?.alertsSent.length ? before.alertsSent : [...end.alertsSent];
    this.views = end.views.length === before?.views.length ? before.views : [...end.views];
    this.failure = end.failure;
    this.isClosed = end.isClosed;
    this.isTruncated = end.isTruncated;
    this.readsEarlyData = end.readsEarlyData;
    this.finishedMaker = end.finishedMaker;
  }

  get view(): View | undefined {
    return this.views.at(-1);
  }

  after(call: EndCall): Moment | undefined {
    const found = this.#find(call);
    if (found !== undefined) found.#isUsed = true;
    return found;
  }

  add(call: EndCall, moment: Moment): void {
    const object = objectOf(call);
    const name = nameOf(call);
    if (object !== undefined && !this.#byObject.has(object)) this.#byObject.set(object, moment);
    if (name !== undefined) this.#byName.set(name, moment);
  }

  /** All moments that have not come up again since the last time. */
  forget(): void {
    this.#byObject = usedOf(this.#byObject);
    this.#byName = usedOf(this.#byName);
    const next = new Set([...this.#byObject.values(), ...this.#byName.values()]);
    for (const moment of next) {
      moment.#isUsed = false;
      moment.forget();
    }
  }

  get isUsed(): boolean {
    return this.#isUsed;
  }

  #find(call: EndCall): Moment | undefined {
    const object = objectOf(call);
    const same = object && this.#byObject.get(object);
    if (same !== undefined && isSameCall(call, same.origin!.call)) return same;
    const name = nameOf(call);
    return name === undefined ? undefined : this.#byName.get(name);
  }
}

/** One end of one conversation: remembered as far as everything is known; a connection follows where something is not. */
class RehearsedEnd implements ConversationEnd {
  readonly #past: Past;
  #moment: Moment;
  #live: Live | undefined;

  constructor(past: Past) {
    this.#past = past;
    this.#moment = past.root;
  }

  call(call: EndCall): readonly SentRecord[] {
    const known = this.#moment.after(call);
    if (known !== undefined) {
      this.#moment = known;
      return known.origin!.sent;
    }
    const end = this.#past.endAt(this.#moment, this.#live);
    const sent = end.call(call);
    this.#moment = this.#past.remember(this.#moment, call, end, sent);
    this.#live = { end, at: this.#moment };
    return sent;
  }

  get side(): Side {
    return this.#moment.side;
  }

  get outputs(): number {
    return this.#moment.outputs;
  }

  get data(): readonly Uint8Array[] {
    return this.#moment.data;
  }

  get alertsSent(): readonly number[] {
    return this.#moment.alertsSent;
  }

  get views(): readonly View[] {
    return this.#moment.views;
  }

  get view(): View | undefined {
    return this.#moment.view;
  }

  get failure(): Failure | undefined {
    return this.#moment.failure;
  }

  get isClosed(): boolean {
    return this.#moment.isClosed;
  }

  get isTruncated(): boolean {
    return this.#moment.isTruncated;
  }

  get readsEarlyData(): boolean {
    return this.#moment.readsEarlyData;
  }

  get finishedMaker(): FinishedMaker | undefined {
    return this.#moment.finishedMaker;
  }
}

function objectOf(call: EndCall): object | undefined {
  return call.do === 'step' ? call.step : 'bytes' in call ? call.bytes : undefined;
}

function isSameCall(a: EndCall, b: EndCall): boolean {
  return (
    a.do === b.do &&
    a.nowMs === b.nowMs &&
    (a.do === 'content' ? a.type : 0) === (b.do === 'content' ? b.type : 0)
  );
}

/** What is called, if it is short; a step is known by its object. */
function nameOf(call: EndCall): string | undefined {
  if (call.do === 'start' || call.do === 'end') return `${call.do} ${call.nowMs}`;
  if (call.do === 'step' || call.bytes.length > longestName) return undefined;
  const type = call.do === 'content' ? call.type : '';
  return `${call.do} ${type} ${call.nowMs} ${String.fromCharCode(...call.bytes)}`;
}

function usedOf<K>(moments: ReadonlyMap<K, Moment>): Map<K, Moment> {
  return new Map([...moments].filter(([, moment]) => moment.isUsed));
}

const longestName = 100;
