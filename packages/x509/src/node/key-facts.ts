import { algorithmIds } from '../certificate/algorithm.ts';
import { isX509Error } from '../errors.ts';
import { DerReader, tags } from '../der/reader.ts';
import { readObjectIdentifier, readOctetsOfBitString } from '../der/values.ts';
import { encode } from './encode.ts';
import { uncompressedPoint } from './curve-points.ts';
import { type NodeRelease, curveFacts, shortName } from './object-names.ts';
import { upperHex } from './strings.ts';

/** What a legacy object says of a public key. */
export type KeyFacts =
  | {
      readonly type: 'rsa';
      readonly modulus: string;
      readonly bits: number;
      readonly exponent: string;
      /** DER SubjectPublicKeyInfo. */
      readonly pubkey: Uint8Array;
    }
  | {
      readonly type: 'ec';
      readonly bits: number;
      /** The point: uncompressed, from Node 24 on as it stands in the certificate. */
      readonly pubkey: Uint8Array;
      readonly asn1Curve: string;
      readonly nistCurve: string | undefined;
    };

/**
 * RSA keys (those for RSASSA-PSS alone from Node 24 on) and keys on named curves; `undefined` for all others, as Node has nothing to say of them, and for keys that are
 * none. Whether a point is on its curve is found out for the curves of `curve-points.ts`.
 */
export function keyFacts(spki: Uint8Array, release: NodeRelease): KeyFacts | undefined {
  try {
    const info = new DerReader(spki, 'SubjectPublicKeyInfo').enter(tags.sequence, 'SubjectPublicKeyInfo');
    const algorithm = info.enter(tags.sequence, 'algorithm');
    const type = readObjectIdentifier(algorithm, 'algorithm');
    const key = readOctetsOfBitString(info, 'subjectPublicKey');
    if (type === algorithmIds.rsa) return rsaFacts(key, rsaInfo(key, [tags.null, 0]), release);
    if (type === algorithmIds.rsaPss && release >= 24) return rsaFacts(key, rsaInfo(key, []), release);
    if (type !== algorithmIds.ec || algorithm.nextTag !== tags.objectIdentifier) return undefined;
    return ecFacts(readObjectIdentifier(algorithm, 'namedCurve'), key, release);
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}

/** `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }` (RFC 8017 §A.1.1). */
function rsaFacts(key: Uint8Array, pubkey: Uint8Array, release: NodeRelease): KeyFacts {
  const outer = new DerReader(key, 'RSAPublicKey');
  const numbers = outer.enter(tags.sequence, 'RSAPublicKey');
  outer.finish();
  const modulusBytes = numbers.content(tags.integer, 'modulus');
  const digits = withoutZeros(upperHex(numbers.content(tags.integer, 'publicExponent')));
  // Up to Node 22 more than a word holds is shown as a word of ones.
  const exponent = release >= 24 ? digits : digits.length > 16 ? 'f'.repeat(16) : digits.toLowerCase();
  numbers.finish();
  const modulus = withoutZeros(upperHex(modulusBytes));
  const bits =
    modulus === '0' ? 0 : (modulus.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(modulus[0]!, 16)));
  return {
    type: 'rsa',
    modulus,
    bits,
    exponent: `0x${exponent}`,
    pubkey,
  };
}

function ecFacts(curve: string, point: Uint8Array, release: NodeRelease): KeyFacts | undefined {
  const facts = curveFacts(curve);
  const asn1Curve = shortName(curve, release);
  if (facts === undefined || asn1Curve === undefined) return undefined;
  const uncompressed = uncompressedPoint(asn1Curve, point);
  if (uncompressed === undefined) return undefined;
  const pubkey = release >= 24 ? point : uncompressed;
  return { type: 'ec', bits: facts.orderBits, pubkey, asn1Curve, nistCurve: facts.nistName };
}

/** OpenSSL writes the structure anew: with NULL as parameters, or none for a key that was for RSASSA-PSS. */
function rsaInfo(key: Uint8Array, parameters: readonly number[]): Uint8Array {
  const algorithm = encode(tags.sequence, Uint8Array.from(rsaIdentifier), Uint8Array.from(parameters));
  return encode(tags.sequence, algorithm, encode(tags.bitString, Uint8Array.of(0), key));
}

function withoutZeros(hexadecimal: string): string {
  return hexadecimal.replace(/^0+(?=.)/, '');
}

/** DER of the object identifier rsaEncryption. */
const rsaIdentifier = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
