import type { CurveName, HashName, KeyKind } from '@sealwire/core';

/**
 * SignatureSchemes (RFC 9846 §4.3.3) that a key can make signatures of, most wanted first, for a credential. RSA keys get the
 * RSASSA-PSS schemes; with peers of TLS 1.2 and older they sign by PKCS #1 v1.5 as well, and ECDSA keys with every hash but
 * SHA-1. Keys on Brainpool curves and on secp256k1 serve there alone: their numbers are those of RFC 8734, which are not
 * spoken, and one that is not sent (see `Credential`).
 * The modulus must have room for hash, salt of the same size and two octets (RFC 8017 §9.1.1).
 */
export function signatureSchemesFor(kind: KeyKind): readonly number[] {
  switch (kind.type) {
    case 'ec':
      return ecdsaSchemes[kind.curve];
    case 'ed25519':
      return [0x0807];
    case 'ed448':
      return [0x0808];
    case 'ml-dsa-44':
      return [0x0904];
    case 'ml-dsa-65':
      return [0x0905];
    case 'ml-dsa-87':
      return [0x0906];
    case 'rsa':
      return pssHashes.filter((hash) => fits(kind.bits, hash)).map((hash) => rsaeSchemes[hash]);
    case 'rsa-pss': {
      const { restriction } = kind;
      const allowed = (hash: PssHash): boolean =>
        restriction === undefined ||
        // RFC 4055 §3.1: the key's hash is binding, its salt length a minimum.
        (restriction.hash === hash &&
          restriction.mgfHash === hash &&
          restriction.saltBytes <= hashBytes[hash]);
      return pssHashes
        .filter((hash) => allowed(hash) && fits(kind.bits, hash))
        .map((hash) => pssSchemes[hash]);
    }
  }
}

type PssHash = Extract<HashName, 'sha256' | 'sha384' | 'sha512'>;

function fits(bits: number, hash: PssHash): boolean {
  return Math.ceil((bits - 1) / 8) >= 2 * hashBytes[hash] + 2;
}

const pssHashes: readonly PssHash[] = ['sha256', 'sha384', 'sha512'];
const hashBytes = { sha256: 32, sha384: 48, sha512: 64 } as const;
const ecdsaSchemes: Readonly<Record<CurveName, readonly number[]>> = {
  secp256r1: [0x0403],
  secp384r1: [0x0503],
  secp521r1: [0x0603],
  brainpoolP256r1: [0x081a],
  brainpoolP384r1: [0x081b],
  brainpoolP512r1: [0x081c],
  secp256k1: [0xff02],
};
const rsaeSchemes = { sha256: 0x0804, sha384: 0x0805, sha512: 0x0806 } as const;
const pssSchemes = { sha256: 0x0809, sha384: 0x080a, sha512: 0x080b } as const;
