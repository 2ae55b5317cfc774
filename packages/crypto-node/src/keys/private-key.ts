import {
  ApiMisuseError,
  type HashName,
  type KeyKind,
  type PrivateKey,
  type PublicKey,
  type RandomSource,
  type SignatureAlgorithm,
} from '@sealwire/core';
import {
  type EcPrivateParts,
  type ParsedPrivateKey,
  algorithmFits,
  ciphertextOrOne,
  isOwnPoint,
  nobleProvider,
  parsePkcs8,
  unpadOrElse,
  writeEcPkcs8,
  writeEdPkcs8,
  writeRsaPkcs8,
  writeSpki,
} from '@sealwire/crypto-noble';
import { importMlDsaPrivateKey, isMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { leftPadded, plain } from '../bytes.ts';
import { opensslNames } from '../groups/ecdh.ts';
import { offersEcdsa } from './ecdsa-support.ts';
import { prepareMlDsa } from './ml-dsa.ts';
import { importPublicKey } from './public-key.ts';

/** Private keys: the DER is read with the refusals that every provider shares; OpenSSL gets a canonical form of it. */
export function importPrivateKey(pkcs8: Uint8Array): PrivateKey | undefined {
  const parsed = parsePkcs8(pkcs8);
  if (parsed === undefined) return importMlDsa(pkcs8);
  try {
    const usable = prepare(parsed);
    return usable && new NodePrivateKey(parsed, ...usable);
  } catch {
    return nobleProvider.importPrivateKey(pkcs8); // a curve that this runtime lacks
  }
}

/** OpenSSL throws over a seed and an expanded key of two keys, and over an expanded key that does not fit itself. */
function importMlDsa(pkcs8: Uint8Array): PrivateKey | undefined {
  try {
    const own = prepareMlDsa(pkcs8);
    const publicKey = own && importPublicKey(own.spki);
    if (own === undefined || publicKey === undefined) return undefined;
    return new NodePrivateKey(own, own.handle, own.pkcs8, publicKey);
  } catch {
    return undefined;
  }
}

class NodePrivateKey implements PrivateKey {
  readonly kind: KeyKind;
  readonly publicKey: PublicKey;
  readonly #handle: crypto.KeyObject;
  readonly #pkcs8: Uint8Array;
  /** For what OpenSSL does not do. */
  #portable: PrivateKey | undefined;

  readonly decryptPkcs1?: NonNullable<PrivateKey['decryptPkcs1']>;

  constructor(
    parsed: ParsedPrivateKey | { kind: KeyKind },
    handle: crypto.KeyObject,
    pkcs8: Uint8Array,
    publicKey: PublicKey,
  ) {
    this.kind = parsed.kind;
    this.publicKey = publicKey;
    this.#handle = handle;
    this.#pkcs8 = pkcs8;
    if (parsed.kind.type === 'rsa' && 'modulus' in parsed) {
      this.decryptPkcs1 = (ciphertext, fallback) => this.#decrypt(ciphertext, fallback, parsed.modulus);
    }
  }

  sign(algorithm: SignatureAlgorithm, message: Uint8Array, source?: RandomSource): Uint8Array {
    if (!algorithmFits(this.kind, algorithm)) {
      throw new ApiMisuseError(
        `expected an algorithm that fits a key of type ${this.kind.type}, got ${algorithm.type}`,
      );
    }
    // node:crypto draws ECDSA's nonce, the salt of PSS and what hedges ML-DSA itself, and knows one hash for message and mask.
    const isOutOfReach =
      (isMlDsa(algorithm.type) && source) ||
      (algorithm.type === 'ecdsa' && (source || !this.#isOffered(algorithm.hash))) ||
      (algorithm.type === 'rsa-pss' && (source || algorithm.mgfHash !== algorithm.hash));
    if (isOutOfReach) return this.#signElsewhere(algorithm, message, source);
    try {
      return plain(this.#signNatively(algorithm, message));
    } catch {
      // A pair of curve and hash that this runtime lacks; or nothing fits the modulus, which is told there.
      return this.#signElsewhere(algorithm, message, source);
    }
  }

  exportPkcs8(): Uint8Array {
    return Uint8Array.from(this.#pkcs8);
  }

  #signNatively(algorithm: SignatureAlgorithm, message: Uint8Array): Buffer {
    const key = this.#handle;
    switch (algorithm.type) {
      case 'rsa-pkcs1':
        return crypto.sign(algorithm.hash, message, { key, padding: pkcs1 });
      case 'rsa-pss':
        return crypto.sign(algorithm.hash, message, { key, padding: pss, saltLength: algorithm.saltBytes });
      case 'ecdsa':
        return crypto.sign(algorithm.hash, message, key);
      case 'ed25519':
      case 'ed448':
      case 'ml-dsa-44':
      case 'ml-dsa-65':
      case 'ml-dsa-87':
        return crypto.sign(null, message, key);
    }
  }

  /**
   * OpenSSL gives back the whole block, blinded on its way, and the padding is taken off here: with its own PKCS #1 v1.5
   * releases differ in whether they refuse or make up a message, and Node 20 refuses the option.
   */
  #decrypt(ciphertext: Uint8Array, fallback: Uint8Array, modulus: Uint8Array): Uint8Array {
    const usable = ciphertextOrOne(ciphertext, modulus);
    let block: Uint8Array;
    try {
      block = plain(crypto.privateDecrypt({ key: this.#handle, padding: noPadding }, usable));
    } catch {
      // A runtime that cannot leave the padding to us; no ciphertext comes here that OpenSSL refuses.
      return nobleProvider.importPrivateKey(this.#pkcs8)!.decryptPkcs1!(ciphertext, fallback);
    }
    return unpadOrElse(leftPadded(block, modulus.length), fallback);
  }

  #isOffered(hash: HashName): boolean {
    return this.kind.type === 'ec' && offersEcdsa(this.kind.curve, hash);
  }

  #signElsewhere(algorithm: SignatureAlgorithm, message: Uint8Array, source?: RandomSource): Uint8Array {
    this.#portable ??= (isMlDsa(this.kind.type) ? importMlDsaPrivateKey : nobleProvider.importPrivateKey)(
      this.#pkcs8,
    )!;
    return this.#portable.sign(algorithm, message, source);
  }
}

function prepare(parsed: ParsedPrivateKey): [crypto.KeyObject, Uint8Array, PublicKey] | undefined {
  if ('numbers' in parsed) {
    const pkcs8 = writeRsaPkcs8(parsed.kind, parsed.numbers);
    return withPublicKey(keyOf(pkcs8), pkcs8, writeSpki(parsed));
  }
  const { kind, claimedPoint } = parsed;
  switch (kind.type) {
    case 'ec': {
      const { scalar } = parsed as EcPrivateParts;
      const exchange = crypto.createECDH(opensslNames[kind.curve]);
      exchange.setPrivateKey(scalar);
      const point = plain(exchange.getPublicKey());
      if (!isOwnPoint(claimedPoint, point)) return undefined;
      const pkcs8 = writeEcPkcs8(kind.curve, scalar, point);
      return withPublicKey(keyOf(pkcs8), pkcs8, writeSpki({ kind, point }));
    }
    case 'ed25519':
    case 'ed448': {
      const pkcs8 = writeEdPkcs8(kind.type, (parsed as { seed: Uint8Array }).seed);
      const handle = keyOf(pkcs8);
      const spki = plain(crypto.createPublicKey(handle).export({ type: 'spki', format: 'der' }));
      if (!isOwnPoint(claimedPoint, spki.subarray(spki.length - (kind.type === 'ed25519' ? 32 : 57))))
        return undefined;
      return withPublicKey(handle, pkcs8, spki);
    }
  }
}

function withPublicKey(
  handle: crypto.KeyObject,
  pkcs8: Uint8Array,
  spki: Uint8Array,
): [crypto.KeyObject, Uint8Array, PublicKey] | undefined {
  const publicKey = importPublicKey(spki);
  return publicKey && [handle, pkcs8, publicKey];
}

function keyOf(pkcs8: Uint8Array): crypto.KeyObject {
  return crypto.createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
}

const pkcs1 = crypto.constants.RSA_PKCS1_PADDING;
const noPadding = crypto.constants.RSA_NO_PADDING;
const pss = crypto.constants.RSA_PKCS1_PSS_PADDING;
