import type { AeadAlgorithm, AeadKey } from '../crypto/provider.ts';
import { copyOf, totalLength } from '../wire/bytes.ts';
import { maxOlderCiphertextBytes, recordHeaderBytes } from './deframer.ts';
import { recordHeader } from './fragmenter.ts';
import { hasVersion, pseudoHeader, refusePadding, writeSequence } from './older-records.ts';
import type { OpenedRecord, RecordProtection } from './protection.ts';

export interface Aead12Options {
  readonly aead: AeadAlgorithm;
  readonly key: Uint8Array;
  /** The part of the nonce that comes from the key block: 4 bytes, or all 12. */
  readonly fixedIv: Uint8Array;
  /** The version of record headers. */
  readonly version: number;
  readonly recordLimit: number;
}

/**
 * Record protection with an AEAD in TLS 1.2 (RFC 5246 §6.2.3.3).
 *
 * With a fixed IV of 4 bytes each record carries the other 8 of the nonce (RFC 5288 §3 for GCM, RFC 6655 §3 for CCM).
 * Ours are the sequence number, which cannot repeat; the peer's are its own choice. With 12 bytes the sequence number is
 * XORed into them and nothing is carried (RFC 7905 §2).
 */
export class Aead12 implements RecordProtection {
  readonly recordLimit: number;
  readonly updateAfter: number;
  readonly hidesType = false;
  readonly maxFragmentBytes = maxOlderCiphertextBytes;
  readonly splitsFirstByte = false;
  readonly #key: AeadKey;
  readonly #tagBytes: number;
  readonly #fixedIv: Uint8Array;
  /** 8 or 0. */
  readonly #explicitBytes: number;
  readonly #version: number;

  constructor({ aead, key, fixedIv, version, recordLimit }: Aead12Options) {
    this.#key = aead.key(key);
    this.#tagBytes = aead.tagBytes;
    this.#fixedIv = copyOf(fixedIv);
    this.#explicitBytes = fixedIv.length === aead.nonceBytes ? 0 : 8;
    this.#version = version;
    this.recordLimit = recordLimit;
    this.updateAfter = recordLimit;
  }

  seal(type: number, content: readonly Uint8Array[], paddingBytes: number, sequence: number): Uint8Array[] {
    refusePadding(paddingBytes);
    const contentBytes = totalLength(content);
    const aad = pseudoHeader(sequence, type, this.#version, contentBytes);
    const header = recordHeader(type, this.#version, this.#explicitBytes + contentBytes + this.#tagBytes);
    if (this.#explicitBytes === 0) {
      return [header, ...this.#key.seal(this.#implicitNonce(sequence), aad, content)];
    }
    const explicit = new Uint8Array(8);
    writeSequence(explicit, 0, sequence);
    return [header, explicit, ...this.#key.seal(this.#explicitNonce(explicit), aad, content)];
  }

  tryOpen(record: Uint8Array, sequence: number): OpenedRecord | undefined {
    if (!hasVersion(record, this.#version)) return undefined;
    const sealedAt = recordHeaderBytes + this.#explicitBytes;
    const contentBytes = record.length - sealedAt - this.#tagBytes;
    if (contentBytes < 0) return undefined;
    const type = record[0]!;
    const nonce =
      this.#explicitBytes === 0
        ? this.#implicitNonce(sequence)
        : this.#explicitNonce(record.subarray(recordHeaderBytes, sealedAt));
    const aad = pseudoHeader(sequence, type, this.#version, contentBytes);
    const content = this.#key.open(nonce, aad, record.subarray(sealedAt));
    return content && { type, content, innerBytes: content.length };
  }

  wipe(): void {
    this.#key.wipe();
    this.#fixedIv.fill(0);
    nonce.fill(0);
  }

  #implicitNonce(sequence: number): Uint8Array {
    writeSequence(nonce, 4, sequence);
    nonce.fill(0, 0, 4);
    for (let i = 0; i < 12; i++) nonce[i]! ^= this.#fixedIv[i]!;
    return nonce;
  }

  #explicitNonce(explicit: Uint8Array): Uint8Array {
    nonce.set(this.#fixedIv);
    nonce.set(explicit, 4);
    return nonce;
  }
}

/** Reused for every record of every connection: providers keep no argument, and nothing comes in between. */
const nonce = /* @__PURE__ */ new Uint8Array(12);
