import type { CryptoProvider, KeySpec, MlDsaName } from '@sealwire/core';
import {
  type ContractCase,
  ContractFailure,
  ascii,
  caseAbout,
  contractCase,
  defined,
  expectBytes,
  expectEqual,
  expectMisuse,
  expectPlain,
  expectRefused,
  hex,
  joined,
  scriptedSource,
  seededSource,
} from './contract-case.ts';
import { checkBothWays } from './crypto-signatures.ts';
import * as der from './der.ts';

/** ML-DSA (FIPS 204; keys as in RFC 9881), where the provider says that it has it, and its absence where it does not. */
export function mlDsaCases(provider: CryptoProvider): ContractCase[] {
  return mlDsaNames.flatMap((name) => {
    const subject = provider.mlDsa?.includes(name) === true ? name : undefined;
    const about = (what: string, run: (provider: CryptoProvider, name: MlDsaName) => void) =>
      caseAbout(`${name}: ${what}`, subject, (each) => run(provider, each));
    return [
      contractCase(`${name}: absent where the provider does not name it`, () => absence(provider, name)),
      about('the keys of RFC 9881 appendix C.1', knownKeys),
      about('generation in the given form', given),
      about('signs and verifies, hedged and in the given form', signatures),
      about('generated keys survive export and import', roundTrip),
      about('wrong public keys (RFC 9881 §2, §4)', wrongPublic),
      about('wrong private keys (RFC 9881 §6)', wrongPrivate),
      about('algorithms that do not fit the key verify nothing and sign nothing', misfits),
    ];
  });
}

/** What a provider does not name it does not half have: nobody would ask it. */
function absence(provider: CryptoProvider, name: MlDsaName): void {
  if (provider.mlDsa?.includes(name) === true) return;
  expectMisuse(() => provider.generateKeyPair({ type: name }), 'a key');
  expectRefused(() => provider.importPublicKey(spki(name, new Uint8Array(sizes[name].publicKey))), 'public');
  expectRefused(() => provider.importPrivateKey(seedPkcs8(name, knownSeed)), 'private');
}

function knownKeys(provider: CryptoProvider, name: MlDsaName): void {
  const key = defined(provider.importPrivateKey(seedPkcs8(name, knownSeed)), 'private key');
  const hash = defined(provider.hashes.sha256, 'SHA-256');
  expectBytes(hash.digest([key.publicKey.spki]), knownSpkis[name], 'SHA-256 of the SubjectPublicKeyInfo');
  expectBytes(key.exportPkcs8(), seedPkcs8(name, knownSeed), 'PKCS #8: the seed alone');
}

function given(provider: CryptoProvider, name: MlDsaName): void {
  const source = scriptedSource([knownSeed]);
  const key = provider.generateKeyPair({ type: name }, source);
  expectEqual(source.left(), 0, 'draws left over');
  expectBytes(key.exportPkcs8(), seedPkcs8(name, knownSeed), 'the seed is what was drawn');
  const [one, other] = [1, 2].map(() => provider.generateKeyPair({ type: name }));
  if (hex(one!.exportPkcs8()) === hex(other!.exportPkcs8())) throw new ContractFailure('the same key twice');
}

function signatures(provider: CryptoProvider, name: MlDsaName): void {
  const key = provider.generateKeyPair({ type: name });
  const message = ascii('module lattices');
  const signature = key.sign({ type: name }, message);
  expectPlain(signature, 'signature');
  expectEqual(signature.length, sizes[name].signature, 'bytes');
  checkBothWays(key, { type: name }, message, signature);
  for (const byte of [0x00, 0xff]) {
    const constant = new Uint8Array(signature.length).fill(byte);
    expectEqual(key.publicKey.verify({ type: name }, message, constant), false, `bytes of ${byte}`);
  }
  if (hex(key.sign({ type: name }, message)) === hex(signature))
    throw new ContractFailure('the same signature twice: it is not hedged (FIPS 204 §3.4)');
  const zeros = () => scriptedSource([new Uint8Array(32)]);
  const source = zeros();
  const deterministic = key.sign({ type: name }, message, source);
  expectEqual(source.left(), 0, 'draws left over');
  expectBytes(key.sign({ type: name }, message, zeros()), deterministic, 'the same draw');
  expectEqual(key.publicKey.verify({ type: name }, message, deterministic), true, 'verification');
  expectEqual(key.publicKey.verify({ type: name }, new Uint8Array(), deterministic), false, 'no message');
}

function roundTrip(provider: CryptoProvider, name: MlDsaName): void {
  const key = provider.generateKeyPair({ type: name });
  for (const each of [key, key.publicKey])
    expectEqual(JSON.stringify(each.kind), JSON.stringify({ type: name }), 'kind');
  const pkcs8 = key.exportPkcs8();
  expectPlain(pkcs8, 'PKCS #8');
  expectPlain(key.publicKey.spki, 'SubjectPublicKeyInfo');
  const again = defined(provider.importPrivateKey(pkcs8), 'imported private key');
  expectBytes(again.exportPkcs8(), pkcs8, 'PKCS #8');
  expectBytes(again.publicKey.spki, key.publicKey.spki, 'SubjectPublicKeyInfo');
  const bytes = Uint8Array.from(key.publicKey.spki);
  const publicKey = defined(provider.importPublicKey(bytes), 'imported public key');
  bytes.fill(0);
  pkcs8.fill(0);
  expectBytes(publicKey.spki, key.publicKey.spki, 'SubjectPublicKeyInfo, after changing the argument');
  const signature = again.sign({ type: name }, ascii('m'));
  expectEqual(publicKey.verify({ type: name }, ascii('m'), signature), true, 'verification');
}

function wrongPublic(provider: CryptoProvider, name: MlDsaName): void {
  const { publicKey } = provider.generateKeyPair({ type: name });
  const key = publicKey.spki.slice(-sizes[name].publicKey);
  expectBytes(spki(name, key), publicKey.spki, 'the key, built anew');
  const algorithm = der.oid(der.oids[name]);
  const wrong: [string, Uint8Array][] = [
    ['a byte less', spki(name, key.subarray(1))],
    ['a byte more', spki(name, joined([key, new Uint8Array(1)]))],
    ['parameters', der.sequence(der.sequence(algorithm, der.nothing()), der.bits(key))],
    ['an octet string inside', der.sequence(der.sequence(algorithm), der.bits(der.octets(key)))],
    ['unused bits', der.sequence(der.sequence(algorithm), der.element(0x03, Uint8Array.of(1), key))],
    ['HashML-DSA (RFC 9881 §8.3)', der.sequence(der.sequence(der.oid(hashMlDsa44)), der.bits(key))],
    ['something behind the key', der.sequence(der.sequence(algorithm), der.bits(key), der.nothing())],
    ['a byte behind it all', joined([publicKey.spki, new Uint8Array(1)])],
    ...mlDsaNames
      .filter((other) => other !== name)
      .map((other): [string, Uint8Array] => [`the name of ${other}`, spki(other, key)]),
  ];
  for (const [what, bytes] of wrong) expectRefused(() => provider.importPublicKey(bytes), what);
  for (let length = 0; length < publicKey.spki.length; length += length < 40 ? 1 : 97)
    expectRefused(() => provider.importPublicKey(publicKey.spki.subarray(0, length)), `cut to ${length}`);
}

function wrongPrivate(provider: CryptoProvider, name: MlDsaName): void {
  const algorithm = [der.oid(der.oids[name])];
  const seed = (bytes: Uint8Array): Uint8Array => der.element(0x80, bytes);
  const own = defined(provider.importPrivateKey(seedPkcs8(name, knownSeed)), 'the seed');
  const publicKey = own.publicKey.spki.slice(-sizes[name].publicKey);
  const withPublic = (version: bigint, bytes: Uint8Array): Uint8Array =>
    der.sequence(
      der.integer(version),
      der.sequence(...algorithm),
      der.octets(seed(knownSeed)),
      der.element(0x81, new Uint8Array(1), bytes),
    );
  const second = defined(provider.importPrivateKey(withPublic(1n, publicKey)), 'version 2');
  expectBytes(second.publicKey.spki, own.publicKey.spki, 'version 2 with its own public key');
  const expanded = new Uint8Array(sizes[name].expanded);
  const wrong: [string, Uint8Array][] = [
    ['a public key in version 1', withPublic(0n, publicKey)],
    ['version 2 with another public key', withPublic(1n, publicKey.with(0, publicKey[0]! ^ 1))],
    ['version 2 with a part of the public key', withPublic(1n, publicKey.subarray(-8))],
    ['a seed of 31 bytes', der.pkcs8(algorithm, seed(knownSeed.subarray(1)))],
    ['a seed of 33 bytes', der.pkcs8(algorithm, seed(new Uint8Array(33)))],
    ['a seed without a tag', der.pkcs8(algorithm, knownSeed)],
    ['a seed in [0] EXPLICIT', der.pkcs8(algorithm, der.element(0xa0, der.octets(knownSeed)))],
    ['a seed as an expanded key', der.pkcs8(algorithm, der.octets(knownSeed))],
    ['zeros for an expanded key', der.pkcs8(algorithm, der.octets(expanded))],
    ['an expanded key in [0]', der.pkcs8(algorithm, seed(expanded))],
    [
      'both, which do not fit',
      der.pkcs8(algorithm, der.sequence(der.octets(knownSeed), der.octets(expanded))),
    ],
    [
      'both in the other order',
      der.pkcs8(algorithm, der.sequence(der.octets(expanded), der.octets(knownSeed))),
    ],
    ['parameters', der.pkcs8([...algorithm, der.nothing()], seed(knownSeed))],
    ['nothing', der.pkcs8(algorithm, new Uint8Array())],
    ['a byte behind it', joined([seedPkcs8(name, knownSeed), new Uint8Array(1)])],
  ];
  for (const [what, bytes] of wrong) expectRefused(() => provider.importPrivateKey(bytes), what);
  const whole = seedPkcs8(name, knownSeed);
  for (let length = 0; length < whole.length; length++)
    expectRefused(() => provider.importPrivateKey(whole.subarray(0, length)), `cut to ${length}`);
  for (let at = 0; at < whole.length; at++)
    for (const bit of [0x01, 0x80]) provider.importPrivateKey(whole.with(at, whole[at]! ^ bit)); // never throws
}

function misfits(provider: CryptoProvider, name: MlDsaName): void {
  const key = provider.generateKeyPair({ type: name }, seededSource(9));
  const message = ascii('misfit');
  const signature = key.sign({ type: name }, message);
  const others: KeySpec[] = [
    { type: 'ed25519' },
    ...mlDsaNames.filter((each) => each !== name).map((type) => ({ type })),
  ];
  for (const { type } of others as { type: 'ed25519' }[]) {
    expectEqual(key.publicKey.verify({ type }, message, signature), false, type);
    expectMisuse(() => key.sign({ type }, message), type);
  }
  const edwards = provider.generateKeyPair({ type: 'ed25519' });
  expectMisuse(() => edwards.sign({ type: name }, message), `${name} with an Ed25519 key`);
  expectEqual(edwards.publicKey.verify({ type: name }, message, signature), false, 'an Ed25519 key');
}

function spki(name: MlDsaName, key: Uint8Array): Uint8Array {
  return der.sequence(der.sequence(der.oid(der.oids[name])), der.bits(key));
}

function seedPkcs8(name: MlDsaName, seed: Uint8Array): Uint8Array {
  return der.pkcs8([der.oid(der.oids[name])], der.element(0x80, seed));
}

const mlDsaNames: readonly MlDsaName[] = ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'];

/** FIPS 204 §4, table 2. */
const sizes = {
  'ml-dsa-44': { publicKey: 1312, expanded: 2560, signature: 2420 },
  'ml-dsa-65': { publicKey: 1952, expanded: 4032, signature: 3309 },
  'ml-dsa-87': { publicKey: 2592, expanded: 4896, signature: 4627 },
} as const;

/** RFC 9881 appendix C.1: one seed for all three; and of the keys of appendix C.2 the SHA-256. */
const knownSeed = Uint8Array.from({ length: 32 }, (_, i) => i);
const knownSpkis: Readonly<Record<MlDsaName, string>> = {
  'ml-dsa-44': '837832708c5236d951581f1fddf2b79991b3424a0486d16da1ddad0fd69701be',
  'ml-dsa-65': 'b8b62131bfbe84433efb2273d7f5b87f7a22854a2cfd366fc2aead86d837c52d',
  'ml-dsa-87': '07e57c4f14dbad1267f621ec3777b4e2e6c4fbc4c22fbb87510ff8e0b3c6a642',
};

/** id-hash-ml-dsa-44-with-sha512. */
const hashMlDsa44 = '608648016503040320';
