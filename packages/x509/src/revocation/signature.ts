import type { CryptoProvider } from '@sealwire/core';
import { type AlgorithmIdentifier, signatureAlgorithmOf } from '../certificate/algorithm.ts';
import { ownBytes, sameBytes } from '../der/bytes.ts';
import type { PathPolicy } from '../path/policy.ts';
import { type StrengthPolicy, weaknessOfAlgorithm, weaknessOfKey } from '../path/strength.ts';

/** What is signed in the manner of certificates: CRLs, OCSP responses and their responders' certificates. */
export interface Signed {
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

/** `undeterminable`: it cannot be checked, or its algorithm proves too little; `wrong`: checked, and not by this key. */
export interface SignatureFault {
  readonly kind: 'undeterminable' | 'wrong';
  readonly message: string;
}

/**
 * Is `signed` signed with the key `spki`, by an algorithm that the policy allows? One that was good is not computed again
 * while `signed` is kept: a CRL of many megabytes takes longer to hash than all else.
 */
export function signatureFault(
  signed: Signed,
  spki: Uint8Array,
  provider: CryptoProvider,
  policy: PathPolicy,
): SignatureFault | undefined {
  const algorithm = signatureAlgorithmOf(signed.signatureAlgorithm);
  if (algorithm === undefined)
    return undeterminable(`expected a known signature algorithm, got ${signed.signatureAlgorithm.algorithm}`);
  const strength = strengthOf(policy);
  const weakAlgorithm = weaknessOfAlgorithm(algorithm, strength);
  if (weakAlgorithm !== undefined) return undeterminable(weakAlgorithm);
  const key = provider.importPublicKey(spki);
  if (key === undefined) return undeterminable('expected a public key of a known kind');
  const weakKey = weaknessOfKey(key, strength);
  if (weakKey !== undefined) return undeterminable(weakKey);
  const keys = goodKeys(signed, provider);
  if (keys.some((known) => sameBytes(known, spki))) return undefined;
  if (!key.verify(algorithm, signed.tbs, signed.signature))
    return { kind: 'wrong', message: 'expected a signature by that key' };
  keys.push(ownBytes(spki));
  return undefined;
}

function undeterminable(message: string): SignatureFault {
  return { kind: 'undeterminable', message };
}

/** OpenSSL has levels for certificates alone. */
function strengthOf(policy: PathPolicy): StrengthPolicy {
  return policy.profile === 'openssl' ? { ...policy, securityLevel: 0 } : policy;
}

/** Keys that this very object was found to be signed with; hardly ever more than one. */
function goodKeys(signed: Signed, provider: CryptoProvider): Uint8Array[] {
  let bySigned = good.get(provider);
  if (bySigned === undefined) good.set(provider, (bySigned = new WeakMap()));
  let keys = bySigned.get(signed);
  if (keys === undefined) bySigned.set(signed, (keys = []));
  return keys;
}

const good = new WeakMap<CryptoProvider, WeakMap<Signed, Uint8Array[]>>();
