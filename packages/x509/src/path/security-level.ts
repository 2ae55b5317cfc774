import type { CurveName, HashName, KeyKind, MlDsaName } from '@sealwire/core';
import type { CertificateSignatureAlgorithm } from '../certificate/algorithm.ts';

/**
 * Strength in bits, and the levels 0 to 5 that OpenSSL sorts it into (SSL_CTX_set_security_level(3), the authentication level
 * of X509_VERIFY_PARAM_set_auth_level(3)).
 */
export type SecurityLevel = 0 | 1 | 2 | 3 | 4 | 5;

/** Bits that every key and signature of a level must have. Level 0 asks for nothing. */
export function bitsOfLevel(level: SecurityLevel): number {
  return levels[level];
}

/** RSA as SP 800-56B and FIPS 140-2 IG 7.5 count it; curves by half their order, rounded down to a usual strength. */
export function bitsOfKey(kind: KeyKind): number {
  switch (kind.type) {
    case 'rsa':
    case 'rsa-pss':
      return bitsOfModulus(kind.bits);
    case 'ed25519':
      return 128;
    case 'ed448':
      return 224;
    case 'ml-dsa-44':
    case 'ml-dsa-65':
    case 'ml-dsa-87':
      return lattices[kind.type];
    case 'ec':
      return curves[kind.curve];
  }
}

/** Half the length of the hash, which a collision costs; less for hashes that are broken. */
export function bitsOfSignature(algorithm: CertificateSignatureAlgorithm): number {
  if (!('hash' in algorithm)) return bitsOfKey(algorithm);
  const own = hashes[algorithm.hash];
  // OpenSSL looks at the first alone; a mask by a broken hash is no better.
  return algorithm.type === 'rsa-pss' ? Math.min(own, hashes[algorithm.mgfHash]) : own;
}

/** SP 800-56B Rev. 2 appendix D: the cost of the number field sieve, to the next multiple of eight. */
function bitsOfModulus(bits: number): number {
  const known = moduli.get(bits);
  if (known !== undefined) return known;
  const nats = bits * Math.LN2;
  const estimate = (1.923 * Math.cbrt(nats * Math.log(nats) ** 2) - 4.69) / Math.LN2;
  const most = bits <= 7_680 ? 192 : 256;
  return Math.min(most, Math.floor((Math.floor(estimate) + 4) / 8) * 8);
}

const levels: Readonly<Record<SecurityLevel, number>> = { 0: 0, 1: 80, 2: 112, 3: 128, 4: 192, 5: 256 };

const moduli: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  [2_048, 112],
  [3_072, 128],
  [4_096, 152],
  [6_144, 176],
  [7_680, 192],
  [8_192, 200],
]);

/** Categories 2, 3 and 5 of FIPS 204 §4, as OpenSSL counts them. */
const lattices: Readonly<Record<MlDsaName, number>> = {
  'ml-dsa-44': 128,
  'ml-dsa-65': 192,
  'ml-dsa-87': 256,
};

const curves: Readonly<Record<CurveName, number>> = {
  secp256r1: 128,
  secp384r1: 192,
  secp521r1: 256,
  secp256k1: 128,
  brainpoolP256r1: 128,
  brainpoolP384r1: 192,
  brainpoolP512r1: 256,
};

/** SHA-1 and MD5 by their attacks: 2^63.4 (eprint.iacr.org/2020/014) and 2^39, below level 1. */
const hashes: Readonly<Record<HashName, number>> = {
  md5: 39,
  sha1: 63,
  sha224: 112,
  sha256: 128,
  sha384: 192,
  sha512: 256,
};
