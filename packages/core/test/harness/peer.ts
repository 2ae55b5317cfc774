import type { Connection } from '../../src/connection/connection.ts';
import type { Output } from '../../src/connection/outputs.ts';
import type { RawExtension } from '../../src/extensions/definition.ts';
import { encodeHandshake, envelope } from '../../src/messages/envelope.ts';
import { encodeMessage, type Tls13Message } from '../../src/messages/tls13.ts';
import type { RecordProtection } from '../../src/record/protection.ts';
import { contentTypes } from '../../src/registry/content-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { nextTrafficSecret } from '../../src/tls13/key-schedule.ts';
import { hashOf, suite13, trafficKeys, type Suite13 } from '../../src/tls13/suites.ts';
import { Transcript } from '../../src/transcript/transcript.ts';
import { concat } from '../../src/wire/bytes.ts';
import { testProvider } from './node-provider.ts';

/** The caller's clock in every test: it does not move. */
export const nowMs = 1_000;

/** A record of the victim after unprotection. */
export interface PeerRecord {
  readonly type: number;
  readonly content: Uint8Array;
  readonly wasProtected: boolean;
  /** The first five bytes on the wire. */
  readonly header: Uint8Array;
}

/** Traffic keys of one direction and how many records they have seen. */
export interface Keys {
  readonly secret: Uint8Array;
  readonly protection: RecordProtection;
  sequence: number;
}

/** How a message deviates: another message, or the raw bytes of the whole message. Without a change it is correct. */
export type Change<M extends Tls13Message> = (message: M) => Tls13Message | Uint8Array;

/**
 * One end of TLS 1.3 that follows a script, against a real `Connection`. It can do everything right, and at
 * every step send anything instead. It reads all that the victim sends, with the keys that the victim should
 * use, so that what comes out in `received` came out correctly protected.
 *
 * Nothing may be sent to a victim that has failed: a test whose setup went wrong says so, and never passes by
 * accident.
 */
export abstract class Peer {
  readonly victim: Connection;
  readonly outputs: Output[] = [];
  readonly received: PeerRecord[] = [];
  suite: Suite13 = suite13(0x1301)!;
  transcript = Transcript.empty;
  readKeys: Keys | undefined;
  writeKeys: Keys | undefined;
  #wire: Uint8Array = new Uint8Array(0);
  #handshake: Uint8Array = new Uint8Array(0);
  #packed: Uint8Array[] | undefined;

  constructor(victim: Connection) {
    this.victim = victim;
  }

  /** ClientHello to the client's Finished, once it is complete. */
  completeTranscript: Transcript | undefined;

  protected remember(): void {
    this.completeTranscript ??= this.transcript;
  }

  /** Whole handshake messages of the victim of this type, header included. */
  messagesOf(type: number): Uint8Array[] {
    return this.heardMessages.filter((raw) => raw[0] === type);
  }

  readonly heardMessages: Uint8Array[] = [];

  /** A message of the victim; it is not yet in the transcript. */
  protected abstract heard(raw: Uint8Array): void;

  /** A change_cipher_spec of the victim; in TLS 1.3 it means nothing. */
  protected heardChangeCipherSpec(): void {}

  /** Whether what the victim sends now should be protected. */
  get victimHasKeys(): boolean {
    return this.victim.facts.cipherSuite !== undefined;
  }

  /** Bytes as they are. A throwing `receive` fails the test: peer input never throws. */
  write(bytes: Uint8Array): this {
    if (this.failure !== undefined)
      throw new Error(`the victim failed earlier: ${this.failure.error.message}`);
    this.victim.receive(bytes, nowMs);
    return this.drain();
  }

  get failure(): Extract<Output, { type: 'failed' }> | undefined {
    const last = this.outputs.at(-1);
    return last?.type === 'failed' ? last : undefined;
  }

  /** Takes what the victim says, and reads what it sends. */
  drain(): this {
    for (let output = this.victim.poll(); output !== undefined; output = this.victim.poll()) {
      this.outputs.push(output);
      if (output.type === 'transmit') this.#wire = concat([this.#wire, ...output.pieces]);
    }
    for (let record = this.#nextRecord(); record !== undefined; record = this.#nextRecord()) {
      this.received.push(record);
      if (record.type === contentTypes.handshake) this.#joinMessages(record.content);
      if (record.type === contentTypes.change_cipher_spec) this.heardChangeCipherSpec();
    }
    return this;
  }

  // ------------------------------------------------------------------------------------------- records

  /** One record under the present keys, with `padding` zeros behind its type. */
  record(type: number, content: Uint8Array, padding = 0): this {
    return this.write(this.seal(type, content, padding));
  }

  /** The bytes of `record`, for tests that cut them up or send them with others. */
  seal(type: number, content: Uint8Array, padding = 0): Uint8Array {
    const keys = this.writeKeys;
    if (keys === undefined) return plainRecord(type, content);
    return concat(keys.protection.seal(type, [content], padding, keys.sequence++));
  }

  data(bytes: Uint8Array): this {
    return this.record(contentTypes.application_data, bytes);
  }

  alert(level: number, description: number): this {
    return this.record(contentTypes.alert, new Uint8Array([level, description]));
  }

  /** The change_cipher_spec of compatibility mode, or another one; never protected. */
  changeCipherSpec(content: Uint8Array = new Uint8Array([1])): this {
    return this.write(plainRecord(contentTypes.change_cipher_spec, content));
  }

  // ------------------------------------------------------------------------------------------ messages

  /** A handshake message, transcribed, in as many records as it needs; or kept for the record of `pack`. */
  handshake(message: Tls13Message | Uint8Array, ready?: () => void): this {
    const raw = message instanceof Uint8Array ? message : encodeMessage(message);
    this.transcript = this.transcript.append(raw);
    ready?.();
    if (this.#packed === undefined) return this.#inRecords(raw);
    this.#packed.push(raw);
    return this;
  }

  /** Everything that `script` says leaves in one record, under the keys from before it. */
  pack(script: () => void): this {
    const before = this.writeKeys;
    const packed: Uint8Array[] = [];
    this.#packed = packed;
    script();
    this.#packed = undefined;
    const after = this.writeKeys;
    this.writeKeys = before;
    this.#inRecords(concat(packed));
    this.writeKeys = after;
    return this;
  }

  /** Raw bytes of handshake content, not transcribed. */
  #inRecords(bytes: Uint8Array): this {
    for (let at = 0; at < bytes.length; at += 16_384) {
      this.record(contentTypes.handshake, bytes.subarray(at, at + 16_384));
    }
    return this;
  }

  /** `ready` runs when the message is in the transcript and has not left. */
  protected say<M extends Tls13Message>(message: M, change: Change<M> | undefined, ready?: () => void): this {
    return this.handshake(change === undefined ? message : change(message), ready);
  }

  /** KeyUpdate, and the next generation of our sending keys; connected only. */
  keyUpdate(updateRequested: boolean): this {
    this.handshake({ type: 'key_update', updateRequested });
    this.writeKeys = this.nextKeys(this.writeKeys!);
    return this;
  }

  nextKeys({ secret }: Keys): Keys {
    return this.keys(nextTrafficSecret(hashOf(this.suite, testProvider), secret));
  }

  keys(secret: Uint8Array): Keys {
    const { protection } = trafficKeys(
      this.suite,
      testProvider,
      'application',
      secret,
      Number.POSITIVE_INFINITY,
    );
    return { secret, protection: protection(), sequence: 0 };
  }

  digest(): Uint8Array {
    return this.transcript.digest(hashOf(this.suite, testProvider));
  }

  #nextRecord(): PeerRecord | undefined {
    const wire = this.#wire;
    if (wire.length < 5) return undefined;
    const bytes = wire.subarray(0, 5 + ((wire[3]! << 8) | wire[4]!));
    this.#wire = wire.subarray(bytes.length);
    const header = bytes.subarray(0, 5);
    const isHidden = this.readKeys?.protection.hidesType ?? true;
    if (isHidden && bytes[0] !== contentTypes.application_data) {
      return { type: bytes[0]!, content: bytes.subarray(5), wasProtected: false, header };
    }
    if (this.readKeys === undefined)
      throw new Error('the victim sent a protected record before keys were agreed');
    const opened = this.readKeys.protection.tryOpen(bytes, this.readKeys.sequence++);
    if (opened === undefined)
      throw new Error('a record of the victim does not open with the keys that it should have');
    const { type, content } = opened;
    return { type, content, wasProtected: true, header };
  }

  #joinMessages(fragment: Uint8Array): void {
    this.#handshake = concat([this.#handshake, fragment]);
    for (;;) {
      const pending = this.#handshake;
      const length = 4 + ((pending[1]! << 16) | (pending[2]! << 8) | pending[3]!);
      if (pending.length < 4 || pending.length < length) return;
      const raw = pending.slice(0, length);
      this.#handshake = pending.subarray(length);
      this.heardMessages.push(raw);
      if (raw[0] === handshakeTypes.key_update) this.readKeys = this.nextKeys(this.readKeys!);
      else this.heard(raw);
    }
  }
}

/** A record without protection. */
export function plainRecord(type: number, content: Uint8Array, version = 0x0303): Uint8Array {
  return concat([
    new Uint8Array([type, version >>> 8, version & 0xff, content.length >>> 8, content.length & 0xff]),
    content,
  ]);
}

/** `message` with its extensions changed; unlike an `ExtensionBlock` the list may say what it may not. */
export function withExtensions<M extends Tls13Message & { extensions: unknown }>(
  message: M,
  change: (entries: readonly RawExtension[]) => readonly RawExtension[],
): M {
  const { entries } = message.extensions as { entries: readonly RawExtension[] };
  return { ...message, extensions: { entries: change(entries) } };
}

/** `message` with one extension more, or another one in the place of the one of its type. */
export function withExtension<M extends Tls13Message & { extensions: unknown }>(
  message: M,
  entry: RawExtension,
): M {
  return withExtensions(message, (entries) => [...entries.filter(({ type }) => type !== entry.type), entry]);
}

export function withoutExtension<M extends Tls13Message & { extensions: unknown }>(
  message: M,
  type: number,
): M {
  return withExtensions(message, (entries) => entries.filter((entry) => entry.type !== type));
}

/** The message's bytes with another body: cut, lengthened, changed. The length in the header is right. */
export function withBody(message: Tls13Message, change: (body: Uint8Array) => Uint8Array): Uint8Array {
  const { type, body } = envelope(encodeMessage(message));
  return encodeHandshake(type, change(body));
}
