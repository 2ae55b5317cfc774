import * as asn1 from 'asn1js';
import { algorithmIds } from '../certificate/algorithm.ts';
import {
  bitString,
  explicit,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  raw,
  sequence,
  toDer,
} from '../writer/asn1.ts';

/**
 * Containers of private keys. They come from their owner, once, off every hot path: read with asn1js, which
 * also takes the BER that old tools have written.
 *
 *     PrivateKeyInfo ::= SEQUENCE { version INTEGER, privateKeyAlgorithm AlgorithmIdentifier, privateKey OCTET STRING,
 *                                   attributes [0] OPTIONAL, publicKey [1] OPTIONAL }       (RFC 5958 §2)
 *     RSAPrivateKey ::= SEQUENCE { version INTEGER, modulus INTEGER, publicExponent INTEGER, … }  (RFC 8017 §A.1.2)
 *     ECPrivateKey ::= SEQUENCE { version INTEGER (1), privateKey OCTET STRING,
 *                                 parameters [0] ECParameters OPTIONAL, publicKey [1] BIT STRING OPTIONAL }  (RFC 5915 §3)
 */
export function isPkcs8(der: Uint8Array): boolean {
  const elements = elementsOf(der);
  return (
    elements?.[0] instanceof asn1.Integer &&
    elements[1] instanceof asn1.Sequence &&
    elements[2] instanceof asn1.OctetString
  );
}

/** PKCS #1 inside PKCS #8; `undefined` when `der` is no RSAPrivateKey. */
export function fromPkcs1(der: Uint8Array): Uint8Array | undefined {
  const elements = elementsOf(der);
  // Nine integers; a tenth element holds the primes of a multi-prime key, which nobody uses.
  if (elements?.length !== 9 || !elements.every((element) => element instanceof asn1.Integer))
    return undefined;
  return privateKeyInfo(sequence([objectIdentifier(algorithmIds.rsa), nullValue()]), der);
}

/** SEC 1 inside PKCS #8; `undefined` when `der` is no ECPrivateKey or does not name its curve. */
export function fromSec1(der: Uint8Array): Uint8Array | undefined {
  return readable(() => sec1InPkcs8(der));
}

function sec1InPkcs8(der: Uint8Array): Uint8Array | undefined {
  const [version, privateKey, ...optional] = elementsOf(der) ?? [];
  if (!(version instanceof asn1.Integer) || !(privateKey instanceof asn1.OctetString)) return undefined;
  const parameters = tagged(optional, 0)?.[0];
  if (!(parameters instanceof asn1.ObjectIdentifier)) return undefined;
  const curve = parameters.valueBlock.toString();
  const publicKey = tagged(optional, 1)?.[0];
  // RFC 5958 says the curve in the algorithm; it is left out inside.
  const inner: asn1.AsnType[] = [
    integer(Uint8Array.of(1)),
    octetString(new Uint8Array(privateKey.valueBlock.valueHexView)),
  ];
  if (publicKey instanceof asn1.BitString) {
    const bits = bitString(new Uint8Array(publicKey.valueBlock.valueHexView));
    inner.push(explicit(1, [bits]));
  }
  return privateKeyInfo(
    sequence([objectIdentifier(algorithmIds.ec), objectIdentifier(curve)]),
    toDer(sequence(inner)),
  );
}

function privateKeyInfo(algorithm: asn1.Sequence, privateKey: Uint8Array): Uint8Array {
  return toDer(sequence([integer(Uint8Array.of(0)), raw(toDer(algorithm)), octetString(privateKey)]));
}

/** The elements of a SEQUENCE that fills `der`; `undefined` for anything else. */
function elementsOf(der: Uint8Array): asn1.AsnType[] | undefined {
  return readable(() => {
    const { offset, result } = asn1.fromBER(der);
    if (offset !== der.length || !(result instanceof asn1.Sequence)) return undefined;
    return result.valueBlock.value as asn1.AsnType[];
  });
}

/** asn1js reports most damage in its result, but throws plain errors for some, such as odd object identifiers. */
function readable<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function tagged(elements: readonly (asn1.AsnType | undefined)[], number: number): asn1.AsnType[] | undefined {
  const element = elements.find((one) => one?.idBlock.tagClass === 3 && one.idBlock.tagNumber === number);
  return element instanceof asn1.Constructed ? (element.valueBlock.value as asn1.AsnType[]) : undefined;
}
