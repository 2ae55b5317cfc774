import type { CurveName, HashName } from '@sealwire/core';
import { withOtherS } from '@sealwire/crypto-noble';
import * as crypto from 'node:crypto';
import { opensslNames } from '../groups/ecdh.ts';

/**
 * Whether the running node:crypto has ECDSA with this pair of curve and hash. Deno signs and verifies with the
 * hash that belongs to the curve only, has no P-521, calls every other signature false, and on secp256k1 takes low
 * s alone; so each pair is tried out once, when it is first met.
 */
export function offersEcdsa(curve: CurveName, hash: HashName): boolean {
  const name = `${curve}/${hash}`;
  let offered = verdicts.get(name);
  if (offered === undefined) {
    offered = signsAndVerifies(curve, hash);
    verdicts.set(name, offered);
  }
  return offered;
}

function signsAndVerifies(curve: CurveName, hash: HashName): boolean {
  try {
    const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: opensslNames[curve] });
    const message = new Uint8Array(1);
    const signature = crypto.sign(hash, message, privateKey);
    const other = withOtherS(signature, curve);
    return (
      other !== undefined &&
      crypto.verify(hash, message, publicKey, signature) &&
      crypto.verify(hash, message, publicKey, other)
    );
  } catch {
    return false;
  }
}

const verdicts = new Map<string, boolean>();
