import { equalSecrets } from '../crypto/constant-time.ts';
import type { Entropy } from '../crypto/entropy.ts';
import type { CbcCipher, CbcKey, HashFunction } from '../crypto/provider.ts';
import { copyOf, totalLength } from '../wire/bytes.ts';
import { contentLengthOf, openMacThenEncrypt } from './cbc-check.ts';
import { maxOlderCiphertextBytes, recordHeaderBytes } from './deframer.ts';
import { recordHeader } from './fragmenter.ts';
import { hasVersion, pseudoHeader, refusePadding } from './older-records.ts';
import type { OpenedRecord, RecordProtection } from './protection.ts';

/**
 * Record protection with a block cipher in CBC mode and an HMAC, TLS 1.0 to 1.2 (RFC 5246 §6.2.3.2, RFC 4346 §6.2.3.2,
 * RFC 2246 §6.2.3.2), MAC-then-encrypt or encrypt-then-MAC (RFC 7366).
 *
 * About time. Under MAC-then-encrypt the receiver decrypts, takes off padding, and only then can look for the MAC. Who
 * learns whether the padding was right, or how long it was taken to be, decrypts records byte by byte (Vaudenay's
 * attack, and "Lucky Thirteen" where time alone says it). Therefore:
 *  - There is one failure for padding, MAC and length: `undefined`, which becomes bad_record_mac (RFC 5246 §7.2.2).
 *  - Wrong padding counts as none, and the MAC is computed all the same.
 *  - The check (`cbc-check.ts`) does the same work for every record of the same length, whatever is inside: it looks
 *    at as much padding as there can be, looks for the MAC wherever it can be, and calls the hash's compression function
 *    as often as the longest content would need it. What depends on the content is computed with masks; nothing
 *    branches on it, and no array is indexed by it, until the one result is known.
 *  - The lengths that are refused early are those of the ciphertext, which everyone can see.
 * What this does not give: JavaScript promises nothing about time, the hash is handed a view whose length is the
 * content's, and an engine may do with masks as it likes. `bench/src/timing` measures what is left. Whoever can should
 * agree on encrypt-then-MAC or an AEAD, where none of this arises.
 */
export class Cbc implements RecordProtection {
  readonly recordLimit: number;
  readonly updateAfter: number;
  readonly hidesType = false;
  readonly maxFragmentBytes = maxOlderCiphertextBytes;
  readonly splitsFirstByte: boolean;
  readonly #key: CbcKey;
  readonly #blockBytes: number;
  readonly #hash: HashFunction;
  readonly #macKey: Uint8Array;
  readonly #version: number;
  readonly #encryptsThenMacs: boolean;
  /** Draws the IV of each record that is sealed; `undefined` where they are chained. */
  readonly #entropy: Pick<Entropy, 'random'> | undefined;
  /** What a record carries of its IV. */
  readonly #ivBytes: number;
  /** Where IVs are chained: that of the next record. */
  #nextIv: Uint8Array;

  constructor(options: CbcOptions) {
    const { cipher, key, iv } = options;
    this.#key = cipher.key(key);
    this.#blockBytes = cipher.blockBytes;
    this.#hash = options.hash;
    this.#macKey = copyOf(options.macKey);
    this.#version = options.version;
    this.#encryptsThenMacs = options.encryptThenMac;
    this.#entropy = iv.is === 'explicit' ? iv.entropy : undefined;
    this.#ivBytes = iv.is === 'explicit' ? cipher.blockBytes : 0;
    this.#nextIv = iv.is === 'chained' ? copyOf(iv.first) : new Uint8Array(0);
    this.splitsFirstByte = iv.is === 'chained';
    this.recordLimit = options.recordLimit;
    this.updateAfter = options.recordLimit;
  }

  seal(type: number, content: readonly Uint8Array[], paddingBytes: number, sequence: number): Uint8Array[] {
    refusePadding(paddingBytes);
    if (!this.#encryptsThenMacs) {
      const mac = this.#mac(sequence, type, totalLength(content), content);
      const encrypted = this.#encrypt([...content, mac]);
      return [recordHeader(type, this.#version, totalLength(encrypted)), ...encrypted];
    }
    // RFC 7366 §3: the MAC covers the IV, except where it is not sent, and a length without the MAC's own.
    const encrypted = this.#encrypt(content);
    const length = totalLength(encrypted);
    const mac = this.#mac(sequence, type, length, encrypted);
    return [recordHeader(type, this.#version, length + mac.length), ...encrypted, mac];
  }

  tryOpen(record: Uint8Array, sequence: number): OpenedRecord | undefined {
    if (!hasVersion(record, this.#version)) return undefined;
    const type = record[0]!;
    const content = this.#encryptsThenMacs
      ? this.#openEncryptThenMac(record, type, sequence)
      : this.#openMacThenEncrypt(record, type, sequence);
    return content && { type, content, innerBytes: content.length };
  }

  get chainedIv(): Uint8Array | undefined {
    return this.#entropy === undefined ? copyOf(this.#nextIv) : undefined;
  }

  wipe(): void {
    this.#key.wipe();
    this.#macKey.fill(0);
    this.#nextIv.fill(0);
  }

  #openMacThenEncrypt(record: Uint8Array, type: number, sequence: number): Uint8Array | undefined {
    const encrypted = record.subarray(recordHeaderBytes);
    // The least is a MAC and the length of no padding.
    const plain = this.#decrypt(encrypted, this.#hash.outputBytes + 1);
    if (plain === undefined) return undefined;
    const header = pseudoHeader(sequence, type, this.#version, 0);
    return openMacThenEncrypt(this.#hash, this.#macKey, header, plain);
  }

  #openEncryptThenMac(record: Uint8Array, type: number, sequence: number): Uint8Array | undefined {
    const end = record.length - this.#hash.outputBytes;
    if (end < recordHeaderBytes) return undefined;
    const encrypted = record.subarray(recordHeaderBytes, end);
    // RFC 7366 §3: the MAC is verified before anything is decrypted.
    const mac = this.#mac(sequence, type, encrypted.length, [encrypted]);
    if (!equalSecrets(mac, record.subarray(end))) return undefined;
    const plain = this.#decrypt(encrypted, 1);
    if (plain === undefined) return undefined;
    // The peer itself has sent this: how its padding is wrong is no secret, but there is one failure for all.
    const length = contentLengthOf(plain, 0);
    return length < 0 ? undefined : plain.subarray(0, length);
  }

  #mac(sequence: number, type: number, length: number, covered: readonly Uint8Array[]): Uint8Array {
    return this.#hash.hmac(this.#macKey, [pseudoHeader(sequence, type, this.#version, length), ...covered]);
  }

  /** IV, if it is sent, and ciphertext; with the least padding there can be. */
  #encrypt(pieces: readonly Uint8Array[]): Uint8Array[] {
    const paddingLength = this.#blockBytes - 1 - (totalLength(pieces) % this.#blockBytes);
    const padded = [...pieces, new Uint8Array(paddingLength + 1).fill(paddingLength)];
    if (this.#entropy !== undefined) {
      const iv = this.#entropy.random(this.#blockBytes);
      return [iv, this.#key.encrypt(iv, padded)];
    }
    const encrypted = this.#key.encrypt(this.#nextIv, padded);
    this.#nextIv = this.#lastBlockOf(encrypted);
    return [encrypted];
  }

  /** `undefined` for a length that cannot be: no whole number of blocks, or less than `leastBytes`. */
  #decrypt(encrypted: Uint8Array, leastBytes: number): Uint8Array | undefined {
    const ciphertext = encrypted.subarray(this.#ivBytes);
    if (encrypted.length < this.#ivBytes + leastBytes || ciphertext.length % this.#blockBytes !== 0)
      return undefined;
    if (this.#ivBytes > 0) return this.#key.decrypt(encrypted.subarray(0, this.#ivBytes), ciphertext);
    const plain = this.#key.decrypt(this.#nextIv, ciphertext);
    this.#nextIv = this.#lastBlockOf(ciphertext);
    return plain;
  }

  #lastBlockOf(ciphertext: Uint8Array): Uint8Array {
    return copyOf(ciphertext.subarray(ciphertext.length - this.#blockBytes));
  }
}

export interface CbcOptions {
  readonly cipher: CbcCipher;
  readonly key: Uint8Array;
  readonly hash: HashFunction;
  readonly macKey: Uint8Array;
  /**
   * Chained: the first IV comes from the key block, every other is the last block before (TLS 1.0). Explicit: each
   * record carries its own, which `entropy` gives unforeseeable.
   */
  readonly iv:
    | { readonly is: 'chained'; readonly first: Uint8Array }
    | { readonly is: 'explicit'; readonly entropy: Pick<Entropy, 'random'> };
  /** The version of record headers. */
  readonly version: number;
  readonly encryptThenMac: boolean;
  readonly recordLimit: number;
}
