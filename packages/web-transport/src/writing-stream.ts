import { ApiMisuseError } from '@sealwire/core';
import { bytesOf } from './bytes.ts';

/** What is done with what the program writes. */
export interface Written {
  /** Rejects when the bytes cannot leave. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(reason: unknown): void;
  /** What was written is no bytes: the stream is broken, and so must the connection be. */
  misused(error: ApiMisuseError): void;
}

/** A stream of bytes to the peer, and the function that breaks it. */
export function writingStream(written: Written): {
  readonly stream: WritableStream<Uint8Array | ArrayBuffer | ArrayBufferView>;
  readonly fail: (error: Error) => void;
} {
  let controller!: WritableStreamDefaultController;
  const stream = new WritableStream<unknown>(
    {
      start: (given) => void (controller = given),
      write(chunk) {
        const bytes = bytesOf(chunk);
        if (bytes !== undefined) return written.write(bytes);
        const error = new ApiMisuseError(`expected bytes (Uint8Array or ArrayBuffer), got ${typeof chunk}`);
        written.misused(error);
        throw error;
      },
      close: () => written.close(),
      abort: (reason) => written.abort(reason),
    },
    // What is no bytes has no size; `write` says so.
    { highWaterMark: highWaterMarkBytes, size: (chunk) => bytesOf(chunk)?.length ?? 0 },
  );
  return { stream, fail: (error) => controller.error(error) };
}

/** Four full records. */
const highWaterMarkBytes = 65_536;
