import { compressionAlgorithms } from '../registry/compression-algorithms.ts';
import type { CompressionCodec, CompressionName, CryptoProvider } from './provider.ts';

/** A codec for one algorithm, whoever brings it. */
export type AlgorithmCodec = Pick<CompressionCodec, 'compress' | 'decompress'>;

/** Codecs of the application's own, by the numbers of their algorithms. */
export type OwnCodecs = ReadonlyMap<number, AlgorithmCodec>;

/** The codec for an algorithm of the registry (RFC 8879 §7.3): one of `own`, or the provider's, if it has one. */
export function compressionCodec(
  provider: CryptoProvider,
  algorithm: number,
  own: OwnCodecs,
): AlgorithmCodec | undefined {
  const given = own.get(algorithm);
  if (given !== undefined) return given;
  const name = names.get(algorithm);
  return name === undefined ? undefined : provider.certificateCompression?.[name];
}

const names: ReadonlyMap<number, CompressionName> = /* @__PURE__ */ new Map(
  (['zlib', 'brotli', 'zstd'] as const satisfies readonly CompressionName[]).map((name) => [
    compressionAlgorithms[name],
    name,
  ]),
);
