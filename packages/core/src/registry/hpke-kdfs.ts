// Generated from packages/core/registry/hpke-kdfs.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Key derivation functions of HPKE (RFC 9180 §7.2). Any number is a value of this type; the table holds the ones with a name. */
export type HpkeKdf = Registered<'HpkeKdf'>;

export const hpkeKdfs = {
  /** RFC 9180 */
  HKDF_SHA256: 0x0001 as HpkeKdf,
  /** RFC 9180 */
  HKDF_SHA384: 0x0002 as HpkeKdf,
  /** RFC 9180 */
  HKDF_SHA512: 0x0003 as HpkeKdf,
} as const;
