// Generated from packages/core/registry/psk-key-exchange-modes.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** PSK key exchange modes (RFC 9846 §4.3.9). Any number is a value of this type; the table holds the ones with a name. */
export type PskKeyExchangeMode = Registered<'PskKeyExchangeMode'>;

export const pskKeyExchangeModes = {
  /** RFC 9846 */
  psk_ke: 0x00 as PskKeyExchangeMode,
  /** RFC 9846 */
  psk_dhe_ke: 0x01 as PskKeyExchangeMode,
} as const;
