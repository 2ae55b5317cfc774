import {
  ApiMisuseError,
  type Connection,
  type CryptoProvider,
  type Output,
  type TraceEvent,
} from '@sealwire/core';
import { structuresOf } from '../anatomy/structures.ts';
import { bytesOfHex, concatenated } from '../bytes.ts';
import type { Side } from '../pair/script.ts';
import type { Failure } from '../pair/side.ts';
import type { ConversationEnd, EndCall, FinishedMaker, OwnStep, SentRecord, View } from './end.ts';
import { OlderCipher } from './older-cipher.ts';
import { olderConnection } from './older-connection.ts';
import { suitesOfSecret, TrafficCipher } from './traffic-cipher.ts';

/** Called with every output when it has been polled. */
export type OutputListener = (side: Side, output: Output, connection: Connection) => void;

/**
 * A connection whose key-log and trace outputs are read along: every record it sends is opened, and records can be
 * sealed with exactly the keys that it reads with at the moment.
 */
export class TappedEnd implements ConversationEnd {
  readonly side: Side;
  readonly connection: Connection;
  readonly #provider: CryptoProvider;
  readonly #onOutput: OutputListener | undefined;
  readonly #secrets = new Map<string, Uint8Array>();
  /** The latest ServerHello, if it is one of TLS 1.2 or older. */
  #olderHello: Uint8Array | undefined;
  /** The latest main secret before TLS 1.3, and the ClientHello's random that it goes with. */
  #main: { readonly random: Uint8Array; readonly secret: Uint8Array } | undefined;
  readonly #read: Direction;
  readonly #write: Direction;
  readonly alertsSent: number[] = [];
  readonly data: Uint8Array[] = [];
  outputs = 0;
  readonly views: View[] = [];
  failure: Failure | undefined;
  isClosed = false;
  isTruncated = false;

  constructor(side: Side, connection: Connection, provider: CryptoProvider, onOutput?: OutputListener) {
    this.side = side;
    this.#onOutput = onOutput;
    this.connection = connection;
    this.#provider = provider;
    const [own, other] =
      side === 'client' ? (['CLIENT', 'SERVER'] as const) : (['SERVER', 'CLIENT'] as const);
    this.#write = { label: own, epoch: undefined, sequence: 0, ciphers: [] };
    this.#read = { label: other, epoch: undefined, sequence: 0, ciphers: [] };
  }

  get readsEarlyData(): boolean {
    return this.#read.epoch === 'early';
  }

  get view(): View | undefined {
    return this.views.at(-1);
  }

  get isDone(): boolean {
    return this.isClosed || this.failure !== undefined;
  }

  get finishedMaker(): FinishedMaker | undefined {
    const { older } = this.#read;
    if (older !== undefined) return (transcript) => older.finished(transcript);
    const [cipher] = this.#read.ciphers;
    return cipher && ((transcript, isRetried) => cipher.finished(transcript, isRetried));
  }

  call(call: EndCall): SentRecord[] {
    switch (call.do) {
      case 'start':
        this.connection.start(call.nowMs);
        break;
      case 'end':
        this.connection.receiveEnd(call.nowMs);
        break;
      case 'wire':
        this.connection.receive(call.bytes, call.nowMs);
        break;
      case 'content':
        this.connection.receive(this.recordFor(call.type, call.bytes), call.nowMs);
        break;
      case 'step':
        this.#do(call.step, call.nowMs);
    }
    return this.drain();
  }

  /** Polls everything; throws if a connection that has ended still speaks. */
  drain(): SentRecord[] {
    const sent: SentRecord[] = [];
    for (let output = this.connection.poll(); output !== undefined; output = this.connection.poll()) {
      if (this.isDone) throw new Error(`the ${this.side} says ${output.type} after its end`);
      sent.push(...this.note(output));
      this.#onOutput?.(this.side, output, this.connection);
    }
    return sent;
  }

  /** Takes notice of an output that somebody else has polled; the records that it sends. Every output must pass here. */
  note(output: Output): SentRecord[] {
    this.outputs++;
    return this.#take(output);
  }

  /** A record with this content as this side would read it now; in plaintext before it has keys. */
  recordFor(type: number, content: Uint8Array): Uint8Array {
    const { older } = this.#read;
    if (older !== undefined) return older.seal(type, content, this.#read.sequence++);
    const [cipher] = this.#read.ciphers;
    if (cipher === undefined) {
      // Once the version is certain, records of older ones say it (RFC 5246 §6.2.1).
      const [major = 3, minor = 3] = this.#olderHello?.subarray(4, 6) ?? [];
      return new Uint8Array([type, major, minor, content.length >> 8, content.length & 0xff, ...content]);
    }
    return cipher.seal(type, content, this.#read.sequence++);
  }

  #do(step: OwnStep, nowMs: number): void {
    switch (step.do) {
      case 'send':
        this.connection.send(step.bytes);
        return;
      case 'updateKeys':
        this.connection.updateKeys({ requestPeer: step.requestPeer });
        return;
      case 'close':
        this.connection.close();
        return;
      case 'abort':
        this.connection.abort(step.error);
        return;
      case 'call':
        step.run(this.connection, nowMs);
    }
  }

  #take(output: Output): SentRecord[] {
    switch (output.type) {
      case 'transmit':
        return recordsIn(concatenated(output.pieces)).map((wire) => this.#opened(wire));
      case 'keylog': {
        const [label = '', random = '', secret = ''] = output.line.split(' ');
        this.#secrets.set(label, bytesOfHex(secret));
        if (label === 'CLIENT_RANDOM')
          this.#main = { random: bytesOfHex(random), secret: bytesOfHex(secret) };
        return [];
      }
      case 'trace':
        this.#see(output.event);
        return [];
      case 'data':
        this.data.push(output.bytes);
        return [];
      case 'connected':
        this.views.push({ facts: this.connection.facts, ...this.#exported() });
        return [];
      case 'peerClosed':
        this.isTruncated = output.how === 'truncated';
        return [];
      case 'closed':
        this.isClosed = true;
        return [];
      case 'failed':
        this.failure = output;
        return [];
      default:
        return [];
    }
  }

  #see(event: TraceEvent): void {
    if (event.what === 'keys')
      this.#advance(event.direction === 'read' ? this.#read : this.#write, event.epoch);
    if (event.what !== 'handshake' || event.raw[0] !== serverHello) return;
    this.#olderHello = structuresOf(event.raw).version === 'tls13' ? undefined : event.raw;
  }

  #exported(): Pick<View, 'exported'> {
    try {
      return { exported: this.connection.exportKeyingMaterial('EXPORTER-view', new Uint8Array(0), 32) };
    } catch (error) {
      if (error instanceof ApiMisuseError) return {};
      throw error;
    }
  }

  #opened(wire: Uint8Array): SentRecord {
    // A second ClientHello ends the 0-RTT data that followed the first (RFC 9846 §4.2.10).
    if (this.#write.epoch === 'early' && wire[0] === handshake) {
      this.#write.epoch = undefined;
      this.#write.ciphers = [];
    }
    const { older } = this.#write;
    if (older !== undefined) {
      const content = older.open(wire, this.#write.sequence++);
      if (content === undefined) throw new Error(`a record that the ${this.side} sealed does not open`);
      if (wire[0] === alert) this.alertsSent.push(content[1]!);
      return { wire, type: wire[0]!, content, isProtected: true, isEarly: false };
    }
    // An alert in its place leaves in plaintext as well.
    const isProtected = this.#write.ciphers.length > 0 && wire[0] === applicationData;
    const { type, content } = isProtected ? this.#open(wire) : { type: wire[0]!, content: wire.subarray(5) };
    if (type === alert) this.alertsSent.push(content[1]!);
    return { wire, type, content, isProtected, isEarly: isProtected && this.#write.epoch === 'early' };
  }

  #open(wire: Uint8Array): { readonly type: number; readonly content: Uint8Array } {
    const { ciphers, sequence } = this.#write;
    for (const cipher of ciphers) {
      const opened = cipher.open(wire, sequence);
      if (opened === undefined) continue;
      this.#write.ciphers = [cipher];
      this.#write.sequence++;
      return opened;
    }
    throw new Error(`a record that the ${this.side} sealed does not open (sequence ${sequence})`);
  }

  #advance(direction: Direction, epoch: string): void {
    direction.sequence = 0;
    if (this.#olderHello !== undefined && this.#main !== undefined) {
      const { random, secret } = this.#main;
      const connection = olderConnection(this.#olderHello, random, secret)!;
      const from = direction.label === 'CLIENT' ? 'client' : 'server';
      direction.older = new OlderCipher(this.#provider, connection, from);
      return;
    }
    if (direction.epoch === 'application') {
      direction.ciphers = direction.ciphers.map((cipher) => cipher.next());
      return;
    }
    direction.epoch = epoch;
    const secret = this.#secrets.get(`${direction.label}_${secretNames[epoch]}`);
    if (secret === undefined) {
      throw new ApiMisuseError(`expected the ${this.side} to log its keys: both sides need keyLog and trace`);
    }
    // Early data is sealed before ServerHello has named a suite.
    const { cipherSuite } = this.connection.facts;
    const suites = cipherSuite === undefined ? suitesOfSecret(secret.length) : [cipherSuite];
    direction.ciphers = suites.map((suite) => new TrafficCipher(this.#provider, suite, secret));
  }
}

/** Keys of one direction: none, of early data, of the handshake, of application data, of its updates. */
interface Direction {
  readonly label: 'CLIENT' | 'SERVER';
  epoch: string | undefined;
  sequence: number;
  /** Several as long as the suite is not known. */
  ciphers: readonly TrafficCipher[];
  /** In TLS 1.2 and older, in place of `ciphers`. */
  older?: OlderCipher;
}

/** RFC 9850 §2.1. */
const secretNames: Readonly<Record<string, string>> = {
  early: 'EARLY_TRAFFIC_SECRET',
  handshake: 'HANDSHAKE_TRAFFIC_SECRET',
  application: 'TRAFFIC_SECRET_0',
};

/** The records that bytes of the wire consist of, each with its header (RFC 9846 §5.1); what is cut off comes last. */
export function recordsIn(bytes: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 5 + ((bytes[at + 3]! << 8) | bytes[at + 4]!);
    records.push(bytes.slice(at, end));
    at = end;
  }
  return records;
}

const serverHello = 2;
export const changeCipherSpec = 20;
export const alert = 21;
export const handshake = 22;
export const applicationData = 23;
