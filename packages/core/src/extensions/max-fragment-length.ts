import { uint8 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * max_fragment_length (RFC 6066 §4; its messages in TLS 1.3: RFC 8446 §4.2): a wish for records of at most
 * 2^9, 2^10, 2^11 or 2^12 bytes of plaintext, and the server's echo of it.
 *
 *     enum{
 *         2^9(1), 2^10(2), 2^11(3), 2^12(4), (255)
 *     } MaxFragmentLength;
 */
export const maxFragmentLengthExtension = /* @__PURE__ */ defineExtension('max_fragment_length', {
  CH: uint8,
  EE: uint8,
  SH12: uint8,
});

/** What the numbers 1 to 4 mean, in bytes. */
export const maxFragmentLengths = [512, 1_024, 2_048, 4_096] as const;

export type MaxFragmentLength = (typeof maxFragmentLengths)[number];

/** The number on the wire. */
export function maxFragmentLengthCode(bytes: MaxFragmentLength): number {
  return maxFragmentLengths.indexOf(bytes) + 1;
}
