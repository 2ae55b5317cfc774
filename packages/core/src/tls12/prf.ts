import type { CryptoProvider, HashFunction, HashName, HashState } from '../crypto/provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import type { TranscriptHash } from '../transcript/transcript.ts';
import { ascii, concat } from '../wire/bytes.ts';
import type { Profile } from './profile.ts';
import type { Suite12 } from './suites.ts';

/** PRF(secret, label, seed) cut to `length` bytes; the seed is the concatenation of its pieces. */
export type Prf = (
  secret: Uint8Array,
  label: string,
  seed: readonly Uint8Array[],
  length: number,
) => Uint8Array;

/** The pseudorandom function of a connection: RFC 5246 §5 with the suite's hash, or RFC 2246 §5. */
export function prf(profile: Profile, suite: Suite12, provider: CryptoProvider): Prf {
  if (profile.prf === 'suite') {
    const hash = hashOf(provider, suite.prfHash);
    return (secret, label, seed, length) => expand(hash, secret, concat([ascii(label), ...seed]), length);
  }
  const md5 = hashOf(provider, 'md5');
  const sha1 = hashOf(provider, 'sha1');
  return (secret, label, seed, length) => {
    // RFC 2246 §5: "S1 is taken from the first half of the secret, S2 from the second half"; an odd byte is in both.
    const half = Math.ceil(secret.length / 2);
    const labelled = concat([ascii(label), ...seed]);
    const output = expand(md5, secret.subarray(0, half), labelled, length);
    const other = expand(sha1, secret.subarray(secret.length - half), labelled, length);
    for (let i = 0; i < length; i++) output[i]! ^= other[i]!;
    other.fill(0);
    return output;
  };
}

/** The hash of the handshake messages that Finished covers: the suite's (RFC 5246 §7.4.9), or MD5 ‖ SHA-1 (RFC 2246 §7.4.9). */
export function finishedHash(profile: Profile, suite: Suite12, provider: CryptoProvider): TranscriptHash {
  return profile.prf === 'suite' ? hashOf(provider, suite.prfHash) : md5Sha1(provider);
}

/** P_hash (RFC 5246 §5). */
function expand(hash: HashFunction, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let a: Uint8Array = hash.hmac(secret, [seed]);
  for (let at = 0; at < length; ) {
    const block = hash.hmac(secret, [a, seed]);
    output.set(block.subarray(0, length - at), at);
    at += block.length;
    block.fill(0);
    if (at < length) a = hash.hmac(secret, [a]);
  }
  return output;
}

/** One value for each provider: a transcript is hashed with one function for all its life. */
function md5Sha1(provider: CryptoProvider): TranscriptHash {
  let both = pairs.get(provider);
  if (both === undefined) {
    const md5 = hashOf(provider, 'md5');
    const sha1 = hashOf(provider, 'sha1');
    both = { create: () => pairOf(md5.create(), sha1.create()) };
    pairs.set(provider, both);
  }
  return both;
}

function pairOf(md5: HashState, sha1: HashState): HashState {
  return {
    update(bytes) {
      md5.update(bytes);
      sha1.update(bytes);
    },
    fork: () => pairOf(md5.fork(), sha1.fork()),
    digest: () => concat([md5.digest(), sha1.digest()]),
  };
}

/** A hash that negotiation has found the provider to have. */
export function hashOf(provider: CryptoProvider, name: HashName): HashFunction {
  const hash = provider.hashes[name];
  if (hash === undefined) throw new InternalError(`${provider.name} has no ${name}`);
  return hash;
}

const pairs = /* @__PURE__ */ new WeakMap<CryptoProvider, TranscriptHash>();
