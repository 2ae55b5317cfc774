import type { CompressionCodec, CompressionName, CryptoProvider } from '@sealwire/core';
import {
  type ContractCase,
  caseAbout,
  ContractFailure,
  defined,
  expectBytes,
  expectEqual,
  expectPlain,
  expectRefused,
  flipped,
  joined,
  seededSource,
  unhex,
} from './contract-case.ts';

/** Codecs for certificate chains (RFC 8879): exact, bounded, and deaf to everything that is no stream. */
export function compressionCases(provider: CryptoProvider): ContractCase[] {
  return names.flatMap((name) => {
    const codec = provider.certificateCompression?.[name];
    return [
      caseAbout(`${name}: known streams are read`, codec, (c) => {
        expectEqual(c.name, name, 'name');
        for (const [stream, content] of known[name]) {
          const read = defined(c.decompress(unhex(stream), content.length), stream);
          expectBytes(read, content, stream);
          expectPlain(read, 'result');
        }
      }),
      caseAbout(`${name}: what was written is read`, codec?.compress && codec, (c) => {
        for (const bytes of samples()) {
          const stream = written(c, bytes);
          expectPlain(stream, 'stream');
          expectBytes(c.decompress(stream, bytes.length), bytes, `${bytes.length} bytes`);
          expectBytes(
            c.decompress(stream, bytes.length + 1_000),
            bytes,
            `${bytes.length} bytes, more allowed`,
          );
        }
      }),
      caseAbout(`${name}: never more than is allowed`, codec?.compress && codec, (c) => {
        for (const bytes of samples()) {
          if (bytes.length === 0) continue;
          const stream = written(c, bytes);
          expectRefused(() => c.decompress(stream, bytes.length - 1), `one byte less than ${bytes.length}`);
          expectRefused(() => c.decompress(stream, 0), 'nothing allowed');
        }
        const bomb = written(c, new Uint8Array(50_000_000));
        expectRefused(() => c.decompress(bomb, 65_536), `50 MB from ${bomb.length} bytes`);
      }),
      caseAbout(`${name}: one whole stream and nothing else`, codec, (c) => {
        for (const [text, content] of known[name]) {
          const stream = unhex(text);
          for (let length = 0; length < stream.length; length++) {
            expectRefused(() => c.decompress(stream.subarray(0, length), 1_000), `its first ${length} bytes`);
          }
          for (const more of [new Uint8Array(1), stream]) {
            // Frames of zstd one behind the other are one stream (RFC 8878 §3.1).
            if (name === 'zstd' && more === stream) continue;
            expectRefused(
              () => c.decompress(joined([stream, more]), 1_000),
              `${more.length} bytes behind it`,
            );
            expectRefused(
              () => c.decompress(joined([more.subarray(0, 1), stream]), 1_000),
              'a byte before it',
            );
          }
          expectBytes(c.decompress(stream, 1_000), content, 'the stream alone');
        }
      }),
      caseAbout(`${name}: arbitrary bytes throw nothing`, codec, (c) => {
        const source = seededSource(5);
        for (let i = 0; i < 300; i++) {
          const bytes = c.decompress(source(i), 5_000);
          if (bytes !== undefined && bytes.length > 5_000) throw new ContractFailure('more than 5,000 bytes');
        }
        for (const [text] of known[name]) {
          const stream = unhex(text);
          for (let at = 0; at < stream.length; at++) c.decompress(flipped(stream, at), 5_000);
        }
      }),
    ];
  });
}

function written(codec: CompressionCodec, bytes: Uint8Array): Uint8Array {
  return defined(codec.compress?.(bytes), `${bytes.length} bytes compressed`);
}

function samples(): Uint8Array[] {
  const source = seededSource(3);
  return [0, 1, 100, 5_000, 70_000].flatMap((length) => [new Uint8Array(length), source(length)]);
}

const names: readonly CompressionName[] = ['zlib', 'brotli', 'zstd'];

const abc = unhex('616263616263616263616263');
const nothing = new Uint8Array();

/** Twelve letters, and nothing; made with zlib 1.3.2, Brotli 1.2.0 and Zstandard 1.5.7, as Node 26 has them. */
const known: Readonly<Record<CompressionName, readonly (readonly [stream: string, content: Uint8Array])[]>> =
  {
    zlib: [
      ['78da4b4c4a4e8421001de00499', abc],
      // Stored, not compressed.
      ['7801010c00f3ff6162636162636162636162631de00499', abc],
      ['78da030000000001', nothing],
    ],
    brotli: [
      ['1b0b00f825c3c4c6e293204003', abc],
      ['3b', nothing],
    ],
    zstd: [
      ['28b52ffd200c610000616263616263616263616263', abc],
      // With a checksum.
      ['28b52ffd240c6100006162636162636162636162637f077996', abc],
      ['28b52ffd2000010000', nothing],
    ],
  };
