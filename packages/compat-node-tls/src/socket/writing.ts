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
    writeWhenConnected(socket, chunks, done);
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
  const buffers = chunks.every(isBuffer) ? chunks : chunks.map(asBuffer);
  let bytes = 0;
  for (const { chunk } of buffers) bytes += chunk.length;
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

interface Bytes {
  readonly chunk: Buffer;
}

function isBuffer(written: WrittenChunk): written is WrittenChunk & Bytes {
  return typeof written.chunk !== 'string';
}

function asBuffer({ chunk, encoding }: WrittenChunk): Bytes {
  return { chunk: typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk };
}

/** In a function of its own: what its listeners need would else be kept aside for each write. */
function writeWhenConnected(
  socket: TLSSocketFields,
  chunks: readonly WrittenChunk[],
  done: WriteCallback,
): void {
  // Here net.Socket looks for bytes that count as written already.
  socket._pendingData = chunks;
  const closed = (): void =>
    done(
      nodeError('ERR_SOCKET_CLOSED_BEFORE_CONNECTION', 'Socket closed before the connection was established'),
    );
  socket.once('connect', () => {
    socket.off('close', closed);
    writeChunks(socket, chunks, done);
  });
  socket.once('close', closed);
}
