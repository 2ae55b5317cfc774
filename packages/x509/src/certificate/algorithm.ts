import type { HashName, PssParameters, SignatureAlgorithm } from '@sealwire/core';
import { isX509Error } from '../errors.ts';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { readObjectIdentifier, readSmallInteger } from '../der/values.ts';

/** `AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }` (RFC 5280 §4.1.1.2). */
export interface AlgorithmIdentifier {
  readonly algorithm: string;
  /** DER of the parameters; `undefined` when absent. */
  readonly parameters: Uint8Array | undefined;
}

export function readAlgorithmIdentifier(reader: DerReader, field: string): AlgorithmIdentifier {
  const sequence = reader.enter(tags.sequence, field);
  const algorithm = readObjectIdentifier(sequence, 'algorithm');
  const parameters = sequence.done ? undefined : sequence.element('parameters');
  sequence.finish();
  return { algorithm, parameters };
}

/** Certificates always say which hash: what TLS 1.1 and older sign without saying is not among theirs. */
export type CertificateSignatureAlgorithm =
  | Exclude<SignatureAlgorithm, { type: 'rsa-pkcs1' }>
  | { readonly type: 'rsa-pkcs1'; readonly hash: HashName };

/**
 * How a certificate says it was signed, in the terms of a crypto provider; `undefined` for algorithms and
 * parameters that we know nothing of. Parameters must be exactly what the algorithm's RFC says: RFC 4055 §5
 * (PKCS #1 v1.5: NULL, absence tolerated), RFC 5758 §3.2 (ECDSA: absent), RFC 8410 §3 (EdDSA: absent),
 * RFC 9881 §2 (ML-DSA: absent).
 */
export function signatureAlgorithmOf(
  identifier: AlgorithmIdentifier,
): CertificateSignatureAlgorithm | undefined {
  const { algorithm, parameters } = identifier;
  const rsaHash = rsaPkcs1Hashes.get(algorithm);
  if (rsaHash !== undefined)
    return isNullOrAbsent(parameters) ? { type: 'rsa-pkcs1', hash: rsaHash } : undefined;
  const ecdsaHash = ecdsaHashes.get(algorithm);
  if (ecdsaHash !== undefined)
    return parameters === undefined ? { type: 'ecdsa', hash: ecdsaHash } : undefined;
  for (const type of withoutParameters)
    if (algorithm === algorithmIds[type]) return parameters === undefined ? { type } : undefined;
  switch (algorithm) {
    case algorithmIds.rsaPss: {
      const pss = parameters === undefined ? undefined : readPssParameters(parameters);
      return pss === undefined ? undefined : { type: 'rsa-pss', ...pss };
    }
    default:
      return undefined;
  }
}

/**
 * RFC 4055 §3.1; every field has a default, SHA-1 and a salt of 20 bytes among them:
 *
 *     RSASSA-PSS-params ::= SEQUENCE {
 *          hashAlgorithm [0] HashAlgorithm DEFAULT sha1Identifier, maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
 *          saltLength [2] INTEGER DEFAULT 20, trailerField [3] INTEGER DEFAULT 1 }
 */
export function readPssParameters(der: Uint8Array): PssParameters | undefined {
  try {
    const outer = new DerReader(der, 'RSASSA-PSS-params');
    const sequence = outer.enter(tags.sequence, 'RSASSA-PSS-params');
    outer.finish();
    const explicit = <T>(number: number, read: (inside: DerReader) => T, otherwise: T): T => {
      if (sequence.nextTag !== contextTag.constructed(number)) return otherwise;
      const inside = sequence.enter(contextTag.constructed(number), `[${number}]`);
      const value = read(inside);
      inside.finish();
      return value;
    };
    const hash = explicit<HashName | undefined>(0, readHash, 'sha1');
    const mgfHash = explicit<HashName | undefined>(1, readMaskGeneration, 'sha1');
    const saltBytes = explicit(2, (inside) => readSmallInteger(inside, 'saltLength'), 20);
    const trailer = explicit(3, (inside) => readSmallInteger(inside, 'trailerField'), 1);
    sequence.finish();
    if (hash === undefined || mgfHash === undefined || trailer !== 1) return undefined;
    return { hash, mgfHash, saltBytes };
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}

function readHash(reader: DerReader): HashName | undefined {
  const { algorithm, parameters } = readAlgorithmIdentifier(reader, 'hashAlgorithm');
  return isNullOrAbsent(parameters) ? hashNames.get(algorithm) : undefined;
}

function readMaskGeneration(reader: DerReader): HashName | undefined {
  const { algorithm, parameters } = readAlgorithmIdentifier(reader, 'maskGenAlgorithm');
  if (algorithm !== algorithmIds.mgf1 || parameters === undefined) return undefined;
  const inside = new DerReader(parameters, 'MGF1');
  const hash = readHash(inside);
  inside.finish();
  return hash;
}

function isNullOrAbsent(parameters: Uint8Array | undefined): boolean {
  return (
    parameters === undefined ||
    (parameters.length === 2 && parameters[0] === tags.null && parameters[1] === 0)
  );
}

export const algorithmIds = {
  rsa: '1.2.840.113549.1.1.1',
  mgf1: '1.2.840.113549.1.1.8',
  rsaPss: '1.2.840.113549.1.1.10',
  ec: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
  'ml-dsa-44': '2.16.840.1.101.3.4.3.17',
  'ml-dsa-65': '2.16.840.1.101.3.4.3.18',
  'ml-dsa-87': '2.16.840.1.101.3.4.3.19',
  secp256r1: '1.2.840.10045.3.1.7',
  secp384r1: '1.3.132.0.34',
  secp521r1: '1.3.132.0.35',
} as const;

const withoutParameters = ['ed25519', 'ed448', 'ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const;

/** RFC 4055 §2.1; SHA-1 from RFC 3279 §2.2.1. */
export const hashIds = {
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const satisfies Partial<Record<HashName, string>>;

export const rsaPkcs1Ids = {
  md5: '1.2.840.113549.1.1.4',
  sha1: '1.2.840.113549.1.1.5',
  sha224: '1.2.840.113549.1.1.14',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
} as const satisfies Record<HashName, string>;

export const ecdsaIds = {
  sha1: '1.2.840.10045.4.1',
  sha224: '1.2.840.10045.4.3.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
} as const satisfies Partial<Record<HashName, string>>;

const hashNames: ReadonlyMap<string, HashName> = /* @__PURE__ */ byId(hashIds);
const rsaPkcs1Hashes: ReadonlyMap<string, HashName> = /* @__PURE__ */ byId(rsaPkcs1Ids);
const ecdsaHashes: ReadonlyMap<string, HashName> = /* @__PURE__ */ byId(ecdsaIds);

function byId(ids: Partial<Record<HashName, string>>): ReadonlyMap<string, HashName> {
  return new Map(Object.entries(ids).map(([name, id]) => [id, name as HashName]));
}
