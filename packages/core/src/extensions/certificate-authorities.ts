import { opaque16, vector16 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * certificate_authorities (RFC 9846 §4.3.4): DER distinguished names of the authorities that the sender
 * accepts, to guide the choice of a certificate.
 *
 *     opaque DistinguishedName<1..2^16-1>;
 *
 *     struct {
 *         DistinguishedName authorities<3..2^16-1>;
 *     } CertificateAuthoritiesExtension;
 */
const authorities = /* @__PURE__ */ vector16(/* @__PURE__ */ opaque16({ min: 1 }), { min: 3 });

export const certificateAuthoritiesExtension = /* @__PURE__ */ defineExtension('certificate_authorities', {
  CH: authorities,
  CR: authorities,
});
