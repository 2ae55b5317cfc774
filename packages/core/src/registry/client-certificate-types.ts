// Generated from packages/core/registry/client-certificate-types.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Types of certificates that a server asks clients for before TLS 1.3 (RFC 5246 §7.4.4). Any number is a value of this type; the table holds the ones with a name. */
export type ClientCertificateType = Registered<'ClientCertificateType'>;

export const clientCertificateTypes = {
  /** RFC 5246 */
  rsa_sign: 0x01 as ClientCertificateType,
  /** RFC 5246 */
  dss_sign: 0x02 as ClientCertificateType,
  /** RFC 5246 */
  rsa_fixed_dh: 0x03 as ClientCertificateType,
  /** RFC 5246 */
  dss_fixed_dh: 0x04 as ClientCertificateType,
  /** RFC 5246 */
  rsa_ephemeral_dh: 0x05 as ClientCertificateType,
  /** RFC 5246 */
  dss_ephemeral_dh: 0x06 as ClientCertificateType,
  /** RFC 5246 */
  fortezza_dms: 0x14 as ClientCertificateType,
  /** RFC 8422 */
  ecdsa_sign: 0x40 as ClientCertificateType,
  /** RFC 8422 */
  rsa_fixed_ecdh: 0x41 as ClientCertificateType,
  /** RFC 8422 */
  ecdsa_fixed_ecdh: 0x42 as ClientCertificateType,
} as const;
