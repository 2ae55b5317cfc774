// Generated from packages/core/registry/certificate-types.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Certificate types (RFC 9846 §4.5.1). Any number is a value of this type; the table holds the ones with a name. */
export type CertificateType = Registered<'CertificateType'>;

export const certificateTypes = {
  /** RFC 9846 */
  X509: 0x00 as CertificateType,
  /** RFC 9846 */
  RawPublicKey: 0x02 as CertificateType,
} as const;
