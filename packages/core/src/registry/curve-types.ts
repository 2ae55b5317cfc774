// Generated from packages/core/registry/curve-types.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** How the parameters of an elliptic curve are given (RFC 8422 §5.4). Any number is a value of this type; the table holds the ones with a name. */
export type ECCurveType = Registered<'ECCurveType'>;

export const curveTypes = {
  /** RFC 8422 */
  explicit_prime: 0x01 as ECCurveType,
  /** RFC 8422 */
  explicit_char2: 0x02 as ECCurveType,
  /** RFC 8422 */
  named_curve: 0x03 as ECCurveType,
} as const;
