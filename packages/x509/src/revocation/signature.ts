import type { CryptoProvider } from '@sealwire/core';
import {
  type AlgorithmIdentifier,
  type CertificateSignatureAlgorithm,
  signatureAlgorithmOf,
} from '../certificate/algorithm.ts';
import { ownBytes, sameBytes } from '../der/bytes.ts';
import type { PathPolicy } from '../path/policy.ts';

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
  const weak = hashesOf(algorithm).find((hash) => !policy.signatureHashes.includes(hash));
  if (weak !== undefined)
    return undeterminable(`expected one of ${policy.signatureHashes.join(', ')}, got ${weak}`);
  const key = provider.importPublicKey(spki);
  if (key === undefined) return undeterminable('expected a public key of a known kind');
  const { kind } = key;
  if ((kind.type === 'rsa' || kind.type === 'rsa-pss') && kind.bits < policy.minRsaBits)
    return undeterminable(`expected an RSA key of at least ${policy.minRsaBits} bits, got ${kind.bits}`);
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

function hashesOf(algorithm: CertificateSignatureAlgorithm) {
  if (algorithm.type === 'rsa-pss') return [algorithm.hash, algorithm.mgfHash];
  return 'hash' in algorithm ? [algorithm.hash] : [];
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
