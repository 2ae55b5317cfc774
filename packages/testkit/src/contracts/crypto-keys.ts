import type { CryptoProvider, KeySpec, SignatureAlgorithm } from '@sealwire/core';
import {
  type ContractCase,
  ContractFailure,
  ascii,
  contractCase,
  defined,
  expectBytes,
  expectEqual,
  expectMisuse,
  expectPlain,
  expectRefused,
  flipped,
  hex,
  joined,
  scriptedSource,
  seededSource,
  unhex,
} from './contract-case.ts';
import { privateKeyCases } from './crypto-keys-private.ts';
import { curveNames, curves } from './crypto-groups-elliptic.ts';
import { ecScalars } from './crypto-signatures.ts';
import * as der from './der.ts';
import { pssPkcs8, rsaPkcs8Hex } from './rsa-keys.ts';

/** Import, export and generation of keys. */
export function keyCases(provider: CryptoProvider): ContractCase[] {
  return [
    ...specs.map((spec) =>
      contractCase(`${name(spec)}: generated keys survive export and import`, () =>
        roundTrip(provider, spec),
      ),
    ),
    ...specs
      .filter((spec) => 'curve' in spec || spec.type.startsWith('ed'))
      .map((spec) =>
        contractCase(`${name(spec)}: generation in the given form`, () => given(provider, spec)),
      ),
    contractCase('rsa: generation in the given form is repeatable', () => {
      const twice = [1, 2].map(() =>
        provider.generateKeyPair({ type: 'rsa', bits: 512 }, seededSource(12)).exportPkcs8(),
      );
      expectBytes(twice[0], twice[1]!, 'the same source');
    }),
    contractCase('public keys: every truncation and every trailing byte is refused', () =>
      truncations(provider),
    ),
    contractCase('public keys: changed bits never throw', () => mutations(provider)),
    contractCase('public keys: RSA moduli of 512 to 8,192 bits, odd', () => rsaModuli(provider)),
    contractCase('public keys: RSA exponents odd, from 3 to 2^64', () => rsaExponents(provider)),
    contractCase('public keys: other wrong RSA keys', () => wrongRsa(provider)),
    contractCase('public keys: wrong EC keys (RFC 5480 §2.1.1)', () => wrongEc(provider)),
    contractCase('public keys: wrong EdDSA keys (RFC 8410 §3)', () => wrongEdwards(provider)),
    contractCase('public keys: the imported DER is a copy', () => copies(provider)),
    ...privateKeyCases(provider),
    contractCase('unknown kinds of key are misuse', () => {
      for (const spec of [
        { type: 'dsa', bits: 1024 },
        { type: 'ec', curve: 'secp224r1' },
        { type: 'x25519' },
      ] as unknown as KeySpec[]) {
        expectMisuse(() => provider.generateKeyPair(spec), JSON.stringify(spec));
      }
    }),
  ];
}

function roundTrip(provider: CryptoProvider, spec: KeySpec): void {
  const key = provider.generateKeyPair(spec);
  expectEqual(JSON.stringify(key.kind), JSON.stringify(spec), 'kind');
  expectEqual(JSON.stringify(key.publicKey.kind), JSON.stringify(spec), 'kind of the public key');
  const pkcs8 = key.exportPkcs8();
  expectPlain(pkcs8, 'PKCS #8');
  expectPlain(key.publicKey.spki, 'SubjectPublicKeyInfo');
  const again = defined(provider.importPrivateKey(pkcs8), 'imported private key');
  expectBytes(again.exportPkcs8(), pkcs8, 'PKCS #8');
  expectBytes(again.publicKey.spki, key.publicKey.spki, 'SubjectPublicKeyInfo');
  const publicKey = defined(provider.importPublicKey(key.publicKey.spki), 'imported public key');
  expectBytes(publicKey.spki, key.publicKey.spki, 'SubjectPublicKeyInfo');
  pkcs8.fill(0);
  expectEqual(
    publicKey.verify(algorithmOf(spec), ascii('m'), key.sign(algorithmOf(spec), ascii('m'))),
    true,
    'verification',
  );
  if (hex(provider.generateKeyPair(spec).publicKey.spki) === hex(key.publicKey.spki))
    throw new ContractFailure('the same key twice');
}

function given(provider: CryptoProvider, spec: KeySpec): void {
  const bytes =
    spec.type === 'ed25519'
      ? 32
      : spec.type === 'ed448'
        ? 57
        : curves[(spec as { curve: 'secp256r1' }).curve].n.length / 2;
  const draw = seededSource(13)(bytes).fill(0, 0, 2);
  const source = scriptedSource([draw]);
  const key = provider.generateKeyPair(spec, source);
  expectEqual(source.left(), 0, 'draws left over');
  expectBytes(
    provider.generateKeyPair(spec, scriptedSource([draw])).exportPkcs8(),
    key.exportPkcs8(),
    'the same draw',
  );
  if (!hex(key.exportPkcs8()).includes(hex(draw)))
    throw new ContractFailure('the drawn bytes are not the private key');
}

function truncations(provider: CryptoProvider): void {
  for (const spki of publicKeys(provider)) {
    for (let length = 0; length < spki.length; length++) {
      expectRefused(
        () => provider.importPublicKey(spki.subarray(0, length)),
        `cut to ${length} of ${spki.length} bytes`,
      );
    }
    expectRefused(() => provider.importPublicKey(joined([spki, new Uint8Array(1)])), 'a byte more');
    const content = spki.subarray(spki[1]! < 0x80 ? 2 : spki[1] === 0x81 ? 3 : 4);
    expectRefused(() => provider.importPublicKey(der.sequence(content, der.nothing())), 'an element more');
    defined(provider.importPublicKey(der.sequence(content)), 'the key itself');
  }
}

function mutations(provider: CryptoProvider): void {
  for (const spki of publicKeys(provider)) {
    for (let at = 0; at < Math.min(spki.length, 60); at++) {
      for (const bit of [0x01, 0x80]) {
        const mutant = Uint8Array.from(spki);
        mutant[at]! ^= bit;
        provider.importPublicKey(mutant)?.verify({ type: 'ecdsa', hash: 'sha256' }, mutant, mutant);
      }
    }
  }
}

function rsaModuli(provider: CryptoProvider): void {
  const odd = (bits: number): bigint => (1n << BigInt(bits - 1)) + 0x1234_5677n;
  for (const bits of [512, 513, 1024, 2048, 8191, 8192]) {
    const key = defined(provider.importPublicKey(der.rsaSpki(odd(bits), 65_537n)), `${bits} bits`);
    expectEqual(JSON.stringify(key.kind), JSON.stringify({ type: 'rsa', bits }), 'kind');
  }
  for (const bits of [64, 256, 511, 8193, 8200, 16_384]) {
    expectRefused(() => provider.importPublicKey(der.rsaSpki(odd(bits), 65_537n)), `${bits} bits`);
  }
  expectRefused(() => provider.importPublicKey(der.rsaSpki(odd(1024) + 1n, 65_537n)), 'an even modulus');
  expectRefused(() => provider.importPublicKey(der.rsaSpki(0n, 65_537n)), 'a modulus of 0');
}

function rsaExponents(provider: CryptoProvider): void {
  const modulus = (1n << 1023n) + 0x1234_5677n;
  for (const exponent of [3n, 17n, 65_537n, (1n << 32n) + 1n, (1n << 64n) - 1n]) {
    defined(provider.importPublicKey(der.rsaSpki(modulus, exponent)), `e = ${exponent}`);
  }
  for (const exponent of [0n, 1n, 2n, 4n, 65_536n, (1n << 64n) + 1n, (1n << 80n) + 1n]) {
    expectRefused(() => provider.importPublicKey(der.rsaSpki(modulus, exponent)), `e = ${exponent}`);
  }
}

function wrongRsa(provider: CryptoProvider): void {
  const modulus = (1n << 1023n) + 0x1234_5677n;
  const numbers = der.sequence(der.integer(modulus), der.integer(3n));
  const rsa = der.oid(der.oids.rsa);
  const spki = (algorithm: Uint8Array, key: Uint8Array): Uint8Array => der.sequence(algorithm, key);
  const right = der.sequence(rsa, der.nothing());
  const wrong: [string, Uint8Array][] = [
    ['no NULL (RFC 3279 §2.3.1)', spki(der.sequence(rsa), der.bits(numbers))],
    ['parameters that are not NULL', spki(der.sequence(rsa, der.integer(1n)), der.bits(numbers))],
    [
      'three numbers',
      spki(right, der.bits(der.sequence(der.integer(modulus), der.integer(3n), der.integer(1n)))),
    ],
    ['one number', spki(right, der.bits(der.sequence(der.integer(modulus))))],
    ['bytes behind the numbers', spki(right, der.bits(numbers, new Uint8Array(1)))],
    ['unused bits', spki(right, der.element(0x03, Uint8Array.of(1), numbers))],
    ['an octet string', spki(right, der.octets(numbers))],
    [
      'a negative modulus',
      spki(right, der.bits(der.sequence(der.element(0x02, unhex('ff'.repeat(128))), der.integer(3n)))),
    ],
    [
      'a padded modulus',
      spki(
        right,
        der.bits(
          der.sequence(der.element(0x02, new Uint8Array(2), unhex('ff'.repeat(128))), der.integer(3n)),
        ),
      ),
    ],
    [
      'an unknown algorithm',
      spki(der.sequence(der.oid(der.oids.x25519)), der.bits(new Uint8Array(32).fill(9))),
    ],
    [
      'PSS with an unknown hash',
      spki(
        der.sequence(
          der.oid(der.oids.rsaPss),
          der.sequence(der.element(0xa0, der.sequence(der.oid('2a03')))),
        ),
        der.bits(numbers),
      ),
    ],
    [
      'PSS with an unknown trailer',
      spki(
        der.sequence(der.oid(der.oids.rsaPss), der.sequence(der.element(0xa3, der.integer(2n)))),
        der.bits(numbers),
      ),
    ],
  ];
  for (const [what, bytes] of wrong) expectRefused(() => provider.importPublicKey(bytes), what);
  const pssDefaults = defined(
    provider.importPublicKey(spki(der.sequence(der.oid(der.oids.rsaPss), der.sequence()), der.bits(numbers))),
    'PSS with defaults',
  );
  const restriction = { hash: 'sha1', mgfHash: 'sha1', saltBytes: 20 }; // RFC 4055 §3.1
  expectEqual(
    JSON.stringify(pssDefaults.kind),
    JSON.stringify({ type: 'rsa-pss', restriction, bits: 1024 }),
    'PSS defaults',
  );
  defined(
    provider.importPublicKey(spki(der.sequence(der.oid(der.oids.rsaPss)), der.bits(numbers))),
    'PSS without parameters',
  );
}

function wrongEc(provider: CryptoProvider): void {
  const spki = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' }).publicKey.spki;
  const point = spki.slice(-65);
  const { oids } = der;
  defined(provider.importPublicKey(der.ecSpki(oids.secp256r1, point)), 'the key itself');
  const ec = der.oid(oids.ec);
  const wrong: [string, Uint8Array][] = [
    ['off the curve', der.ecSpki(oids.secp256r1, flipped(point, -1))],
    ['another curve', der.ecSpki(oids.secp384r1, point)],
    ['another curve of the same size', der.ecSpki(oids.secp256k1, point)],
    ['an unknown curve', der.ecSpki(oids.secp224r1, point)],
    [
      'a compressed point',
      der.ecSpki(oids.secp256r1, joined([Uint8Array.of(2 + (point[64]! & 1)), point.subarray(1, 33)])),
    ],
    ['the hybrid form', der.ecSpki(oids.secp256r1, point.with(0, 6 + (point[64]! & 1)))],
    ['the point at infinity', der.ecSpki(oids.secp256r1, new Uint8Array(1))],
    ['zeros', der.ecSpki(oids.secp256r1, new Uint8Array(65).with(0, 4))],
    [
      'coordinates of p',
      der.ecSpki(
        oids.secp256r1,
        joined([Uint8Array.of(4), unhex(curves.secp256r1.p), unhex(curves.secp256r1.p)]),
      ),
    ],
    ['no curve', der.sequence(der.sequence(ec), der.bits(point))],
    ['NULL for a curve (implicitCurve)', der.sequence(der.sequence(ec, der.nothing()), der.bits(point))],
    ['explicit parameters', der.sequence(der.sequence(ec, der.sequence(der.integer(1n))), der.bits(point))],
    [
      'something behind the curve',
      der.sequence(der.sequence(ec, der.oid(oids.secp256r1), der.nothing()), der.bits(point)),
    ],
    ['a byte behind the point', der.ecSpki(oids.secp256r1, joined([point, new Uint8Array(1)]))],
  ];
  for (const [what, bytes] of wrong) expectRefused(() => provider.importPublicKey(bytes), what);
}

function wrongEdwards(provider: CryptoProvider): void {
  for (const type of ['ed25519', 'ed448'] as const) {
    const bytes = type === 'ed25519' ? 32 : 57;
    const point = provider.generateKeyPair({ type }).publicKey.spki.slice(-bytes);
    const algorithm = der.oid(der.oids[type]);
    defined(provider.importPublicKey(der.edSpki(type, point)), 'the key itself');
    expectRefused(() => provider.importPublicKey(der.edSpki(type, point.subarray(1))), 'a byte less');
    expectRefused(
      () => provider.importPublicKey(der.edSpki(type, joined([point, new Uint8Array(1)]))),
      'a byte more',
    );
    expectRefused(
      () => provider.importPublicKey(der.sequence(der.sequence(algorithm, der.nothing()), der.bits(point))),
      'parameters',
    );
    expectRefused(
      () => provider.importPublicKey(der.edSpki(type, new Uint8Array(bytes).fill(0xff))),
      'y above p',
    );
  }
  // y = 2 has no x on edwards25519 (RFC 8032 §5.1.3).
  expectRefused(
    () => provider.importPublicKey(der.edSpki('ed25519', new Uint8Array(32).with(0, 2))),
    'not on the curve',
  );
}

function copies(provider: CryptoProvider): void {
  const spki = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' }).publicKey.spki;
  const given = Uint8Array.from(spki);
  const key = defined(provider.importPublicKey(given), 'public key');
  given.fill(0);
  expectBytes(key.spki, spki, 'after changing the argument');
  key.spki.fill(0);
  expectBytes(
    defined(provider.importPublicKey(spki), 'public key').spki,
    spki,
    'after changing an earlier result',
  );
}

function publicKeys(provider: CryptoProvider): Uint8Array[] {
  const keys = [
    unhex(rsaPkcs8Hex),
    unhex(pssPkcs8),
    der.ecPkcs8(der.oids.secp256r1, unhex(ecScalars.secp256r1)),
    der.edPkcs8('ed25519', new Uint8Array(32).fill(7)),
  ];
  return keys.map((pkcs8) => defined(provider.importPrivateKey(pkcs8), 'private key').publicKey.spki);
}

function algorithmOf(spec: KeySpec): SignatureAlgorithm {
  if (spec.type === 'ec') return { type: 'ecdsa', hash: 'sha256' } as const;
  if (spec.type === 'ed25519' || spec.type === 'ed448') return { type: spec.type };
  return { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes: 20 } as const;
}

function name(spec: KeySpec): string {
  return spec.type === 'ec' ? spec.curve : spec.type;
}

const specs: readonly KeySpec[] = [
  { type: 'rsa', bits: 512 },
  { type: 'rsa-pss', bits: 512 },
  ...curveNames.map((curve) => ({ type: 'ec', curve }) as const),
  { type: 'ed25519' },
  { type: 'ed448' },
];
