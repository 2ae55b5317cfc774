import { joined } from '../contracts/contract-case.ts';
import { bytes, expectAccepted, expectValue, hashName, number } from './fields.ts';
import type { GroupRunner } from './vector.ts';

export const runMac: GroupRunner = (provider, group, test, algorithm) => {
  const hash = hashOf(algorithm.replace('HMAC', ''));
  const tag =
    hash &&
    provider.hashes[hash]
      ?.hmac(bytes(test, 'key'), [bytes(test, 'msg')])
      .subarray(0, number(group, 'tagSize') / 8);
  if (tag === undefined) return 'not applicable';
  const expected = bytes(test, 'tag');
  const isSame = expectValue(tag, expected, true) === 'right';
  return expectAccepted(isSame, test.result === 'valid');
};

/** HKDF (RFC 5869 §2) out of `hmac`, as the key schedule builds it; outputs beyond 255 blocks must not be asked for. */
export const runHkdf: GroupRunner = (provider, _group, test, algorithm) => {
  const name = hashOf(algorithm.replace('HKDF-', ''));
  const hash = name && provider.hashes[name];
  if (hash === undefined) return 'not applicable';
  const size = number(test, 'size');
  if (size > 255 * hash.outputBytes) return expectAccepted(false, test.result === 'valid');
  const prk = hash.hmac(bytes(test, 'salt'), [bytes(test, 'ikm')]);
  const info = bytes(test, 'info');
  const blocks: Uint8Array[] = [];
  for (let i = 1; blocks.length * hash.outputBytes < size; i++) {
    blocks.push(hash.hmac(prk, [blocks.at(-1) ?? new Uint8Array(), info, Uint8Array.of(i)]));
  }
  return expectValue(joined(blocks).subarray(0, size), bytes(test, 'okm'), test.result === 'valid');
};

function hashOf(name: string) {
  return hashName(name.startsWith('SHA') && !name.startsWith('SHA-') ? name.replace('SHA', 'SHA-') : name);
}
