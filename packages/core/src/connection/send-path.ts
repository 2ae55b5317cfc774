import { InternalError } from '../errors/tls-error.ts';
import type { Epoch } from '../machine/step.ts';
import { maxPlaintextBytes } from '../record/deframer.ts';
import { fragments, plaintextRecord } from '../record/fragmenter.ts';
import type { RecordProtection } from '../record/protection.ts';
import { contentTypes } from '../registry/content-types.ts';
import { copyOf, totalLength } from '../wire/bytes.ts';
import type { OutputQueue } from './outputs.ts';

/** The writing half of a connection's records: keys, sequence number, fragments, limits. */
export class SendPath {
  readonly #outputs: OutputQueue;
  readonly #trace: boolean;
  #protection: RecordProtection | undefined;
  #sequence = 0;
  #firstRecord = true;
  #isWiped = false;
  /** Most bytes of content in one record. */
  #maxFragmentBytes = maxPlaintextBytes;
  /** TLSInnerPlaintext bytes that the peer takes (RFC 8449): content, type and padding. */
  #peerInnerLimit = maxPlaintextBytes + 1;

  constructor(outputs: OutputQueue, trace: boolean) {
    this.#outputs = outputs;
    this.#trace = trace;
  }

  get isProtected(): boolean {
    return this.#protection !== undefined;
  }

  /** True when the present key has sealed all the records it may (RFC 9846 §5.5). */
  get limitReached(): boolean {
    return this.#protection !== undefined && this.#sequence >= this.#protection.recordLimit;
  }

  get maxFragmentBytes(): number {
    return this.#maxFragmentBytes;
  }

  set maxFragmentBytes(bytes: number) {
    this.#maxFragmentBytes = bytes;
  }

  installKeys(protection: RecordProtection, epoch: Epoch): void {
    this.#protection?.wipe();
    this.#protection = protection;
    this.#sequence = 0;
    if (this.#trace)
      this.#outputs.push({ type: 'trace', event: { what: 'keys', direction: 'write', epoch } });
  }

  limitRecords(innerBytes: number): void {
    this.#peerInnerLimit = Math.min(innerBytes, maxPlaintextBytes + 1);
  }

  /** Handshake messages of one key epoch: coalesced, cut where a record is full. */
  handshake(messages: readonly Uint8Array[]): void {
    if (this.#trace) {
      for (const raw of messages) {
        this.#outputs.push({
          type: 'trace',
          event: { what: 'handshake', direction: 'sent', raw: copyOf(raw) },
        });
      }
    }
    this.#write(contentTypes.handshake, messages);
  }

  alert(level: number, description: number, name: string): void {
    if (this.#trace) {
      this.#outputs.push({
        type: 'trace',
        event: { what: 'alert', direction: 'sent', level, description: name },
      });
    }
    this.#write(contentTypes.alert, [new Uint8Array([level, description])]);
  }

  /** Never protected in TLS 1.3 (RFC 9846 §5). */
  changeCipherSpec(): void {
    if (this.#trace) {
      this.#outputs.push({ type: 'trace', event: { what: 'changeCipherSpec', direction: 'sent' } });
    }
    this.#outputs.transmit(plaintextRecord(contentTypes.change_cipher_spec, 0x0303, [new Uint8Array([1])]));
  }

  /**
   * Seals application data until the key's limit is reached; returns the bytes taken. Empty content makes no
   * record.
   */
  data(pieces: readonly Uint8Array[]): number {
    let taken = 0;
    if (this.#protection === undefined) throw new InternalError('application data before keys');
    for (const fragment of fragments(pieces, this.#fragmentLimit())) {
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
    this.#isWiped = true;
  }

  #write(type: number, pieces: readonly Uint8Array[]): void {
    const protection = this.#protection;
    if (this.#isWiped) throw new InternalError('a record after the end of the connection');
    for (const fragment of fragments(pieces, this.#fragmentLimit())) {
      if (protection === undefined) this.#plain(type, fragment);
      else this.#seal(protection, type, fragment);
    }
  }

  #fragmentLimit(): number {
    // RFC 8449 §4: the limit counts the content type byte and applies to protected records only.
    return this.#protection === undefined
      ? this.#maxFragmentBytes
      : Math.min(this.#maxFragmentBytes, this.#peerInnerLimit - 1);
  }

  #plain(type: number, fragment: readonly Uint8Array[]): void {
    // RFC 9846 §5.1: 0x0301 in the record of an initial ClientHello, for old middleboxes; 0x0303 afterwards.
    const isFirstHello =
      this.#firstRecord && type === contentTypes.handshake && fragment[0]?.[0] === clientHelloType;
    // Copied: the transcript still holds these bytes, and what leaves belongs to the caller.
    const record = plaintextRecord(type, isFirstHello ? 0x0301 : 0x0303, fragment.map(copyOf));
    this.#firstRecord = false;
    this.#outputs.transmit(record);
    this.#traceRecord(type, totalLength(record), totalLength(fragment), false);
  }

  #seal(protection: RecordProtection, type: number, fragment: readonly Uint8Array[]): void {
    const record = protection.seal(type, fragment, 0, this.#sequence++);
    this.#outputs.transmit(record);
    this.#traceRecord(type, totalLength(record), totalLength(fragment), true);
  }

  #traceRecord(contentType: number, wireBytes: number, contentBytes: number, isProtected: boolean): void {
    if (!this.#trace) return;
    this.#outputs.push({
      type: 'trace',
      event: { what: 'record', direction: 'sent', contentType, wireBytes, contentBytes, isProtected },
    });
  }
}

const clientHelloType = 1;
