import type { CurveName } from '@sealwire/core';
import { bitLength, bytesOf, integerOf, sameBytes } from '../bytes.ts';
import { DerError, type DerReader, readDer, tags } from '../der/reader.ts';
import * as der from '../der/writer.ts';
import { curveSizes } from './curves.ts';
import { curveOfOid } from './oids.ts';
import {
  type EdPublicParts,
  type RsaPublicParts,
  edBytes,
  isSaneRsa,
  readKeyAlgorithm,
  writeKeyAlgorithm,
} from './spki.ts';

/** A PrivateKeyInfo taken apart. */
export type ParsedPrivateKey = RsaPrivateParts | EcPrivateParts | EdPrivateParts;

export interface RsaPrivateParts extends RsaPublicParts {
  readonly numbers: RsaNumbers;
}

/** RFC 8017 §3.2; consistent with each other once parsed. */
export interface RsaNumbers {
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dP: bigint;
  readonly dQ: bigint;
  readonly qInv: bigint;
}

export interface EcPrivateParts {
  readonly kind: { readonly type: 'ec'; readonly curve: CurveName };
  /** As many bytes as the order has; within 1 … n-1. */
  readonly scalar: Uint8Array;
  /** The public key that stands beside it, if any: to be compared with the scalar's. */
  readonly claimedPoint: Uint8Array | undefined;
}

export interface EdPrivateParts {
  readonly kind: EdPublicParts['kind'];
  readonly seed: Uint8Array;
  readonly claimedPoint: Uint8Array | undefined;
}

export function parsePkcs8(pkcs8: Uint8Array): ParsedPrivateKey | undefined {
  return readPkcs8(pkcs8, readKeyAlgorithm, (algorithm, key, publicKey) => {
    switch (algorithm.type) {
      case 'rsa':
      case 'rsa-pss': {
        const parts = nested(key, readRsaPrivateKey);
        return { kind: { ...algorithm, bits: bitLength(parts.modulus) }, ...parts };
      }
      case 'ec':
        return { kind: algorithm, ...nested(key, (r) => readEcPrivateKey(r, algorithm.curve, publicKey)) };
      case 'ed25519':
      case 'ed448': {
        const seed = nested(key, (r) => r.octetString());
        if (seed.length !== edBytes[algorithm.type]) throw new DerError('a seed of the wrong length');
        return { kind: algorithm, seed, claimedPoint: publicKey };
      }
    }
  });
}

/**
 * OneAsymmetricKey (RFC 5958 §2), versions 1 and 2; attributes are ignored. `readKey` gets what `readAlgorithm` made, the content of
 * `privateKey`, and the public key beside it, if there is one.
 */
export function readPkcs8<Algorithm, Key>(
  pkcs8: Uint8Array,
  readAlgorithm: (reader: DerReader) => Algorithm,
  readKey: (algorithm: Algorithm, key: Uint8Array, publicKey: Uint8Array | undefined) => Key,
): Key | undefined {
  return readDer(pkcs8, (outer) =>
    outer.sequence((info) => {
      const version = info.smallUnsigned();
      if (version > 1) throw new DerError('an unknown version');
      const algorithm = readAlgorithm(info);
      const key = info.octetString();
      if (info.nextIs(tags.context0)) info.content(tags.context0);
      const publicKey =
        version === 1 && info.nextIs(tags.implicit1) ? info.bitString(tags.implicit1) : undefined;
      return readKey(algorithm, key, publicKey);
    }),
  );
}

export function writeRsaPkcs8(kind: RsaPublicParts['kind'], numbers: RsaNumbers): Uint8Array {
  const { n, e, d, p, q, dP, dQ, qInv } = numbers;
  const integers = [n, e, d, p, q, dP, dQ, qInv].map((value) =>
    der.unsigned(bytesOf(value, byteLength(value))),
  );
  return writePkcs8(writeKeyAlgorithm(kind), der.sequence(der.unsigned(new Uint8Array()), ...integers));
}

export function writeEcPkcs8(curve: CurveName, scalar: Uint8Array, point: Uint8Array): Uint8Array {
  return writePkcs8(
    writeKeyAlgorithm({ type: 'ec', curve }),
    der.sequence(
      der.unsigned(Uint8Array.of(1)),
      der.octetString(scalar),
      der.element(tags.context1, der.bitString(point)),
    ),
  );
}

export function writeEdPkcs8(type: 'ed25519' | 'ed448', seed: Uint8Array): Uint8Array {
  return writePkcs8(writeKeyAlgorithm({ type }), der.octetString(seed));
}

export function writePkcs8(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return der.sequence(der.unsigned(new Uint8Array()), algorithm, der.octetString(key));
}

export function nested<T>(bytes: Uint8Array, read: (reader: DerReader) => T): T {
  const value = readDer(bytes, read);
  if (value === undefined) throw new DerError('a bad private key');
  return value;
}

/** RSAPrivateKey (RFC 8017 appendix A.1.2) of two primes; the numbers must fit each other, or signing would leak them. */
function readRsaPrivateKey(reader: DerReader): {
  modulus: Uint8Array;
  exponent: Uint8Array;
  numbers: RsaNumbers;
} {
  return reader.sequence((fields) => {
    if (fields.smallUnsigned() !== 0) throw new DerError('a key of more than two primes');
    const modulus = fields.unsigned();
    const exponent = fields.unsigned();
    if (!isSaneRsa(modulus, exponent)) throw new DerError('a bad RSA key');
    const next = (): bigint => integerOf(fields.unsigned());
    const numbers = {
      n: integerOf(modulus),
      e: integerOf(exponent),
      d: next(),
      p: next(),
      q: next(),
      dP: next(),
      dQ: next(),
      qInv: next(),
    };
    if (!isConsistent(numbers)) throw new DerError('RSA numbers that do not fit each other');
    return { modulus, exponent, numbers };
  });
}

function isConsistent({ n, e, d, p, q, dP, dQ, qInv }: RsaNumbers): boolean {
  if (p < 3n || q < 3n || p === q || p * q !== n) return false;
  if (dP >= p || dQ >= q || qInv >= p || d >= n) return false;
  return (
    (e * dP) % (p - 1n) === 1n &&
    (e * dQ) % (q - 1n) === 1n &&
    d % (p - 1n) === dP &&
    d % (q - 1n) === dQ &&
    (qInv * q) % p === 1n
  );
}

/** ECPrivateKey (RFC 5915 §3). Scalars that lost or gained leading zeros exist in the wild and are put right. */
function readEcPrivateKey(
  reader: DerReader,
  curve: CurveName,
  outerPoint: Uint8Array | undefined,
): { scalar: Uint8Array; claimedPoint: Uint8Array | undefined } {
  return reader.sequence((fields) => {
    if (fields.smallUnsigned() !== 1) throw new DerError('an unknown version');
    const value = integerOf(fields.octetString());
    const { bytes, order } = curveSizes[curve];
    if (value === 0n || value >= order) throw new DerError('a scalar out of range');
    if (fields.nextIs(tags.context0)) {
      const named = fields.inside(tags.context0, (r) => curveOfOid(r.oid()));
      if (named !== curve) throw new DerError('two different curves');
    }
    const innerPoint = fields.nextIs(tags.context1)
      ? fields.inside(tags.context1, (r) => r.bitString())
      : undefined;
    if (innerPoint && outerPoint && !sameBytes(innerPoint, outerPoint))
      throw new DerError('two different public keys');
    return { scalar: bytesOf(value, bytes), claimedPoint: innerPoint ?? outerPoint };
  });
}

function byteLength(value: bigint): number {
  return Math.ceil(value.toString(16).length / 2);
}
