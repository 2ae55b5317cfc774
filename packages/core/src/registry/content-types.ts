// Generated from packages/core/registry/content-types.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Record content types (RFC 9846 §5.1). Any number is a value of this type; the table holds the ones with a name. */
export type ContentType = Registered<'ContentType'>;

export const contentTypes = {
  /** RFC 9846 */
  change_cipher_spec: 0x14 as ContentType,
  /** RFC 9846 */
  alert: 0x15 as ContentType,
  /** RFC 9846 */
  handshake: 0x16 as ContentType,
  /** RFC 9846 */
  application_data: 0x17 as ContentType,
  /** RFC 6520 */
  heartbeat: 0x18 as ContentType,
} as const;
