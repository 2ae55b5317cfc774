import type { CertificateCompressionAlgorithm } from '../registry/compression-algorithms.ts';
import { opaque24, registered, struct, uint16, uint24, type Codec } from '../wire/codec.ts';
import { message } from './message.ts';

/**
 * CompressedCertificate (RFC 8879 §4): the body of a Certificate, compressed. It stands wherever a Certificate may
 * and enters the transcript as it is.
 *
 *     struct {
 *         CertificateCompressionAlgorithm algorithm;
 *         uint24 uncompressed_length;
 *         opaque compressed_certificate_message<1..2^24-1>;
 *     } CompressedCertificate;
 */
export interface CompressedCertificate {
  readonly type: 'compressed_certificate';
  readonly algorithm: CertificateCompressionAlgorithm;
  /** Bytes of the Certificate's body, without the handshake header. */
  readonly uncompressedLength: number;
  readonly compressedCertificateMessage: Uint8Array;
}

export const compressedCertificate: Codec<CompressedCertificate> = /* @__PURE__ */ message(
  'compressed_certificate',
  /* @__PURE__ */ struct({
    algorithm: /* @__PURE__ */ registered<CertificateCompressionAlgorithm>(
      uint16,
      'CertificateCompressionAlgorithm',
    ),
    uncompressedLength: uint24,
    compressedCertificateMessage: /* @__PURE__ */ opaque24({ min: 1 }),
  }),
);
