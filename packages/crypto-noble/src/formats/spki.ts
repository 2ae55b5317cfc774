import type { CurveName, HashName, KeyKind, PssParameters } from '@sealwire/core';
import { bitLength } from '../bytes.ts';
import { type DerReader, DerError, readDer, tags } from '../der/reader.ts';
import * as der from '../der/writer.ts';
import { curveSizes } from './curves.ts';
import { curveOfOid, curveOids, hashOfOid, hashOids, oids } from './oids.ts';

/** A SubjectPublicKeyInfo taken apart. Points are not yet checked to lie on their curve. */
export type ParsedPublicKey = RsaPublicParts | EcPublicParts | EdPublicParts;

export interface RsaPublicParts {
  readonly kind: Extract<KeyKind, { type: 'rsa' | 'rsa-pss' }>;
  /** Big-endian, without leading zeros, as is `exponent`. */
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

export interface EcPublicParts {
  readonly kind: Extract<KeyKind, { type: 'ec' }>;
  /** Uncompressed point. */
  readonly point: Uint8Array;
}

export interface EdPublicParts {
  readonly kind: Extract<KeyKind, { type: 'ed25519' | 'ed448' }>;
  readonly point: Uint8Array;
}

/** The key algorithm that an AlgorithmIdentifier names, before any key has been seen. */
export type KeyAlgorithm =
  | { readonly type: 'rsa' }
  | { readonly type: 'rsa-pss'; readonly restriction?: PssParameters }
  | { readonly type: 'ec'; readonly curve: CurveName }
  | { readonly type: 'ed25519' }
  | { readonly type: 'ed448' };

/** Parses a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), with every refusal that needs no curve arithmetic. */
export function parseSpki(spki: Uint8Array): ParsedPublicKey | undefined {
  return readDer(spki, (outer) =>
    outer.sequence((info) => {
      const algorithm = readKeyAlgorithm(info);
      return partsOf(algorithm, info.bitString());
    }),
  );
}

/** AlgorithmIdentifier of a key, in SPKI and PKCS#8 alike. */
export function readKeyAlgorithm(reader: DerReader): KeyAlgorithm {
  return reader.sequence((algorithm): KeyAlgorithm => {
    switch (algorithm.oid()) {
      case oids.rsa:
        algorithm.nothing(); // RFC 3279 §2.3.1: the parameters MUST be NULL
        return { type: 'rsa' };
      case oids.rsaPss:
        return algorithm.atEnd
          ? { type: 'rsa-pss' }
          : { type: 'rsa-pss', restriction: readPssParameters(algorithm) };
      case oids.ec: {
        const curve = curveOfOid(algorithm.oid()); // RFC 5480 §2.1.1: namedCurve only
        if (curve === undefined) throw new DerError('an unknown curve');
        return { type: 'ec', curve };
      }
      case oids.ed25519:
        return { type: 'ed25519' };
      case oids.ed448:
        return { type: 'ed448' };
      default:
        throw new DerError('an unknown key algorithm');
    }
  });
}

/** Whether these numbers make an RSA key that somebody sane uses; the bounds are those of `importPublicKey`. */
export function isSaneRsa(modulus: Uint8Array, exponent: Uint8Array): boolean {
  const bits = bitLength(modulus);
  if (bits < 512 || bits > 8192 || (modulus.at(-1)! & 1) === 0) return false;
  if (exponent.length === 0 || exponent.length > 8 || (exponent.at(-1)! & 1) === 0) return false;
  return exponent.length > 1 || exponent[0]! >= 3;
}

export function writeSpki(key: ParsedPublicKey): Uint8Array {
  return der.sequence(writeKeyAlgorithm(key.kind), der.bitString(subjectPublicKey(key)));
}

export function writeKeyAlgorithm(kind: KeyAlgorithm): Uint8Array {
  switch (kind.type) {
    case 'rsa':
      return der.sequence(der.oid(oids.rsa), der.nothing());
    case 'rsa-pss':
      return der.sequence(
        der.oid(oids.rsaPss),
        ...(kind.restriction ? [writePssParameters(kind.restriction)] : []),
      );
    case 'ec':
      return der.sequence(der.oid(oids.ec), der.oid(curveOids[kind.curve]));
    case 'ed25519':
    case 'ed448':
      return der.sequence(der.oid(oids[kind.type]));
  }
}

function subjectPublicKey(key: ParsedPublicKey): Uint8Array {
  return 'modulus' in key ? der.sequence(der.unsigned(key.modulus), der.unsigned(key.exponent)) : key.point;
}

function partsOf(algorithm: KeyAlgorithm, key: Uint8Array): ParsedPublicKey {
  switch (algorithm.type) {
    case 'rsa':
    case 'rsa-pss': {
      const numbers = readDer(key, (outer) =>
        outer.sequence((inner) => ({ modulus: inner.unsigned(), exponent: inner.unsigned() })),
      );
      if (numbers === undefined || !isSaneRsa(numbers.modulus, numbers.exponent))
        throw new DerError('a bad RSA key');
      return { kind: { ...algorithm, bits: bitLength(numbers.modulus) }, ...numbers };
    }
    case 'ec':
      // Compressed points are refused: RFC 8422 §5.1.1 forbids them in TLS, and certificates have none.
      if (key.length !== 1 + 2 * curveSizes[algorithm.curve].bytes || key[0] !== 0x04)
        throw new DerError('a bad point');
      return { kind: algorithm, point: key };
    case 'ed25519':
    case 'ed448':
      if (key.length !== edBytes[algorithm.type]) throw new DerError('a bad point');
      return { kind: algorithm, point: key };
  }
}

/** RSASSA-PSS-params (RFC 4055 §3.1), whose fields all have defaults. */
function readPssParameters(reader: DerReader): PssParameters {
  return reader.sequence((fields) => {
    let hash: HashName = 'sha1';
    let mgfHash: HashName = 'sha1';
    let saltBytes = 20;
    if (fields.nextIs(tags.context0)) hash = fields.inside(tags.context0, readHashAlgorithm);
    if (fields.nextIs(tags.context1)) mgfHash = fields.inside(tags.context1, readMaskAlgorithm);
    if (fields.nextIs(tags.context2)) saltBytes = fields.inside(tags.context2, (r) => r.smallUnsigned());
    if (fields.nextIs(tags.context3) && fields.inside(tags.context3, (r) => r.smallUnsigned()) !== 1) {
      throw new DerError('an unknown trailer field');
    }
    return { hash, mgfHash, saltBytes };
  });
}

function readMaskAlgorithm(reader: DerReader): HashName {
  return reader.sequence((algorithm) => {
    if (algorithm.oid() !== oids.mgf1) throw new DerError('an unknown mask generation function');
    return readHashAlgorithm(algorithm);
  });
}

/** RFC 4055 §2.1: parameters NULL or absent, both to be accepted. */
function readHashAlgorithm(reader: DerReader): HashName {
  return reader.sequence((algorithm) => {
    const hash = hashOfOid(algorithm.oid());
    if (hash === undefined) throw new DerError('an unknown hash');
    if (!algorithm.atEnd) algorithm.nothing();
    return hash;
  });
}

function writePssParameters({ hash, mgfHash, saltBytes }: PssParameters): Uint8Array {
  const hashAlgorithm = (name: HashName): Uint8Array => der.sequence(der.oid(hashOids[name]), der.nothing());
  const fields: Uint8Array[] = []; // DER leaves out what has its default (X.690 §11.5)
  if (hash !== 'sha1') fields.push(der.element(tags.context0, hashAlgorithm(hash)));
  if (mgfHash !== 'sha1')
    fields.push(der.element(tags.context1, der.sequence(der.oid(oids.mgf1), hashAlgorithm(mgfHash))));
  if (saltBytes !== 20)
    fields.push(
      der.element(
        tags.context2,
        der.unsigned(Uint8Array.of(saltBytes >>> 24, saltBytes >>> 16, saltBytes >>> 8, saltBytes)),
      ),
    );
  return der.sequence(...fields);
}

/** Bytes of public and private keys (RFC 8032 §5.1.5, §5.2.5). */
export const edBytes = { ed25519: 32, ed448: 57 } as const;
