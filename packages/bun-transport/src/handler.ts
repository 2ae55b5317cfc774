/** `Buffer` in a program that has types for it, as with those of Bun. */
export type HostBuffer = typeof globalThis extends { Buffer: { prototype: infer B extends Uint8Array } }
  ? B
  : Uint8Array;

export interface BinaryTypes {
  readonly buffer: HostBuffer;
  readonly uint8array: Uint8Array<ArrayBuffer>;
  readonly arraybuffer: ArrayBuffer;
}

export type BinaryType = keyof BinaryTypes;

/**
 * What is called for a connection, as Bun does for its sockets: all of it may be left out. What a function throws goes to `error`, and
 * without that out of Bun as an uncaught exception; the connection goes on. Promises are not waited for.
 */
export interface Handler<S, B extends BinaryType> {
  /** What `data` is called with. Default `buffer`, as in Bun. */
  readonly binaryType?: B;
  /** The handshake is complete, and the peer who it should be. */
  open?(socket: S): unknown;
  /** The bytes are the program's own. Without this function they wait for `for await (const bytes of socket)`. */
  data?(socket: S, bytes: BinaryTypes[B]): unknown;
  /** There is room again, after a `write` that did not take everything. */
  drain?(socket: S): unknown;
  /** The peer has ended its side, by close_notify. Without `allowHalfOpen` ours ends then, too. */
  end?(socket: S): unknown;
  /** The connection failed, or another of these functions. Then comes `close`, unless it was a function that failed. */
  error?(socket: S, error: Error): unknown;
  /** The connection is over: both sides have ended, or one has cut it, or it failed. The last that is called, and only after `open`. */
  close?(socket: S, error?: Error): unknown;
  /** No data has come or gone for as long as `socket.timeout` says. The connection goes on. */
  timeout?(socket: S): unknown;
  /** The connection did not come about, or its handshake failed. Nothing else is called then. */
  connectError?(socket: S, error: Error): unknown;
}

/** The names of these functions, as the compiler makes sure. */
const names: Readonly<Record<keyof Handler<never, never>, true>> = {
  binaryType: true,
  open: true,
  data: true,
  drain: true,
  end: true,
  error: true,
  close: true,
  timeout: true,
  connectError: true,
};

export const handlerNames: readonly string[] = Object.keys(names);

/** Data as the program wants to have it. */
export function asBinary(bytes: Uint8Array, type: BinaryType): BinaryTypes[BinaryType] {
  const { buffer, byteOffset, length } = bytes as Uint8Array<ArrayBuffer>;
  if (type === 'uint8array') return bytes as Uint8Array<ArrayBuffer>;
  if (type === 'arraybuffer') return buffer.slice(byteOffset, byteOffset + length);
  const { Buffer } = globalThis as unknown as {
    Buffer: { from(memory: ArrayBuffer, at: number, length: number): HostBuffer };
  };
  return Buffer.from(buffer, byteOffset, length);
}
