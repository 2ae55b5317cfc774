import type { MlDsaName } from '@sealwire/core';
import { DerError, type DerReader, readDer, tags } from '../der/reader.ts';
import * as der from '../der/writer.ts';
import { nested, readPkcs8, writePkcs8 } from '../formats/pkcs8.ts';

/** Keys of ML-DSA in DER (RFC 9881 §4, §6). */

export interface MlDsaPublicParts {
  readonly type: MlDsaName;
  readonly publicKey: Uint8Array;
}

export interface MlDsaPrivateParts {
  readonly type: MlDsaName;
  readonly key: MlDsaPrivate;
  /** The public key that stands beside it, if any: to be compared with its own. */
  readonly claimedPublicKey: Uint8Array | undefined;
}

/** At least one of the two; both: whether they are of one key is not yet looked at. */
export interface MlDsaPrivate {
  readonly seed?: Uint8Array;
  readonly expanded?: Uint8Array;
}

export function parseMlDsaSpki(spki: Uint8Array): MlDsaPublicParts | undefined {
  return readDer(spki, (outer) =>
    outer.sequence((info) => {
      const type = readAlgorithm(info);
      return { type, publicKey: ofLength(info.bitString(), mlDsaSizes[type].publicKey) };
    }),
  );
}

/**
 *     ML-DSA-44-PrivateKey ::= CHOICE { seed [0] OCTET STRING (SIZE (32)), expandedKey OCTET STRING (SIZE (2560)),
 *          both SEQUENCE { seed OCTET STRING (SIZE (32)), expandedKey OCTET STRING (SIZE (2560)) } }
 */
export function parseMlDsaPkcs8(pkcs8: Uint8Array): MlDsaPrivateParts | undefined {
  return readPkcs8(pkcs8, readAlgorithm, (type, content, claimedPublicKey) => {
    const { expanded } = mlDsaSizes[type];
    const key = nested(content, (choice): MlDsaPrivate => {
      if (choice.nextIs(tags.implicit0)) return { seed: ofLength(choice.content(tags.implicit0), seedBytes) };
      if (choice.nextIs(tags.octetString)) return { expanded: ofLength(choice.octetString(), expanded) };
      return choice.sequence((both) => ({
        seed: ofLength(both.octetString(), seedBytes),
        expanded: ofLength(both.octetString(), expanded),
      }));
    });
    return { type, key, claimedPublicKey };
  });
}

export function writeMlDsaSpki({ type, publicKey }: MlDsaPublicParts): Uint8Array {
  return der.sequence(writeAlgorithm(type), der.bitString(publicKey));
}

/** The seed alone where it is known, as is RECOMMENDED (RFC 9881 §8.1). */
export function writeMlDsaPkcs8(type: MlDsaName, { seed, expanded }: MlDsaPrivate): Uint8Array {
  const key = seed === undefined ? der.octetString(expanded!) : der.element(tags.implicit0, seed);
  return writePkcs8(writeAlgorithm(type), key);
}

export function isMlDsa(type: string): type is MlDsaName {
  return type in mlDsaSizes;
}

/** Without parameters (RFC 9881 §2). */
function readAlgorithm(reader: DerReader): MlDsaName {
  const id = reader.sequence((algorithm) => algorithm.oid());
  for (const name of mlDsaNames) if (ids[name] === id) return name;
  throw new DerError('an unknown key algorithm');
}

function writeAlgorithm(type: MlDsaName): Uint8Array {
  return der.sequence(der.oid(ids[type]));
}

function ofLength(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new DerError('a key of the wrong length');
  return bytes;
}

/** FIPS 204 §4, table 2: bytes of public keys, expanded private keys and signatures. */
export const mlDsaSizes: Readonly<
  Record<MlDsaName, { readonly publicKey: number; readonly expanded: number; readonly signature: number }>
> = {
  'ml-dsa-44': { publicKey: 1312, expanded: 2560, signature: 2420 },
  'ml-dsa-65': { publicKey: 1952, expanded: 4032, signature: 3309 },
  'ml-dsa-87': { publicKey: 2592, expanded: 4896, signature: 4627 },
};

export const mlDsaNames: readonly MlDsaName[] = ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'];

/** ξ of FIPS 204 §6.1. */
export const seedBytes = 32;

/** id-ml-dsa-44, -65 and -87: 2.16.840.1.101.3.4.3.17 to .19 (RFC 9881 §2), as the hex of their DER content. */
const ids: Readonly<Record<MlDsaName, string>> = {
  'ml-dsa-44': '608648016503040311',
  'ml-dsa-65': '608648016503040312',
  'ml-dsa-87': '608648016503040313',
};
