import { TlsError } from '../errors/tls-error.ts';
import type { Limits } from '../limits.ts';
import type { TrafficKeys } from '../machine/step.ts';
import {
  Deframer,
  maxCiphertextBytes,
  maxPlaintextBytes,
  recordHeaderBytes,
  type WireRecord,
} from '../record/deframer.ts';
import type { RecordProtection } from '../record/protection.ts';
import { contentTypes } from '../registry/content-types.ts';
import { registryName } from '../registry/registered.ts';
import { protocolVersions } from '../registry/versions.ts';
import type { RecordKeys } from '../values/record-keys.ts';
import type { ReceivedRecord, ReceivingHalf } from './halves.ts';
import { refuseTooMuchHeld } from '../interpret/held-input.ts';
import { handedOut } from './offload.ts';
import type { OutputQueue } from './outputs.ts';

export interface ReceivePathOptions {
  readonly role: 'client' | 'server';
  readonly limits: Limits;
  readonly allowDetach: boolean;
  readonly trace: boolean;
}

/** The reading half of a connection over a byte stream: framing, keys, sequence number, what is held back. */
export class ReceivePath implements ReceivingHalf<Uint8Array> {
  readonly #role: 'client' | 'server';
  readonly #outputs: OutputQueue;
  readonly #limits: Limits;
  readonly #trace: boolean;
  readonly #deframer = new Deframer();
  #protection: RecordProtection | undefined;
  /** Where the protection came from, if it may be handed out. */
  #keys: TrafficKeys | undefined;
  readonly #keepsKeys: boolean;
  #sequence = 0;
  /** Content opened under the present key. */
  #openedBytes = 0;
  /** Whether a protected record has been opened at all: from then on the peer is past unprotected alerts. */
  #openedAny = false;
  /** Bytes of refused 0-RTT records that may still be skipped; `undefined`: a record that does not open is an error. */
  #skippableBytes: number | undefined;
  /** What headers must say, in versions that look at it. */
  #recordVersion: number | undefined;
  /** The record that is being handled. */
  #wire: WireRecord | undefined;
  #innerLimit = maxPlaintextBytes + 1;
  /** The rule that a larger record breaks. */
  #innerLimitSection = 'RFC 9846 §5.4';
  /** Before TLS 1.3: from the next keys on. */
  #nextInnerLimit = maxPlaintextBytes;
  /** The same for records without protection. */
  #plainLimit = maxPlaintextBytes;

  constructor(outputs: OutputQueue, { role, limits, allowDetach, trace }: ReceivePathOptions) {
    this.#role = role;
    this.#keepsKeys = allowDetach;
    this.#outputs = outputs;
    this.#limits = limits;
    this.#trace = trace;
  }

  /** The peer's 0-RTT data is refused: what cannot be opened is skipped, until something can (RFC 9846 §4.3.10). */
  skipEarlyData(limitBytes: number): void {
    this.#skippableBytes = limitBytes;
  }

  requireVersion(recordVersion: number): void {
    this.#recordVersion = recordVersion;
  }

  installKeys(keys: TrafficKeys): void {
    this.#skippableBytes = undefined;
    this.#protection?.wipe();
    this.#protection = keys.protection();
    if (this.#keepsKeys) this.#keys = keys;
    this.#sequence = 0;
    this.#openedBytes = 0;
    if (this.#protection.hidesType) return;
    // A limit goes with the keys of its handshake; the next one may agree on none (RFC 8449 §4).
    this.#innerLimit = this.#nextInnerLimit;
    this.#nextInnerLimit = maxPlaintextBytes;
  }

  /** The present keys, for whoever opens from now on. */
  recordKeys(): RecordKeys {
    const contentLimit = this.#protection?.hidesType === true ? this.#innerLimit - 1 : this.#innerLimit;
    return handedOut(this.#keys, this.#protection, this.#sequence, Math.min(contentLimit, maxPlaintextBytes));
  }

  /** Input that is no whole record yet. */
  takeTail(): Uint8Array {
    return this.#deframer.takeTail();
  }

  /** The record that is being handled, or what came in its place; `undefined` between records. */
  get recordAtHand(): Uint8Array | undefined {
    const bytes = this.#wire?.bytes ?? this.#deframer.unread;
    return bytes.length === 0 ? undefined : bytes;
  }

  /** True when the peer has used its key as far as we would use one of ours. */
  get limitReached(): boolean {
    return (
      this.#protection !== undefined &&
      (this.#sequence >= this.#protection.updateAfter || this.#openedBytes >= this.#limits.bytesPerKey)
    );
  }

  limitRecords(innerBytes: number, section: string, isImmediate: boolean): void {
    if (innerBytes > maxPlaintextBytes) return;
    if (isImmediate) this.#plainLimit = innerBytes;
    this.#innerLimitSection = section;
    this.#nextInnerLimit = innerBytes;
    if (this.#protection?.hidesType !== false) this.#innerLimit = innerBytes;
  }

  /** Input to be read by `next` during this call. */
  offer(chunk: Uint8Array): void {
    this.#deframer.offer(chunk);
  }

  /** Input that must wait: copied, refused when too much would wait. */
  hold(chunk: Uint8Array): void {
    this.#refuseTooMuch(chunk.length);
    this.#deframer.hold(chunk);
  }

  /** Copies what was not read, so that the caller may reuse its chunk. */
  keepRest(isHeld: boolean): void {
    if (isHeld) this.#refuseTooMuch(this.#deframer.unreadBytes);
    this.#wire = undefined;
    this.#deframer.keepRest();
  }

  /** The next record, or `undefined` when more input is needed. */
  next(): ReceivedRecord | undefined {
    this.#wire = undefined;
    let wire: WireRecord | undefined;
    let record: ReceivedRecord | undefined;
    while (record === undefined) {
      wire = this.#deframer.next(this.#maxFragmentBytes());
      if (wire === undefined) return undefined;
      this.#wire = wire;
      record = this.#open(wire);
    }
    if (this.#trace) {
      this.#outputs.push({
        type: 'trace',
        event: {
          what: 'record',
          direction: 'received',
          contentType: record.type,
          recordVersion: wire === undefined ? 0 : (wire.bytes[1]! << 8) | wire.bytes[2]!,
          wireBytes: wire?.bytes.length ?? 0,
          contentBytes: record.content.length,
          isProtected: record.wasProtected,
        },
      });
    }
    return record;
  }

  clear(): void {
    this.#wire = undefined;
    this.#deframer.clear();
    this.#protection?.wipe();
    this.#protection = undefined;
    this.#keys = undefined;
  }

  #refuseTooMuch(moreBytes: number): void {
    refuseTooMuchHeld(this.#deframer.heldBytes + moreBytes, this.#limits);
  }

  /** Before keys records hold no more than plaintext, except those of 0-RTT data. */
  #maxFragmentBytes(): number {
    const protection = this.#protection;
    if (protection === undefined)
      return this.#skippableBytes === undefined ? this.#plainLimit : maxCiphertextBytes;
    if (protection.hidesType || this.#innerLimit === maxPlaintextBytes) return protection.maxFragmentBytes;
    // RFC 6066 §4: what is too large for the length agreed on is refused "without decrypting the message".
    return this.#innerLimit + mostOverheadBytes;
  }

  /** `undefined`: a record of refused 0-RTT data. */
  #open(wire: WireRecord): ReceivedRecord | undefined {
    const protection = this.#protection;
    if (this.#recordVersion !== undefined && !(protection === undefined && isFatalAlert(wire)))
      refuseOtherVersion(wire, this.#recordVersion);
    if (protection === undefined) {
      if (wire.type === contentTypes.application_data) {
        if (this.#skippableBytes !== undefined) return this.#skip(wire, this.#skippableBytes);
        throw new TlsError('peer.unexpectedApplicationData', 'application data before keys were agreed', {
          section: 'RFC 9846 §5.1',
        });
      }
      // The second hello has begun: nothing may stand between its fragments (RFC 9846 §4.3.10, §5.1).
      if (wire.type === contentTypes.handshake) this.#skippableBytes = undefined;
      return { type: wire.type, content: plaintextOf(wire), wasProtected: false };
    }
    if (wire.type === contentTypes.application_data || !protection.hidesType) {
      const opened = protection.tryOpen(wire.bytes, this.#sequence);
      if (opened === undefined) {
        if (this.#skippableBytes !== undefined) return this.#skip(wire, this.#skippableBytes);
        throw new TlsError('peer.recordAuthenticationFailed', 'a protected record does not verify', {
          section: protection.hidesType ? 'RFC 9846 §5.2' : 'RFC 5246 §6.2.3',
        });
      }
      this.#sequence++;
      this.#openedAny = true;
      this.#skippableBytes = undefined;
      this.#openedBytes += opened.content.length;
      const limit = protection.hidesType ? this.#innerLimit : Math.min(this.#innerLimit, maxPlaintextBytes);
      if (opened.innerBytes > limit) {
        throw new TlsError(
          'peer.plaintextTooLarge',
          `a record holds ${opened.innerBytes} bytes where at most ${limit} are allowed`,
          { section: this.#innerLimitSection },
        );
      }
      return { type: opened.type, content: opened.content, wasProtected: true };
    }
    const unprotected = { type: wire.type, content: plaintextOf(wire), wasProtected: false };
    if (wire.type === contentTypes.change_cipher_spec) return unprotected;
    // A client that cannot follow our ServerHello has no keys to protect its alert with. A server has them.
    if (wire.type === contentTypes.alert && this.#role === 'server' && !this.#openedAny) return unprotected;
    throw new TlsError(
      'peer.unprotectedRecord',
      `an unprotected record of content type ${wire.type} after keys were agreed`,
      {
        section: 'RFC 9846 §5.2',
      },
    );
  }

  /** RFC 9846 §4.3.10: "up to the configured max_early_data_size"; padding and type cannot be told from content. */
  #skip(wire: WireRecord, skippableBytes: number): undefined {
    const left = skippableBytes - Math.max(1, wire.bytes.length - recordHeaderBytes - leastOverheadBytes);
    if (left < 0) {
      throw new TlsError('peer.tooMuchEarlyData', 'the client sends more early data than is skipped', {
        section: 'RFC 9846 §4.3.10',
      });
    }
    this.#skippableBytes = left;
    return undefined;
  }
}

/** Whoever ends the connection for not speaking the version says so in one that it does. */
function isFatalAlert({ type, bytes }: WireRecord): boolean {
  return type === contentTypes.alert && bytes[recordHeaderBytes] === fatalLevel;
}

/** RFC 5246 §6.2.1: "The version of the protocol being employed", where it is certain. */
function refuseOtherVersion({ bytes }: WireRecord, expected: number): void {
  const says = (bytes[1]! << 8) | bytes[2]!;
  if (says === expected) return;
  const [name, wanted] = [says, expected].map((each) => registryName(protocolVersions, each));
  throw new TlsError('peer.badRecordVersion', `a record says ${name}, ${wanted} was negotiated`, {
    section: 'RFC 5246 §6.2.1',
    field: 'version',
  });
}

const fatalLevel = 2;

/** A content type, and the shortest tag there is. */
const leastOverheadBytes = 9;

/** Before TLS 1.3: an IV of AES, HMAC-SHA-384, and all the padding that there can be. */
const mostOverheadBytes = 16 + 48 + 256;

/** The framing allows for protected records; one that is not may hold less. */
function plaintextOf({ fragment }: WireRecord): Uint8Array {
  if (fragment.length <= maxPlaintextBytes) return fragment;
  throw new TlsError(
    'peer.recordTooLarge',
    `unprotected record of ${fragment.length} bytes, at most ${maxPlaintextBytes} are allowed`,
    { section: 'RFC 9846 §5.1', field: 'length' },
  );
}
