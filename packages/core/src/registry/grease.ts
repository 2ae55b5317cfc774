/**
 * The values that RFC 8701 §2 reserves in the registries of TLS, so that peers meet numbers they cannot know.
 * Nothing in Sealwire treats them as anything but unknown; these functions are for those who send them, and for
 * those who read a ClientHello and want to leave them out.
 */

/** One of the 16 values of two equal bytes 0x?A: cipher suites, extensions, groups, schemes, versions. */
export function greaseValue(index: number): number {
  return (((index & 0xf) << 4) | 0xa) * 0x0101;
}

/** One of the 8 values for PskKeyExchangeModes. */
export function greasePskMode(index: number): number {
  return 0x0b + 0x1f * (index & 0x7);
}

/** An ALPN protocol name of two bytes 0x?A, one character a byte. */
export function greaseProtocol(index: number): string {
  const byte = String.fromCharCode(greaseValue(index) & 0xff);
  return byte + byte;
}

/** Whether a 16-bit value is one of `greaseValue`. */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);
}

/** As `greaseValue`, but never `taken`: no extension may stand in a message twice. */
export function otherGreaseValue(index: number, taken: number): number {
  const value = greaseValue(index);
  return value === taken ? greaseValue(index + 1) : value;
}
