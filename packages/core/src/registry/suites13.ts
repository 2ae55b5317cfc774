// Generated from packages/core/registry/suites13.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Cipher suites; the names of TLS 1.3 alone (RFC 9846 §B.4). Any number is a value of this type; the table holds the ones with a name. */
export type CipherSuite = Registered<'CipherSuite'>;

export const suites13 = {
  /** RFC 9846 */
  TLS_AES_128_GCM_SHA256: 0x1301 as CipherSuite,
  /** RFC 9846 */
  TLS_AES_256_GCM_SHA384: 0x1302 as CipherSuite,
  /** RFC 9846 */
  TLS_CHACHA20_POLY1305_SHA256: 0x1303 as CipherSuite,
  /** RFC 9846 */
  TLS_AES_128_CCM_SHA256: 0x1304 as CipherSuite,
  /** RFC 9846 */
  TLS_AES_128_CCM_8_SHA256: 0x1305 as CipherSuite,
  /** RFC 8998 */
  TLS_SM4_GCM_SM3: 0x00c6 as CipherSuite,
  /** RFC 8998 */
  TLS_SM4_CCM_SM3: 0x00c7 as CipherSuite,
  /** RFC 9150 */
  TLS_SHA256_SHA256: 0xc0b4 as CipherSuite,
  /** RFC 9150 */
  TLS_SHA384_SHA384: 0xc0b5 as CipherSuite,
} as const;
