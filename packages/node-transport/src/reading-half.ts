import type { TransportError } from '@sealwire/transport';
import type { Duplex } from 'node:stream';

/** What the peer has sent, on its way to the reader: data as it asks for it, then the end. */
export class ReadingHalf {
  readonly #stream: Duplex;
  /** Ends reading, once all that was received before has been read. */
  #error: TransportError | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** The reader asks for more. False when there is an end to tell instead of anything to fetch. */
  asked(): boolean {
    if (this.#error === undefined) return true;
    this.#end(this.#error);
    return false;
  }

  /** False: the reader wants no more until it asks. */
  data(bytes: Uint8Array): boolean {
    return this.#stream.destroyed || this.#stream.push(bytes);
  }

  ended(error: TransportError | undefined): void {
    this.#error = error;
    if (error === undefined) this.#stream.push(null);
    else this.#end(error);
  }

  /** Fails the stream when all was read; an empty push makes Node ask again after the next read. */
  #end(error: TransportError): void {
    if (this.#stream.readableLength === 0) this.#stream.destroy(error);
    else this.#stream.push(noBytes);
  }
}

/** The loop that `TlsStream` documents. */
export async function* untilEnd(stream: Duplex): AsyncGenerator<Buffer, undefined, undefined> {
  let hasEnded = false;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk;
    hasEnded = true;
  } finally {
    if (!hasEnded) stream.destroy();
  }
}

const noBytes = new Uint8Array(0);

/** Four full records each way, as much as Node's newer versions buffer. */
export const highWaterMarkBytes = 65_536;
