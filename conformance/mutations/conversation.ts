import { nodeProvider } from '@sealwire/crypto-node';
import type { ScriptStep, Side } from '@sealwire/testkit';
import { clientOf, type Scenario, serverOf } from '../properties/scenarios.ts';
import { memoized } from './memoized-entropy.ts';
import { applicationData, changeCipherSpec, handshake, type SentRecord, TappedEnd } from './tapped-end.ts';

/** Content to be sealed on delivery with the keys that its receiver reads with then, or bytes as they are. */
export type Parcel =
  | { readonly as: 'wire'; readonly bytes: Uint8Array }
  | { readonly as: 'content'; readonly type: number; readonly content: Uint8Array };

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
      /**
       * Replaces every Finished on its way to the client by the one that fits what the client has seen: nothing
       * but the signature of CertificateVerify is left to tell the difference.
       */
      readonly forgesFinished?: boolean;
    };

export interface Conversation {
  readonly client: TappedEnd;
  readonly server: TappedEnd;
  readonly records: readonly SeenRecord[];
  readonly messages: readonly SeenMessage[];
}

/** Both ends of a scenario with somebody in between, to the end of its script or of the transport. */
export function converse(scenario: Scenario, middle: Middle): Conversation {
  return new Table(scenario, middle).run(scenario.script);
}

class Table {
  readonly #ends: Readonly<Record<Side, TappedEnd>>;
  readonly #middle: Middle;
  /** The most content of a record that both sides take. */
  readonly #fragmentBytes: number;
  readonly #parcels: Readonly<Record<Side, Parcel[]>> = { client: [], server: [] };
  readonly #records: SeenRecord[] = [];
  readonly #messages: SeenMessage[] = [];
  /** By sender: the beginning of a handshake message whose rest is in later records. */
  readonly #pending: Record<Side, Uint8Array> = { client: new Uint8Array(0), server: new Uint8Array(0) };
  /** Handshake messages that the client has sent and been given. */
  readonly #clientTranscript: Uint8Array[] = [];
  #isScripted = false;
  readonly #counts = { client: { records: 0, messages: 0 }, server: { records: 0, messages: 0 } };
  #calls = 0;

  constructor(scenario: Scenario, middle: Middle) {
    const options = { isTapped: true, entropy: memoized(nodeProvider) };
    this.#middle = middle;
    const { client, server } = scenario;
    this.#fragmentBytes = Math.min(client?.recordSizeLimit ?? 16_385, server?.recordSizeLimit ?? 16_385) - 1;
    this.#ends = {
      client: new TappedEnd('client', clientOf(scenario, options), nodeProvider),
      server: new TappedEnd('server', serverOf(scenario, options), nodeProvider),
    };
  }

  run(script: readonly ScriptStep[]): Conversation {
    const { client, server } = this.#ends;
    server.connection.start(nowMs);
    client.connection.start(nowMs);
    this.#settle();
    this.#isScripted = true;
    if (client.view !== undefined && server.view !== undefined) {
      for (const step of script) {
        this.#do(step);
        this.#settle();
      }
    }
    client.connection.receiveEnd(nowMs);
    server.connection.receiveEnd(nowMs);
    this.#settle();
    return { client, server, records: this.#records, messages: this.#messages };
  }

  #settle(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const from of sides) {
        for (const record of this.#ends[from].drain()) this.#passOn(from, record);
      }
      for (const to of sides) {
        const parcel = this.#parcels[to].shift();
        if (parcel === undefined) continue;
        moved = true;
        if (++this.#calls > maxCalls) throw new Error(`no rest after ${maxCalls} records`);
        const end = this.#ends[to];
        const bytes =
          parcel.as === 'wire' ? parcel.bytes : end.recordFor(parcel.type, this.#forged(to, parcel));
        end.connection.receive(bytes, nowMs);
      }
    }
  }

  #forged(to: Side, { type, content }: Extract<Parcel, { as: 'content' }>): Uint8Array {
    if (to === 'server' || type !== handshake) return content;
    const forges = 'onMessage' in this.#middle && this.#middle.forgesFinished === true;
    const isFinished = content[0] === finished && content[3] === content.length - 4;
    const isRetried = this.#counts.client.messages > 1;
    const forged =
      forges && isFinished
        ? this.#ends.client.acceptableFinished(this.#clientTranscript, isRetried)
        : undefined;
    this.#clientTranscript.push(forged ?? content);
    return forged ?? content;
  }

  #passOn(from: Side, record: SentRecord): void {
    const flight = this.#flightOf(from, record);
    const index = this.#counts[from].records++;
    const seen: SeenRecord = { from, index, flight, record };
    this.#records.push(seen);
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
    } else if (record.type === changeCipherSpec) {
      parcels.push({ as: 'wire', bytes: record.wire });
    } else {
      parcels.push({ as: 'content', type: record.type, content: record.content });
    }
  }

  #messagesIn(from: Side, flight: Flight, record: SentRecord): SeenMessage[] {
    if (record.type !== handshake) return [];
    let rest = concatenated([this.#pending[from], record.content]);
    const found: SeenMessage[] = [];
    for (;;) {
      const length =
        rest.length < 4 ? Number.POSITIVE_INFINITY : 4 + ((rest[1]! << 16) | (rest[2]! << 8) | rest[3]!);
      if (length > rest.length) break;
      const index = this.#counts[from].messages++;
      const seen: SeenMessage = { from, index, flight, message: rest.slice(0, length) };
      this.#messages.push(seen);
      found.push(seen);
      rest = rest.slice(length);
    }
    this.#pending[from] = rest;
    return found;
  }

  #flightOf(from: Side, record: SentRecord): Flight {
    if (this.#isScripted) return 'post-handshake';
    if (from === 'server') return 'server flight';
    return record.isProtected || record.type === changeCipherSpec ? 'client second flight' : 'client hello';
  }

  #do(step: ScriptStep): void {
    if (step.do === 'wait') return;
    const { connection } = this.#ends[step.by];
    if (step.do === 'send') connection.send(step.bytes);
    else if (step.do === 'updateKeys') connection.updateKeys({ requestPeer: step.requestPeer });
    else if (step.do === 'close') connection.close();
    else throw new Error(`no mutation scenario has the step ${step.do}`);
  }
}

/** As it came; the middle that changes nothing. */
export function unchanged(seen: SeenRecord): readonly Parcel[] {
  return [{ as: 'wire', bytes: seen.record.wire }];
}

export function sealedAgain({ message }: SeenMessage): readonly Parcel[] {
  return [{ as: 'content', type: handshake, content: message }];
}

function concatenated([first, second]: readonly [Uint8Array, Uint8Array]): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Long messages in records that the scenario's record_size_limit takes. */
function fragmented(parcel: Parcel, fragmentBytes: number): Parcel[] {
  if (parcel.as === 'wire' || parcel.type === applicationData) return [parcel];
  const parts: Parcel[] = [];
  for (let at = 0; at === 0 || at < parcel.content.length; at += fragmentBytes) {
    parts.push({ ...parcel, content: parcel.content.subarray(at, at + fragmentBytes) });
  }
  return parts;
}

const finished = 20;
const sides = ['client', 'server'] as const;
const nowMs = Date.UTC(2026, 0, 1);
const maxCalls = 2_000;
