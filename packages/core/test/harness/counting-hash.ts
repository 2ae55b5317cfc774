import type { HashFunction } from '../../src/crypto/provider.ts';
import { concat } from '../../src/wire/bytes.ts';

/** A hash function that counts how often the compression function of the one it stands for would be called. */
export interface CountingHash {
  readonly hash: HashFunction;
  /** Calls since the last question, and digests that were made. */
  count(): { readonly compressions: number; readonly digests: number };
}

export function countingHash(counted: HashFunction): CountingHash {
  let compressions = 0;
  let digests = 0;
  const lengthField = counted.blockBytes === 128 ? 16 : 8;
  const digest = (pieces: readonly Uint8Array[]) => {
    const message = concat(pieces);
    // FIPS 180-4 §5.1: the bit 1, zeros, and the length, up to whole blocks.
    let padded = message.length + 1 + lengthField;
    while (padded % counted.blockBytes !== 0) padded++;
    compressions += padded / counted.blockBytes;
    digests++;
    return counted.digest([message]);
  };
  /** RFC 2104 §2, for keys up to a block. */
  const hmac: HashFunction['hmac'] = (key, pieces) => {
    const pad = (byte: number) => {
      const block = new Uint8Array(counted.blockBytes).fill(byte);
      key.forEach((each, i) => {
        block[i]! ^= each;
      });
      return block;
    };
    return digest([pad(0x5c), digest([pad(0x36), ...pieces])]);
  };
  const hash: HashFunction = {
    ...counted,
    digest,
    hmac,
    evenHmac: hmac,
    create: () => {
      throw new Error('running hashes are not counted');
    },
  };
  return {
    hash,
    count() {
      const counted = { compressions, digests };
      compressions = 0;
      digests = 0;
      return counted;
    },
  };
}
