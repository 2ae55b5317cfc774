import type { CryptoProvider, GroupName } from '../crypto/provider.ts';
import {
  compressionAlgorithms,
  type CertificateCompressionAlgorithm,
} from '../registry/compression-algorithms.ts';
import { namedGroups, type NamedGroup } from '../registry/groups.ts';
import { signatureSchemes, type SignatureScheme } from '../registry/signature-schemes.ts';
import { suites13, type CipherSuite } from '../registry/suites13.ts';

/** Our opinions, each with its why. Every one of them is an option. */

/**
 * AES-128-GCM first: enough security, and the fastest where AES is in hardware. The CCM suites are for
 * constrained devices and are offered only when named; CCM-8 has a short tag besides.
 */
export const defaultCipherSuites: readonly CipherSuite[] = [
  suites13.TLS_AES_128_GCM_SHA256,
  suites13.TLS_AES_256_GCM_SHA384,
  suites13.TLS_CHACHA20_POLY1305_SHA256,
];

/**
 * The hybrid first, against recordings that a quantum computer may open one day; then curves by speed. The
 * FFDHE groups are slow and are offered only when named.
 */
export const defaultGroups: readonly NamedGroup[] = [
  namedGroups.X25519MLKEM768,
  namedGroups.x25519,
  namedGroups.secp256r1,
  namedGroups.secp384r1,
  namedGroups.secp521r1,
  namedGroups.x448,
];

/**
 * ML-DSA first, where the provider has it and TLS 1.3 is spoken: a peer that has such a key beside another was given it to be used. The
 * default of OpenSSL 3.5, Go 1.27 and AWS-LC has it likewise, and Chrome 150 offers it in this order; BoringSSL leaves it to the
 * application. A peer without such a key is told six bytes more. Then short and fast signatures first. RSA-PKCS1 last: it is for
 * certificates alone and is refused in handshakes (RFC 9846 §4.3.3).
 */
export const defaultSignatureSchemes: readonly SignatureScheme[] = [
  signatureSchemes.mldsa44,
  signatureSchemes.mldsa65,
  signatureSchemes.mldsa87,
  signatureSchemes.ecdsa_secp256r1_sha256,
  signatureSchemes.ed25519,
  signatureSchemes.rsa_pss_rsae_sha256,
  signatureSchemes.ecdsa_secp384r1_sha384,
  signatureSchemes.rsa_pss_rsae_sha384,
  signatureSchemes.ecdsa_secp521r1_sha512,
  signatureSchemes.rsa_pss_rsae_sha512,
  signatureSchemes.ed448,
  signatureSchemes.rsa_pss_pss_sha256,
  signatureSchemes.rsa_pss_pss_sha384,
  signatureSchemes.rsa_pss_pss_sha512,
  signatureSchemes.rsa_pkcs1_sha256,
  signatureSchemes.rsa_pkcs1_sha384,
  signatureSchemes.rsa_pkcs1_sha512,
];

/**
 * The groups that a client sends shares of, when it is not told: the first, and if that is a post-quantum
 * hybrid also the first classical one, so that servers of both kinds answer without a retry.
 */
export function defaultKeyShares(groups: readonly NamedGroup[]): NamedGroup[] {
  const first = groups[0];
  if (first === undefined) return [];
  if (!hybrids.includes(first)) return [first];
  const classical = groups.find((group) => !hybrids.includes(group));
  return classical === undefined ? [first] : [first, classical];
}

/**
 * Smallest first. Reading compressed certificates is left to those who ask for it: a decompressor is a large parser
 * for whoever answers, and an ordinary chain fits the first flight without it.
 */
export const defaultCompressionToSend: readonly CertificateCompressionAlgorithm[] = [
  compressionAlgorithms.brotli,
  compressionAlgorithms.zstd,
  compressionAlgorithms.zlib,
];

/** The provider's implementation of a group that TLS 1.3 uses (RFC 9846 §4.3.7), if it has one. */
export function groupOf(provider: CryptoProvider, group: number) {
  const name = groupNames.get(group);
  return name === undefined ? undefined : provider.groups[name];
}

const groupNames: ReadonlyMap<number, GroupName> = /* @__PURE__ */ new Map(
  (
    [
      'x25519',
      'x448',
      'secp256r1',
      'secp384r1',
      'secp521r1',
      'ffdhe2048',
      'ffdhe3072',
      'ffdhe4096',
      'ffdhe6144',
      'ffdhe8192',
      'MLKEM512',
      'MLKEM768',
      'MLKEM1024',
      'X25519MLKEM768',
      'SecP256r1MLKEM768',
      'SecP384r1MLKEM1024',
    ] as const satisfies readonly GroupName[]
  ).map((name) => [namedGroups[name], name]),
);

const hybrids: readonly NamedGroup[] = [
  namedGroups.X25519MLKEM768,
  namedGroups.SecP256r1MLKEM768,
  namedGroups.SecP384r1MLKEM1024,
];
