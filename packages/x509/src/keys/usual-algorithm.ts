import type { KeyKind, SignatureAlgorithm } from '@sealwire/core';

/** The usual signature algorithm of a key: with the hash that matches its strength. */
export function usualSignatureAlgorithm(kind: KeyKind): SignatureAlgorithm {
  switch (kind.type) {
    case 'rsa':
      return { type: 'rsa-pkcs1', hash: 'sha256' };
    case 'rsa-pss':
      return {
        type: 'rsa-pss',
        ...(kind.restriction ?? { hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 }),
      };
    case 'ec':
      return { type: 'ecdsa', hash: curveHashes[kind.curve] };
    default:
      return { type: kind.type };
  }
}

const curveHashes = {
  secp256r1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
  secp256k1: 'sha256',
  brainpoolP256r1: 'sha256',
  brainpoolP384r1: 'sha384',
  brainpoolP512r1: 'sha512',
} as const;
