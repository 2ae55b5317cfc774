import { ApiMisuseError } from '@sealwire/core';
import { bytesOf } from './bytes.ts';
import { GatheredWrites } from './gathered-writes.ts';

/** What is done with what the program writes. */
export interface Written {
  /** Resolves when the bytes, in these pieces, have left; rejects when they cannot. */
  write(pieces: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
  abort(reason: unknown): void;
  /** What was written is no bytes: the stream is broken, and so must the connection be. */
  misused(error: ApiMisuseError): void;
}

/**
 * A stream of bytes to the peer, and the function that breaks it.
 *
 * A write leaves at once. Those that wait behind it in the stream are gathered: each but the last resolves when it has been copied.
 */
export function writingStream(written: Written): {
  readonly stream: WritableStream<Uint8Array | ArrayBuffer | ArrayBufferView>;
  readonly fail: (error: Error) => void;
} {
  let controller!: WritableStreamDefaultController;
  const gathered = new GatheredWrites();
  /** In the stream, and not yet given to `write`. */
  let waiting = 0;
  const stream = new WritableStream<unknown>(
    {
      start: (given) => void (controller = given),
      write(chunk) {
        waiting--;
        const bytes = bytesOf(chunk);
        if (bytes !== undefined) {
          if (waiting > 0 && gathered.take(bytes)) return undefined;
          return written.write(gathered.before([bytes]));
        }
        const error = new ApiMisuseError(`expected bytes (Uint8Array or ArrayBuffer), got ${typeof chunk}`);
        written.misused(error);
        throw error;
      },
      // What is written after the end is counted as waiting, and never comes.
      async close() {
        const left = gathered.before([]);
        if (left.length > 0) await written.write(left);
        await written.close();
      },
      abort: (reason) => written.abort(reason),
    },
    {
      highWaterMark: highWaterMarkBytes,
      // Asked within the call of the program. What is no bytes has no size; `write` says so.
      size(chunk) {
        waiting++;
        return bytesOf(chunk)?.length ?? 0;
      },
    },
  );
  return { stream, fail: (error) => controller.error(error) };
}

/** Four full records. */
const highWaterMarkBytes = 65_536;
