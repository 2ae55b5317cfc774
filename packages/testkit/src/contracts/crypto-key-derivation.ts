import type { CryptoProvider, Pbkdf2HashName, ScryptCost } from '@sealwire/core';
import {
  type ContractCase,
  ascii,
  caseAbout,
  expectBytes,
  expectEqual,
  expectMisuse,
  expectPlain,
  hex,
  joined,
  seededSource,
} from './contract-case.ts';

/** Keys from passwords: PBKDF2 (RFC 8018 §5.2) and scrypt (RFC 7914). */
export function keyDerivationCases(provider: CryptoProvider): ContractCase[] {
  const { pbkdf2, scrypt } = provider;
  return [
    ...pbkdf2Vectors.map(({ name, hash, password, salt, iterations, key }) =>
      caseAbout(`pbkdf2 ${hash}: ${name}`, pbkdf2, (derive) => {
        const derived = derive(hash, ascii(password), ascii(salt), iterations, key.length / 2);
        expectBytes(derived, key, 'key');
        expectPlain(derived, 'key');
      }),
    ),
    caseAbout(
      'pbkdf2: one block is the iterated HMAC, the next begins with the next number',
      pbkdf2,
      (derive) => byDefinition(provider, derive),
    ),
    caseAbout('pbkdf2: passwords and salts of any length, and views of memory', pbkdf2, (derive) => {
      const source = seededSource(31);
      for (const length of [0, 1, 63, 64, 65, 127, 128, 129, 500]) {
        const [password, salt] = [source(length), source(length)];
        const before = hex(joined([password, salt]));
        const key = derive('sha256', password, salt, 3, 33);
        expectEqual(hex(joined([password, salt])), before, 'arguments');
        const moved = joined([Uint8Array.of(9), password, salt]);
        const views = [moved.subarray(1, 1 + length), moved.subarray(1 + length)] as const;
        expectBytes(derive('sha256', ...views, 3, 33), key, `${length} bytes`);
      }
    }),
    caseAbout('pbkdf2: mistakes', pbkdf2, (derive) => {
      const bytes = Uint8Array.of(1);
      for (const wrong of [0, -1, 1.5, Number.NaN, 2 ** 31]) {
        expectMisuse(() => derive('sha256', bytes, bytes, wrong, 32), `${wrong} iterations`);
        expectMisuse(() => derive('sha256', bytes, bytes, 1, wrong), `${wrong} bytes`);
      }
      for (const hash of ['sha3-256', 'SHA256', '', 'toString', undefined])
        expectMisuse(() => derive(hash as never, bytes, bytes, 1, 32), `hash ${hash}`);
    }),
    ...scryptVectors.map(({ password, salt, cost, key }) =>
      caseAbout(`scrypt: RFC 7914 §12, N = ${cost.N}`, scrypt, (derive) => {
        const derived = derive(ascii(password), ascii(salt), cost, key.length / 2);
        expectBytes(derived, key, 'key');
        expectPlain(derived, 'key');
        expectBytes(derive(ascii(password), ascii(salt), cost, 5), key.slice(0, 10), 'the first bytes');
      }),
    ),
    caseAbout('scrypt: memory up to the limit, and not a byte more', scrypt, (derive) => {
      const [password, salt] = [ascii('password'), ascii('salt')];
      const needed = 128 * 4 * (64 + 3 + 2);
      const cost = { N: 64, r: 4, p: 3 };
      expectEqual(derive(password, salt, { ...cost, maxmem: needed }, 32).length, 32, 'length');
      expectMisuse(() => derive(password, salt, { ...cost, maxmem: needed - 1 }, 32), 'a byte too few');
    }),
    caseAbout('scrypt: mistakes', scrypt, (derive) => {
      const bytes = Uint8Array.of(1);
      const maxmem = 2 ** 40;
      const costs: Partial<ScryptCost>[] = [
        ...[0, 1, 3, 15, -2, 2.5, Number.NaN, 2 ** 31, 2 ** 62].map((N) => ({ N })),
        ...[0, -1, 0.5, Number.NaN, 2 ** 30, 2 ** 31].flatMap((n) => [{ r: n }, { p: n }]),
        { N: 2 ** 16, r: 1 },
        { r: 2 ** 15, p: 2 ** 15 },
        { maxmem: 0 },
        { maxmem: Number.NaN },
      ];
      for (const wrong of costs)
        expectMisuse(
          () => derive(bytes, bytes, { N: 2, r: 1, p: 1, maxmem, ...wrong }, 32),
          JSON.stringify(wrong),
        );
      for (const length of [0, -1, 1.5])
        expectMisuse(() => derive(bytes, bytes, { N: 2, r: 1, p: 1, maxmem }, length), `${length} bytes`);
    }),
  ];
}

function byDefinition(provider: CryptoProvider, derive: NonNullable<CryptoProvider['pbkdf2']>): void {
  const [password, salt] = [ascii('by definition'), seededSource(32)(20)];
  for (const hash of Object.values(provider.hashes)) {
    const blocks = [1, 2, 3].map((number) => {
      let last = hash.hmac(password, [salt, Uint8Array.of(0, 0, 0, number)]);
      const sum = Uint8Array.from(last);
      for (let i = 1; i < 7; i++) {
        last = hash.hmac(password, [last]);
        last.forEach((byte, at) => (sum[at]! ^= byte));
      }
      return sum;
    });
    const length = 2 * hash.outputBytes + 3;
    expectBytes(
      derive(hash.name, password, salt, 7, length),
      joined(blocks).subarray(0, length),
      `key by ${hash.name}`,
    );
  }
}

interface Pbkdf2Vector {
  readonly name: string;
  readonly hash: Pbkdf2HashName;
  readonly password: string;
  readonly salt: string;
  readonly iterations: number;
  readonly key: string;
}

const longPassword = 'passwordPASSWORDpassword';
const longSalt = 'saltSALTsaltSALTsaltSALTsaltSALTsalt';

const pbkdf2Vectors: readonly Pbkdf2Vector[] = [
  ...(
    [
      ['password', 'salt', 1, '0c60c80f961f0e71f3a9b524af6012062fe037a6'],
      ['password', 'salt', 2, 'ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957'],
      ['password', 'salt', 4096, '4b007901b765489abead49d926f721d065a429c1'],
      [longPassword, longSalt, 4096, '3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038'],
      ['pass\0word', 'sa\0lt', 4096, '56fa6aa75548099dcc37d7f03425e0c3'],
    ] as const
  ).map(([password, salt, iterations, key], i) => ({
    name: `RFC 6070 §2, case ${i < 3 ? i + 1 : i + 2}`,
    hash: 'sha1' as const,
    password,
    salt,
    iterations,
    key,
  })),
  {
    name: 'RFC 7914 §11, case 1',
    hash: 'sha256',
    password: 'passwd',
    salt: 'salt',
    iterations: 1,
    key: '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
  },
  {
    name: 'RFC 7914 §11, case 2',
    hash: 'sha256',
    password: 'Password',
    salt: 'NaCl',
    iterations: 80_000,
    key: '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d',
  },
  ...(
    [
      ['md5', '8d5d0aad94d14420429fbc7e5b087d7a5527e65dfd0d486a31'],
      ['sha224', '056c4ba438ded91fc14e0594e6f52b87e1f3690c0dc0fbc057'],
      ['sha384', '819143ad66df9a552559b9e131c52ae6c5c1b0eed18f4d283b'],
      ['sha512', '8c0511f4c6e597c6ac6315d8f0362e225f3c501495ba23b868'],
      ['sha512-224', '573df96762ea7da4f71231859ca282ef482764ad9671c5275c'],
      ['sha512-256', '31cf94e3d8e36aa18d40ad92654ab80f500ed7fb575a221554'],
    ] as const
  ).map(([hash, key]) => ({
    name: "RFC 6070's fifth case with another hash (computed with OpenSSL 3.0)",
    hash,
    password: longPassword,
    salt: longSalt,
    iterations: 4096,
    key,
  })),
];

const scryptVectors: readonly { password: string; salt: string; cost: ScryptCost; key: string }[] = [
  {
    password: '',
    salt: '',
    cost: { N: 16, r: 1, p: 1, maxmem: 2 ** 20 },
    key: '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
  },
  {
    password: 'password',
    salt: 'NaCl',
    cost: { N: 1024, r: 8, p: 16, maxmem: 2 ** 21 },
    key: 'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
  },
  {
    password: 'pleaseletmein',
    salt: 'SodiumChloride',
    cost: { N: 16_384, r: 8, p: 1, maxmem: 2 ** 25 },
    key: '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  },
];
