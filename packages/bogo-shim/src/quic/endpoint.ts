import type { Socket } from 'node:net';
import { alertDescriptions, type AlertName } from '@sealwire/core';
import type { QuicHandshake, QuicLevel, QuicOutput } from '@sealwire/core/quic';
import { EndpointBase, type EndpointOptions, type Spoken } from '../shim/endpoint-base.ts';
import { ExpectationFailed } from '../shim/failure.ts';
import { contentTypes, encodeRecord, type MockRecord, RecordReader } from './framing.ts';
import { LevelKeys } from './level-keys.ts';
import { spokenInQuic } from './spoken.ts';

/** TLS for QUIC, in the records that the runner has in the place of packets. */
export class QuicEndpoint extends EndpointBase<QuicOutput> {
  override readonly connection: Spoken;
  readonly #handshake: QuicHandshake;
  readonly #reader = new RecordReader();
  readonly #keys = new LevelKeys();
  /** What waits for its keys. */
  #record: MockRecord | undefined;
  #runnerHasEnded = false;
  /** Where TLS would send an alert. */
  #level: QuicLevel = 'initial';

  constructor(socket: Socket, handshake: QuicHandshake, options: EndpointOptions) {
    super(socket, handshake, options);
    this.#handshake = handshake;
    this.connection = spokenInQuic(handshake);
    this.begin();
  }

  override async write(bytes: Uint8Array): Promise<void> {
    await this.until(() => this.writable !== undefined && this.isSettled);
    this.#say(contentTypes.applicationData, this.writable === 'early' ? 'early' : 'application', bytes);
  }

  protected override received(chunk: Uint8Array): void {
    this.#reader.push(chunk);
    this.#work();
  }

  protected override ended(): void {
    this.#runnerHasEnded = true;
    this.#work();
  }

  /** Takes what can be taken. A level whose keys wait for an answer of ours waits for them, as packets do. */
  #work(): void {
    try {
      while ((this.#record ??= this.#reader.next()) !== undefined) {
        if (this.#mustWait(this.#record.level)) return;
        const record = this.#record;
        this.#record = undefined;
        this.#take(record);
      }
      if (this.#runnerHasEnded) this.#end();
    } catch (error) {
      this.gaveUp(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #mustWait(level: QuicLevel): boolean {
    return level !== 'early' && !this.isSettled && !this.#keys.has('read', level);
  }

  #end(): void {
    if (this.isConnected) this.peerClosed('truncated');
    else this.gaveUp(new ExpectationFailed('the runner ended during the handshake'));
    this.drain();
  }

  #take(record: MockRecord): void {
    // Without keys 0-RTT data was not taken: its packets are dropped.
    if (record.level === 'early' && !this.#keys.has('read', 'early')) return;
    const content = this.#keys.open(record);
    switch (record.type) {
      case contentTypes.handshake:
        this.#receive(record.level, content);
        return;
      case contentTypes.applicationData:
        this.#handshake.madeProgress();
        this.data(content);
        this.drain();
        return;
      default:
        throw new ExpectationFailed(`the runner sent a record of type ${record.type}`);
    }
  }

  #receive(level: QuicLevel, content: Uint8Array): void {
    const step = this.options.async ? 1 : Math.max(content.length, 1);
    for (let at = 0; at < content.length; at += step) {
      this.#handshake.receive(level, content.subarray(at, at + step), this.options.nowMs());
      this.drain();
    }
  }

  /** Something was answered: perhaps there are keys now. */
  protected override drain(): void {
    super.drain();
    if (this.#record !== undefined && this.isSettled) setImmediate(() => this.#work());
  }

  protected override deliver(output: QuicOutput): void {
    switch (output.type) {
      case 'crypto':
        this.#say(contentTypes.handshake, output.level, output.bytes);
        return;
      case 'keys':
        this.#keys.add(output);
        if (output.direction === 'write') this.#mayWrite(output.level);
        return;
      case 'failed':
        this.#alert(output.alert as AlertName | undefined);
        this.failed(output.error, output.alert);
    }
  }

  /** A server may send half-RTT data, a client nothing between its 0-RTT data and the end of the handshake. */
  #mayWrite(level: QuicLevel): void {
    if (level === 'early') {
      this.writable = 'early';
      return;
    }
    this.#level = level;
    if (level === 'application') this.writable = this.#handshake.facts.role === 'server' ? 'halfRtt' : 'full';
  }

  /** QUIC says it in CONNECTION_CLOSE; the runner wants it as TLS says it: fatal, and which. */
  #alert(name: AlertName | undefined): void {
    if (name !== undefined)
      this.#say(contentTypes.alert, this.#level, Uint8Array.of(2, alertDescriptions[name]));
  }

  #say(type: number, level: QuicLevel, content: Uint8Array): void {
    this.send(encodeRecord(this.#keys.seal(type, level, content)));
  }
}
