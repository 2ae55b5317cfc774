import type { Carrier } from '@sealwire/transport';
import type { Duplex } from 'node:stream';
import { Below, type Heard } from './below.ts';
import { sayFarewell } from './farewell.ts';
import { gathered } from './gathered.ts';

/** A duplex stream as it carries a connection. */
export class DuplexCarrier implements Carrier {
  readonly #stream: Duplex;
  readonly #below: Below;

  constructor(stream: Duplex, heard: Heard) {
    this.#stream = stream;
    this.#below = new Below(stream, heard);
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

/** Node passes an error when the last bytes could not leave; the stream knows better why. */
export function endStream(stream: Duplex, done: (error?: unknown) => void): void {
  stream.end((error?: unknown) => done(error == null ? undefined : (stream.errored ?? error)));
}
