import { hkdfExpand, hkdfExtract } from '../crypto/hkdf.ts';
import type { HashFunction } from '../crypto/provider.ts';
import { ascii, concat } from '../wire/bytes.ts';

/** LabeledExtract and LabeledExpand (RFC 9180 §4), bound to a hash function and a suite_id. */
export interface Labeled {
  extract(salt: Uint8Array, label: string, inputKeyingMaterial: Uint8Array): Uint8Array;
  expand(secret: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array;
}

export function labeled(hash: HashFunction, suiteId: readonly number[]): Labeled {
  const version = ascii('HPKE-v1');
  const suite = Uint8Array.from(suiteId);
  return {
    extract: (salt, label, input) => hkdfExtract(hash, salt, concat([version, suite, ascii(label), input])),
    expand: (secret, label, info, length) =>
      hkdfExpand(
        hash,
        secret,
        concat([new Uint8Array([length >>> 8, length & 0xff]), version, suite, ascii(label), info]),
        length,
      ),
  };
}
