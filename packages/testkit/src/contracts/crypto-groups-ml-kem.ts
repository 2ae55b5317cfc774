import type { CryptoProvider, GroupName, KeyExchangeGroup } from '@sealwire/core';
import {
  ContractFailure,
  type ContractCase,
  caseAbout,
  defined,
  expectBytes,
  expectEqual,
  expectRefused,
  flipped,
  hex,
  joined,
  unhex,
} from './contract-case.ts';

/** ML-KEM (FIPS 203) alone and in hybrids. */
export function mlKemCases(provider: CryptoProvider): ContractCase[] {
  const { sha256 } = provider.hashes;
  const cases = Object.entries(keyDigests).flatMap(([name, digest]) => {
    const group = provider.groups[name as GroupName];
    return [
      caseAbout(`${name}: the key of a seed (Wycheproof keygen_seed, tcId 1)`, sha256 && group, (g) => {
        const key = defined(g.restore(unhex(seed)), 'restored key');
        expectBytes(sha256!.digest([key.share]), digest, 'SHA-256 of the encapsulation key');
        expectBytes(key.exportPrivate(), seed, 'private bytes');
      }),
      caseAbout(
        `${name}: a forged ciphertext gives another secret, not a failure (FIPS 203 §6.3)`,
        group,
        implicitRejection,
      ),
      caseAbout(`${name}: coefficients of q and above are refused (FIPS 203 §7.2)`, group, (g) =>
        modulusCheck(g, 0),
      ),
    ];
  });
  return [
    ...cases,
    caseAbout(
      'X25519MLKEM768: coefficients of q and above are refused',
      provider.groups.X25519MLKEM768,
      (g) => modulusCheck(g, 0),
    ),
    caseAbout('X25519MLKEM768: ML-KEM stands first', provider.groups.X25519MLKEM768, (g) =>
      standsAs(
        g,
        defined(provider.groups.MLKEM768, 'MLKEM768'),
        defined(provider.groups.x25519, 'x25519'),
        64,
      ),
    ),
    caseAbout(
      'X25519MLKEM768: an all-zero X25519 result is refused',
      provider.groups.X25519MLKEM768,
      zeroPart,
    ),
    caseAbout('SecP256r1MLKEM768: the point stands first', provider.groups.SecP256r1MLKEM768, (g) =>
      standsAs(
        g,
        defined(provider.groups.secp256r1, 'secp256r1'),
        defined(provider.groups.MLKEM768, 'MLKEM768'),
        32,
      ),
    ),
    caseAbout('SecP384r1MLKEM1024: the point stands first', provider.groups.SecP384r1MLKEM1024, (g) =>
      standsAs(
        g,
        defined(provider.groups.secp384r1, 'secp384r1'),
        defined(provider.groups.MLKEM1024, 'MLKEM1024'),
        48,
      ),
    ),
    caseAbout('SecP256r1MLKEM768: an invalid point is refused', provider.groups.SecP256r1MLKEM768, (g) => {
      const key = g.generate();
      const { share } = defined(g.respond(key.share), 'response');
      expectRefused(() => g.respond(flipped(key.share, 64)), 'client share');
      expectRefused(() => key.finish(flipped(share, 64)), 'server share');
    }),
  ];
}

function implicitRejection(group: KeyExchangeGroup): void {
  const key = group.generate();
  const { share, secret } = defined(group.respond(key.share), 'response');
  const other = defined(key.finish(flipped(share, 0)), 'the secret of a forged ciphertext');
  expectEqual(other.length, 32, 'its length');
  if (hex(other) === hex(secret)) throw new ContractFailure('a forged ciphertext gave the true secret');
  expectBytes(key.finish(flipped(share, 0)), other, 'the same forgery again');
}

/** The first coefficient is in the first 12 bits, little-endian; q is 3,329. */
function modulusCheck(group: KeyExchangeGroup, at: number): void {
  const { share } = group.generate();
  for (const coefficient of [3329, 3330, 4095]) {
    const bad = Uint8Array.from(share);
    bad[at] = coefficient & 0xff;
    bad[at + 1] = (bad[at + 1]! & 0xf0) | (coefficient >> 8);
    expectRefused(() => group.respond(bad), `a coefficient of ${coefficient}`);
  }
  const highest = Uint8Array.from(share);
  highest[at] = 3328 & 0xff;
  highest[at + 1] = (highest[at + 1]! & 0xf0) | (3328 >> 8);
  defined(group.respond(highest), 'a coefficient of q - 1');
}

function zeroPart(group: KeyExchangeGroup): void {
  const key = group.generate();
  const { share } = defined(group.respond(key.share), 'response');
  expectRefused(
    () => group.respond(joined([key.share.subarray(0, 1184), new Uint8Array(32)])),
    'client share',
  );
  expectRefused(() => key.finish(joined([share.subarray(0, 1088), new Uint8Array(32)])), 'server share');
}

/** A hybrid's share, secret and private bytes are those of its parts, one after the other. */
function standsAs(
  hybrid: KeyExchangeGroup,
  first: KeyExchangeGroup,
  second: KeyExchangeGroup,
  firstPrivateBytes: number,
): void {
  const key = hybrid.generate();
  const privateBytes = key.exportPrivate();
  const a = defined(first.restore(privateBytes.subarray(0, firstPrivateBytes)), 'first part');
  const b = defined(second.restore(privateBytes.subarray(firstPrivateBytes)), 'second part');
  expectBytes(key.share, joined([a.share, b.share]), 'share');
  const { share, secret } = defined(hybrid.respond(key.share), 'response');
  const one = defined(a.finish(share.subarray(0, first.serverShareBytes)), 'first secret');
  const two = defined(b.finish(share.subarray(first.serverShareBytes)), 'second secret');
  expectBytes(secret, joined([one, two]), 'secret');
}

const seed =
  '7c9935a0b07694aa0c6d10e4db6b1add2fd81a25ccb148032dcd739936737f2d8626ed79d451140800e03b59b956f8210e556067407d13dc90fa9e8b872bfb8f';

const keyDigests: Readonly<Record<string, string>> = {
  MLKEM512: '852523749efd2b78d1074e5de629060312cd9397933a19ddb7482cfda5e92614',
  MLKEM768: '86adbca81f4fee893e2fb58fb98aa2fe188f501fed268d7f4056f8c05c4e53c4',
  MLKEM1024: '61b95ec8c32ae85ad7a17ae5b9c2dfb083e05f767da3ba9a0a8092ea6b4cbf7a',
};
