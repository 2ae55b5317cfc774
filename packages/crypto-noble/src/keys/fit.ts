import type { HashName, KeyKind, SignatureAlgorithm } from '@sealwire/core';

/**
 * Whether a key of this kind may make or check such signatures. A restricted RSASSA-PSS key (RFC 4055 §3.1)
 * fixes both hashes and the least salt length; an unrestricted one signs with PSS only.
 */
export function algorithmFits(kind: KeyKind, algorithm: SignatureAlgorithm): boolean {
  switch (algorithm.type) {
    case 'rsa-pkcs1':
      return kind.type === 'rsa' && (isHash(algorithm.hash) || algorithm.hash === 'md5-sha1');
    case 'rsa-pss': {
      if (!isHash(algorithm.hash) || !isHash(algorithm.mgfHash) || !isSaltLength(algorithm.saltBytes))
        return false;
      if (kind.type === 'rsa') return true;
      if (kind.type !== 'rsa-pss') return false;
      const { restriction } = kind;
      return (
        restriction === undefined ||
        (restriction.hash === algorithm.hash &&
          restriction.mgfHash === algorithm.mgfHash &&
          restriction.saltBytes <= algorithm.saltBytes)
      );
    }
    case 'ecdsa':
      return kind.type === 'ec' && isHash(algorithm.hash);
    case 'ed25519':
    case 'ed448':
    case 'ml-dsa-44':
    case 'ml-dsa-65':
    case 'ml-dsa-87':
      return kind.type === algorithm.type;
    default:
      return false;
  }
}

function isHash(name: string): name is HashName {
  return hashNames.has(name);
}

function isSaltLength(bytes: number): boolean {
  return Number.isInteger(bytes) && bytes >= 0;
}

const hashNames: ReadonlySet<string> = new Set<HashName>([
  'md5',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
]);
