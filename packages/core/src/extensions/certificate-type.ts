import type { CertificateType } from '../registry/certificate-types.ts';
import { registered, uint8, vector8 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * client_certificate_type and server_certificate_type (RFC 7250 §3): X.509 or a raw public key, for the
 * certificate of the client and of the server. The client lists what it can send and read; the server chooses.
 *
 *     struct {
 *         select(ClientOrServerExtension) {
 *             case client: CertificateType client_certificate_types<1..2^8-1>;
 *             case server: CertificateType client_certificate_type;
 *         }
 *     } ClientCertTypeExtension;
 */
const certificateType = /* @__PURE__ */ registered<CertificateType>(uint8, 'CertificateType');

const certificateTypes = /* @__PURE__ */ vector8(certificateType, { min: 1 });

export const clientCertificateTypeExtension = /* @__PURE__ */ defineExtension('client_certificate_type', {
  CH: certificateTypes,
  EE: certificateType,
  SH12: certificateType,
});

export const serverCertificateTypeExtension = /* @__PURE__ */ defineExtension('server_certificate_type', {
  CH: certificateTypes,
  EE: certificateType,
  SH12: certificateType,
});
