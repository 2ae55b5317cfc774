import type { Duplex } from 'node:stream';
import { TransportError } from './errors.ts';
import type { TlsSettings } from './settings.ts';

/** What the peer has sent, on its way to the reader: data as it asks for it, then the end. */
export class ReadingHalf {
  readonly #stream: Duplex;
  readonly #truncation: TlsSettings['truncation'];
  /** The reader wants no more until it asks. */
  #isFull = false;
  #peerHasEnded = false;
  /** Ends reading, once all that was received before has been read. */
  #error: TransportError | undefined;

  constructor(stream: Duplex, truncation: TlsSettings['truncation']) {
    this.#stream = stream;
    this.#truncation = truncation;
  }

  get peerHasEnded(): boolean {
    return this.#peerHasEnded;
  }

  /** The reader asks for more. False when there is an end to tell instead of anything to fetch. */
  asked(): boolean {
    this.#isFull = false;
    if (this.#error === undefined) return true;
    this.#end(this.#error);
    return false;
  }

  data(bytes: Uint8Array): void {
    if (!this.#stream.destroyed && !this.#stream.push(bytes)) this.#isFull = true;
  }

  peerEnded(how: 'closeNotify' | 'truncated'): void {
    this.#peerHasEnded = true;
    if (how === 'closeNotify' || this.#truncation === 'end') {
      this.#stream.push(null);
      return;
    }
    this.#error = new TransportError(
      'transport.truncated',
      'the transport ended without close_notify: data may be missing (RFC 9846 §6.1)',
    );
    this.#end(this.#error);
  }

  /** Lets the transport flow while both the connection and the reader want more; after the peer's end, to see its end. */
  steer(transport: Duplex, connectionWants: boolean): void {
    const wantsMore = this.#peerHasEnded || (connectionWants && !this.#isFull);
    if (wantsMore !== transport.isPaused()) return;
    if (wantsMore) transport.resume();
    else transport.pause();
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
