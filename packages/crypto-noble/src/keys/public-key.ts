import { randomBytes } from '@noble/hashes/utils.js';
import type { KeyKind, PublicKey, RandomSource, SignatureAlgorithm } from '@sealwire/core';
import { bytesOf, integerOf, sameBytes } from '../bytes.ts';
import { parseEcdsaSignature } from '../formats/ecdsa-signature.ts';
import { type EcPublicParts, type EdPublicParts, type RsaPublicParts, parseSpki } from '../formats/spki.ts';
import { ecCurves } from '../groups/ecdh.ts';
import { padForEncryption } from '../rsa/encryption-padding.ts';
import { applyPublic, encryptBlock } from '../rsa/operations.ts';
import { encodePkcs1 } from '../rsa/pkcs1.ts';
import { isPssEncoding } from '../rsa/pss.ts';
import { ecdsaForm, ecdsaOf } from './ecdsa.ts';
import { edwards, isEdwardsPoint } from './edwards.ts';
import { algorithmFits } from './fit.ts';

export function importPublicKey(spki: Uint8Array): PublicKey | undefined {
  const own = Uint8Array.from(spki);
  const parsed = parseSpki(own);
  if (parsed === undefined) return undefined;
  if ('modulus' in parsed)
    return new NoblePublicKey(parsed.kind, own, rsaCheck(parsed), rsaEncryption(parsed));
  switch (parsed.kind.type) {
    case 'ec': {
      const key = parsed as EcPublicParts;
      const isOnCurve = ecCurves[key.kind.curve].utils.isValidPublicKey(key.point, false);
      return isOnCurve ? new NoblePublicKey(key.kind, own, ecdsaCheck(key)) : undefined;
    }
    case 'ed25519':
    case 'ed448': {
      const key = parsed as EdPublicParts;
      return isEdwardsPoint(key.kind.type, key.point)
        ? new NoblePublicKey(key.kind, own, eddsaCheck(key))
        : undefined;
    }
  }
}

type Encrypt = (message: Uint8Array, source: RandomSource) => Uint8Array | undefined;
type Check = (algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array) => boolean;

class NoblePublicKey implements PublicKey {
  readonly kind: KeyKind;
  readonly spki: Uint8Array;
  readonly #check: Check;
  readonly #encrypt: Encrypt | undefined;

  constructor(kind: KeyKind, spki: Uint8Array, check: Check, encrypt?: Encrypt) {
    this.kind = kind;
    this.spki = spki;
    this.#check = check;
    this.#encrypt = encrypt;
  }

  verify(algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array): boolean {
    return algorithmFits(this.kind, algorithm) && this.#check(algorithm, message, signature);
  }

  encryptPkcs1(message: Uint8Array, source: RandomSource = randomBytes): Uint8Array | undefined {
    return this.#encrypt?.(message, source);
  }
}

function rsaCheck(key: RsaPublicParts): Check {
  const n = integerOf(key.modulus);
  const e = integerOf(key.exponent);
  const modulusBytes = key.modulus.length;
  return (algorithm, message, signature) => {
    const encoded = applyPublic(signature, n, e, modulusBytes);
    if (encoded === undefined) return false;
    if (algorithm.type === 'rsa-pkcs1') {
      const expected = encodePkcs1(algorithm.hash, message, modulusBytes);
      return expected !== undefined && sameBytes(expected, bytesOf(encoded, modulusBytes));
    }
    if (algorithm.type !== 'rsa-pss') return false;
    const bits = key.kind.bits - 1;
    if (encoded >> BigInt(8 * Math.ceil(bits / 8)) !== 0n) return false; // RFC 8017 §8.1.2 step 2c
    return isPssEncoding(algorithm, message, bytesOf(encoded, Math.ceil(bits / 8)), bits);
  };
}

/** Keys of RSASSA-PSS encrypt nothing (RFC 4055 §1.2). */
function rsaEncryption({ kind, modulus, exponent }: RsaPublicParts): Encrypt | undefined {
  if (kind.type !== 'rsa') return undefined;
  return (message, source) => {
    const block = padForEncryption(message, modulus.length, source);
    return block && encryptBlock(block, integerOf(modulus), integerOf(exponent));
  };
}

function ecdsaCheck({ kind, point }: EcPublicParts): Check {
  return (algorithm, message, signature) => {
    const compact = parseEcdsaSignature(signature, kind.curve);
    if (compact === undefined || algorithm.type !== 'ecdsa') return false;
    return ecdsaOf(kind.curve, algorithm.hash).verify(compact, message, point, ecdsaForm);
  };
}

function eddsaCheck({ kind, point }: EdPublicParts): Check {
  const curve = edwards[kind.type];
  return (_algorithm, message, signature) => {
    if (signature.length !== curve.lengths.signature) return false;
    try {
      return curve.verify(signature, message, point, { zip215: false }); // RFC 8032's decoding, not ZIP 215's
    } catch {
      return false;
    }
  };
}
