import { joined } from './bytes.ts';

/**
 * What the peer has sent, as a stream of bytes: data as it is asked for, then the end. The stream itself keeps nothing: an error
 * would throw away what it has not given out yet.
 */
export class ReadingHalf {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #heard: { wanted(): void; cancelled(): void };
  #controller!: ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array>;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** Somebody reads, and gets what comes at once. */
  #isAsked = false;
  #end: { readonly error?: Error } | undefined;
  /** Nobody will read any more. */
  #isOver = false;

  constructor(heard: { wanted(): void; cancelled(): void }) {
    this.#heard = heard;
    this.stream = makeByteStream({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#pull(),
      cancel: () => {
        this.#drop();
        heard.cancelled();
      },
    });
  }

  /** False: the reader wants no more until it asks. The bytes are its own. */
  data(bytes: Uint8Array): boolean {
    if (this.#isOver || bytes.length === 0) return true;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#isAsked) this.#give();
    return this.#queuedBytes < highWaterMarkBytes && this.#queue.length < mostPieces;
  }

  /** No data will follow. With an error, that is told after all that came before. */
  ended(error?: Error): void {
    if (this.#isOver || this.#end !== undefined) return;
    this.#end = error === undefined ? {} : { error };
    // What the reader had no room for may still lie in the stream.
    if (this.#queue.length === 0 && (this.#isAsked || this.#controller.desiredSize === 0)) this.#tellEnd();
  }

  /** Ends now, with what was not read. */
  failed(error: Error): void {
    if (this.#isOver) return;
    this.#drop();
    this.#controller.error(error);
  }

  #pull(): void {
    if (this.#queue.length > 0) this.#give();
    else if (this.#end !== undefined) this.#tellEnd();
    else this.#isAsked = true;
    this.#heard.wanted();
  }

  #give(): void {
    const bytes = joined(this.#queue);
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#isAsked = false;
    this.#controller.enqueue(bytes);
    if (this.#end !== undefined && this.#end.error === undefined) this.#tellEnd();
  }

  #tellEnd(): void {
    if (this.#isOver || this.#end === undefined) return;
    const { error } = this.#end;
    this.#drop();
    if (error !== undefined) {
      this.#controller.error(error);
      return;
    }
    try {
      this.#controller.close();
      // Who reads into a buffer of his own gets it back only so.
      if ('byobRequest' in this.#controller) this.#controller.byobRequest?.respond(0);
    } catch {
      // Who reads wider elements than bytes, and got part of one, has been told by the stream.
    }
  }

  #drop(): void {
    this.#isOver = true;
    this.#queue = [];
    this.#queuedBytes = 0;
  }
}

interface Source {
  start(controller: ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array>): void;
  pull(): void;
  cancel(): void;
}

/** Where a runtime has no streams of bytes, a stream of chunks: only reading into one's own buffer is missing. */
function makeByteStream(source: Source): OwnedBytes {
  try {
    return new ReadableStream({ ...source, type: 'bytes' }, { highWaterMark: 0 }) as OwnedBytes;
  } catch {
    return new ReadableStream(source, { highWaterMark: 0 }) as OwnedBytes;
  }
}

type OwnedBytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Four full records. */
const highWaterMarkBytes = 65_536;

/** A peer that sends single bytes costs far more than these. */
const mostPieces = 1_024;
