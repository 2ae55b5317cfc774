import type { ByteStreams } from './stream-carrier.ts';

/** A `Deno.Conn`: of `Deno.connect`, and of a listener. */
export interface ConnLike {
  /** Null: the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}

/**
 * A connection of Deno's as two streams of bytes, each of which ends by itself. Its own `readable` and `writable` close the whole
 * connection where one of them ends, and what the other direction still had to carry is lost.
 */
export function connStreams(conn: ConnLike): ByteStreams {
  let isReadingOver = false;
  let isWritingOver = false;
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    try {
      conn.close();
    } catch {
      // It broke, and is closed already.
    }
  };
  const closeIfOver = () => {
    if (isReadingOver && isWritingOver) close();
  };
  const readable = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const buffer = new Uint8Array(chunkBytes);
        const length = await conn.read(buffer);
        if (length !== null) {
          controller.enqueue(buffer.subarray(0, length));
          return;
        }
        isReadingOver = true;
        controller.close();
        closeIfOver();
      },
      // A read that waits would never hear of it.
      cancel: close,
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Uint8Array>({
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) at += await conn.write(bytes.subarray(at));
    },
    async close() {
      isWritingOver = true;
      if (!isReadingOver) await conn.closeWrite();
      closeIfOver();
    },
    abort: close,
  });
  return { readable, writable };
}

const chunkBytes = 65_536;
