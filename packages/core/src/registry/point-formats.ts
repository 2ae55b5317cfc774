// Generated from packages/core/registry/point-formats.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Forms of points on elliptic curves (RFC 8422 §5.1.2). Any number is a value of this type; the table holds the ones with a name. */
export type ECPointFormat = Registered<'ECPointFormat'>;

export const pointFormats = {
  /** RFC 8422 */
  uncompressed: 0x00 as ECPointFormat,
  /** RFC 8422 */
  ansiX962_compressed_prime: 0x01 as ECPointFormat,
  /** RFC 8422 */
  ansiX962_compressed_char2: 0x02 as ECPointFormat,
} as const;
