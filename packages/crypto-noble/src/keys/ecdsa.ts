import { type ECDSA, ecdsa } from '@noble/curves/abstract/weierstrass.js';
import type { CurveName, HashName } from '@sealwire/core';
import { nobleHashes } from '../hashes.ts';
import { ecCurves } from '../groups/ecdh.ts';

/**
 * ECDSA on a curve with any hash. The library ties each curve to one hash; RFC 6979 §3.2 wants the message's
 * hash inside the nonce generator too, so each pair is an instance of its own, made when first used.
 */
export function ecdsaOf(curve: CurveName, hash: HashName): ECDSA {
  const name = `${curve}/${hash}`;
  let instance = instances.get(name);
  if (instance === undefined) {
    instance = ecdsa(ecCurves[curve].Point, nobleHashes[hash]);
    instances.set(name, instance);
  }
  return instance;
}

/** r‖s, the message hashed inside, s as it comes: certificates and TLS peers use high and low s alike. */
export const ecdsaForm = { format: 'compact', prehash: true, lowS: false } as const;

const instances = new Map<string, ECDSA>();
