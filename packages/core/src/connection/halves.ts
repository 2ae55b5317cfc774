import type { TrafficKeys } from '../machine/step.ts';

/** A record after unprotection. */
export interface ReceivedRecord {
  readonly type: number;
  readonly content: Uint8Array;
  readonly wasProtected: boolean;
}

/** The writing half of a connection: what becomes of content that leaves. */
export interface SendingHalf {
  /** Most bytes of content in one record. */
  maxFragmentBytes: number;
  /** True when the next record must be a KeyUpdate (RFC 9846 §5.5). */
  readonly limitReached: boolean;
  installKeys(keys: TrafficKeys): void;
  /** What leaves next is unprotected: a second ClientHello after 0-RTT data. */
  dropKeys(): void;
  /** What stands in the headers of records from now on. */
  selectVersion(recordVersion: number): void;
  /** The peer takes no larger TLSInnerPlaintext; `isImmediate`: nor larger records without protection. */
  limitRecords(innerBytes: number, isImmediate: boolean): void;
  /** Handshake messages of one key epoch: coalesced, cut where a record is full. */
  handshake(messages: readonly Uint8Array[]): void;
  alert(level: number, description: number): void;
  changeCipherSpec(): void;
  /** Application data, until the key's limit is reached; returns the bytes taken. */
  data(pieces: readonly Uint8Array[]): number;
  /** Nothing leaves after this. */
  wipe(): void;
}

/** The reading half of a connection: where records come from, and what waits while nothing may be read. */
export interface ReceivingHalf<Input> {
  /** True when the peer has used its key as far as we would use one of ours. */
  readonly limitReached: boolean;
  /** What is being handled, as it came in; `undefined` between records. */
  readonly recordAtHand: Uint8Array | undefined;
  installKeys(keys: TrafficKeys): void;
  /** The peer's 0-RTT data is refused: records that do not open are skipped, until one does. */
  skipEarlyData(limitBytes: number): void;
  /** What the headers of the peer's records must say from now on. */
  requireVersion(recordVersion: number): void;
  /** From now on larger records are refused by the rule of this section; `isImmediate`: those without protection, too. */
  limitRecords(innerBytes: number, section: string, isImmediate: boolean): void;
  /** Input to be read by `next` during this call. */
  offer(input: Input): void;
  /** Input that must wait: copied, refused when too much would wait. */
  hold(input: Input): void;
  next(): ReceivedRecord | undefined;
  /** Copies what was not read, so that the caller may reuse its input. */
  keepRest(isHeld: boolean): void;
  clear(): void;
}
