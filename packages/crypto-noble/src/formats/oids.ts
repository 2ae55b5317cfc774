import type { CurveName, HashName } from '@sealwire/core';

/** Object identifiers as the hex of their DER content. */
export const oids = {
  /** rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017 appendix C). */
  rsa: '2a864886f70d010101',
  /** id-mgf1, 1.2.840.113549.1.1.8. */
  mgf1: '2a864886f70d010108',
  /** id-RSASSA-PSS, 1.2.840.113549.1.1.10. */
  rsaPss: '2a864886f70d01010a',
  /** id-ecPublicKey, 1.2.840.10045.2.1 (RFC 5480 §2.1.1). */
  ec: '2a8648ce3d0201',
  /** id-Ed25519, 1.3.101.112 (RFC 8410 §3). */
  ed25519: '2b6570',
  /** id-Ed448, 1.3.101.113 (RFC 8410 §3). */
  ed448: '2b6571',
} as const;

/** RFC 5480 §2.1.1.1; SEC 2 appendix A.2.1; RFC 5639 §4.1. */
export const curveOids: Readonly<Record<CurveName, string>> = {
  secp256r1: '2a8648ce3d030107',
  secp384r1: '2b81040022',
  secp521r1: '2b81040023',
  secp256k1: '2b8104000a',
  brainpoolP256r1: '2b2403030208010107',
  brainpoolP384r1: '2b240303020801010b',
  brainpoolP512r1: '2b240303020801010d',
};

/** RFC 8017 appendix B.1. */
export const hashOids: Readonly<Record<HashName, string>> = {
  md5: '2a864886f70d0205',
  sha1: '2b0e03021a',
  sha224: '608648016503040204',
  sha256: '608648016503040201',
  sha384: '608648016503040202',
  sha512: '608648016503040203',
};

export function curveOfOid(oid: string): CurveName | undefined {
  return keyOfValue(curveOids, oid);
}

export function hashOfOid(oid: string): HashName | undefined {
  return keyOfValue(hashOids, oid);
}

function keyOfValue<K extends string>(table: Readonly<Record<K, string>>, value: string): K | undefined {
  for (const key in table) if (table[key] === value) return key;
  return undefined;
}
