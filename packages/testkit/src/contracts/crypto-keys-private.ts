import type { CryptoProvider, PrivateKey } from '@sealwire/core';
import {
  type ContractCase,
  contractCase,
  defined,
  expectBytes,
  expectRefused,
  flipped,
  hex,
  joined,
  seededSource,
  unhex,
} from './contract-case.ts';
import { curveNames, curves } from './crypto-groups-elliptic.ts';
import { ecScalars } from './crypto-signatures.ts';
import * as der from './der.ts';
import { pssPkcs8, rsaPkcs8Hex } from './rsa-keys.ts';

/** Import of private keys. */
export function privateKeyCases(provider: CryptoProvider): ContractCase[] {
  return [
    contractCase('private keys: every truncation and every trailing byte is refused', () =>
      privateTruncations(provider),
    ),
    contractCase('private keys: RSA numbers must fit each other', () => inconsistentRsa(provider)),
    contractCase('private keys: EC scalars in range, public keys their own', () => wrongEcPrivate(provider)),
    contractCase('private keys: EdDSA seeds of the right length, version 2 with its own public key', () =>
      wrongEdPrivate(provider),
    ),
  ];
}

function privateTruncations(provider: CryptoProvider): void {
  for (const pkcs8 of [
    der.ecPkcs8(der.oids.secp256r1, unhex(ecScalars.secp256r1)),
    der.edPkcs8('ed25519', new Uint8Array(32).fill(7)),
    unhex(rsaPkcs8Hex),
    unhex(pssPkcs8),
  ]) {
    defined(provider.importPrivateKey(pkcs8), 'the key itself');
    for (let length = 0; length < pkcs8.length; length += pkcs8.length > 200 ? 7 : 1) {
      expectRefused(
        () => provider.importPrivateKey(pkcs8.subarray(0, length)),
        `cut to ${length} of ${pkcs8.length} bytes`,
      );
    }
    expectRefused(() => provider.importPrivateKey(joined([pkcs8, new Uint8Array(1)])), 'a byte more');
  }
  expectRefused(
    () => provider.importPrivateKey(provider.generateKeyPair({ type: 'ed25519' }).publicKey.spki),
    'a public key',
  );
}

function inconsistentRsa(provider: CryptoProvider): void {
  const pkcs8 = unhex(rsaPkcs8Hex);
  const numbers = readIntegers(pkcs8);
  expectBytes(der.rsaPkcs8(numbers), pkcs8, 'the key, built anew');
  for (let i = 0; i < numbers.length; i++) {
    for (const change of [1n, 2n, -1n, -2n]) {
      const changed = numbers.map((value, at) => (at === i ? value + change : value));
      expectRefused(
        () => provider.importPrivateKey(der.rsaPkcs8(changed)),
        `number ${i} changed by ${change}`,
      );
    }
  }
  const [n, e, d, p, q, dP, dQ] = numbers as [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  expectRefused(
    () => provider.importPrivateKey(der.rsaPkcs8([n, e, d, p, q, dP, dQ, 0n])),
    'a coefficient of 0',
  );
  expectRefused(
    () => provider.importPrivateKey(der.rsaPkcs8([n, e, d, n, 1n, dP, dQ, 1n])),
    'primes n and 1',
  );
  expectRefused(() => provider.importPrivateKey(der.rsaPkcs8(numbers.slice(0, 3))), 'three numbers');
}

function wrongEcPrivate(provider: CryptoProvider): void {
  const { oids } = der;
  for (const curve of curveNames) {
    const n = unhex(curves[curve].n);
    const scalar = unhex(ecScalars[curve]);
    const key = defined(
      provider.importPrivateKey(der.ecPkcs8(oids[curve], scalar)),
      'a key without its public key',
    );
    const point = key.publicKey.spki.slice(-(1 + 2 * n.length));
    expectBytes(
      defined(provider.importPrivateKey(der.ecPkcs8(oids[curve], scalar, point)), 'with it').exportPkcs8(),
      key.exportPkcs8(),
      'export',
    );
    const compressed = joined([Uint8Array.of(2 + (point.at(-1)! & 1)), point.subarray(1, 1 + n.length)]);
    defined(
      provider.importPrivateKey(der.ecPkcs8(oids[curve], scalar, compressed)),
      'with its public key compressed',
    );
    expectRefused(
      () => provider.importPrivateKey(der.ecPkcs8(oids[curve], scalar, flipped(point, -1))),
      'a public key off the curve',
    );
    expectRefused(
      () =>
        provider.importPrivateKey(der.ecPkcs8(oids[curve], scalar, compressed.with(0, compressed[0]! ^ 1))),
      'the other y',
    );
    expectRefused(
      () => provider.importPrivateKey(der.ecPkcs8(oids[curve], new Uint8Array(n.length))),
      'a scalar of 0',
    );
    expectRefused(() => provider.importPrivateKey(der.ecPkcs8(oids[curve], n)), 'a scalar of n');
    expectRefused(
      () => provider.importPrivateKey(der.ecPkcs8(oids[curve], joined([Uint8Array.of(1), scalar]))),
      'a scalar above n',
    );
  }
  expectRefused(
    () => provider.importPrivateKey(der.ecPkcs8(oids.secp224r1, unhex(ecScalars.secp256r1).subarray(4))),
    'an unknown curve',
  );
}

function wrongEdPrivate(provider: CryptoProvider): void {
  for (const type of ['ed25519', 'ed448'] as const) {
    const bytes = type === 'ed25519' ? 32 : 57;
    const seed = seededSource(14)(bytes);
    const key: PrivateKey = defined(provider.importPrivateKey(der.edPkcs8(type, seed)), 'private key');
    const point = key.publicKey.spki.slice(-bytes);
    for (const length of [0, bytes - 1, bytes + 1]) {
      expectRefused(
        () => provider.importPrivateKey(der.edPkcs8(type, new Uint8Array(length))),
        `a seed of ${length} bytes`,
      );
    }
    const version2 = (publicKey: Uint8Array): Uint8Array =>
      der.sequence(
        der.integer(1n),
        der.sequence(der.oid(der.oids[type])),
        der.octets(der.octets(seed)),
        der.element(0x81, new Uint8Array(1), publicKey),
      );
    expectBytes(
      defined(provider.importPrivateKey(version2(point)), 'version 2 (RFC 5958 §2)').exportPkcs8(),
      key.exportPkcs8(),
      'export',
    );
    expectRefused(() => provider.importPrivateKey(version2(flipped(point, 0))), 'the public key of another');
    expectRefused(() => provider.importPrivateKey(version2(point).with(4, 2)), 'version 3');
  }
}

/** The eight numbers of an RSAPrivateKey, behind the version. */
function readIntegers(pkcs8: Uint8Array): bigint[] {
  const numbers: bigint[] = [];
  let at = 30; // headers, version, algorithm, then INTEGER 0 of the key
  while (at < pkcs8.length) {
    const long = pkcs8[at + 1]! & 0x80 ? pkcs8[at + 1]! & 0x7f : 0;
    const length = long ? Number(BigInt(`0x${hex(pkcs8.subarray(at + 2, at + 2 + long))}`)) : pkcs8[at + 1]!;
    const start = at + 2 + long;
    numbers.push(BigInt(`0x${hex(pkcs8.subarray(start, start + length))}`));
    at = start + length;
  }
  return numbers.slice(1);
}
