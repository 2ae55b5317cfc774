import { empty, opaque16, vector16 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * signed_certificate_timestamp (RFC 6962 §3.3; its messages in TLS 1.3: RFC 8446 §4.2): a wish for proofs
 * that a certificate was logged, and the proofs in the entry of that certificate; before TLS 1.3 in ServerHello
 * (RFC 6962 §3.3.1).
 *
 *     opaque SerializedSCT<1..2^16-1>;
 *
 *     struct {
 *         SerializedSCT sct_list <1..2^16-1>;
 *     } SignedCertificateTimestampList;
 */
const timestampList = /* @__PURE__ */ vector16(/* @__PURE__ */ opaque16({ min: 1 }), { min: 1 });

export const signedCertificateTimestampExtension = /* @__PURE__ */ defineExtension(
  'signed_certificate_timestamp',
  {
    CH: empty,
    CR: empty,
    CT: timestampList,
    SH12: timestampList,
  },
);
