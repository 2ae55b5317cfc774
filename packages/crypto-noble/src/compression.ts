import type { CompressionCodec, CryptoProvider } from '@sealwire/core';
import { deflate, Z_FINISH, Z_OK, Z_STREAM_END, zlibInflate, zlibInflateInit, ZStream } from 'pako';

/**
 * zlib (RFC 1950) for certificate chains (RFC 8879). A brotli decoder in JavaScript carries a dictionary of 120 kB, and
 * those for zstd check no checksums; neither is worth it for a chain.
 */
const zlib: CompressionCodec = {
  name: 'zlib',
  compress: (bytes) => deflate(bytes, { level: 9 }),
  decompress(bytes, maxBytes) {
    const stream = new ZStream();
    if (zlibInflateInit(stream) !== Z_OK) return undefined;
    stream.input = bytes;
    stream.avail_in = bytes.length;
    // With nowhere left to write, the stream cannot end, and what is too long is not expanded further. One byte more
    // than is wanted: an output of no bytes is an error to zlib.
    stream.output = new Uint8Array(maxBytes + 1);
    stream.avail_out = stream.output.length;
    // The end of the stream comes after its checksum, which has then been verified.
    const isWhole = zlibInflate(stream, Z_FINISH) === Z_STREAM_END && stream.avail_in === 0;
    return isWhole && stream.total_out <= maxBytes ? stream.output.slice(0, stream.total_out) : undefined;
  },
};

export const certificateCompression: NonNullable<CryptoProvider['certificateCompression']> = { zlib };
