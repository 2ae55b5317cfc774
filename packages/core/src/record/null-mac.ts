import { equalSecrets } from '../crypto/constant-time.ts';
import type { HashFunction } from '../crypto/provider.ts';
import { copyOf, totalLength } from '../wire/bytes.ts';
import { maxOlderCiphertextBytes, recordHeaderBytes } from './deframer.ts';
import { recordHeader } from './fragmenter.ts';
import { hasVersion, pseudoHeader, refusePadding } from './older-records.ts';
import type { OpenedRecord, RecordProtection } from './protection.ts';

export interface NullMacOptions {
  readonly hash: HashFunction;
  readonly macKey: Uint8Array;
  /** The version of record headers. */
  readonly version: number;
  readonly recordLimit: number;
}

/** Authenticated and readable by everyone: GenericStreamCipher without a cipher (RFC 5246 §6.2.3.1). */
export class NullMac implements RecordProtection {
  readonly recordLimit: number;
  readonly updateAfter: number;
  readonly hidesType = false;
  readonly maxFragmentBytes = maxOlderCiphertextBytes;
  readonly splitsFirstByte = false;
  readonly #hash: HashFunction;
  readonly #macKey: Uint8Array;
  readonly #version: number;

  constructor({ hash, macKey, version, recordLimit }: NullMacOptions) {
    this.#hash = hash;
    this.#macKey = copyOf(macKey);
    this.#version = version;
    this.recordLimit = recordLimit;
    this.updateAfter = recordLimit;
  }

  seal(type: number, content: readonly Uint8Array[], paddingBytes: number, sequence: number): Uint8Array[] {
    refusePadding(paddingBytes);
    const contentBytes = totalLength(content);
    const mac = this.#mac(sequence, type, contentBytes, content);
    // Copied: what leaves belongs to whoever sends it, and the content does not.
    const readable = content.map(copyOf);
    return [recordHeader(type, this.#version, contentBytes + mac.length), ...readable, mac];
  }

  tryOpen(record: Uint8Array, sequence: number): OpenedRecord | undefined {
    if (!hasVersion(record, this.#version)) return undefined;
    const end = record.length - this.#hash.outputBytes;
    if (end < recordHeaderBytes) return undefined;
    const type = record[0]!;
    const content = record.subarray(recordHeaderBytes, end);
    const mac = this.#mac(sequence, type, content.length, [content]);
    if (!equalSecrets(mac, record.subarray(end))) return undefined;
    return { type, content: copyOf(content), innerBytes: content.length };
  }

  wipe(): void {
    this.#macKey.fill(0);
  }

  #mac(sequence: number, type: number, length: number, content: readonly Uint8Array[]): Uint8Array {
    return this.#hash.hmac(this.#macKey, [pseudoHeader(sequence, type, this.#version, length), ...content]);
  }
}
