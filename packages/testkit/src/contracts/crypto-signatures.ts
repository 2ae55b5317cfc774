import type { CryptoProvider, CurveName, HashName, PrivateKey, SignatureAlgorithm } from '@sealwire/core';
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
  flipped,
  hex,
  joined,
  scriptedSource,
  unhex,
} from './contract-case.ts';
import { curveNames, curves } from './crypto-groups-elliptic.ts';
import { ecPkcs8, ecdsaSignature, edPkcs8, element, integer, oids, sequence } from './der.ts';

/** ECDSA and EdDSA. */
export function signatureCases(provider: CryptoProvider): ContractCase[] {
  return [
    ...ecdsaVectors.map((vector) =>
      contractCase(`${vector.curve}, ${vector.hash}: RFC 6979 ${vector.section}`, () =>
        rfc6979(provider, vector),
      ),
    ),
    ...curveNames.flatMap((curve) => [
      contractCase(`${curve}: signs and verifies with every hash`, () => everyHash(provider, curve)),
      contractCase(`${curve}: a high s is as good as a low one`, () => highS(provider, curve)),
      contractCase(`${curve}: signatures must be strict DER with r and s in range (RFC 3279 §2.2.3)`, () =>
        strictDer(provider, curve),
      ),
    ]),
    ...edVectors.map((vector) =>
      contractCase(`${vector.type}: ${vector.name}`, () => rfc8032(provider, vector)),
    ),
    ...(['ed25519', 'ed448'] as const).map((type) =>
      contractCase(`${type}: signs, verifies, refuses changes and s + L`, () =>
        edwardsSignatures(provider, type),
      ),
    ),
    contractCase('algorithms that do not fit a key verify nothing and sign nothing', () => misfits(provider)),
  ];
}

interface EcdsaVector {
  readonly curve: CurveName;
  readonly hash: HashName;
  readonly section: string;
  readonly message: string;
  readonly r: string;
  readonly s: string;
}

function rfc6979(provider: CryptoProvider, { curve, hash, message, r, s }: EcdsaVector): void {
  const key = ecKey(provider, curve);
  const signature = ecdsaSignature(BigInt(`0x${r}`), BigInt(`0x${s}`));
  const algorithm: SignatureAlgorithm = { type: 'ecdsa', hash };
  expectBytes(
    key.sign(algorithm, ascii(message), scriptedSource([])),
    signature,
    'the given form, which draws nothing',
  );
  expectEqual(key.publicKey.verify(algorithm, ascii(message), signature), true, 'verification');
}

function everyHash(provider: CryptoProvider, curve: CurveName): void {
  const key = ecKey(provider, curve);
  const message = ascii('sealed in every wire');
  for (const hash of ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const) {
    const signature = key.sign({ type: 'ecdsa', hash }, message);
    expectPlain(signature, 'signature');
    checkBothWays(key, { type: 'ecdsa', hash }, message, signature);
    expectEqual(
      key.publicKey.verify({ type: 'ecdsa', hash: hash === 'sha1' ? 'sha256' : 'sha1' }, message, signature),
      false,
      'another hash',
    );
  }
}

function highS(provider: CryptoProvider, curve: CurveName): void {
  const key = ecKey(provider, curve);
  const algorithm: SignatureAlgorithm = { type: 'ecdsa', hash: 'sha256' };
  const message = ascii('high and low');
  const n = BigInt(`0x${curves[curve].n}`);
  const { r, s } = readSignature(key.sign(algorithm, message));
  expectEqual(key.publicKey.verify(algorithm, message, ecdsaSignature(r, s)), true, 's');
  expectEqual(key.publicKey.verify(algorithm, message, ecdsaSignature(r, n - s)), true, 'n - s');
}

function strictDer(provider: CryptoProvider, curve: CurveName): void {
  const key = ecKey(provider, curve);
  const algorithm: SignatureAlgorithm = { type: 'ecdsa', hash: 'sha256' };
  const message = ascii('strict');
  const n = BigInt(`0x${curves[curve].n}`);
  const good = key.sign(algorithm, message);
  const { r, s } = readSignature(good);
  const rest = (prefix: number[], from: number): Uint8Array =>
    joined([Uint8Array.from(prefix), good.subarray(from)]);
  const long = good[1] === 0x81;
  const paddedInteger = (value: bigint): Uint8Array =>
    element(0x02, new Uint8Array(2), integer(value).subarray(2));
  const wrong: [string, Uint8Array][] = [
    ['empty', new Uint8Array()],
    ['a byte more', joined([good, new Uint8Array(1)])],
    ['a byte less', good.subarray(0, -1)],
    ['not a sequence', rest([0x31], 1)],
    [
      'a length that is not minimal',
      long ? rest([0x30, 0x82, 0x00, good[2]!], 3) : rest([0x30, 0x81, good[1]!], 2),
    ],
    [
      'an indefinite length',
      joined([Uint8Array.of(0x30, 0x80), good.subarray(long ? 3 : 2), new Uint8Array(2)]),
    ],
    ['r with needless zeros', sequence(paddedInteger(r), integer(s))],
    ['s with needless zeros', sequence(integer(r), paddedInteger(s))],
    ['r negative', sequence(element(0x02, Uint8Array.of(0x80 | 1)), integer(s))],
    ['r missing', sequence(integer(s))],
    ['three integers', sequence(integer(r), integer(s), integer(1n))],
    ['integers without content', sequence(element(0x02), element(0x02))],
    ['r = 0', ecdsaSignature(0n, s)],
    ['s = 0', ecdsaSignature(r, 0n)],
    ['both 0', ecdsaSignature(0n, 0n)],
    ['r = n', ecdsaSignature(n, s)],
    ['s = n', ecdsaSignature(r, n)],
    ['r + n', ecdsaSignature(r + n, s)],
    ['s + n', ecdsaSignature(r, s + n)],
    ['r and s as plain bytes', joined([unhex(padded(r, curve)), unhex(padded(s, curve))])],
  ];
  for (const [what, signature] of wrong)
    expectEqual(key.publicKey.verify(algorithm, message, signature), false, what);
  expectEqual(key.publicKey.verify(algorithm, message, good), true, 'the signature itself');
}

function padded(value: bigint, curve: CurveName): string {
  return value.toString(16).padStart(curves[curve].n.length, '0');
}

interface EdVector {
  readonly type: 'ed25519' | 'ed448';
  readonly name: string;
  readonly seed: string;
  readonly point: string;
  readonly message: string;
  readonly signature: string;
}

function rfc8032(provider: CryptoProvider, { type, seed, point, message, signature }: EdVector): void {
  const key = defined(provider.importPrivateKey(edPkcs8(type, unhex(seed))), 'private key');
  expectBytes(key.publicKey.spki.slice(-point.length / 2), point, 'public key');
  expectBytes(key.sign({ type }, unhex(message)), signature, 'signature');
  expectBytes(
    key.sign({ type }, unhex(message), scriptedSource([])),
    signature,
    'signature in the given form',
  );
  expectEqual(key.publicKey.verify({ type }, unhex(message), unhex(signature)), true, 'verification');
}

function edwardsSignatures(provider: CryptoProvider, type: 'ed25519' | 'ed448'): void {
  const key = provider.generateKeyPair({ type });
  const message = ascii('edwards');
  const signature = key.sign({ type }, message);
  expectPlain(signature, 'signature');
  checkBothWays(key, { type }, message, signature);
  const half = signature.length / 2;
  const s = BigInt(`0x${hex(signature.slice(half).reverse())}`) + edOrders[type];
  const moved = unhex(s.toString(16).padStart(2 * half, '0')).reverse();
  expectEqual(
    key.publicKey.verify({ type }, message, joined([signature.subarray(0, half), moved])),
    false,
    's + L (RFC 8032 §5.1.7)',
  );
  expectEqual(key.publicKey.verify({ type }, message, new Uint8Array(signature.length)), false, 'zeros');
  expectEqual(
    key.publicKey.verify({ type }, message, new Uint8Array(signature.length).fill(0xff)),
    false,
    'ones',
  );
}

/** The signature verifies; a change of anything makes it not verify, and nothing throws. */
export function checkBothWays(
  key: PrivateKey,
  algorithm: SignatureAlgorithm,
  message: Uint8Array,
  signature: Uint8Array,
): void {
  const { publicKey } = key;
  expectEqual(publicKey.verify(algorithm, message, signature), true, 'verification');
  for (const at of [0, 1, 2, signature.length >> 1, signature.length - 1]) {
    expectEqual(publicKey.verify(algorithm, message, flipped(signature, at)), false, `byte ${at} changed`);
  }
  expectEqual(publicKey.verify(algorithm, flipped(message, 0), signature), false, 'another message');
  expectEqual(publicKey.verify(algorithm, message, signature.subarray(1)), false, 'first byte missing');
  expectEqual(publicKey.verify(algorithm, message, signature.subarray(0, -1)), false, 'last byte missing');
  expectEqual(
    publicKey.verify(algorithm, message, joined([new Uint8Array(1), signature])),
    false,
    'a zero in front',
  );
  expectEqual(
    publicKey.verify(algorithm, message, joined([signature, new Uint8Array(1)])),
    false,
    'a zero behind',
  );
  expectEqual(publicKey.verify(algorithm, message, new Uint8Array()), false, 'an empty signature');
}

function misfits(provider: CryptoProvider): void {
  const key = ecKey(provider, 'secp256r1');
  const message = ascii('misfit');
  const signature = key.sign({ type: 'ecdsa', hash: 'sha256' }, message);
  const wrong: unknown[] = [
    { type: 'ed25519' },
    { type: 'ed448' },
    { type: 'rsa-pkcs1', hash: 'sha256' },
    { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 },
    { type: 'rsa-pkcs1', hash: 'md5-sha1' },
    { type: 'ecdsa', hash: 'md5-sha1' },
    { type: 'ecdsa', hash: 'sha3-256' },
    { type: 'ecdsa', hash: 'constructor' },
    { type: 'dsa', hash: 'sha256' },
  ];
  for (const algorithm of wrong as SignatureAlgorithm[]) {
    expectEqual(key.publicKey.verify(algorithm, message, signature), false, JSON.stringify(algorithm));
    expectMisuse(() => key.sign(algorithm, message), JSON.stringify(algorithm));
  }
  const edwards = provider.generateKeyPair({ type: 'ed25519' });
  expectMisuse(() => edwards.sign({ type: 'ed448' }, message), 'Ed448 with an Ed25519 key');
  expectMisuse(() => edwards.sign({ type: 'ecdsa', hash: 'sha256' }, message), 'ECDSA with an Ed25519 key');
}

function ecKey(provider: CryptoProvider, curve: CurveName): PrivateKey {
  return defined(provider.importPrivateKey(ecPkcs8(oids[curve], unhex(ecScalars[curve]))), 'private key');
}

function readSignature(signature: Uint8Array): { r: bigint; s: bigint } {
  let at = signature[1] === 0x81 ? 3 : 2;
  const next = (): bigint => {
    const length = signature[at + 1]!;
    const value = BigInt(`0x${hex(signature.subarray(at + 2, at + 2 + length))}`);
    at += 2 + length;
    return value;
  };
  const [r, s] = [next(), next()];
  if (at !== signature.length) throw new ContractFailure('a signature with bytes left over');
  return { r, s };
}

/** RFC 8032 §5.1, §5.2. */
const edOrders = {
  ed25519: (1n << 252n) + 27_742_317_777_372_353_535_851_937_790_883_648_493n,
  ed448: (1n << 446n) - 0x8335dc163bb124b65129c96fde933d8d723a70aadc873d6d54a7bb0dn,
} as const;

/** RFC 6979 §A.2.5 to §A.2.7; the key of RFC 7748 §6.1, as good as any; RFC 7027 appendix A. */
export const ecScalars: Readonly<Record<CurveName, string>> = {
  secp256r1: 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721',
  secp384r1:
    '6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5',
  secp521r1:
    '00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538',
  secp256k1: '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
  brainpoolP256r1: '81db1ee100150ff2ea338d708271be38300cb54241d79950f77b063039804f1d',
  brainpoolP384r1:
    '1e20f5e048a5886f1f157c74e91bde2b98c8b52d58e5003d57053fc4b0bd65d6f15eb5d1ee1610df870795143627d042',
  brainpoolP512r1:
    '16302ff0dbbb5a8d733dab7141c1b45acbc8715939677f6a56850a38bd87bd59b09e80279609ff333eb9d4c061231fb26f92eeb04982a5f1d1764cad57665422',
};

const ecdsaVectors: readonly EcdsaVector[] = [
  {
    curve: 'secp256r1',
    hash: 'sha256',
    section: '§A.2.5, "sample"',
    message: 'sample',
    r: 'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716',
    s: 'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
  },
  {
    curve: 'secp256r1',
    hash: 'sha256',
    section: '§A.2.5, "test"',
    message: 'test',
    r: 'f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367',
    s: '019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
  },
  {
    curve: 'secp256r1',
    hash: 'sha512',
    section: '§A.2.5, "sample"',
    message: 'sample',
    r: '8496a60b5e9b47c825488827e0495b0e3fa109ec4568fd3f8d1097678eb97f00',
    s: '2362ab1adbe2b8adf9cb9edab740ea6049c028114f2460f96554f61fae3302fe',
  },
  {
    curve: 'secp384r1',
    hash: 'sha256',
    section: '§A.2.6, "sample"',
    message: 'sample',
    r: '21b13d1e013c7fa1392d03c5f99af8b30c570c6f98d4ea8e354b63a21d3daa33bde1e888e63355d92fa2b3c36d8fb2cd',
    s: 'f3aa443fb107745bf4bd77cb3891674632068a10ca67e3d45db2266fa7d1feebefdc63eccd1ac42ec0cb8668a4fa0ab0',
  },
  {
    curve: 'secp384r1',
    hash: 'sha384',
    section: '§A.2.6, "sample"',
    message: 'sample',
    r: '94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46',
    s: '99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8',
  },
  {
    curve: 'secp521r1',
    hash: 'sha512',
    section: '§A.2.7, "sample"',
    message: 'sample',
    r: '00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa',
    s: '00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a',
  },
];

const edVectors: readonly EdVector[] = [
  {
    type: 'ed25519',
    name: 'RFC 8032 §7.1, test 1',
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    point: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    type: 'ed448',
    name: 'RFC 8032 §7.4, blank',
    seed: '6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b',
    point:
      '5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180',
    message: '',
    signature:
      '533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4dbb61149f05a7363268c71d95808ff2e652600',
  },
];
