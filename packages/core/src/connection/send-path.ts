import { InternalError, TlsError } from '../errors/tls-error.ts';
import type { Limits } from '../limits.ts';
import type { TrafficKeys } from '../machine/step.ts';
import { maxPlaintextBytes } from '../record/deframer.ts';
import { fragments, plaintextRecord } from '../record/fragmenter.ts';
import type { RecordProtection } from '../record/protection.ts';
import { wantedPadding, type RecordPadding } from '../record/padding.ts';
import { contentTypes } from '../registry/content-types.ts';
import { copyOf, totalLength } from '../wire/bytes.ts';
import type { RecordKeys } from '../values/record-keys.ts';
import type { SendingHalf } from './halves.ts';
import { handedOut } from './offload.ts';
import type { OutputQueue } from './outputs.ts';

export interface SendPathOptions {
  readonly limits: Limits;
  readonly recordPadding: RecordPadding;
  readonly allowDetach: boolean;
  readonly trace: boolean;
}

/** The writing half of a connection over a byte stream: keys, sequence number, fragments, limits. */
export class SendPath implements SendingHalf {
  readonly #outputs: OutputQueue;
  readonly #trace: boolean;
  #protection: RecordProtection | undefined;
  /** Where the protection came from, if it may be handed out. */
  #keys: TrafficKeys | undefined;
  readonly #keepsKeys: boolean;
  #sequence = 0;
  /** Content sealed under the present key. */
  #sealedBytes = 0;
  #firstRecord = true;
  #recordVersion = 0x0303;
  readonly #bytesPerKey: number;
  #padding: RecordPadding;
  #isWiped = false;
  /** Most bytes of content in one record. */
  #maxFragmentBytes = maxPlaintextBytes;
  /** TLSInnerPlaintext bytes that the peer takes (RFC 8449): content, type and padding. */
  #peerInnerLimit = maxPlaintextBytes + 1;
  /** Before TLS 1.3: the same from the next keys on. */
  #nextInnerLimit = maxPlaintextBytes;
  /** The same for records without protection. */
  #plainLimit = maxPlaintextBytes;

  constructor(outputs: OutputQueue, { limits, recordPadding, allowDetach, trace }: SendPathOptions) {
    this.#outputs = outputs;
    this.#bytesPerKey = limits.bytesPerKey;
    this.#padding = recordPadding;
    this.#keepsKeys = allowDetach;
    this.#trace = trace;
  }

  /** True when the next record must be a KeyUpdate, so that this is the last one of the present key (RFC 9846 §5.5). */
  get limitReached(): boolean {
    if (this.#protection === undefined) return false;
    if (this.#sealedBytes >= this.#bytesPerKey) return true;
    return this.#sequence >= this.#protection.updateAfter - 1;
  }

  get maxFragmentBytes(): number {
    return this.#maxFragmentBytes;
  }

  set maxFragmentBytes(bytes: number) {
    this.#maxFragmentBytes = bytes;
  }

  installKeys(keys: TrafficKeys): void {
    this.#protection?.wipe();
    this.#protection = keys.protection();
    if (this.#keepsKeys) this.#keys = keys;
    this.#sequence = 0;
    this.#sealedBytes = 0;
    if (this.#protection.hidesType) return;
    // A limit goes with the keys of its handshake; the next one may agree on none (RFC 8449 §4).
    this.#peerInnerLimit = this.#nextInnerLimit;
    this.#nextInnerLimit = maxPlaintextBytes;
  }

  /** The present keys, for whoever seals from now on. */
  recordKeys(): RecordKeys {
    return handedOut(this.#keys, this.#protection, this.#sequence, this.contentLimit);
  }

  selectVersion(recordVersion: number): void {
    this.#recordVersion = recordVersion;
  }

  /** What leaves next is unprotected: a second ClientHello after 0-RTT data. */
  dropKeys(): void {
    this.#protection?.wipe();
    this.#protection = undefined;
    this.#sequence = 0;
  }

  limitRecords(innerBytes: number, isImmediate: boolean): void {
    const limit = Math.min(innerBytes, maxPlaintextBytes + 1);
    this.#nextInnerLimit = limit;
    const waitsForKeys = !isImmediate && this.#protection?.hidesType === false;
    if (!waitsForKeys) this.#peerInnerLimit = limit;
    if (isImmediate) this.#plainLimit = Math.min(innerBytes, maxPlaintextBytes);
  }

  /** Handshake messages of one key epoch: coalesced, cut where a record is full. */
  handshake(messages: readonly Uint8Array[]): void {
    this.#write(contentTypes.handshake, messages);
  }

  alert(level: number, description: number): void {
    this.#write(contentTypes.alert, [new Uint8Array([level, description])]);
  }

  /** Never protected in TLS 1.3 (RFC 9846 §5); before it like everything else, in a renegotiation. */
  changeCipherSpec(): void {
    const content = [new Uint8Array([1])];
    const protection = this.#protection?.hidesType === true ? undefined : this.#protection;
    if (protection !== undefined) {
      this.#seal(protection, contentTypes.change_cipher_spec, content);
      return;
    }
    const record = plaintextRecord(contentTypes.change_cipher_spec, this.#recordVersion, content);
    this.#outputs.transmit(record);
    this.#traceRecord(contentTypes.change_cipher_spec, record, 1, false);
  }

  /**
   * Seals application data until the key's limit is reached; returns the bytes taken. Empty content makes no
   * record.
   */
  data(pieces: readonly Uint8Array[]): number {
    let taken = 0;
    if (this.#protection === undefined) throw new InternalError('application data before keys');
    const { splitsFirstByte } = this.#protection;
    for (const fragment of fragments(pieces, this.contentLimit, splitsFirstByte ? 1 : undefined)) {
      if (this.limitReached) break;
      this.#seal(this.#protection, contentTypes.application_data, fragment);
      taken += totalLength(fragment);
    }
    return taken;
  }

  /** Nothing leaves after this: without keys, what was meant to be protected would leave in the clear. */
  wipe(): void {
    this.#protection?.wipe();
    this.#protection = undefined;
    this.#keys = undefined;
    this.#isWiped = true;
  }

  #write(type: number, pieces: readonly Uint8Array[]): void {
    const protection = this.#protection;
    if (this.#isWiped) throw new InternalError('a record after the end of the connection');
    for (const fragment of fragments(pieces, this.contentLimit)) {
      if (protection === undefined) this.#plain(type, fragment);
      else this.#seal(protection, type, fragment);
    }
  }

  /** The most bytes of content in one record. */
  get contentLimit(): number {
    // RFC 8449 §4: the limit counts the content type byte and applies to protected records only.
    if (this.#protection === undefined) return Math.min(this.#maxFragmentBytes, this.#plainLimit);
    const limit = this.#protection.hidesType ? this.#peerInnerLimit - 1 : this.#peerInnerLimit;
    return Math.min(this.#maxFragmentBytes, limit, maxPlaintextBytes);
  }

  #plain(type: number, fragment: readonly Uint8Array[]): void {
    // RFC 9846 §5.1: 0x0301 in the record of an initial ClientHello, for old middleboxes; 0x0303 afterwards.
    const isFirstHello =
      this.#firstRecord && type === contentTypes.handshake && fragment[0]?.[0] === clientHelloType;
    // Copied: the transcript still holds these bytes, and what leaves belongs to the caller.
    const version = isFirstHello ? firstRecordVersion : this.#recordVersion;
    const record = plaintextRecord(type, version, fragment.map(copyOf));
    this.#firstRecord = false;
    this.#outputs.transmit(record);
    this.#traceRecord(type, record, totalLength(fragment), false);
  }

  #seal(protection: RecordProtection, type: number, fragment: readonly Uint8Array[]): void {
    if (this.#sequence >= protection.recordLimit) {
      throw new TlsError('local.keyUsageLimit', 'the key has sealed all the records it may', {
        section: 'RFC 9846 §5.5',
      });
    }
    const contentBytes = totalLength(fragment);
    // Before TLS 1.3 there is no place for it.
    const policy = protection.hidesType ? this.#padding : 'none';
    const padding = policy === 'none' ? 0 : this.#paddingFor(policy, type, contentBytes);
    const record = protection.seal(type, fragment, padding, this.#sequence++);
    this.#sealedBytes += contentBytes;
    this.#outputs.transmit(record);
    this.#traceRecord(type, record, contentBytes, true);
  }

  /** RFC 9846 §5.4: limits of size count padding, so a record is at most filled up. */
  #paddingFor(policy: Exclude<RecordPadding, 'none'>, type: number, contentBytes: number): number {
    if (type !== contentTypes.application_data && policy.handshake !== true) return 0;
    // A policy that fails is not asked again, or the alert that says so could not leave.
    this.#padding = 'none';
    const wanted = wantedPadding(policy, contentBytes);
    this.#padding = policy;
    return Math.min(wanted, this.contentLimit - contentBytes);
  }

  #traceRecord(
    contentType: number,
    record: readonly Uint8Array[],
    contentBytes: number,
    isProtected: boolean,
  ): void {
    if (!this.#trace) return;
    const header = record[0]!;
    this.#outputs.push({
      type: 'trace',
      event: {
        what: 'record',
        direction: 'sent',
        contentType,
        recordVersion: (header[1]! << 8) | header[2]!,
        wireBytes: totalLength(record),
        contentBytes,
        isProtected,
      },
    });
  }
}

const clientHelloType = 1;
const firstRecordVersion = 0x0301;
