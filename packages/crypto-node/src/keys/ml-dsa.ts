import type { KeySpec, MlDsaName, RandomSource } from '@sealwire/core';
import {
  isMlDsa,
  mlDsaNames,
  mlDsaSeedBytes,
  mlDsaSizes,
  parseMlDsaPkcs8,
  writeMlDsaPkcs8,
} from '@sealwire/crypto-noble/ml-dsa';
import { draw } from '@sealwire/crypto-noble';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { plain } from '../bytes.ts';

/**
 * ML-DSA (FIPS 204) of OpenSSL 3.5, which Node offers from 24.6 on. Node 22 may have that OpenSSL too and reads such keys, but signs nothing with
 * them; so each parameter set is tried out once. Where it is missing it is missing: what is in pure JavaScript makes no claim of constant time, and
 * whoever wants it says so, by `withMlDsa` of `@sealwire/crypto-noble/ml-dsa`.
 */
export function nativeMlDsa(): readonly MlDsaName[] {
  offered ??= mlDsaNames.filter(signsAndVerifies);
  return offered;
}

export function isNativeMlDsa(type: string): type is MlDsaName {
  return isMlDsa(type) && nativeMlDsa().includes(type);
}

/** The parts of a native private key: the handle, which OpenSSL makes only of what fits itself (RFC 9881 §8.2), and both exports. */
export function prepareMlDsa(pkcs8: Uint8Array) {
  const parsed = parseMlDsaPkcs8(pkcs8);
  if (parsed === undefined || !isNativeMlDsa(parsed.type)) return undefined;
  const { type, key, claimedPublicKey } = parsed;
  const handle = keyOf(pkcs8);
  const spki = plain(crypto.createPublicKey(handle).export({ type: 'spki', format: 'der' }));
  const own = spki.subarray(-mlDsaSizes[type].publicKey);
  if (claimedPublicKey !== undefined && Buffer.compare(claimedPublicKey, own) !== 0) return undefined;
  return { kind: { type }, handle, spki, pkcs8: writeMlDsaPkcs8(type, key) };
}

/** PKCS #8 of a new key: from the seed, as in the given form; `generateKeyPairSync` draws nothing else. */
export function newMlDsaPkcs8(spec: KeySpec, source?: RandomSource): Uint8Array | undefined {
  if (!isNativeMlDsa(spec.type)) return undefined;
  const seed = source ? draw(source, mlDsaSeedBytes) : plain(crypto.randomBytes(mlDsaSeedBytes));
  return writeMlDsaPkcs8(spec.type, { seed });
}

function signsAndVerifies(type: MlDsaName): boolean {
  try {
    const handle = keyOf(writeMlDsaPkcs8(type, { seed: new Uint8Array(mlDsaSeedBytes) }));
    const message = new Uint8Array(1);
    const publicKey = crypto.createPublicKey(handle);
    const signature = crypto.sign(null, message, handle);
    return (
      crypto.verify(null, message, publicKey, signature) &&
      !crypto.verify(null, new Uint8Array(2), publicKey, signature)
    );
  } catch {
    return false;
  }
}

function keyOf(pkcs8: Uint8Array): crypto.KeyObject {
  return crypto.createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
}

let offered: readonly MlDsaName[] | undefined;
