import { TransportError } from '@sealwire/transport';

/** A chunk of a stream as bytes: streams of bytes give Uint8Arrays, those of messages mostly ArrayBuffers. Undefined: no bytes. */
export function bytesOf(chunk: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk;
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  // Of any realm: frames and contexts have constructors of their own.
  const isBuffer = Object.prototype.toString.call(chunk) === '[object ArrayBuffer]';
  return isBuffer ? new Uint8Array(chunk as ArrayBuffer) : undefined;
}

/** The bytes of a chunk from below. */
export function carriedBytes(chunk: unknown): Uint8Array {
  const bytes = bytesOf(chunk);
  if (bytes !== undefined) return bytes;
  throw new TransportError('transport.broken', `the stream below gave ${typeof chunk}, not bytes`);
}

/** All of it as one array in a buffer of its own, which may be handed on (transferred) without anybody missing it. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
