import { randomBytes } from '@noble/hashes/utils.js';
import {
  ApiMisuseError,
  type KeyKind,
  type PrivateKey,
  type PublicKey,
  type RandomSource,
  type SignatureAlgorithm,
} from '@sealwire/core';
import { writeEcdsaSignature } from '../formats/ecdsa-signature.ts';
import {
  type EcPrivateParts,
  type EdPrivateParts,
  type RsaPrivateParts,
  parsePkcs8,
  writeEcPkcs8,
  writeEdPkcs8,
  writeRsaPkcs8,
} from '../formats/pkcs8.ts';
import { type ParsedPublicKey, writeSpki } from '../formats/spki.ts';
import { ecCurves } from '../groups/ecdh.ts';
import { draw } from '../misuse.ts';
import { ciphertextOrOne, unpadOrElse } from '../rsa/encryption-padding.ts';
import { applyPrivate, decryptBlock } from '../rsa/operations.ts';
import { encodePkcs1 } from '../rsa/pkcs1.ts';
import { encodePss } from '../rsa/pss.ts';
import { isOwnPoint } from './claimed-point.ts';
import { ecdsaForm, ecdsaOf } from './ecdsa.ts';
import { edwards } from './edwards.ts';
import { algorithmFits } from './fit.ts';
import { importPublicKey } from './public-key.ts';

export function importPrivateKey(pkcs8: Uint8Array): PrivateKey | undefined {
  const parsed = parsePkcs8(Uint8Array.from(pkcs8));
  if (parsed === undefined) return undefined;
  if ('numbers' in parsed) return rsaKey(parsed);
  return 'scalar' in parsed ? ecKey(parsed) : edKey(parsed);
}

type Decrypt = (ciphertext: Uint8Array, fallback: Uint8Array) => Uint8Array;
type Sign = (algorithm: SignatureAlgorithm, message: Uint8Array, source: RandomSource) => Uint8Array;

class NoblePrivateKey implements PrivateKey {
  readonly kind: KeyKind;
  readonly publicKey: PublicKey;
  readonly #pkcs8: Uint8Array;
  readonly #sign: Sign;
  readonly decryptPkcs1?: Decrypt;

  constructor(publicKey: PublicKey, pkcs8: Uint8Array, sign: Sign, decrypt?: Decrypt) {
    this.kind = publicKey.kind;
    this.publicKey = publicKey;
    this.#pkcs8 = pkcs8;
    this.#sign = sign;
    if (decrypt !== undefined) this.decryptPkcs1 = decrypt;
  }

  sign(algorithm: SignatureAlgorithm, message: Uint8Array, source: RandomSource = randomBytes): Uint8Array {
    if (!algorithmFits(this.kind, algorithm)) {
      throw new ApiMisuseError(
        `expected an algorithm that fits a key of type ${this.kind.type}, got ${algorithm.type}`,
      );
    }
    return this.#sign(algorithm, message, source);
  }

  exportPkcs8(): Uint8Array {
    return Uint8Array.from(this.#pkcs8);
  }
}

function rsaKey(parts: RsaPrivateParts): PrivateKey | undefined {
  const { kind, numbers, modulus } = parts;
  const sign: Sign = (algorithm, message, source) => {
    const encoded = encodeForRsa(algorithm, message, source, modulus.length, kind.bits);
    if (encoded === undefined) {
      throw new ApiMisuseError(
        `expected a hash and salt that fit an RSA key of ${kind.bits} bits, got ${JSON.stringify(algorithm)}`,
      );
    }
    return applyPrivate(encoded, numbers, modulus.length);
  };
  const decrypt: Decrypt = (ciphertext, fallback) => {
    return unpadOrElse(decryptBlock(ciphertextOrOne(ciphertext, modulus), numbers), fallback);
  };
  return keyOf(parts, writeRsaPkcs8(kind, numbers), sign, kind.type === 'rsa' ? decrypt : undefined);
}

function encodeForRsa(
  algorithm: SignatureAlgorithm,
  message: Uint8Array,
  source: RandomSource,
  bytes: number,
  bits: number,
) {
  if (algorithm.type === 'rsa-pkcs1') return encodePkcs1(algorithm.hash, message, bytes);
  if (algorithm.type !== 'rsa-pss') return undefined;
  return encodePss(algorithm, message, draw(source, algorithm.saltBytes), bits - 1);
}

function ecKey({ kind, scalar, claimedPoint }: EcPrivateParts): PrivateKey | undefined {
  const point = ecCurves[kind.curve].getPublicKey(scalar, false);
  if (!isOwnPoint(claimedPoint, point)) return undefined;
  return keyOf({ kind, point }, writeEcPkcs8(kind.curve, scalar, point), (algorithm, message) => {
    const { hash } = algorithm as Extract<SignatureAlgorithm, { type: 'ecdsa' }>;
    return writeEcdsaSignature(ecdsaOf(kind.curve, hash).sign(message, scalar, ecdsaForm));
  });
}

function edKey({ kind, seed, claimedPoint }: EdPrivateParts): PrivateKey | undefined {
  const curve = edwards[kind.type];
  const point = curve.getPublicKey(seed);
  if (!isOwnPoint(claimedPoint, point)) return undefined;
  return keyOf({ kind, point }, writeEdPkcs8(kind.type, seed), (_algorithm, message) =>
    curve.sign(message, seed),
  );
}

function keyOf(
  publicParts: ParsedPublicKey,
  pkcs8: Uint8Array,
  sign: Sign,
  decrypt?: Decrypt,
): PrivateKey | undefined {
  const publicKey = importPublicKey(writeSpki(publicParts));
  return publicKey && new NoblePrivateKey(publicKey, pkcs8, sign, decrypt);
}
