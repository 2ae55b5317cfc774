import { InternalError } from '../errors/tls-error.ts';
import type { Limits } from '../limits.ts';
import type { TrafficKeys } from '../machine/step.ts';
import { fragments } from '../record/fragmenter.ts';
import { contentTypes } from '../registry/content-types.ts';
import type { RecordProtection } from '../record/protection.ts';
import type { RecordKeys } from '../values/record-keys.ts';
import { concat, copyOf } from '../wire/bytes.ts';
import type { ReceivedRecord, ReceivingHalf, SendingHalf } from './halves.ts';
import { heldPieceCost, refuseTooMuchHeld } from '../interpret/held-input.ts';
import type { OutputQueue } from './outputs.ts';
import type { RecordInterpreter } from './record-interpreter.ts';

/** What is under way in a connection that would be detached; `undefined`: nothing. */
export function unsettled(records: RecordInterpreter): string | undefined {
  const { runner, renegotiation } = records;
  if (!records.isConnected) return `it is not connected (${runner.position})`;
  if (records.peerClosed) return 'the peer has closed its side';
  if (runner.isHeld || runner.hasOpenTasks) return 'a decision is open';
  if (renegotiation !== 'none') return `a renegotiation is ${renegotiation}`;
  return records.isInsideMessage ? 'half of a handshake message has arrived' : undefined;
}

/** The keys of one direction as they stand, `contentLimit` bytes of content being the most in a record. */
export function handedOut(
  keys: TrafficKeys | undefined,
  protection: RecordProtection | undefined,
  sequence: number,
  contentLimit: number,
): RecordKeys {
  if (keys === undefined || protection === undefined)
    throw new InternalError('keys to hand out were not kept');
  const { chainedIv, hidesType } = protection;
  return {
    ...keys.recordKeys(),
    ...(chainedIv === undefined ? {} : { lastCbcBlock: chainedIv }),
    sequence,
    maxInnerBytes: hidesType ? contentLimit + 1 : contentLimit,
  };
}

/** The writing half after `detach`: content and keys go to whoever seals. */
export class OffloadedSending implements SendingHalf {
  readonly limitReached = false;
  maxFragmentBytes: number;
  readonly #outputs: OutputQueue;
  readonly #maxInnerBytes: number;
  #isWiped = false;

  constructor(outputs: OutputQueue, { maxInnerBytes }: RecordKeys, maxFragmentBytes: number) {
    this.#outputs = outputs;
    this.#maxInnerBytes = maxInnerBytes;
    this.maxFragmentBytes = maxFragmentBytes;
  }

  installKeys(keys: TrafficKeys): void {
    const recordKeys = { ...keys.recordKeys(), sequence: 0, maxInnerBytes: this.#maxInnerBytes };
    this.#outputs.push({ type: 'keys', direction: 'write', keys: recordKeys });
  }

  handshake(messages: readonly Uint8Array[]): void {
    for (const fragment of fragments(messages, this.maxFragmentBytes)) {
      this.#record(contentTypes.handshake, concat(fragment));
    }
  }

  alert(level: number, description: number): void {
    this.#record(contentTypes.alert, new Uint8Array([level, description]));
  }

  wipe(): void {
    this.#isWiped = true;
  }

  selectVersion(): never {
    throw new InternalError('a version after the handshake');
  }

  dropKeys(): never {
    throw new InternalError('no keys are dropped after the handshake');
  }

  limitRecords(): never {
    throw new InternalError('a size limit after the handshake');
  }

  changeCipherSpec(): never {
    throw new InternalError('change_cipher_spec after the handshake');
  }

  data(): never {
    throw new InternalError('whoever seals has the application data');
  }

  #record(contentType: number, content: Uint8Array): void {
    if (this.#isWiped) throw new InternalError('a record after the end of the connection');
    this.#outputs.push({ type: 'record', contentType, content });
  }
}

/** The reading half after `detach`: records come opened. */
export class OffloadedReceiving implements ReceivingHalf<ReceivedRecord> {
  readonly limitReached = false;
  /** Whoever opens has the record. */
  readonly recordAtHand = undefined;
  readonly #outputs: OutputQueue;
  readonly #limits: Limits;
  readonly #maxInnerBytes: number;
  #waiting: ReceivedRecord[] = [];
  #heldBytes = 0;

  constructor(outputs: OutputQueue, limits: Limits, maxInnerBytes: number) {
    this.#outputs = outputs;
    this.#limits = limits;
    this.#maxInnerBytes = maxInnerBytes;
  }

  installKeys(keys: TrafficKeys): void {
    const recordKeys = { ...keys.recordKeys(), sequence: 0, maxInnerBytes: this.#maxInnerBytes };
    this.#outputs.push({ type: 'keys', direction: 'read', keys: recordKeys });
  }

  requireVersion(): never {
    throw new InternalError('a version after the handshake');
  }

  skipEarlyData(): never {
    throw new InternalError('0-RTT data after the handshake');
  }

  limitRecords(): never {
    throw new InternalError('a size limit after the handshake');
  }

  offer(record: ReceivedRecord): void {
    this.#waiting.push(record);
  }

  hold(record: ReceivedRecord): void {
    // A record costs memory beside its content.
    const bytes = record.content.length + heldPieceCost;
    refuseTooMuchHeld(this.#heldBytes + bytes, this.#limits);
    this.#heldBytes += bytes;
    this.#waiting.push({ ...record, content: copyOf(record.content) });
  }

  next(): ReceivedRecord | undefined {
    const record = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#heldBytes = 0;
    return record;
  }

  keepRest(): void {
    // Records are offered one by one: what waits here has been copied by `hold`.
  }

  clear(): void {
    this.#waiting = [];
    this.#heldBytes = 0;
  }
}
