import { type Carrier, TransportError } from '@sealwire/transport';
import type { Duplex } from 'node:stream';
import { Below, type Heard } from './below.ts';
import { sayFarewell } from './farewell.ts';
import { gathered } from './gathered.ts';
import { hearLastWords } from './last-words.ts';

/** A duplex stream as it carries a connection. */
export class DuplexCarrier implements Carrier {
  readonly #stream: Duplex;
  readonly #below: Below;

  constructor(stream: Duplex, heard: Heard) {
    this.#stream = stream;
    this.#below = new Below(stream, heard);
    hearLastWords(stream);
  }

  /** Nothing is heard before. */
  listen(): void {
    this.#below.listen();
  }

  /** One write of the system's for all pieces. */
  write(pieces: readonly Uint8Array[]): void {
    const stream = this.#stream;
    if (!stream.writable) return;
    const joined = gathered(pieces);
    if (joined.length === 1) {
      stream.write(joined[0]);
      return;
    }
    stream.cork();
    for (const piece of joined) stream.write(piece);
    stream.uncork();
  }

  hasRoom(): boolean {
    return hasRoom(this.#stream);
  }

  setReading(isWanted: boolean): void {
    const stream = this.#stream;
    if (isWanted !== stream.isPaused()) return;
    if (isWanted) stream.resume();
    else stream.pause();
  }

  end(done: (error?: unknown) => void): void {
    endStream(this.#stream, done);
  }

  farewell(): void {
    this.#below.letGo();
    sayFarewell(this.#stream);
  }

  destroy(): void {
    this.#below.letGo();
    this.#stream.destroy();
  }
}

export function hasRoom(stream: Duplex): boolean {
  return !stream.writableNeedDrain && stream.writableLength < stream.writableHighWaterMark;
}

/**
 * Ends the writing side. Node passes an error when the last bytes could not leave; the stream knows better why. Of a stream that is closed
 * while it has a write under way, and never answers that, only the close is heard.
 */
export function endStream(stream: Duplex, done: (error?: unknown) => void): void {
  let isSettled = false;
  const settle = (error?: unknown): void => {
    if (isSettled) return;
    isSettled = true;
    stream.off('close', closed);
    done(error == null ? undefined : (stream.errored ?? error));
  };
  const closed = (): void =>
    settle(new TransportError('transport.broken', 'the stream was closed before its last bytes had left'));
  if (!stream.writableFinished) stream.once('close', closed);
  stream.end((error?: unknown) => settle(error));
}
