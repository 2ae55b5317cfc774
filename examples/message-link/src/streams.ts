/** Bytes in order, of a stream or of CRYPTO frames: what has still to leave, and what has come. */

/** A piece that left, or has to. */
export interface Piece {
  readonly offset: number;
  readonly data: Uint8Array;
}

export class Outgoing {
  #pieces: Piece[] = [];
  #end = 0;
  #isClosed = false;
  #sendsEnd = false;

  get isEmpty(): boolean {
    return this.#pieces.length === 0 && !this.#sendsEnd;
  }

  append(data: Uint8Array, isLast = false): void {
    if (this.#isClosed) throw new Error('the stream has ended');
    if (data.length > 0) this.#pieces.push({ offset: this.#end, data: Uint8Array.from(data) });
    this.#end += data.length;
    if (!isLast) return;
    this.#isClosed = true;
    this.#sendsEnd = true;
  }

  /** The next piece, of so many bytes at most, and whether the stream ends with it. */
  take(maxBytes: number): (Piece & { readonly isLast: boolean }) | undefined {
    const next = this.#pieces.shift();
    if (next === undefined) {
      if (!this.#sendsEnd) return undefined;
      this.#sendsEnd = false;
      return { offset: this.#end, data: new Uint8Array(0), isLast: true };
    }
    const data = next.data.subarray(0, maxBytes);
    if (data.length < next.data.length)
      this.#pieces.unshift({ offset: next.offset + data.length, data: next.data.subarray(data.length) });
    const isLast = this.#isClosed && next.offset + data.length === this.#end;
    if (isLast) this.#sendsEnd = false;
    return { offset: next.offset, data, isLast };
  }

  /** It was lost. */
  again({ offset, data }: Piece, isLast: boolean): void {
    if (data.length > 0) this.#pieces.unshift({ offset, data });
    if (isLast) this.#sendsEnd = true;
  }
}

export class Incoming {
  #pieces: Piece[] = [];
  #at = 0;
  #end: number | undefined;
  #hasEnded = false;

  /** Takes a piece, in whatever order they come and however often. What is too far ahead is an error of the peer. */
  add({ offset, data }: Piece, isLast = false): void {
    if (offset + data.length > this.#at + maxAheadBytes) throw new RangeError('the peer is too far ahead');
    if (isLast) this.#end = offset + data.length;
    if (offset + data.length > this.#at && !this.#pieces.some((each) => covers(each, { offset, data })))
      this.#pieces.push({ offset, data: Uint8Array.from(data) });
  }

  /** The next bytes in order. */
  next(): Uint8Array | undefined {
    const index = this.#pieces.findIndex(({ offset }) => offset <= this.#at);
    if (index < 0) return undefined;
    const [{ offset, data }] = this.#pieces.splice(index, 1) as [Piece];
    const fresh = data.subarray(this.#at - offset);
    if (fresh.length === 0) return this.next();
    this.#at += fresh.length;
    return fresh;
  }

  /** True once, when all has been taken to the end. */
  ends(): boolean {
    if (this.#hasEnded || this.#at !== this.#end) return false;
    this.#hasEnded = true;
    return true;
  }
}

function covers(one: Piece, other: Piece): boolean {
  return one.offset <= other.offset && one.offset + one.data.length >= other.offset + other.data.length;
}

const maxAheadBytes = 1 << 20;

/** The streams of a connection, by their numbers. */
export class Streams {
  readonly #streams = new Map<number, { readonly out: Outgoing; readonly in: Incoming }>();

  /** One that is new where it has not been heard of. */
  of(id: number): { readonly out: Outgoing; readonly in: Incoming } {
    let stream = this.#streams.get(id);
    if (stream === undefined) {
      if (this.#streams.size >= maxStreams) throw new RangeError('too many streams');
      stream = { out: new Outgoing(), in: new Incoming() };
      this.#streams.set(id, stream);
    }
    return stream;
  }

  /** What the first that has anything wants to send, in so many bytes. */
  next(room: number) {
    for (const [id, { out }] of this.#streams) {
      const piece = out.take(room);
      if (piece !== undefined) return { id, ...piece };
    }
    return undefined;
  }

  get hasUnsent(): boolean {
    return [...this.#streams.values()].some(({ out }) => !out.isEmpty);
  }
}

const maxStreams = 64;
