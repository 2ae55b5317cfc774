import type { CertificateCompressionAlgorithm } from '../registry/compression-algorithms.ts';
import { registered, uint16, vector8 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * compress_certificate (RFC 8879 §3): the algorithms in which the sender reads the other side's Certificate. It has
 * no response: the CompressedCertificate itself is one.
 *
 *     struct {
 *         CertificateCompressionAlgorithm algorithms<2..2^8-2>;
 *     } CertificateCompressionAlgorithms;
 */
const algorithms = /* @__PURE__ */ vector8(
  /* @__PURE__ */ registered<CertificateCompressionAlgorithm>(uint16, 'CertificateCompressionAlgorithm'),
  { min: 2, max: 254 },
);

export const compressCertificateExtension = /* @__PURE__ */ defineExtension('compress_certificate', {
  CH: algorithms,
  CR: algorithms,
});
