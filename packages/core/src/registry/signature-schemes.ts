// Generated from packages/core/registry/signature-schemes.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Signature schemes (RFC 9846 §4.3.3). Any number is a value of this type; the table holds the ones with a name. */
export type SignatureScheme = Registered<'SignatureScheme'>;

export const signatureSchemes = {
  /** RFC 9846 */
  rsa_pkcs1_sha1: 0x0201 as SignatureScheme,
  /** RFC 5246 */
  dsa_sha1: 0x0202 as SignatureScheme,
  /** RFC 9846 */
  ecdsa_sha1: 0x0203 as SignatureScheme,
  /** RFC 5246 */
  rsa_pkcs1_sha224: 0x0301 as SignatureScheme,
  /** RFC 5246 */
  dsa_sha224: 0x0302 as SignatureScheme,
  /** RFC 5246 */
  ecdsa_sha224: 0x0303 as SignatureScheme,
  /** RFC 9846 */
  rsa_pkcs1_sha256: 0x0401 as SignatureScheme,
  /** RFC 5246 */
  dsa_sha256: 0x0402 as SignatureScheme,
  /** RFC 9846 */
  ecdsa_secp256r1_sha256: 0x0403 as SignatureScheme,
  /** RFC 9963 */
  rsa_pkcs1_sha256_legacy: 0x0420 as SignatureScheme,
  /** RFC 9846 */
  rsa_pkcs1_sha384: 0x0501 as SignatureScheme,
  /** RFC 5246 */
  dsa_sha384: 0x0502 as SignatureScheme,
  /** RFC 9846 */
  ecdsa_secp384r1_sha384: 0x0503 as SignatureScheme,
  /** RFC 9963 */
  rsa_pkcs1_sha384_legacy: 0x0520 as SignatureScheme,
  /** RFC 9846 */
  rsa_pkcs1_sha512: 0x0601 as SignatureScheme,
  /** RFC 5246 */
  dsa_sha512: 0x0602 as SignatureScheme,
  /** RFC 9846 */
  ecdsa_secp521r1_sha512: 0x0603 as SignatureScheme,
  /** RFC 9963 */
  rsa_pkcs1_sha512_legacy: 0x0620 as SignatureScheme,
  /** RFC 8998 */
  sm2sig_sm3: 0x0708 as SignatureScheme,
  /** RFC 9846 */
  rsa_pss_rsae_sha256: 0x0804 as SignatureScheme,
  /** RFC 9846 */
  rsa_pss_rsae_sha384: 0x0805 as SignatureScheme,
  /** RFC 9846 */
  rsa_pss_rsae_sha512: 0x0806 as SignatureScheme,
  /** RFC 9846 */
  ed25519: 0x0807 as SignatureScheme,
  /** RFC 9846 */
  ed448: 0x0808 as SignatureScheme,
  /** RFC 9846 */
  rsa_pss_pss_sha256: 0x0809 as SignatureScheme,
  /** RFC 9846 */
  rsa_pss_pss_sha384: 0x080a as SignatureScheme,
  /** RFC 9846 */
  rsa_pss_pss_sha512: 0x080b as SignatureScheme,
  /** RFC 8734 */
  ecdsa_brainpoolP256r1tls13_sha256: 0x081a as SignatureScheme,
  /** RFC 8734 */
  ecdsa_brainpoolP384r1tls13_sha384: 0x081b as SignatureScheme,
  /** RFC 8734 */
  ecdsa_brainpoolP512r1tls13_sha512: 0x081c as SignatureScheme,
  /** draft-ietf-tls-mldsa */
  mldsa44: 0x0904 as SignatureScheme,
  /** draft-ietf-tls-mldsa */
  mldsa65: 0x0905 as SignatureScheme,
  /** draft-ietf-tls-mldsa */
  mldsa87: 0x0906 as SignatureScheme,
} as const;
