import type { CryptoProvider, DhParameters, KeyExchangeGroup } from '@sealwire/core';
import {
  type ContractCase,
  ContractFailure,
  caseAbout,
  defined,
  expectBytes,
  expectEqual,
  expectMisuse,
  expectRefused,
  hex,
  joined,
  scriptedSource,
  seededSource,
  unhex,
} from './contract-case.ts';
import type { GroupFacts } from './group-facts.ts';
import { prime2048 } from './crypto-groups-ffdhe.ts';

interface NumberedFacts extends GroupFacts {
  readonly prime: string;
  readonly generator: number;
}

/** Groups by their numbers (RFC 5246 §7.4.3), which `crypto-groups.ts` puts through what holds for every group. */
export const numberedGroups: Readonly<Record<string, NumberedFacts>> = {
  'dh: RFC 2409 §6.1, 768 bits': {
    name: 'dh',
    prime:
      'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a3620ffffffffffffffff',
    generator: 2,
    client: 96,
    server: 96,
    secret: 96,
    draws: [96],
  },
  // Made with OpenSSL for these tests: (p-1)/2 is prime too.
  'dh: 521 bits': {
    name: 'dh',
    prime:
      '015c02da6cd42f5233d0ef645f60419724b0286e2e3c5d263facb7295096df395a56e3ff380ee5c83123204e4377346155152cce61975d086053f13e5821e520a467',
    generator: 3,
    client: 66,
    server: 66,
    secret: 66,
    draws: [66],
  },
};

export function numbersOf(prime: string, generator: number): DhParameters {
  return { prime: unhex(prime), generator: Uint8Array.of(generator) };
}

export function dhCases(provider: CryptoProvider): ContractCase[] {
  const dh = provider.dh?.bind(provider);
  return [
    caseAbout('dh: numbers that no sane party uses are refused', dh, refusesNumbers),
    caseAbout('dh: zeros in front of the numbers do not matter', dh, takesZeros),
    caseAbout('dh: the numbers of RFC 7919 give its groups', dh, (make) => knows7919(make)),
    caseAbout('dh: g^a5… is what Python says', dh && provider.hashes.sha256, (sha256) => {
      for (const [name, { exponent, digest }] of Object.entries(knownShares)) {
        const { share } = defined(groupOf(dh!, name).restore(unhex(exponent)), 'restored key');
        expectBytes(sha256.digest([share]), digest, name);
      }
    }),
    caseAbout('dh: only 1 < y < p-1 is accepted (RFC 7919 §5.1)', dh, range),
    caseAbout('dh: given exponents below 2 and above p-2 are drawn anew', dh, redraws),
    caseAbout('dh: shares and secrets are as long as the prime', dh, padding),
    caseAbout('dh: a prime that is none is computed with, and nothing throws', dh, composites),
    caseAbout('dh: the numbers are copied', dh, copies),
  ];
}

type Dh = NonNullable<CryptoProvider['dh']>;

function groupOf(dh: Dh, name: string): KeyExchangeGroup {
  const { prime, generator } = numberedGroups[name]!;
  return defined(dh(numbersOf(prime, generator)), name);
}

function refusesNumbers(dh: Dh): void {
  const p = BigInt(`0x${numberedGroups[small]!.prime}`);
  const make = (prime: bigint, generator: bigint) =>
    dh({ prime: bytesOf(prime), generator: bytesOf(generator) });
  const odd = (bits: number): bigint => (1n << BigInt(bits - 1)) + 0x1234_5677n;
  for (const bits of [512, 513, 1023, 1024, 2048, 8191, 8192])
    expectEqual(make(odd(bits), 2n)?.name, 'dh', `${bits} bits`);
  for (const bits of [64, 256, 511, 8193, 16_384]) expectRefused(() => make(odd(bits), 2n), `${bits} bits`);
  expectRefused(() => make(p + 1n, 2n), 'an even prime');
  for (const generator of [2n, 3n, 5n, p - 2n])
    expectEqual(make(p, generator)?.name, 'dh', `g = ${generator}`);
  for (const generator of [0n, 1n, p - 1n, p, p + 1n, p + 2n, 1n << 8192n, p * p])
    expectRefused(() => make(p, generator), `g = ${generator.toString(16).slice(-8)}`);
  const none = new Uint8Array();
  expectRefused(() => dh({ prime: none, generator: Uint8Array.of(2) }), 'no prime');
  expectRefused(() => dh({ prime: new Uint8Array(128), generator: Uint8Array.of(2) }), 'a prime of 0');
  expectRefused(() => dh({ prime: bytesOf(p), generator: none }), 'no generator');
}

function takesZeros(dh: Dh): void {
  const { prime, generator } = numberedGroups[small]!;
  const zeros = new Uint8Array(3);
  const numbers = numbersOf(prime, generator);
  const group = defined(
    dh({
      prime: joined([zeros, numbers.prime]),
      generator: joined([new Uint8Array(200), numbers.generator]),
    }),
    'group',
  );
  expectEqual(group.clientShareBytes, 66, 'size of a share');
  const share = group.generate(seededSource(30)).share;
  expectBytes(share, groupOf(dh, small).generate(seededSource(30)).share, 'share');
}

function knows7919(dh: Dh): void {
  const group = defined(dh(numbersOf(prime2048, 2)), 'group');
  expectEqual(group.name, 'ffdhe2048', 'name');
  const draws = scriptedSource([seededSource(31)(28)]);
  group.generate(draws);
  expectEqual(draws.left(), 0, 'draws left over');
  expectEqual(dh(numbersOf(prime2048, 3))?.name, 'dh', 'with another generator');
}

function range(dh: Dh): void {
  for (const name of Object.keys(numberedGroups)) {
    const group = groupOf(dh, name);
    const p = BigInt(`0x${numberedGroups[name]!.prime}`);
    const key = group.generate();
    const shareOf = (y: bigint): Uint8Array =>
      unhex(y.toString(16).padStart(2 * group.clientShareBytes, '0'));
    const above = (1n << BigInt(8 * group.clientShareBytes)) - 1n;
    for (const y of [0n, 1n, p - 1n, p, p + 1n, p + 2n, above]) {
      expectRefused(() => group.respond(shareOf(y)), `client share ${y.toString(16).slice(-8)}`);
      expectRefused(() => key.finish(shareOf(y)), `server share ${y.toString(16).slice(-8)}`);
    }
    // Squares, as honest values mostly are: a provider may know the order of a group and refuse others.
    for (const y of [4n, (p - 2n) ** 2n % p]) defined(key.finish(shareOf(y)), `y = ${y}`);
  }
}

function redraws(dh: Dh): void {
  const group = groupOf(dh, small);
  const p = unhex(numberedGroups[small]!.prime);
  const good = seededSource(32)(66).fill(0, 0, 2);
  const one = new Uint8Array(66).with(65, 1);
  const highest = p.with(65, p[65]! - 1);
  const source = scriptedSource([new Uint8Array(66), one, highest, p, good]);
  expectBytes(group.generate(source).exportPrivate(), good, 'private bytes');
  // The prime has 521 bits: seven of the first byte are cleared, not refused.
  expectBytes(group.generate(scriptedSource([good.with(0, 0xfe)])).exportPrivate(), good, 'upper bits');
  for (const bytes of [new Uint8Array(66), one, highest, p]) {
    expectRefused(() => group.restore(bytes), 'private bytes out of range');
  }
  defined(group.restore(p.with(65, p[65]! - 2)), 'an exponent of p - 2');
  defined(group.restore(one.with(65, 2)), 'an exponent of 2');
  expectMisuse(() => group.generate((length) => new Uint8Array(length)), 'a source of zeros for ever');
}

/** With g = 3, y = 2 and the exponent 2: 9 and 4, the rest zeros. */
function padding(dh: Dh): void {
  const group = groupOf(dh, small);
  const two = new Uint8Array(66).with(65, 2);
  const key = defined(group.restore(two), 'restored key');
  expectBytes(key.share, new Uint8Array(66).with(65, 9), 'share');
  expectBytes(key.finish(two), new Uint8Array(66).with(65, 4), 'secret');
  const response = defined(group.respond(two, scriptedSource([two])), 'response');
  expectBytes(response.secret, new Uint8Array(66).with(65, 4), 'secret of the responder');
}

function composites(dh: Dh): void {
  const source = seededSource(33);
  for (const bits of [512, 515, 1024]) {
    const bytes = Math.ceil(bits / 8);
    const prime = source(bytes);
    prime[0] = (prime[0]! & (0xff >>> (8 * bytes - bits))) | (0x80 >>> (8 * bytes - bits));
    prime[bytes - 1]! |= 1;
    const group = defined(dh({ prime, generator: source(bytes - 1) }), `${bits} bits`);
    const exponent = source(bytes).fill(0, 0, 2);
    const key = group.generate(scriptedSource([exponent]));
    const y = source(bytes).fill(0, 0, 2);
    const secret = key.finish(y);
    const expected = power(y, exponent, prime);
    if (secret !== undefined && hex(secret) !== hex(expected)) throw new ContractFailure('a wrong secret');
    const response = defined(group.respond(key.share), 'response');
    expectBytes(key.finish(response.share), response.secret, 'both sides');
  }
}

function copies(dh: Dh): void {
  const { prime, generator } = numberedGroups[small]!;
  const numbers = numbersOf(prime, generator);
  const group = defined(dh(numbers), 'group');
  numbers.prime.fill(0);
  numbers.generator.fill(0);
  const share = group.generate(seededSource(34)).share;
  expectBytes(share, groupOf(dh, small).generate(seededSource(34)).share, 'share');
}

function power(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array {
  const [b, e, m] = [base, exponent, modulus].map((bytes) => BigInt(`0x${hex(bytes)}`));
  let result = 1n;
  for (const bit of e!.toString(2)) {
    result = (result * result) % m!;
    if (bit === '1') result = (result * b!) % m!;
  }
  return unhex(result.toString(16).padStart(2 * modulus.length, '0'));
}

function bytesOf(value: bigint): Uint8Array {
  const digits = value.toString(16);
  return unhex(digits.length % 2 ? `0${digits}` : digits);
}

const small = 'dh: 521 bits';

/** SHA-256 of the shares, computed with Python's `pow`. */
const knownShares: Readonly<Record<string, { readonly exponent: string; readonly digest: string }>> = {
  'dh: RFC 2409 §6.1, 768 bits': {
    exponent: '25'.repeat(96),
    digest: 'e9a464aa6f09a95bc9f6b753fb1c566caaa8a142aca46b08a0fc7cdf8077dfbb',
  },
  'dh: 521 bits': {
    exponent: `00${'a5'.repeat(65)}`,
    digest: '62028f3ce27451cdf743e53f2dad06dd4a5f27fd2ded2bf48b249ac00fb74683',
  },
};
