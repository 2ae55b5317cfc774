import { ApiMisuseError, type Connection, type CryptoProvider } from '@sealwire/core';
import { concatenated } from '../bytes.ts';
import { PairHang } from '../pair/pair.ts';
import type { ScriptStep, Side } from '../pair/script.ts';
import type { ConversationEnd, EndCall, EndState, SentRecord } from './end.ts';
import {
  applicationData,
  changeCipherSpec,
  handshake,
  type OutputListener,
  TappedEnd,
} from './tapped-end.ts';

/** Content to be sealed on delivery with the keys that its receiver reads with then, or bytes as they are. */
export type Parcel =
  | { readonly as: 'wire'; readonly bytes: Uint8Array }
  | {
      readonly as: 'content';
      readonly type: number;
      readonly content: Uint8Array;
      /** The record in which it came under the keys of 0-RTT data: as it is for a server that does not read with them. */
      readonly earlyWire?: Uint8Array;
    };

/** Part of a conversation between two flights that wait for each other. */
export type Flight = 'client hello' | 'server flight' | 'client second flight' | 'post-handshake';

export interface SeenRecord {
  readonly from: Side;
  /** Counted per direction. */
  readonly index: number;
  readonly flight: Flight;
  readonly record: SentRecord;
}

export interface SeenMessage {
  readonly from: Side;
  readonly index: number;
  readonly flight: Flight;
  /** With its header. */
  readonly message: Uint8Array;
}

/**
 * What somebody in the middle does. With `onRecord` it knows no keys; with `onMessage` it knows all traffic
 * secrets: handshake messages are opened, passed to it one by one, and sealed again for their receiver.
 */
export type Middle =
  | { readonly onRecord: (seen: SeenRecord) => readonly Parcel[] }
  | {
      readonly onMessage: (seen: SeenMessage) => readonly Parcel[];
      /** Alerts and application data; default: passed on as they are. */
      readonly onContent?: (seen: SeenRecord) => readonly Parcel[];
      /**
       * Replaces every Finished on its way to the client by the one that fits what the client has seen: nothing
       * but the signature of CertificateVerify is left to tell the difference.
       */
      readonly forgesFinished?: boolean;
    };

export interface Conversation<E extends EndState = EndState> {
  readonly client: E;
  readonly server: E;
  readonly records: readonly SeenRecord[];
  readonly messages: readonly SeenMessage[];
}

/** Two connections that have not been started, made with `keyLog: true` and `trace: true`. */
export interface ConversationOptions extends ConversationRules {
  readonly client: Connection;
  readonly server: Connection;
  /** Opens and seals records; need not be that of the connections. */
  readonly provider: CryptoProvider;
  /** For what an application does before the script: 0-RTT data. */
  readonly onOutput?: OutputListener;
}

/** What is the same whoever converses. */
export interface ConversationRules {
  /**
   * Runs when the handshake is complete on both sides, each step as soon as nothing moves. Then both transports end.
   * Default: nothing.
   */
  readonly script?: readonly ScriptStep[];
  /** The most content of a record that both sides take, in bytes. Default 16,384. */
  readonly maxFragmentBytes?: number;
  /** `now` of every call, in ms since the epoch; `wait` steps add to it. Default: 1 January 2026, 00:00 UTC. */
  readonly nowMs?: number;
  /** Records in one conversation; more is a `PairHang`. Default 2,000. */
  readonly maxRecords?: number;
}

/**
 * Two ends with somebody in between who reads along, record by record: all records of a conversation and all
 * handshake messages in them, opened, to the end of the script or of the transport.
 */
export function converse(
  options: ConversationOptions,
  middle: Middle = { onRecord: unchanged },
): Conversation<TappedEnd> {
  const { client, server, provider, onOutput } = options;
  const ends = {
    client: new TappedEnd('client', client, provider, onOutput),
    server: new TappedEnd('server', server, provider, onOutput),
  };
  return converseBetween(ends, options, middle);
}

/** The same between ends that are there already. */
export function converseBetween<E extends ConversationEnd>(
  ends: Readonly<Record<Side, E>>,
  rules: ConversationRules,
  middle: Middle,
): Conversation<E> {
  const { records, messages } = new Table(ends, rules, middle).run(rules.script ?? []);
  return { ...ends, records, messages };
}

class Table {
  readonly records: SeenRecord[] = [];
  readonly messages: SeenMessage[] = [];
  readonly #ends: Readonly<Record<Side, ConversationEnd>>;
  readonly #middle: Middle;
  /** The most content of a record that both sides take. */
  readonly #fragmentBytes: number;
  readonly #parcels: Readonly<Record<Side, Parcel[]>> = { client: [], server: [] };
  /** By sender: what it has said and nobody has passed on. */
  readonly #said: Readonly<Record<Side, SentRecord[]>> = { client: [], server: [] };
  /** By sender: the beginning of a handshake message whose rest is in later records. */
  readonly #pending: Record<Side, Uint8Array> = { client: nothing, server: nothing };
  /** Handshake messages that the client has sent and been given. */
  readonly #clientTranscript: Uint8Array[] = [];
  #isScripted = false;
  readonly #counts = { client: { records: 0, messages: 0 }, server: { records: 0, messages: 0 } };
  readonly #maxRecords: number;
  #delivered = 0;
  #nowMs: number;

  constructor(ends: Readonly<Record<Side, ConversationEnd>>, rules: ConversationRules, middle: Middle) {
    const { maxFragmentBytes = 16_384, maxRecords = 2_000, nowMs = defaultNowMs } = rules;
    this.#ends = ends;
    this.#middle = middle;
    this.#fragmentBytes = maxFragmentBytes;
    this.#maxRecords = maxRecords;
    this.#nowMs = nowMs;
  }

  run(script: readonly ScriptStep[]): this {
    const { client, server } = this.#ends;
    this.#call('server', { do: 'start', nowMs: this.#nowMs });
    this.#call('client', { do: 'start', nowMs: this.#nowMs });
    this.#settle();
    this.#isScripted = true;
    if (client.view !== undefined && server.view !== undefined) {
      for (const step of script) {
        this.#do(step);
        this.#settle();
      }
    }
    this.#call('client', { do: 'end', nowMs: this.#nowMs });
    this.#call('server', { do: 'end', nowMs: this.#nowMs });
    this.#settle();
    return this;
  }

  #call(side: Side, call: EndCall): void {
    this.#said[side].push(...this.#ends[side].call(call));
  }

  #settle(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const from of sides) {
        for (const record of this.#said[from].splice(0)) this.#passOn(from, record);
      }
      for (const to of sides) {
        const parcel = this.#parcels[to].shift();
        if (parcel === undefined) continue;
        moved = true;
        if (++this.#delivered > this.#maxRecords) {
          throw new PairHang(`the two have not come to rest after ${this.#maxRecords} records`);
        }
        this.#call(to, this.#delivery(to, parcel));
      }
    }
  }

  #delivery(to: Side, parcel: Parcel): EndCall {
    const nowMs = this.#nowMs;
    if (parcel.as === 'wire') return { do: 'wire', bytes: parcel.bytes, nowMs };
    if (parcel.earlyWire !== undefined && !this.#ends[to].readsEarlyData) {
      return { do: 'wire', bytes: parcel.earlyWire, nowMs };
    }
    return { do: 'content', type: parcel.type, bytes: this.#forged(to, parcel), nowMs };
  }

  #forged(to: Side, { type, content }: Extract<Parcel, { as: 'content' }>): Uint8Array {
    if (to === 'server' || type !== handshake) return content;
    const forges = 'onMessage' in this.#middle && this.#middle.forgesFinished === true;
    const isFinished = content[0] === finished && content[3] === content.length - 4;
    const isRetried = this.#counts.client.messages > 1;
    const make = forges && isFinished ? this.#ends.client.finishedMaker : undefined;
    const forged = make?.(this.#clientTranscript, isRetried);
    this.#clientTranscript.push(forged ?? content);
    return forged ?? content;
  }

  #passOn(from: Side, record: SentRecord): void {
    const flight = this.#flightOf(from, record);
    const index = this.#counts[from].records++;
    const seen: SeenRecord = { from, index, flight, record };
    this.records.push(seen);
    const parcels = this.#parcels[from === 'client' ? 'server' : 'client'];
    const messages = this.#messagesIn(from, flight, record);
    if (from === 'client') this.#clientTranscript.push(...messages.map(({ message }) => message));
    if ('onRecord' in this.#middle) {
      parcels.push(...this.#middle.onRecord(seen));
    } else if (record.type === handshake) {
      for (const message of messages)
        parcels.push(
          ...this.#middle.onMessage(message).flatMap((parcel) => fragmented(parcel, this.#fragmentBytes)),
        );
    } else if (record.type === changeCipherSpec && !record.isProtected) {
      parcels.push({ as: 'wire', bytes: record.wire });
    } else if (this.#middle.onContent !== undefined && record.type !== changeCipherSpec) {
      parcels.push(...this.#middle.onContent(seen));
    } else {
      const earlyWire = record.isEarly ? { earlyWire: record.wire } : {};
      parcels.push({ as: 'content', type: record.type, content: record.content, ...earlyWire });
    }
  }

  #messagesIn(from: Side, flight: Flight, record: SentRecord): SeenMessage[] {
    if (record.type !== handshake) return [];
    const { messages, rest } = messagesOf(record, this.#pending[from]);
    this.#pending[from] = rest;
    const found = messages.map(
      (message): SeenMessage => ({ from, index: this.#counts[from].messages++, flight, message }),
    );
    this.messages.push(...found);
    return found;
  }

  #flightOf(from: Side, record: SentRecord): Flight {
    if (this.#isScripted) return 'post-handshake';
    // Tickets follow the client's Finished without being told to.
    if (from === 'server' && this.#ends.server.view !== undefined) return 'post-handshake';
    if (from === 'server') return 'server flight';
    // What continues a message in a record of its own belongs to it.
    const [type] = this.#pending.client.length > 0 ? this.#pending.client : record.content;
    const isLater = record.type === changeCipherSpec || (record.type === handshake && type !== clientHello);
    return record.isProtected || isLater ? 'client second flight' : 'client hello';
  }

  #do(step: ScriptStep): void {
    if (step.do === 'wait') {
      this.#nowMs += step.ms;
      return;
    }
    if (step.do === 'cutLink' || step.do === 'vanish') {
      throw new ApiMisuseError(`expected no step ${step.do}: what is lost is the middle's affair`);
    }
    if (step.do === 'endTransport') {
      throw new ApiMisuseError('expected no step endTransport: a conversation ends both transports itself');
    }
    this.#call(step.by, { do: 'step', step, nowMs: this.#nowMs });
  }
}

/** As it came; the middle that changes nothing. */
export function unchanged(seen: SeenRecord): readonly Parcel[] {
  return [{ as: 'wire', bytes: seen.record.wire }];
}

export function sealedAgain({ message }: SeenMessage): readonly Parcel[] {
  return [{ as: 'content', type: handshake, content: message }];
}

interface Joined {
  readonly messages: readonly Uint8Array[];
  /** The beginning of the next one. */
  readonly rest: Uint8Array;
}

/** The messages that end in a record which follows `pending`. A record that is passed on again has the same ones, as objects. */
function messagesOf(record: SentRecord, pending: Uint8Array): Joined {
  const known = pending.length === 0 ? joinedByRecord.get(record) : undefined;
  if (known !== undefined) return known;
  let rest = concatenated([pending, record.content]);
  const messages: Uint8Array[] = [];
  for (;;) {
    const length =
      rest.length < 4 ? Number.POSITIVE_INFINITY : 4 + ((rest[1]! << 16) | (rest[2]! << 8) | rest[3]!);
    if (length > rest.length) break;
    messages.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  const joined = { messages, rest };
  if (pending.length === 0) joinedByRecord.set(record, joined);
  return joined;
}

const joinedByRecord = new WeakMap<SentRecord, Joined>();

/** Long messages in records that both sides take. */
function fragmented(parcel: Parcel, fragmentBytes: number): Parcel[] {
  if (parcel.as === 'wire' || parcel.type === applicationData) return [parcel];
  if (parcel.content.length <= fragmentBytes) return [parcel];
  const parts: Parcel[] = [];
  for (let at = 0; at < parcel.content.length; at += fragmentBytes) {
    parts.push({ ...parcel, content: parcel.content.subarray(at, at + fragmentBytes) });
  }
  return parts;
}

const nothing = new Uint8Array(0);
const clientHello = 1;
const finished = 20;
const sides = ['client', 'server'] as const;
const defaultNowMs = Date.UTC(2026, 0, 1);
