import type { CryptoProvider, HashFunction, HashName } from '@sealwire/core';
import {
  type ContractCase,
  ascii,
  caseAbout,
  expectBytes,
  expectEqual,
  expectPlain,
  hex,
  joined,
  seededSource,
  unhex,
} from './contract-case.ts';

/** Hashes, HMAC and, built on it here, HKDF. */
export function hashCases(provider: CryptoProvider): ContractCase[] {
  const cases: ContractCase[] = [];
  for (const [name, digest] of Object.entries(abcDigests) as [HashName, string][]) {
    const hash = provider.hashes[name];
    cases.push(
      caseAbout(`${name}: digest of "abc" (FIPS 180-4, RFC 1321)`, hash, (h) => {
        expectBytes(h.digest([ascii('abc')]), digest, 'one piece');
        expectBytes(h.digest([ascii('a'), new Uint8Array(), ascii('bc')]), digest, 'three pieces');
        expectEqual(h.name, name, 'name');
        expectEqual(h.outputBytes, digest.length / 2, 'outputBytes');
        expectEqual(h.blockBytes, name === 'sha384' || name === 'sha512' ? 128 : 64, 'blockBytes');
        expectPlain(h.digest([ascii('abc')]), 'digest');
        expectPlain(h.digest([]), 'digest of nothing');
      }),
      caseAbout(`${name}: HMAC (RFC 4231 §4.3, RFC 2202)`, hash, (h) => {
        const message = ascii('what do ya want for nothing?');
        expectBytes(h.hmac(ascii('Jefe'), [message]), jefeHmacs[name], 'HMAC');
        expectBytes(
          h.hmac(ascii('Jefe'), [message.subarray(0, 5), message.subarray(5)]),
          jefeHmacs[name],
          'HMAC of two pieces',
        );
        expectPlain(h.hmac(ascii('Jefe'), []), 'HMAC');
        const long = new Uint8Array(700).fill(7);
        for (const length of [0, 1, 55, 56, 119, 128, 192, 193, 448, 449, long.length]) {
          const pieces = [message, long.subarray(0, length)];
          const even = h.evenHmac?.(ascii('Jefe'), pieces) ?? h.hmac(ascii('Jefe'), pieces);
          expectBytes(
            even,
            hex(h.hmac(ascii('Jefe'), pieces)),
            `HMAC of ${length} bytes more, by the way for records`,
          );
        }
      }),
      caseAbout(
        `${name}: HMAC by its definition, keys around the block size (RFC 2104 §2)`,
        hash,
        hmacByDefinition,
      ),
      caseAbout(`${name}: a forked running hash is independent`, hash, forks),
    );
  }
  cases.push(caseAbout('sha256: HKDF over hmac (RFC 5869 appendix A.1)', provider.hashes.sha256, hkdf));
  return cases;
}

function hmacByDefinition(hash: HashFunction): void {
  const message = seededSource(1)(100);
  for (const keyBytes of [
    0,
    1,
    hash.outputBytes,
    hash.blockBytes - 1,
    hash.blockBytes,
    hash.blockBytes + 1,
    300,
  ]) {
    const key = seededSource(keyBytes)(keyBytes);
    const block = new Uint8Array(hash.blockBytes);
    block.set(keyBytes > hash.blockBytes ? hash.digest([key]) : key);
    const inner = hash.digest([block.map((byte) => byte ^ 0x36), message]);
    expectBytes(
      hash.hmac(key, [message]),
      hash.digest([block.map((byte) => byte ^ 0x5c), inner]),
      `key of ${keyBytes} bytes`,
    );
  }
}

function forks(hash: HashFunction): void {
  const [a, b, c] = [seededSource(1)(70), seededSource(2)(129), seededSource(3)(5)];
  const running = hash.create();
  running.update(a);
  const fork = running.fork();
  running.update(b);
  fork.update(c);
  const second = running.fork();
  expectBytes(running.digest(), hash.digest([a, b]), 'the first');
  expectBytes(fork.digest(), hash.digest([a, c]), 'the fork');
  expectBytes(second.digest(), hash.digest([a, b]), 'a fork outlives its origin');
  expectPlain(hash.create().digest(), 'digest');
}

function hkdf(hash: HashFunction): void {
  const prk = hash.hmac(unhex('000102030405060708090a0b0c'), [new Uint8Array(22).fill(0x0b)]);
  expectBytes(prk, '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5', 'PRK');
  const info = unhex('f0f1f2f3f4f5f6f7f8f9');
  const first = hash.hmac(prk, [info, Uint8Array.of(1)]);
  const second = hash.hmac(prk, [first, info, Uint8Array.of(2)]);
  const okm = joined([first, second]).subarray(0, 42);
  expectBytes(
    okm,
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    'OKM',
  );
}

const abcDigests: Readonly<Record<HashName, string>> = {
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  sha224: '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha384: 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  sha512:
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
};

const jefeHmacs: Readonly<Record<HashName, string>> = {
  md5: '750c783e6ab0b503eaa86e310a5db738',
  sha1: 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  sha224: 'a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44',
  sha256: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  sha384: 'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
  sha512:
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
};
