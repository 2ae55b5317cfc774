// Generated from packages/core/registry/compression-algorithms.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Certificate compression algorithms (RFC 8879 §3). Any number is a value of this type; the table holds the ones with a name. */
export type CertificateCompressionAlgorithm = Registered<'CertificateCompressionAlgorithm'>;

export const compressionAlgorithms = {
  /** RFC 8879 */
  zlib: 0x0001 as CertificateCompressionAlgorithm,
  /** RFC 8879 */
  brotli: 0x0002 as CertificateCompressionAlgorithm,
  /** RFC 8879 */
  zstd: 0x0003 as CertificateCompressionAlgorithm,
} as const;
