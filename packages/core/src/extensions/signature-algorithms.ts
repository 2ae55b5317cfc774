import type { SignatureScheme } from '../registry/signature-schemes.ts';
import { registered, uint16, vector16 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * signature_algorithms and signature_algorithms_cert (RFC 9846 §4.3.3): the schemes that the sender verifies, in
 * CertificateVerify and in certificates, most wanted first. Without the second, the first counts for both.
 *
 *     struct {
 *         SignatureScheme supported_signature_algorithms<2..2^16-2>;
 *     } SignatureSchemeList;
 */
export const signatureSchemeList = /* @__PURE__ */ vector16(
  /* @__PURE__ */ registered<SignatureScheme>(uint16, 'SignatureScheme'),
  {
    min: 2,
    max: 0xfffe,
  },
);

export const signatureAlgorithmsExtension = /* @__PURE__ */ defineExtension('signature_algorithms', {
  CH: signatureSchemeList,
  CR: signatureSchemeList,
});

export const signatureAlgorithmsCertExtension = /* @__PURE__ */ defineExtension('signature_algorithms_cert', {
  CH: signatureSchemeList,
  CR: signatureSchemeList,
});
