import { TlsError } from '../errors/tls-error.ts';
import { concat, copyOf } from '../wire/bytes.ts';

/** A record as it stands on the wire (RFC 9846 §5.1). Views, valid until the next call of the deframer. */
export class WireRecord {
  /** Header and fragment together. */
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get type(): number {
    return this.bytes[0]!;
  }

  /** The fragment alone: a view of its own, which records that are opened do without. */
  get fragment(): Uint8Array {
    return this.bytes.subarray(recordHeaderBytes);
  }
}

export const recordHeaderBytes = 5;

/** 2^14: the most plaintext that one record may hold (RFC 9846 §5.1). */
export const maxPlaintextBytes = 16_384;

/** 2^14 + 256: the most that one protected record may hold (RFC 9846 §5.2). */
export const maxCiphertextBytes = 16_640;

/** 2^14 + 2048: the same before TLS 1.3 (RFC 5246 §6.2.3). */
export const maxOlderCiphertextBytes = 18_432;

/**
 * Cuts a byte stream into records; knows nothing about keys. Whole records are handed out as views of the
 * caller's chunk; only an incomplete tail is copied, once.
 */
export class Deframer {
  /** The caller's chunk during one call of `receive`, or chunks of our own while input is held. */
  #chunk: Uint8Array = nothing;
  #at = 0;
  /** Copies of chunks that arrived while nothing may be read, oldest first. */
  readonly #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Small chunks share a buffer: an array for each would cost two hundred times the bytes it holds. */
  #gathered: Uint8Array = nothing;
  #gatheredLength = 0;
  /** A record that began in an earlier chunk: its own buffer, and how much of it is there. */
  #partial: Uint8Array = nothing;
  #partialLength = 0;
  /** The record that was collected last: its buffer serves another when its view is no longer valid. */
  #handedOut: Uint8Array | undefined;

  /** Bytes copied and waiting, not counting the chunk at hand. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Bytes of the chunk at hand that `next` has not read. */
  get unreadBytes(): number {
    return this.#chunk.length - this.#at;
  }

  /** What `next` has refused and not read: a header, with what came behind it. */
  get unread(): Uint8Array {
    const begun = this.#partial.subarray(0, this.#partialLength);
    return begun.length > 0 ? begun : this.#chunk.subarray(this.#at);
  }

  /** Offers a chunk for reading by `next` within the same call. */
  offer(chunk: Uint8Array): void {
    if (this.#at < this.#chunk.length || this.#heldBytes > 0) {
      this.hold(chunk);
      return;
    }
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** Copies a chunk for later. */
  hold(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#heldBytes += chunk.length;
    if (chunk.length > this.#gathered.length - this.#gatheredLength) {
      this.#endGathering();
      if (chunk.length >= gatheringBytes) {
        this.#held.push(copyOf(chunk));
        return;
      }
      this.#gathered = new Uint8Array(gatheringBytes);
    }
    this.#gathered.set(chunk, this.#gatheredLength);
    this.#gatheredLength += chunk.length;
  }

  /** Copies what `next` has not read, so that nothing of the caller's chunk is kept. */
  keepRest(): void {
    this.#takeBack();
    if (this.#at < this.#chunk.length) {
      const rest = copyOf(this.#chunk.subarray(this.#at));
      this.#held.unshift(rest);
      this.#heldBytes += rest.length;
    }
    this.#chunk = nothing;
    this.#at = 0;
  }

  /** All that waits, in one piece; nothing of it is left here. */
  takeTail(): Uint8Array {
    const begun = this.#partial.subarray(0, this.#partialLength);
    const gathered = this.#gathered.subarray(0, this.#gatheredLength);
    const tail = concat([begun, this.#chunk.subarray(this.#at), ...this.#held, gathered]);
    this.clear();
    return tail;
  }

  /** Forgets everything: after the connection's end later bytes have no meaning. */
  clear(): void {
    this.#chunk = nothing;
    this.#at = 0;
    this.#held.length = 0;
    this.#heldBytes = 0;
    this.#gathered = nothing;
    this.#gatheredLength = 0;
    this.#partial = nothing;
    this.#partialLength = 0;
  }

  /**
   * The next whole record, or `undefined` when the input does not hold one.
   * A header that cannot be right is refused as soon as it is there: `maxFragmentBytes` is 2^14, or
   * 2^14 + 256 once records are protected, or 2^14 + 2048 where TLS 1.2 or older protects them.
   */
  next(maxFragmentBytes: number): WireRecord | undefined {
    this.#takeBack();
    for (;;) {
      if (this.#partialLength === 0) {
        const whole = this.#wholeFromChunk(maxFragmentBytes);
        if (whole !== undefined) return whole;
      }
      const available = this.#chunk.length - this.#at;
      if (available === 0) {
        if (!this.#nextHeld()) return undefined;
        continue;
      }
      const record = this.#collect(maxFragmentBytes);
      if (record !== undefined) return record;
    }
  }

  #wholeFromChunk(maxFragmentBytes: number): WireRecord | undefined {
    const chunk = this.#chunk;
    const at = this.#at;
    if (chunk.length - at < recordHeaderBytes) return undefined;
    const end = at + recordHeaderBytes + checkedLength(chunk, at, maxFragmentBytes);
    if (end > chunk.length) return undefined;
    this.#at = end;
    return new WireRecord(chunk.subarray(at, end));
  }

  /** Moves bytes from the chunk into the record that has begun; returns it when it is complete. */
  #collect(maxFragmentBytes: number): WireRecord | undefined {
    if (this.#partialLength < recordHeaderBytes) {
      if (this.#partial.length === 0) this.#partial = new Uint8Array(recordHeaderBytes);
      if (!this.#fill(recordHeaderBytes)) return undefined;
      const length = checkedLength(this.#partial, 0, maxFragmentBytes);
      const whole = recordBuffer(recordHeaderBytes + length);
      whole.set(this.#partial);
      this.#partial = whole;
    }
    if (!this.#fill(this.#partial.length)) return undefined;
    const bytes = this.#partial;
    this.#partial = nothing;
    this.#partialLength = 0;
    this.#handedOut = bytes;
    return new WireRecord(bytes);
  }

  #fill(upTo: number): boolean {
    const take = Math.min(upTo - this.#partialLength, this.#chunk.length - this.#at);
    this.#partial.set(this.#chunk.subarray(this.#at, this.#at + take), this.#partialLength);
    this.#partialLength += take;
    this.#at += take;
    return this.#partialLength === upTo;
  }

  #takeBack(): void {
    if (this.#handedOut !== undefined) keepBuffer(this.#handedOut);
    this.#handedOut = undefined;
  }

  #endGathering(): void {
    if (this.#gatheredLength > 0) this.#held.push(this.#gathered.subarray(0, this.#gatheredLength));
    this.#gathered = nothing;
    this.#gatheredLength = 0;
  }

  #nextHeld(): boolean {
    if (this.#held.length === 0) this.#endGathering();
    const held = this.#held.shift();
    if (held === undefined) return false;
    this.#heldBytes -= held.length;
    this.#chunk = held;
    this.#at = 0;
    return true;
  }
}

/** Large records take turns with a few buffers, of which each would otherwise have to be cleared and collected. */
function recordBuffer(length: number): Uint8Array {
  if (length < reusedBytes) return new Uint8Array(length);
  const buffer = buffers.pop() ?? new ArrayBuffer(recordHeaderBytes + maxOlderCiphertextBytes);
  return new Uint8Array(buffer, 0, length);
}

function keepBuffer({ buffer, length }: Uint8Array): void {
  if (length >= reusedBytes && buffers.length < maxBuffers) buffers.push(buffer as ArrayBuffer);
}

function checkedLength(bytes: Uint8Array, at: number, maxFragmentBytes: number): number {
  const type = bytes[at]!;
  if (type < firstContentType || type > lastContentType) {
    throw new TlsError('peer.unknownRecordType', notTls(bytes.subarray(at, at + recordHeaderBytes)), {
      section: 'RFC 9846 §5',
    });
  }
  // RFC 9846 §5.1 ignores legacy_record_version. Its first byte has been 3 in every version there is, so
  // another value means that the peer does not speak TLS at all: better said at once.
  if (bytes[at + 1] !== 3) {
    throw new TlsError(
      'peer.badRecordVersion',
      `expected record version 3.x, got ${bytes[at + 1]}.${bytes[at + 2]}`,
      {
        section: 'RFC 9846 §5.1',
        field: 'legacy_record_version',
      },
    );
  }
  const length = (bytes[at + 3]! << 8) | bytes[at + 4]!;
  if (length > maxFragmentBytes) {
    throw new TlsError(
      'peer.recordTooLarge',
      `record of ${length} bytes, at most ${maxFragmentBytes} are allowed`,
      {
        section: sectionOf(maxFragmentBytes),
        field: 'length',
      },
    );
  }
  return length;
}

function sectionOf(maxFragmentBytes: number): string {
  if (maxFragmentBytes > maxCiphertextBytes) return 'RFC 5246 §6.2.3';
  return maxFragmentBytes > maxPlaintextBytes ? 'RFC 9846 §5.2' : 'RFC 9846 §5.1';
}

/** Most who come without TLS speak HTTP, to or from the wrong port: worth a message of its own. */
function notTls(header: Uint8Array): string {
  const text = String.fromCharCode(...header);
  const other = plainProtocols.find(([, starts]) => starts.test(text));
  return other === undefined
    ? `expected a TLS record, got one of content type ${header[0]}`
    : `the peer speaks ${other[0]}, not TLS: it began with ${JSON.stringify(text)}; is this the right port?`;
}

const plainProtocols: readonly (readonly [name: string, starts: RegExp])[] = [
  ['plain HTTP', /^(GET |HEAD |POST |PUT |PATCH|DELET|OPTIO|CONNE|TRACE|PRI \*|HTTP\/)/],
  ['SSH', /^SSH-/],
  ['a protocol that may need STARTTLS first (such as SMTP)', /^220[ -]/],
];

/** change_cipher_spec … application_data; nothing else may stand in a header (RFC 9846 §5). */
const firstContentType = 20;
const lastContentType = 23;

/** Chunks below this are gathered; at most half of the memory is then unused. */
const gatheringBytes = 4_096;

/** Smaller records get buffers of their own size. */
const reusedBytes = 12_288;
const maxBuffers = 8;
const buffers: ArrayBuffer[] = [];

const nothing = /* @__PURE__ */ new Uint8Array(0);
