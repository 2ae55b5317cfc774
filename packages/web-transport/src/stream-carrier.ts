import { ApiMisuseError } from '@sealwire/core';
import { type Carrier, farewellTimer } from '@sealwire/transport';
import { carriedBytes, joined } from './bytes.ts';

/** Two streams that carry the bytes of a connection, as sockets of Workers and `TlsStreams` have them. */
export interface ByteStreams {
  /** Chunks: `Uint8Array`, another view, or `ArrayBuffer`. */
  readonly readable: ReadableStream<unknown>;
  readonly writable: WritableStream<Uint8Array>;
  /** Where there is one, nothing is sent before it has resolved; its rejection is `transport.connectFailed`. */
  readonly opened?: Promise<unknown>;
}

/** What the streams below say. */
export interface Heard {
  /** Bytes can go in both directions. */
  start(): void;
  data(chunk: Uint8Array): void;
  drain(): void;
  end(): void;
  error(error: unknown): void;
}

/** Two streams as they carry a connection. Both are locked from now on. */
export class StreamCarrier implements Carrier {
  readonly #opened: Promise<unknown> | undefined;
  readonly #reader: ReadableStreamDefaultReader<unknown>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #heard: Heard;
  /** Came and was not wanted yet. */
  #held: Uint8Array | undefined;
  #isWanted = false;
  #isReading = false;
  #closing: Promise<void> | undefined;
  #unsentBytes = 0;
  /** Writes that were begun, and those that the stream below has taken. */
  #begun = 0;
  #taken = 0;
  #hasLetGo = false;

  /** `alreadyRead`: bytes of the peer's that come before what is still in the stream. */
  constructor(streams: ByteStreams, heard: Heard, alreadyRead: Uint8Array | undefined) {
    const { readable, writable, opened } = streams ?? {};
    if (typeof readable?.getReader !== 'function' || typeof writable?.getWriter !== 'function') {
      throw new ApiMisuseError('expected { readable, writable }, a ReadableStream and a WritableStream');
    }
    for (const [name, { locked }] of Object.entries({ readable, writable })) {
      if (locked) throw new ApiMisuseError(`${name} is locked: expected releaseLock() before TLS takes it`);
    }
    this.#opened = opened;
    this.#reader = readable.getReader();
    this.#writer = writable.getWriter();
    this.#heard = heard;
    if (alreadyRead !== undefined && alreadyRead.length > 0) this.#held = joined([alreadyRead]);
  }

  /** Nothing is heard before. */
  listen(): void {
    const { start, error } = this.#heard;
    if (this.#opened === undefined) start();
    else this.#opened.then(() => this.#hasLetGo || start(), error);
  }

  /** One write for all pieces. */
  write(pieces: readonly Uint8Array[]): void {
    const bytes = joined(pieces);
    this.#unsentBytes += bytes.length;
    this.#begun++;
    this.#writer.write(bytes).then(() => {
      this.#taken++;
      this.#unsentBytes -= bytes.length;
      if (this.hasRoom()) this.#heard.drain();
    }, this.#failed);
  }

  /** What says later whether the stream below has taken all that was written up to now. */
  mark(): () => boolean {
    const begun = this.#begun;
    return () => this.#taken >= begun;
  }

  /** A stream resolves a write when its sink has taken it, whatever it would queue besides. */
  hasRoom(): boolean {
    return this.#unsentBytes < highWaterMarkBytes;
  }

  setReading(isWanted: boolean): void {
    this.#isWanted = isWanted;
    if (isWanted && !this.#isReading) void this.#read();
  }

  end(done: (error?: unknown) => void): void {
    this.#closed().then(() => done(), done);
  }

  farewell(): void {
    if (this.#hasLetGo) return;
    this.#hasLetGo = true;
    const stop = farewellTimer(() => this.destroy());
    void Promise.allSettled([this.#closed(), this.#readAway()]).then(() => {
      stop();
      this.destroy();
    });
  }

  destroy(): void {
    this.#hasLetGo = true;
    const why = new Error('the TLS connection has ended');
    this.#writer.abort(why).catch(ignore);
    this.#reader.cancel(why).catch(ignore);
  }

  /** Settles when all that was written has left, and the end with it. */
  #closed(): Promise<void> {
    return (this.#closing ??= this.#writer.close());
  }

  readonly #failed = (error: unknown): void => {
    if (!this.#hasLetGo) this.#heard.error(error);
  };

  /** Reads while more is wanted. What comes at once in large chunks is handed on in slices, as it is wanted. */
  async #read(): Promise<void> {
    this.#isReading = true;
    while (this.#isWanted && !this.#hasLetGo) {
      if (this.#held !== undefined) {
        const slice = this.#held.subarray(0, sliceBytes);
        this.#held = slice.length < this.#held.length ? this.#held.subarray(slice.length) : undefined;
        this.#heard.data(slice);
        continue;
      }
      const next = await this.#next();
      if (this.#hasLetGo) return;
      // Nothing is read after an end: it stays being read.
      if (next === 'end') return this.#heard.end();
      if ('error' in next) return this.#heard.error(next.error);
      this.#held = next.bytes;
    }
    this.#isReading = false;
  }

  async #next(): Promise<'end' | { readonly bytes: Uint8Array } | { readonly error: unknown }> {
    try {
      const { value, done } = await this.#reader.read();
      return done ? 'end' : { bytes: carriedBytes(value) };
    } catch (error) {
      return { error };
    }
  }

  async #readAway(): Promise<void> {
    while (!(await this.#reader.read()).done);
  }
}

function ignore(): void {}

/** Four full records: what may be on its way into a stream. */
const highWaterMarkBytes = 65_536;
const sliceBytes = 65_536;
