import type { PublicKey } from '@sealwire/core';
import type { CertificateSignatureAlgorithm } from '../certificate/algorithm.ts';
import type { PathPolicy } from './policy.ts';
import { bitsOfKey, bitsOfLevel, bitsOfSignature } from './security-level.ts';

/** What keys and signatures must be like, those of certificates and of all that certifies something about them. */
export type StrengthPolicy = Pick<PathPolicy, 'signatureHashes' | 'minRsaBits' | 'securityLevel'>;

/** Why the policy takes no signature by this algorithm; `undefined`: it does. */
export function weaknessOfAlgorithm(
  algorithm: CertificateSignatureAlgorithm,
  { signatureHashes, securityLevel }: StrengthPolicy,
): string | undefined {
  const weak = hashesOf(algorithm).find((hash) => !signatureHashes.includes(hash));
  if (weak !== undefined) return `expected one of ${signatureHashes.join(', ')}, got ${weak}`;
  const [bits, least] = [bitsOfSignature(algorithm), bitsOfLevel(securityLevel)];
  if (bits >= least) return undefined;
  return `expected a signature of at least ${least} bits of security (level ${securityLevel}), got ${bits}`;
}

/** Why the policy takes no such key; `undefined`: it does. */
export function weaknessOfKey(
  { kind }: PublicKey,
  { minRsaBits, securityLevel }: StrengthPolicy,
): string | undefined {
  if ((kind.type === 'rsa' || kind.type === 'rsa-pss') && kind.bits < minRsaBits)
    return `expected an RSA key of at least ${minRsaBits} bits, got ${kind.bits}`;
  const [bits, least] = [bitsOfKey(kind), bitsOfLevel(securityLevel)];
  if (bits >= least) return undefined;
  return `expected a key of at least ${least} bits of security (level ${securityLevel}), got ${bits}`;
}

function hashesOf(algorithm: CertificateSignatureAlgorithm) {
  if (algorithm.type === 'rsa-pss') return [algorithm.hash, algorithm.mgfHash];
  return 'hash' in algorithm ? [algorithm.hash] : [];
}
