import { InternalError } from '../errors/tls-error.ts';
import { Reader } from './reader.ts';
import { wireName, type LengthPrefix, type Shape, type UintShape } from './shape.ts';
import { Writer } from './writer.ts';

/**
 * A codec is one value that both reads and writes a structure, so that the two cannot drift apart.
 * The combinators mirror the presentation language of RFC 9846 §3: `<1..2^16-1>` becomes
 * `{ min: 1 }` on a codec with a 2-byte length.
 */
export interface Codec<T> {
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
  /** What the bytes look like. Combinators derive it; a codec written by hand says it, and a test holds it to that. */
  readonly shape: Shape;
}

/** The type that a codec reads. */
export type CodecValue<C> = C extends Codec<infer T> ? T : never;

/** Bounds of a vector in bytes, as the RFC's `<min..max>` gives them. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Decodes all of `bytes`; what is missing or left over is `peer.malformedMessage`, naming `name`. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array, name: string): T {
  const reader = new Reader(bytes, name);
  const value = codec.read(reader);
  reader.end();
  return value;
}

export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.finish();
}

export interface UintCodec extends Codec<number> {
  readonly shape: UintShape;
}

export const uint8: UintCodec = {
  read: (r) => r.u8(),
  write: (w, v) => w.u8(v),
  shape: { is: 'uint', bytes: 1 },
};
export const uint16: UintCodec = {
  read: (r) => r.u16(),
  write: (w, v) => w.u16(v),
  shape: { is: 'uint', bytes: 2 },
};
export const uint24: UintCodec = {
  read: (r) => r.u24(),
  write: (w, v) => w.u24(v),
  shape: { is: 'uint', bytes: 3 },
};
export const uint32: UintCodec = {
  read: (r) => r.u32(),
  write: (w, v) => w.u32(v),
  shape: { is: 'uint', bytes: 4 },
};

/** A number of the open registry of this name: any value is representable, the brand says which registry. */
export function registered<N extends number>(codec: UintCodec, registry: string): Codec<N> {
  return { ...codec, shape: { ...codec.shape, registry } } as Codec<number> as Codec<N>;
}

/** Fields in the order of the wire. */
export function struct<const F extends Record<string, Codec<unknown>>>(
  fields: F,
): Codec<{ readonly [K in keyof F]: CodecValue<F[K]> }> {
  const entries = Object.entries(fields) as unknown as [string, Codec<unknown>][];
  // A copy of an object that has all names is made at once; one that gets them one by one takes a step for each.
  const blank = Object.fromEntries(entries.map(([name]) => [name, undefined as unknown]));
  return {
    read(reader) {
      const value = { ...blank };
      for (const [name, codec] of entries) value[name] = codec.read(reader);
      return value as { readonly [K in keyof F]: CodecValue<F[K]> };
    },
    write(writer, value) {
      const source = value as Record<string, unknown>;
      for (const [name, codec] of entries) codec.write(writer, source[name]);
    },
    get shape(): Shape {
      return { is: 'struct', fields: entries.map(([name, codec]) => [wireName(name), codec.shape]) };
    },
  };
}

/** `opaque name[length]`. */
export function fixed(length: number): Codec<Uint8Array> {
  return {
    read: (reader) => reader.bytes(length),
    write(writer, value) {
      if (value.length !== length) {
        throw new InternalError(`expected ${length} bytes, got ${value.length}`);
      }
      writer.bytes(value);
    },
    shape: { is: 'fixed', bytes: length },
  };
}

export const opaque8 = (bounds: Bounds = {}): Codec<Uint8Array> => opaque(1, bounds);
export const opaque16 = (bounds: Bounds = {}): Codec<Uint8Array> => opaque(2, bounds);
export const opaque24 = (bounds: Bounds = {}): Codec<Uint8Array> => opaque(3, bounds);

/** `Item name<min..max>` with a length of one, two or three bytes; bounds count bytes. */
export const vector8 = <T>(item: Codec<T>, bounds: Bounds = {}): Codec<readonly T[]> =>
  vector(1, item, bounds);
export const vector16 = <T>(item: Codec<T>, bounds: Bounds = {}): Codec<readonly T[]> =>
  vector(2, item, bounds);
export const vector24 = <T>(item: Codec<T>, bounds: Bounds = {}): Codec<readonly T[]> =>
  vector(3, item, bounds);

/** Items up to the end of the enclosing region: a list without a length of its own. */
export function items<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    read: (reader) => itemsOf(item, reader),
    write(writer, value) {
      for (const each of value) item.write(writer, each);
    },
    get shape(): Shape {
      return { is: 'items', item: item.shape };
    },
  };
}

/** Everything up to the end of the enclosing region. */
export const remainder: Codec<Uint8Array> = {
  read: (reader) => reader.rest(),
  write: (writer, value) => writer.bytes(value),
  shape: { is: 'rest' },
};

/** A structure without content, such as the extension_data of `post_handshake_auth`. */
export const empty: Codec<true> = {
  read: () => true,
  write: () => {},
  shape: { is: 'struct', fields: [] },
};

function opaque(lengthBytes: 1 | 2 | 3, bounds: Bounds): Codec<Uint8Array> {
  return {
    read: (reader) => reader.bytes(lengthWithin(reader, lengthBytes, bounds)),
    write(writer, value) {
      refuseOutOfBounds(value.length, bounds);
      writer.prefixed(lengthBytes, (w) => w.bytes(value));
    },
    shape: { is: 'opaque', ...prefix(lengthBytes, bounds) },
  };
}

function vector<T>(lengthBytes: 1 | 2 | 3, item: Codec<T>, bounds: Bounds): Codec<readonly T[]> {
  return {
    read: (reader) =>
      reader.region(lengthWithin(reader, lengthBytes, bounds), 'list', (inner) => itemsOf(item, inner)),
    write(writer, value) {
      writer.prefixed(lengthBytes, (w) => {
        const start = w.length;
        for (const each of value) item.write(w, each);
        refuseOutOfBounds(w.length - start, bounds);
      });
    },
    get shape(): Shape {
      return { is: 'vector', ...prefix(lengthBytes, bounds), item: item.shape };
    },
  };
}

function itemsOf<T>(item: Codec<T>, reader: Reader): T[] {
  const all: T[] = [];
  while (reader.remaining > 0) all.push(item.read(reader));
  return all;
}

function prefix(lengthBytes: 1 | 2 | 3, { min = 0, max = 256 ** lengthBytes - 1 }: Bounds): LengthPrefix {
  return { lengthBytes, min, max };
}

function lengthWithin(reader: Reader, lengthBytes: 1 | 2 | 3, bounds: Bounds): number {
  const length = lengthBytes === 1 ? reader.u8() : lengthBytes === 2 ? reader.u16() : reader.u24();
  if (bounds.min !== undefined && length < bounds.min) {
    reader.fail(`length ${length} is below the minimum of ${bounds.min}`);
  }
  if (bounds.max !== undefined && length > bounds.max) {
    reader.fail(`length ${length} is above the maximum of ${bounds.max}`);
  }
  return length;
}

function refuseOutOfBounds(length: number, bounds: Bounds): void {
  if (length < (bounds.min ?? 0) || length > (bounds.max ?? Number.MAX_SAFE_INTEGER)) {
    throw new InternalError(
      `${length} bytes are outside <${bounds.min ?? 0}..${bounds.max ?? 'length prefix'}>`,
    );
  }
}
