// Generated from packages/core/registry/certificate-status-types.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Certificate status types (RFC 6066 §8). Any number is a value of this type; the table holds the ones with a name. */
export type CertificateStatusType = Registered<'CertificateStatusType'>;

export const certificateStatusTypes = {
  /** RFC 6066 */
  ocsp: 0x01 as CertificateStatusType,
} as const;
