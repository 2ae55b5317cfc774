import type { CurveName } from '@sealwire/core';
import { algorithmIds } from '../certificate/algorithm.ts';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { readInteger, readObjectIdentifier, readOctetsOfBitString, readSmallInteger } from '../der/values.ts';
import { isX509Error, X509Error } from '../errors.ts';
import {
  derBitString,
  derExplicit,
  derInteger,
  derNull,
  derObjectIdentifier,
  derOctetString,
  derSequence,
} from '../der/write.ts';

/**
 * Containers of private keys:
 *
 *     PrivateKeyInfo ::= SEQUENCE { version INTEGER, privateKeyAlgorithm AlgorithmIdentifier, privateKey OCTET STRING,
 *                                   attributes [0] OPTIONAL, publicKey [1] OPTIONAL }       (RFC 5958 §2)
 *     RSAPrivateKey ::= SEQUENCE { version INTEGER, modulus INTEGER, publicExponent INTEGER, … }  (RFC 8017 §A.1.2)
 *     ECPrivateKey ::= SEQUENCE { version INTEGER (1), privateKey OCTET STRING,
 *                                 parameters [0] ECParameters OPTIONAL, publicKey [1] BIT STRING OPTIONAL }  (RFC 5915 §3)
 */
export function isPkcs8(der: Uint8Array): boolean {
  return (
    readable(() => {
      const fields = fieldsOf(der);
      readSmallInteger(fields, 'version');
      const algorithm = fields.enter(tags.sequence, 'privateKeyAlgorithm');
      readObjectIdentifier(algorithm, 'algorithm');
      fields.content(tags.octetString, 'privateKey');
      while (!fields.done) fields.element('attributes or publicKey');
      return true;
    }) === true
  );
}

/** PKCS #1 inside PKCS #8; `undefined` when `der` is no RSAPrivateKey. */
export function fromPkcs1(der: Uint8Array): Uint8Array | undefined {
  return readable(() => {
    const fields = fieldsOf(der);
    // Nine integers; a tenth element holds the primes of a multi-prime key, which nobody uses.
    for (let i = 0; i < 9; i++) readInteger(fields, 'RSAPrivateKey');
    fields.finish();
    return privateKeyInfo(derSequence(derObjectIdentifier(algorithmIds.rsa), derNull), der);
  });
}

/**
 * SEC 1 inside PKCS #8; `undefined` when `der` is no ECPrivateKey. The curve is the one that it names, or else `curve`, the
 * DER of ECParameters from elsewhere. Throws `X509Error` when it is named nowhere, or by its numbers.
 */
export function fromSec1(der: Uint8Array, curve?: Uint8Array): Uint8Array | undefined {
  const parts = readable(() => readEcPrivateKey(der));
  if (parts === undefined) return undefined;
  const parameters = parts.parameters ?? curve;
  if (parameters === undefined) {
    throw new X509Error(
      'key.unsupported',
      'expected an ECPrivateKey with its curve, got one without: EC PARAMETERS in front of it, or the option curve, says it',
    );
  }
  if (parameters[0] !== tags.objectIdentifier)
    throw new X509Error('key.unsupported', 'expected a named curve, got the numbers of one');
  // RFC 5958 says the curve in the algorithm; it is left out inside.
  const publicKey = parts.publicKey === undefined ? [] : [derExplicit(1, derBitString(parts.publicKey))];
  return privateKeyInfo(
    derSequence(derObjectIdentifier(algorithmIds.ec), parameters),
    derSequence(derInteger(1), derOctetString(parts.privateKey), ...publicKey),
  );
}

/** What OpenSSL writes in front of an EC key: `ECParameters ::= CHOICE { namedCurve OBJECT IDENTIFIER, … }` (RFC 5480 §2.1.1). */
export function namedCurve(der: Uint8Array): Uint8Array | undefined {
  return readable(() => {
    const reader = new DerReader(der, 'ECParameters');
    readObjectIdentifier(reader, 'namedCurve');
    reader.finish();
    return der;
  });
}

export function curveParameters(curve: CurveName): Uint8Array {
  return derObjectIdentifier(curveIds[curve]);
}

interface EcPrivateKey {
  readonly privateKey: Uint8Array;
  readonly parameters: Uint8Array | undefined;
  readonly publicKey: Uint8Array | undefined;
}

function readEcPrivateKey(der: Uint8Array): EcPrivateKey {
  const fields = fieldsOf(der);
  readSmallInteger(fields, 'version');
  const privateKey = fields.content(tags.octetString, 'privateKey');
  const tagged = <T>(number: number, read: (inside: DerReader) => T): T | undefined => {
    if (fields.nextTag !== contextTag.constructed(number)) return undefined;
    const inside = fields.enter(contextTag.constructed(number), `[${number}]`);
    const value = read(inside);
    inside.finish();
    return value;
  };
  const parameters = tagged(0, (inside) => {
    const element = inside.element('parameters');
    if (element[0] === tags.objectIdentifier) readObjectIdentifier(new DerReader(element, 'curve'), 'curve');
    return element;
  });
  const publicKey = tagged(1, (inside) => readOctetsOfBitString(inside, 'publicKey'));
  fields.finish();
  return { privateKey, parameters, publicKey };
}

function privateKeyInfo(algorithm: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return derSequence(derInteger(0), algorithm, derOctetString(privateKey));
}

/** Inside the SEQUENCE that fills `der`. */
function fieldsOf(der: Uint8Array): DerReader {
  const reader = new DerReader(der, 'PrivateKey');
  const fields = reader.enter(tags.sequence, 'PrivateKey');
  reader.finish();
  return fields;
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}

/** SEC 2 appendix A.2, RFC 5639 §4.1. */
const curveIds: Readonly<Record<CurveName, string>> = {
  secp256r1: algorithmIds.secp256r1,
  secp384r1: algorithmIds.secp384r1,
  secp521r1: algorithmIds.secp521r1,
  secp256k1: '1.3.132.0.10',
  brainpoolP256r1: '1.3.36.3.3.2.8.1.1.7',
  brainpoolP384r1: '1.3.36.3.3.2.8.1.1.11',
  brainpoolP512r1: '1.3.36.3.3.2.8.1.1.13',
};
