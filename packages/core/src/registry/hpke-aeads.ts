// Generated from packages/core/registry/hpke-aeads.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** AEADs of HPKE (RFC 9180 §7.3). Any number is a value of this type; the table holds the ones with a name. */
export type HpkeAead = Registered<'HpkeAead'>;

export const hpkeAeads = {
  /** RFC 9180 */
  AES_128_GCM: 0x0001 as HpkeAead,
  /** RFC 9180 */
  AES_256_GCM: 0x0002 as HpkeAead,
  /** RFC 9180 */
  ChaCha20Poly1305: 0x0003 as HpkeAead,
} as const;
