import type { CryptoProvider, GroupName, KeyExchangeGroup } from '@sealwire/core';
import {
  type ContractCase,
  caseAbout,
  defined,
  expectBytes,
  expectRefused,
  hex,
  joined,
  scriptedSource,
  seededSource,
  unhex,
} from './contract-case.ts';

/** The groups of RFC 7919. */
export function ffdheCases(provider: CryptoProvider): ContractCase[] {
  const { sha256 } = provider.hashes;
  const shares = Object.entries(shareDigests).map(([name, { exponentBytes, digest }]) =>
    caseAbout(
      `${name}: 2^a5a5… modulo the prime of RFC 7919 appendix A`,
      sha256 && provider.groups[name as GroupName],
      (group) => {
        const { share } = defined(group.restore(new Uint8Array(exponentBytes).fill(0xa5)), 'restored key');
        expectBytes(sha256!.digest([share]), digest, 'SHA-256 of the share');
      },
    ),
  );
  return [
    ...shares,
    caseAbout('ffdhe2048: only 1 < y < p-1 is accepted (RFC 7919 §5.1)', provider.groups.ffdhe2048, range),
    caseAbout('ffdhe2048: given exponents below 2 are drawn anew', provider.groups.ffdhe2048, (group) => {
      const good = seededSource(5)(28);
      const one = new Uint8Array(28);
      one[27] = 1;
      const key = group.generate(scriptedSource([new Uint8Array(28), one, good]));
      expectBytes(key.exportPrivate(), good, 'private bytes');
      expectRefused(() => group.restore(one), 'an exponent of 1');
    }),
    caseAbout(
      'ffdhe2048: shares and secrets keep their leading zeros (RFC 9846 §7.4.1)',
      provider.groups.ffdhe2048,
      padding,
    ),
  ];
}

function range(group: KeyExchangeGroup): void {
  const p = BigInt(`0x${prime2048}`);
  const key = group.generate();
  for (const y of [0n, 1n, p - 1n, p, p + 1n, p + 2n, p + 3n, (1n << 2048n) - 1n]) {
    const share = unhex(y.toString(16).padStart(512, '0'));
    expectRefused(() => group.respond(share), `client share ${hex(share.subarray(-8))}`);
    expectRefused(() => key.finish(share), `server share ${hex(share.subarray(-8))}`);
  }
  // Squares, as all honest values are. The others belong to no contract: some releases of OpenSSL refuse them.
  for (const y of [2n, 4n, (p - 2n) ** 2n % p]) {
    defined(key.finish(unhex(y.toString(16).padStart(512, '0'))), `y = ${y}`);
  }
}

/** With y = 2 and the exponent 2 the secret is 4: 255 zero bytes and a 4. */
function padding(group: KeyExchangeGroup): void {
  const two = new Uint8Array(28);
  two[27] = 2;
  const key = defined(group.restore(two), 'restored key');
  expectBytes(key.share, joined([new Uint8Array(255), Uint8Array.of(4)]), 'share');
  const share = joined([new Uint8Array(255), Uint8Array.of(2)]);
  expectBytes(key.finish(share), joined([new Uint8Array(255), Uint8Array.of(4)]), 'secret');
  const response = defined(group.respond(share, scriptedSource([two])), 'response');
  expectBytes(response.secret, joined([new Uint8Array(255), Uint8Array.of(4)]), 'secret of the responder');
}

/** Computed from the primes in OpenSSL 3.0's keys with Python's `pow`. */
const shareDigests: Readonly<Record<string, { readonly exponentBytes: number; readonly digest: string }>> = {
  ffdhe2048: {
    exponentBytes: 28,
    digest: '1ec445f931ac01fd856edde2575ffb32899074e8d4d25ee419a560cb1c35fa3c',
  },
  ffdhe3072: {
    exponentBytes: 34,
    digest: '6b0b828b96c3569191a1e990ee22ca755af90fbb72d716b674c76365b0f38fb5',
  },
  ffdhe4096: {
    exponentBytes: 40,
    digest: '566fdf24ad9958516122b4b2f0ffba9ba30177b6a69ff9202862d992eaec3a4f',
  },
  ffdhe6144: {
    exponentBytes: 46,
    digest: '3c09a7db6c6df827e4f2ed92bc53019734773657f9613355182809be464b95f1',
  },
  ffdhe8192: {
    exponentBytes: 50,
    digest: '122581b1a1a94dc7d681cf4dc51f899de9f4d7105f3e73c0114a19e6440fa2c5',
  },
};

/** RFC 7919 appendix A.1. */
export const prime2048 =
  'ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695a9e13641146433fbcc939dce249b3ef97d2fe363630c75d8f681b202aec4617ad3df1ed5d5fd65612433f51f5f066ed0856365553ded1af3b557135e7f57c935984f0c70e0e68b77e2a689daf3efe8721df158a136ade73530acca4f483a797abc0ab182b324fb61d108a94bb2c8e3fbb96adab760d7f4681d4f42a3de394df4ae56ede76372bb190b07a7c8ee0a6d709e02fce1cdf7e2ecc03404cd28342f619172fe9ce98583ff8e4f1232eef28183c3fe3b1b4c6fad733bb5fcbc2ec22005c58ef1837d1683b2c6f34a26c1b2effa886b423861285c97ffffffffffffffff';
