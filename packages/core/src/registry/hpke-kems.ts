// Generated from packages/core/registry/hpke-kems.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Key encapsulation mechanisms of HPKE (RFC 9180 §7.1). Any number is a value of this type; the table holds the ones with a name. */
export type HpkeKem = Registered<'HpkeKem'>;

export const hpkeKems = {
  /** RFC 9180 */
  DHKEM_P256_HKDF_SHA256: 0x0010 as HpkeKem,
  /** RFC 9180 */
  DHKEM_P384_HKDF_SHA384: 0x0011 as HpkeKem,
  /** RFC 9180 */
  DHKEM_P521_HKDF_SHA512: 0x0012 as HpkeKem,
  /** RFC 9180 */
  DHKEM_X25519_HKDF_SHA256: 0x0020 as HpkeKem,
  /** RFC 9180 */
  DHKEM_X448_HKDF_SHA512: 0x0021 as HpkeKem,
} as const;
