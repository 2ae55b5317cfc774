import type { CompressionCodec, CompressionName, CryptoProvider } from '@sealwire/core';
import * as zlib from 'node:zlib';
import { plain } from './bytes.ts';

/**
 * Codecs for certificate chains (RFC 8879) from node:zlib, which bounds what it writes. Each is tried out when it is
 * first looked for: zstd came with Node 22.15, whose releases take a frame without its end for a whole one, and other runtimes
 * have a node:zlib that cannot say what it has read.
 */
export const certificateCompression: NonNullable<CryptoProvider['certificateCompression']> = {
  get zlib() {
    return tried('zlib', zlibCodec);
  },
  get brotli() {
    return tried('brotli', brotliCodec);
  },
  get zstd() {
    return tried('zstd', zstdCodec);
  },
};

function zlibCodec(): CompressionCodec {
  return codec(
    'zlib',
    (bytes) => zlib.deflateSync(bytes, { level: 9 }),
    (bytes, limit) => zlib.inflateSync(bytes, limit),
  );
}

function brotliCodec(): CompressionCodec {
  const { BROTLI_PARAM_SIZE_HINT, BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY } = zlib.constants;
  return codec(
    'brotli',
    (bytes) =>
      zlib.brotliCompressSync(bytes, {
        params: { [BROTLI_PARAM_SIZE_HINT]: bytes.length, [BROTLI_PARAM_QUALITY]: BROTLI_MAX_QUALITY },
      }),
    (bytes, limit) => zlib.brotliDecompressSync(bytes, limit),
  );
}

type Compress = (bytes: Uint8Array) => Buffer;
/** What node:zlib takes beside the input: with `info` it returns how much of the input it has read, too. */
type Decompress = (bytes: Uint8Array, limit: { maxOutputLength: number; info: boolean }) => unknown;

function codec(name: CompressionName, compress: Compress, decompress: Decompress): CompressionCodec {
  return {
    name,
    compress: (bytes) => plain(compress(bytes)),
    decompress(bytes, maxBytes) {
      const whole = attempt(() => decompress(bytes, { maxOutputLength: Math.max(1, maxBytes), info: true }));
      if (!isInfo(whole)) return undefined;
      // What follows the end of the stream is not an error to node:zlib.
      const isExact = whole.engine.bytesWritten === bytes.length && whole.buffer.length <= maxBytes;
      return isExact ? plain(whole.buffer) : undefined;
    },
  };
}

/** The types are those of Node 20, which has no zstd. */
function zstdCodec(): CompressionCodec | undefined {
  const { zstdCompressSync, zstdDecompressSync, constants } = zlib as unknown as {
    readonly zstdCompressSync?: (bytes: Uint8Array, options: object) => Buffer;
    readonly zstdDecompressSync?: (bytes: Uint8Array, options: object) => unknown;
    readonly constants: { readonly ZSTD_c_compressionLevel: number; readonly ZSTD_d_windowLogMax: number };
  };
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined) return undefined;
  const { ZSTD_c_compressionLevel, ZSTD_d_windowLogMax } = constants;
  return codec(
    'zstd',
    (bytes) =>
      zstdCompressSync(bytes, { params: { [ZSTD_c_compressionLevel]: 19 }, pledgedSrcSize: bytes.length }),
    // The window is allocated before anything is written: 8 MiB is what RFC 8878 §3.1.1.1.2 asks decoders for.
    (bytes, limit) => zstdDecompressSync(bytes, { ...limit, params: { [ZSTD_d_windowLogMax]: 23 } }),
  );
}

const results = new Map<CompressionName, CompressionCodec | undefined>();

function tried(
  name: CompressionName,
  make: () => CompressionCodec | undefined,
): CompressionCodec | undefined {
  if (!results.has(name)) {
    const made = attempt(make);
    const sample = new Uint8Array(64);
    const stream = attempt(() => made?.compress?.(sample));
    const works =
      stream !== undefined &&
      made?.decompress(stream, sample.length)?.length === sample.length &&
      made.decompress(stream.subarray(0, -1), sample.length) === undefined;
    results.set(name, works ? made : undefined);
  }
  return results.get(name);
}

function isInfo(
  value: unknown,
): value is { readonly buffer: Buffer; readonly engine: { bytesWritten: number } } {
  const { buffer, engine } = (value ?? {}) as { buffer?: unknown; engine?: { bytesWritten?: unknown } };
  return buffer instanceof Uint8Array && typeof engine?.bytesWritten === 'number';
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
