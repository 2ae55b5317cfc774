import type { CurveName, KeyKind, PublicKey, RandomSource, SignatureAlgorithm } from '@sealwire/core';
import {
  type ParsedPublicKey,
  algorithmFits,
  isEdwardsPoint,
  nobleProvider,
  padForEncryption,
  parseEcdsaSignature,
  parseSpki,
  writeSpki,
} from '@sealwire/crypto-noble';
import { mlDsaSizes, parseMlDsaSpki } from '@sealwire/crypto-noble/ml-dsa';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { base64url, latin1, nativeSource, plain } from '../bytes.ts';
import { offersEcdsa } from './ecdsa-support.ts';
import { isNativeMlDsa } from './ml-dsa.ts';

/**
 * Public keys. The DER is read here, with the refusals that every provider shares, and OpenSSL gets the
 * numbers as a JSON Web Key: 3 µs for an RSA key where its own DER decoder takes 104 µs. Keys come back
 * (a server's leaf, its issuers, a root), so the last ones are remembered.
 */
export function importPublicKey(spki: Uint8Array): PublicKey | undefined {
  const cacheKey = latin1(spki);
  const known = recent.get(cacheKey);
  const usable = known ?? prepare(spki);
  if (usable === undefined) return nobleProvider.importPublicKey(spki); // refuses it too, or knows more curves
  if (known !== undefined) recent.delete(cacheKey);
  else if (recent.size >= recentKeys) recent.delete(recent.keys().next().value!);
  recent.set(cacheKey, usable);
  return new NodePublicKey(usable, Uint8Array.from(spki));
}

interface UsableKey {
  readonly kind: KeyKind;
  readonly handle: crypto.KeyObject;
}

class NodePublicKey implements PublicKey {
  readonly kind: KeyKind;
  readonly spki: Uint8Array;
  readonly #handle: crypto.KeyObject;

  constructor({ kind, handle }: UsableKey, spki: Uint8Array) {
    this.kind = kind;
    this.spki = spki;
    this.#handle = handle;
  }

  verify(algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array): boolean {
    const { kind } = this;
    if (!algorithmFits(kind, algorithm)) return false;
    // RFC 8017 §8.1.2, step 1: OpenSSL takes a PSS signature without the zeros it begins with.
    if ('bits' in kind && signature.length !== Math.ceil(kind.bits / 8)) return false;
    try {
      switch (algorithm.type) {
        case 'rsa-pkcs1':
          return crypto.verify(algorithm.hash, message, { key: this.#handle, padding: pkcs1 }, signature);
        case 'rsa-pss': {
          const { hash, mgfHash, saltBytes } = algorithm;
          // node:crypto cannot be told of a mask hash that differs from the message hash.
          if (mgfHash !== hash) return this.#verifyElsewhere(algorithm, message, signature);
          return crypto.verify(
            hash,
            message,
            { key: this.#handle, padding: pss, saltLength: saltBytes },
            signature,
          );
        }
        case 'ecdsa':
          if (kind.type !== 'ec' || parseEcdsaSignature(signature, kind.curve) === undefined) return false;
          if (!offersEcdsa(kind.curve, algorithm.hash))
            return this.#verifyElsewhere(algorithm, message, signature);
          return crypto.verify(algorithm.hash, message, this.#handle, signature);
        case 'ed448':
          // The last byte of R holds nothing but its sign (RFC 8032 §5.2.2); Deno ignores the other bits.
          return (signature[56]! & 0x7f) === 0 && crypto.verify(null, message, this.#handle, signature);
        case 'ed25519':
          return crypto.verify(null, message, this.#handle, signature);
        case 'ml-dsa-44':
        case 'ml-dsa-65':
        case 'ml-dsa-87':
          return (
            signature.length === mlDsaSizes[algorithm.type].signature &&
            crypto.verify(null, message, this.#handle, signature)
          );
      }
    } catch {
      // A digest that does not fit a short RSA modulus, or a pair of curve and hash that this runtime lacks.
      return this.#verifyElsewhere(algorithm, message, signature);
    }
  }

  encryptPkcs1(message: Uint8Array, source: RandomSource = nativeSource): Uint8Array | undefined {
    const { kind } = this;
    if (kind.type !== 'rsa') return undefined;
    const block = padForEncryption(message, Math.ceil(kind.bits / 8), source);
    if (block === undefined) return undefined;
    try {
      return plain(crypto.publicEncrypt({ key: this.#handle, padding: noPadding }, block));
    } catch {
      // A runtime that cannot leave the padding to us.
      return nobleProvider.importPublicKey(this.spki)?.encryptPkcs1?.(message, source);
    }
  }

  #verifyElsewhere(algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array): boolean {
    return nobleProvider.importPublicKey(this.spki)?.verify(algorithm, message, signature) ?? false;
  }
}

function prepare(spki: Uint8Array): UsableKey | undefined {
  const parsed = parseSpki(spki);
  if (parsed === undefined) return prepareMlDsa(spki);
  // OpenSSL looks at the points of EdDSA keys only when it verifies.
  if ('point' in parsed && parsed.kind.type !== 'ec' && !isEdwardsPoint(parsed.kind.type, parsed.point))
    return undefined;
  try {
    return { kind: parsed.kind, handle: handleOf(parsed) };
  } catch {
    return undefined; // not on the curve
  }
}

/** Every string of the right length is a key (FIPS 204 §7.2, pkDecode). */
function prepareMlDsa(spki: Uint8Array): UsableKey | undefined {
  const parsed = parseMlDsaSpki(spki);
  if (parsed === undefined || !isNativeMlDsa(parsed.type)) return undefined;
  const key = crypto.createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  return { kind: { type: parsed.type }, handle: key };
}

function handleOf(key: ParsedPublicKey): crypto.KeyObject {
  const jwk = webKey(key);
  if (jwk !== undefined) return crypto.createPublicKey({ key: jwk, format: 'jwk' });
  return crypto.createPublicKey({ key: Buffer.from(writeSpki(key)), format: 'der', type: 'spki' });
}

/** RFC 7518 §6.2.1, §6.3.1; RFC 8037 §2; RFC 8812 §3.1. The Brainpool curves have no such form. */
function webKey(key: ParsedPublicKey): crypto.JsonWebKey | undefined {
  if ('modulus' in key) return { kty: 'RSA', n: base64url(key.modulus), e: base64url(key.exponent) };
  const { kind, point } = key;
  switch (kind.type) {
    case 'ec': {
      const crv = webNames[kind.curve];
      if (crv === undefined) return undefined;
      const half = (point.length - 1) / 2;
      const x = base64url(point.subarray(1, 1 + half));
      return { kty: 'EC', crv, x, y: base64url(point.subarray(1 + half)) };
    }
    case 'ed25519':
    case 'ed448':
      return { kty: 'OKP', crv: webNames[kind.type], x: base64url(point) };
  }
}

const webNames: Readonly<Partial<Record<CurveName, string>>> & {
  readonly ed25519: string;
  readonly ed448: string;
} = {
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
  secp256k1: 'secp256k1',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
};

const pkcs1 = crypto.constants.RSA_PKCS1_PADDING;
const noPadding = crypto.constants.RSA_NO_PADDING;
const pss = crypto.constants.RSA_PKCS1_PSS_PADDING;

/** Keys used last, by their DER; the oldest goes first. 256 hold the chains of some hundred peers in about 200 KiB. */
const recent = new Map<string, UsableKey>();
const recentKeys = 256;
