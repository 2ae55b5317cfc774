// Generated from packages/core/registry/versions.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Protocol versions (RFC 9846 §4.3.1). Any number is a value of this type; the table holds the ones with a name. */
export type ProtocolVersion = Registered<'ProtocolVersion'>;

export const protocolVersions = {
  /** RFC 6101 */
  ssl30: 0x0300 as ProtocolVersion,
  /** RFC 2246 */
  tls10: 0x0301 as ProtocolVersion,
  /** RFC 4346 */
  tls11: 0x0302 as ProtocolVersion,
  /** RFC 5246 */
  tls12: 0x0303 as ProtocolVersion,
  /** RFC 9846 */
  tls13: 0x0304 as ProtocolVersion,
} as const;
