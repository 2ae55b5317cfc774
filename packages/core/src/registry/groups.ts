// Generated from packages/core/registry/groups.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Key-exchange groups (RFC 9846 §4.3.7). Any number is a value of this type; the table holds the ones with a name. */
export type NamedGroup = Registered<'NamedGroup'>;

export const namedGroups = {
  /** RFC 8422 */
  secp256k1: 0x0016 as NamedGroup,
  /** RFC 9846 */
  secp256r1: 0x0017 as NamedGroup,
  /** RFC 9846 */
  secp384r1: 0x0018 as NamedGroup,
  /** RFC 9846 */
  secp521r1: 0x0019 as NamedGroup,
  /** RFC 7027 */
  brainpoolP256r1: 0x001a as NamedGroup,
  /** RFC 7027 */
  brainpoolP384r1: 0x001b as NamedGroup,
  /** RFC 7027 */
  brainpoolP512r1: 0x001c as NamedGroup,
  /** RFC 9846 */
  x25519: 0x001d as NamedGroup,
  /** RFC 9846 */
  x448: 0x001e as NamedGroup,
  /** RFC 8734 */
  brainpoolP256r1tls13: 0x001f as NamedGroup,
  /** RFC 8734 */
  brainpoolP384r1tls13: 0x0020 as NamedGroup,
  /** RFC 8734 */
  brainpoolP512r1tls13: 0x0021 as NamedGroup,
  /** RFC 8998 */
  curveSM2: 0x0029 as NamedGroup,
  /** RFC 9846 */
  ffdhe2048: 0x0100 as NamedGroup,
  /** RFC 9846 */
  ffdhe3072: 0x0101 as NamedGroup,
  /** RFC 9846 */
  ffdhe4096: 0x0102 as NamedGroup,
  /** RFC 9846 */
  ffdhe6144: 0x0103 as NamedGroup,
  /** RFC 9846 */
  ffdhe8192: 0x0104 as NamedGroup,
  /** draft-ietf-tls-mlkem */
  MLKEM512: 0x0200 as NamedGroup,
  /** draft-ietf-tls-mlkem */
  MLKEM768: 0x0201 as NamedGroup,
  /** draft-ietf-tls-mlkem */
  MLKEM1024: 0x0202 as NamedGroup,
  /** draft-ietf-tls-ecdhe-mlkem */
  SecP256r1MLKEM768: 0x11eb as NamedGroup,
  /** draft-ietf-tls-ecdhe-mlkem */
  X25519MLKEM768: 0x11ec as NamedGroup,
  /** draft-ietf-tls-ecdhe-mlkem */
  SecP384r1MLKEM1024: 0x11ed as NamedGroup,
} as const;
