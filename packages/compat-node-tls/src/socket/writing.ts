import { Socket } from 'node:net';
import type { TLSSocketFields } from './fields.ts';
import { codedError } from '../errors/node-codes.ts';
import { nodeError } from '../errors/node-error.ts';

export type WriteCallback = (error?: Error | null) => void;

export interface WrittenChunk {
  readonly chunk: string | Buffer;
  readonly encoding: BufferEncoding;
}

/** Hands to the connection what was written; before the carrier is connected, when it is. */
export function writeChunks(
  socket: TLSSocketFields,
  chunks: readonly WrittenChunk[],
  done: WriteCallback,
): void {
  if (socket.connecting) {
    // Here net.Socket looks for bytes that count as written already.
    socket._pendingData = chunks;
    const closed = (): void =>
      done(
        nodeError(
          'ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
          'Socket closed before the connection was established',
        ),
      );
    socket.once('connect', () => {
      socket.off('close', closed);
      writeChunks(socket, chunks, done);
    });
    socket.once('close', closed);
    return;
  }
  socket._pendingData = null;
  socket._pendingEncoding = '';
  const handle = socket._handle;
  if (!handle) {
    done(codedError('ERR_SOCKET_CLOSED'));
    return;
  }
  socket._unrefTimer();
  handle.start();
  const buffers = chunks.map(({ chunk, encoding }) => ({
    chunk: typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk,
  }));
  const bytes = buffers.reduce((sum, { chunk }) => sum + chunk.length, 0);
  if (bytes === 0) {
    // It waits for the connection all the same, and the end that may come behind it.
    if (socket._secureEstablished) process.nextTick(done);
    else socket.once('secure', () => done());
    return;
  }
  handle.bytesWritten += bytes;
  handle.writeQueueSize += bytes;
  handle.pump.write(buffers, (error) => {
    handle.writeQueueSize -= bytes;
    // Over streams that are no sockets Node says so in the next turn, when the other end has had time to read.
    if (error || handle.carrier instanceof Socket) done(error);
    else setImmediate(done);
  });
}
