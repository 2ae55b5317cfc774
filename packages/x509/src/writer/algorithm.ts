import type * as asn1 from 'asn1js';
import { ApiMisuseError, type HashName, type SignatureAlgorithm } from '@sealwire/core';
import { algorithmIds, ecdsaIds, hashIds, rsaPkcs1Ids } from '../certificate/algorithm.ts';
import { explicit, integer, nullValue, objectIdentifier, sequence } from './asn1.ts';

/** The AlgorithmIdentifier of a signature; what `signatureAlgorithmOf` reads back (RFC 4055, 5758, 8410). */
export function writeSignatureAlgorithm(algorithm: SignatureAlgorithm): asn1.Sequence {
  switch (algorithm.type) {
    case 'rsa-pkcs1':
      return sequence([objectIdentifier(idOf(rsaPkcs1Ids, algorithm.hash)), nullValue()]);
    case 'ecdsa':
      return sequence([objectIdentifier(idOf(ecdsaIds, algorithm.hash))]);
    case 'rsa-pss':
      return sequence([objectIdentifier(algorithmIds.rsaPss), pssParameters(algorithm)]);
    default:
      return sequence([objectIdentifier(algorithmIds[algorithm.type])]);
  }
}

/** Defaults (SHA-1, a salt of 20 bytes) are left out, as DER wants it. */
function pssParameters(algorithm: Extract<SignatureAlgorithm, { type: 'rsa-pss' }>): asn1.Sequence {
  const fields: asn1.AsnType[] = [];
  const hash = (name: HashName): asn1.Sequence =>
    sequence([objectIdentifier(idOf(hashIds, name)), nullValue()]);
  if (algorithm.hash !== 'sha1') fields.push(explicit(0, [hash(algorithm.hash)]));
  if (algorithm.mgfHash !== 'sha1') {
    fields.push(explicit(1, [sequence([objectIdentifier(algorithmIds.mgf1), hash(algorithm.mgfHash)])]));
  }
  if (algorithm.saltBytes !== 20) {
    fields.push(explicit(2, [integer(Uint8Array.of(algorithm.saltBytes >> 8, algorithm.saltBytes & 0xff))]));
  }
  return sequence(fields);
}

function idOf(ids: Partial<Record<HashName, string>>, hash: string): string {
  const id = ids[hash as HashName];
  if (id === undefined)
    throw new ApiMisuseError(`expected one of ${Object.keys(ids).join(', ')}, got ${hash}`);
  return id;
}
