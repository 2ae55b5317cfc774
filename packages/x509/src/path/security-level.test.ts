import { describe, expect, test } from 'vitest';
import { ApiMisuseError, type KeySpec, type SignatureAlgorithm } from '@sealwire/core';
import { authority, issue, nowMs, provider } from '../../test/authority.ts';
import { hasOpenssl, opensslVerify } from '../../test/openssl.ts';
import { type Issued, type PathPolicy, verifyChain } from '../index.ts';
import { bitsOfKey } from './security-level.ts';

const anything: Partial<PathPolicy> = {
  minRsaBits: 0,
  signatureHashes: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
};
const levels = [0, 1, 2, 3, 4, 5] as const;
const rsa = (hash: 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512') =>
  ({ type: 'rsa-pkcs1', hash }) satisfies SignatureAlgorithm;
const strong = authority('strong', { keySpec: { type: 'ec', curve: 'secp521r1' } });
const sha512 = { type: 'ecdsa', hash: 'sha512' } as const;

/** The code for each level, and the empty text where a level takes it. */
function codes(leaf: Issued, root: Issued, between: readonly Issued[] = []): string[] {
  return levels.map((securityLevel) => {
    const outcome = verifyChain({
      provider,
      chain: [leaf, ...between].map(({ certificate }) => certificate),
      roots: root.certificate,
      timeMs: nowMs,
      policy: { ...anything, securityLevel },
    });
    return outcome.ok ? '' : `${outcome.code} ${outcome.depth}`;
  });
}

const keys: [name: string, spec: KeySpec, upTo: number][] = [
  ['RSA 512', { type: 'rsa', bits: 512 }, 0],
  ['RSA 992', { type: 'rsa', bits: 992 }, 1],
  ['RSA 1024', { type: 'rsa', bits: 1024 }, 1],
  ['RSA 1536', { type: 'rsa', bits: 1536 }, 1],
  ['RSA 2048', { type: 'rsa', bits: 2048 }, 2],
  ['RSA 3072', { type: 'rsa', bits: 3072 }, 3],
  ['P-256', { type: 'ec', curve: 'secp256r1' }, 3],
  ['P-384', { type: 'ec', curve: 'secp384r1' }, 4],
  ['P-521', { type: 'ec', curve: 'secp521r1' }, 5],
  ['brainpoolP384r1', { type: 'ec', curve: 'brainpoolP384r1' }, 4],
  ['Ed25519', { type: 'ed25519' }, 3],
  ['Ed448', { type: 'ed448' }, 4],
];

describe("OpenSSL's security levels", () => {
  test.each(keys)('of the key %s', (_name, keySpec, upTo) => {
    const leaf = issue('leaf', { keySpec, issuer: strong, signatureAlgorithm: sha512 });
    const expected = levels.map((level) => (level <= upTo ? '' : 'EE_KEY_TOO_SMALL 0'));
    expect(codes(leaf, strong)).toEqual(expected);
    for (const level of hasOpenssl ? levels : []) {
      const said = opensslVerify(strong.certificate, [], leaf.certificate, ['-auth_level', String(level)]);
      expect(/depth lookup: (.*)/.exec(said)?.[1] ?? said).toBe(
        level <= upTo ? 'OK' : 'EE certificate key too weak',
      );
    }
  });
  test.each([
    ['sha1', 0],
    ['sha224', 2],
    ['sha256', 3],
    ['sha384', 4],
    ['sha512', 5],
  ] as const)('of signatures with %s', (hash, upTo) => {
    const root = authority('root', { keySpec: { type: 'rsa', bits: 3072 } });
    const leaf = issue('leaf', {
      keySpec: { type: 'ec', curve: 'secp521r1' },
      issuer: root,
      signatureAlgorithm: rsa(hash),
    });
    // Its RSA key would be too small from level 4 on, and is looked at after the signature's hash.
    const expected = levels.map((level) =>
      level > upTo ? 'CA_MD_TOO_WEAK 0' : level > 3 ? 'CA_KEY_TOO_SMALL 1' : '',
    );
    expect(codes(leaf, root)).toEqual(expected);
  });
  test("the anchor's own signature is not looked at", () => {
    const keySpec = { type: 'rsa', bits: 3072 } as const;
    const root = authority('root', { keySpec, signatureAlgorithm: rsa('sha1') });
    expect(codes(issue('leaf', { issuer: root }), root)[3]).toBe('');
  });
  test('of RSA in between', () =>
    expect(
      [1016, 2000, 4096, 6144, 7680, 8192, 15_360, 16_384].map((bits) => bitsOfKey({ type: 'rsa', bits })),
    ).toEqual([80, 112, 152, 176, 192, 200, 256, 256]));
  test('beside other rules, and from 0 to 5', () => {
    expect(
      verifyChain({ provider, chain: [strong.certificate], roots: strong.certificate, timeMs: nowMs }).ok,
    ).toBe(true);
    for (const securityLevel of [-1, 6, 1.5, '2'])
      expect(() =>
        verifyChain({
          provider,
          chain: [],
          roots: strong.certificate,
          timeMs: nowMs,
          policy: { securityLevel: securityLevel as never },
        }),
      ).toThrow(ApiMisuseError);
  });
});
