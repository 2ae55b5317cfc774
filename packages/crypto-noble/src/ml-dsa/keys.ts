import { randomBytes } from '@noble/hashes/utils.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import {
  ApiMisuseError,
  type KeyKind,
  type MlDsaName,
  type PrivateKey,
  type PublicKey,
  type RandomSource,
  type SignatureAlgorithm,
} from '@sealwire/core';
import { sameBytes } from '../bytes.ts';
import { algorithmFits } from '../keys/fit.ts';
import { draw } from '../misuse.ts';
import { publicKeyOfExpanded } from './expanded-key.ts';
import {
  type MlDsaPrivate,
  type MlDsaPublicParts,
  mlDsaSizes,
  parseMlDsaPkcs8,
  parseMlDsaSpki,
  seedBytes,
  writeMlDsaPkcs8,
  writeMlDsaSpki,
} from './formats.ts';

/** ML-DSA (FIPS 204 §5): pure, with an empty context. */

export function importMlDsaPublicKey(spki: Uint8Array): PublicKey | undefined {
  const own = Uint8Array.from(spki);
  const parts = parseMlDsaSpki(own);
  return parts && new MlDsaPublicKey(parts, own);
}

export function importMlDsaPrivateKey(pkcs8: Uint8Array): PrivateKey | undefined {
  const parsed = parseMlDsaPkcs8(Uint8Array.from(pkcs8));
  if (parsed === undefined) return undefined;
  const { type, key, claimedPublicKey } = parsed;
  const pair = pairOf(type, key);
  if (pair === undefined) return undefined;
  if (claimedPublicKey !== undefined && !sameBytes(claimedPublicKey, pair.publicKey)) return undefined;
  return new MlDsaPrivateKey(type, key, pair);
}

export function generateMlDsa(type: MlDsaName, source: RandomSource = randomBytes): PrivateKey {
  return importMlDsaPrivateKey(writeMlDsaPkcs8(type, { seed: draw(source, seedBytes) }))!;
}

class MlDsaPublicKey implements PublicKey {
  readonly kind: KeyKind;
  readonly spki: Uint8Array;
  readonly #parts: MlDsaPublicParts;

  constructor(parts: MlDsaPublicParts, spki: Uint8Array) {
    this.kind = { type: parts.type };
    this.spki = spki;
    this.#parts = parts;
  }

  verify(algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array): boolean {
    const { type, publicKey } = this.#parts;
    if (!algorithmFits(this.kind, algorithm) || signature.length !== mlDsaSizes[type].signature) return false;
    return parameterSets[type].verify(signature, message, publicKey);
  }
}

class MlDsaPrivateKey implements PrivateKey {
  readonly kind: KeyKind;
  readonly publicKey: PublicKey;
  readonly #type: MlDsaName;
  readonly #pkcs8: Uint8Array;
  readonly #secretKey: Uint8Array;

  constructor(type: MlDsaName, key: MlDsaPrivate, { publicKey, secretKey }: Pair) {
    const spki = writeMlDsaSpki({ type, publicKey });
    this.kind = { type };
    this.publicKey = new MlDsaPublicKey({ type, publicKey }, spki);
    this.#type = type;
    this.#pkcs8 = writeMlDsaPkcs8(type, key);
    this.#secretKey = secretKey;
  }

  /** Hedged (FIPS 204 §3.4): the signature differs each time, and a fault in one gives less away. */
  sign(algorithm: SignatureAlgorithm, message: Uint8Array, source: RandomSource = randomBytes): Uint8Array {
    if (!algorithmFits(this.kind, algorithm)) {
      throw new ApiMisuseError(
        `expected an algorithm that fits a key of type ${this.kind.type}, got ${algorithm.type}`,
      );
    }
    const extraEntropy = Uint8Array.from(draw(source, 32));
    return parameterSets[this.#type].sign(message, this.#secretKey, { extraEntropy });
  }

  exportPkcs8(): Uint8Array {
    return Uint8Array.from(this.#pkcs8);
  }
}

interface Pair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** `undefined` where seed and expanded key are of two keys (RFC 9881 §8.2), or an expanded key is none. */
function pairOf(type: MlDsaName, { seed, expanded }: MlDsaPrivate): Pair | undefined {
  if (seed !== undefined) {
    const pair = parameterSets[type].keygen(seed);
    return expanded === undefined || sameBytes(expanded, pair.secretKey) ? pair : undefined;
  }
  const publicKey = publicKeyOfExpanded(type, expanded!);
  return publicKey && { publicKey, secretKey: Uint8Array.from(expanded!) };
}

const parameterSets = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 } as const;
