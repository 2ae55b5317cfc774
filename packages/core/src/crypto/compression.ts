import { compressionAlgorithms } from '../registry/compression-algorithms.ts';
import type { CompressionCodec, CompressionName, CryptoProvider } from './provider.ts';

/** The provider's codec for an algorithm of the registry (RFC 8879 §7.3), if it has one. */
export function compressionCodec(provider: CryptoProvider, algorithm: number): CompressionCodec | undefined {
  const name = names.get(algorithm);
  return name === undefined ? undefined : provider.certificateCompression?.[name];
}

const names: ReadonlyMap<number, CompressionName> = /* @__PURE__ */ new Map(
  (['zlib', 'brotli', 'zstd'] as const satisfies readonly CompressionName[]).map((name) => [
    compressionAlgorithms[name],
    name,
  ]),
);
