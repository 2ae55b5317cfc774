/** Who reads. */
export interface Reader {
  /** Data, for whoever has a handler for it. Absent: it is fetched by `next`. */
  readonly data: ((bytes: Uint8Array) => void) | undefined;
  /** There is room for more. */
  wantsMore(): void;
  /** All was read that there will be, and more was asked for; with an error, something may be missing. */
  ended(error: Error | undefined): void;
}

/**
 * What the peer has sent, on its way to the program: pushed to its handler, or kept until it fetches it. What comes while nobody
 * wants it is kept, which is at most what lay in the socket when reading stopped.
 */
export class Incoming {
  readonly #reader: Reader;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #isPaused = false;
  #isDiscarded = false;
  /** No more comes after what is queued. */
  #end: { readonly error: Error | undefined } | undefined;
  #isEndTold = false;
  #waiting: { resolve(bytes: Uint8Array | undefined): void; reject(error: Error): void } | undefined;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Whether more is wanted for now. */
  push(bytes: Uint8Array): boolean {
    if (this.#isDiscarded) return true;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#deliver();
    return this.#hasRoom();
  }

  /** The end, after all that was pushed. */
  end(error: Error | undefined): void {
    this.#end ??= { error };
    this.#deliver();
  }

  /** The end at once, unless it was there already: what has not been read is dropped. */
  cut(why: () => Error): void {
    this.#queue = [];
    this.#queuedBytes = 0;
    if (!this.#isEndTold) this.#end = { error: why() };
    this.#isEndTold = true;
    this.#answer();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#deliver();
    if (this.#hasRoom()) this.#reader.wantsMore();
  }

  /** Nobody reads any more: what comes is dropped, until the end. */
  discard(): void {
    this.#isDiscarded = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.resume();
  }

  get isAwaited(): boolean {
    return this.#waiting !== undefined;
  }

  /** The next bytes, or undefined at the end. Rejects with the error. One call at a time. */
  next(): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#answer();
    });
  }

  #deliver(): void {
    const { data } = this.#reader;
    if (data === undefined && !this.#isDiscarded) {
      this.#answer();
      return;
    }
    while (data !== undefined && !this.#isPaused && this.#queue.length > 0) {
      const bytes = this.#queue.shift()!;
      this.#queuedBytes -= bytes.length;
      data(bytes);
    }
    if (this.#end !== undefined && this.#queue.length === 0 && !this.#isPaused)
      this.#tellEnd(this.#end.error);
  }

  #answer(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const bytes = this.#queue.shift();
    if (bytes !== undefined) {
      this.#waiting = undefined;
      this.#queuedBytes -= bytes.length;
      waiting.resolve(bytes);
      if (this.#hasRoom()) this.#reader.wantsMore();
    } else if (this.#end !== undefined) {
      this.#waiting = undefined;
      const { error } = this.#end;
      this.#tellEnd(error);
      if (error === undefined) waiting.resolve(undefined);
      else waiting.reject(error);
    }
  }

  #tellEnd(error: Error | undefined): void {
    if (this.#isEndTold) return;
    this.#isEndTold = true;
    this.#reader.ended(error);
  }

  #hasRoom(): boolean {
    if (this.#isDiscarded) return true;
    return !this.#isPaused && this.#queuedBytes < (this.#reader.data === undefined ? queueBytes : 1);
  }
}

/** Four full records, as the other transports keep. */
const queueBytes = 65_536;
