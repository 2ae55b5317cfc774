import type { CryptoProvider, PrivateKey, SignatureAlgorithm } from '@sealwire/core';
import {
  type ContractCase,
  ascii,
  contractCase,
  defined,
  expectBytes,
  expectEqual,
  expectMisuse,
  expectPlain,
  hex,
  joined,
  scriptedSource,
  seededSource,
  unhex,
} from './contract-case.ts';
import { checkBothWays } from './crypto-signatures.ts';
import { element, nothing, octets, oid, sequence } from './der.ts';
import { modulusOf, powerOf } from './rsa-arithmetic.ts';
import { pssPkcs8, rsaPkcs8Hex } from './rsa-keys.ts';

/** RSA: PKCS #1 v1.5 and PSS (RFC 8017 §8). */
export function rsaCases(provider: CryptoProvider): ContractCase[] {
  return [
    contractCase('rsa: PKCS #1 v1.5 with every hash, deterministic', () => pkcs1(provider)),
    contractCase('rsa: PKCS #1 v1.5 blocks other than the right one are refused', () =>
      forgedBlocks(provider),
    ),
    contractCase('rsa: MD5 and SHA-1 together, without a DigestInfo (RFC 4346 §4.7)', () =>
      md5Sha1(provider),
    ),
    contractCase('rsa: PSS with salts of many lengths', () => pss(provider)),
    contractCase('rsa: PSS in the given form draws the salt in one draw', () => pssGiven(provider)),
    contractCase('rsa: signatures of the wrong length or above the modulus', () => signatureRange(provider)),
    contractCase('rsa, rsa-pss: signatures without the zero they begin with (RFC 8017 §8.1.2)', () =>
      withoutZero(provider),
    ),
    contractCase('rsa: hashes and salts that do not fit the modulus', () => doNotFit(provider)),
    contractCase('rsa-pss: a restricted key does what its parameters allow (RFC 4055 §3.1)', () =>
      restricted(provider),
    ),
    contractCase('rsa, rsa-pss: generated keys have their size and sign', () => generated(provider)),
  ];
}

function pkcs1(provider: CryptoProvider): void {
  const key = rsaKey(provider);
  const message = ascii('a message');
  for (const hash of ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const) {
    const algorithm: SignatureAlgorithm = { type: 'rsa-pkcs1', hash };
    const signature = key.sign(algorithm, message);
    expectPlain(signature, 'signature');
    expectEqual(signature.length, 128, 'length');
    checkBothWays(key, algorithm, message, signature);
    expectBytes(key.sign(algorithm, message, scriptedSource([])), signature, 'given form');
    if (hash === 'sha256') expectBytes(signature, raisedToD(rightBlock(provider, message)), 'by definition');
  }
}

function forgedBlocks(provider: CryptoProvider): void {
  const key = rsaKey(provider);
  const message = ascii('forged');
  const algorithm: SignatureAlgorithm = { type: 'rsa-pkcs1', hash: 'sha256' };
  const digest = provider.hashes.sha256!.digest([message]);
  const sha256 = oid('608648016503040201');
  const info = sequence(sequence(sha256, nothing()), octets(digest));
  const verifies = (block: Uint8Array): boolean => key.publicKey.verify(algorithm, message, raisedToD(block));
  const padding = (bytes: number, value = 0xff): Uint8Array => new Uint8Array(bytes).fill(value);
  const block = (first: number, type: number, pad: Uint8Array, rest: Uint8Array): Uint8Array =>
    joined([Uint8Array.of(first, type), pad, new Uint8Array(1), rest]);
  const right = block(0, 1, padding(125 - info.length), info);
  expectEqual(verifies(right), true, 'the right block');
  const withoutNull = sequence(sequence(sha256), octets(digest));
  const longForm = joined([Uint8Array.of(0x30, 0x81, info.length - 2), info.subarray(2)]);
  const nullWithContent = sequence(sequence(sha256, element(0x05, new Uint8Array(4))), octets(digest));
  const wrong: [string, Uint8Array][] = [
    ['no NULL in the algorithm', block(0, 1, padding(125 - withoutNull.length), withoutNull)],
    ['a length in long form', block(0, 1, padding(125 - longForm.length), longForm)],
    ['content in NULL', block(0, 1, padding(125 - nullWithContent.length), nullWithContent)],
    [
      'garbage behind the digest (Bleichenbacher 2006)',
      block(0, 1, padding(8), joined([info, padding(117 - info.length, 0)])),
    ],
    ['one byte of garbage', block(0, 1, padding(124 - info.length), joined([info, padding(1, 0)]))],
    [
      'garbage in the digest info',
      block(0, 1, padding(123 - info.length), sequence(info.subarray(2), padding(2, 0))),
    ],
    ['block type 2', block(0, 2, padding(125 - info.length), info)],
    ['block type 0', block(0, 0, padding(125 - info.length, 0), info)],
    ['a first byte of 1', block(1, 1, padding(125 - info.length), info).with(0, 0x01)],
    ['padding that is not 0xff', block(0, 1, padding(125 - info.length).with(3, 0xfe), info)],
    ['no end of padding', joined([Uint8Array.of(0, 1), padding(126 - info.length), info])],
    ['the bare digest', block(0, 1, padding(125 - 32), digest)],
    ['another hash’s identifier', block(0, 1, padding(125 - info.length), info.with(14, 0x02))],
  ];
  for (const [what, bytes] of wrong) expectEqual(verifies(bytes), false, what);
}

function md5Sha1(provider: CryptoProvider): void {
  const key = rsaKey(provider);
  const message = ascii('older');
  const algorithm: SignatureAlgorithm = { type: 'rsa-pkcs1', hash: 'md5-sha1' };
  const hashes = [provider.hashes.md5!, provider.hashes.sha1!].map((hash) => hash.digest([message]));
  const block = (content: Uint8Array): Uint8Array =>
    joined([
      Uint8Array.of(0, 1),
      new Uint8Array(125 - content.length).fill(0xff),
      new Uint8Array(1),
      content,
    ]);
  const signature = key.sign(algorithm, message);
  expectPlain(signature, 'signature');
  expectBytes(signature, raisedToD(block(joined(hashes))), 'by definition');
  expectBytes(key.sign(algorithm, message, scriptedSource([])), signature, 'given form');
  checkBothWays(key, algorithm, message, signature);
  const verifies = (content: Uint8Array): boolean =>
    key.publicKey.verify(algorithm, message, raisedToD(block(content)));
  const sha1Info = joined([unhex('3021300906052b0e03021a05000414'), hashes[1]!]);
  const wrong: [string, Uint8Array][] = [
    ['SHA-1 first', joined([hashes[1]!, hashes[0]!])],
    ['MD5 alone', hashes[0]!],
    ['SHA-1 alone', hashes[1]!],
    ['SHA-1 in a DigestInfo', sha1Info],
    ['both in an OCTET STRING', octets(joined(hashes))],
    ['both and a byte', joined([...hashes, new Uint8Array(1)])],
    ['nothing', new Uint8Array()],
  ];
  for (const [what, content] of wrong) expectEqual(verifies(content), false, what);
  for (const hash of ['md5', 'sha1', 'sha256'] as const) {
    const other: SignatureAlgorithm = { type: 'rsa-pkcs1', hash };
    expectEqual(key.publicKey.verify(other, message, signature), false, `read as ${hash}`);
    expectEqual(key.publicKey.verify(algorithm, message, key.sign(other, message)), false, `from ${hash}`);
  }
  const pssKey = defined(provider.importPrivateKey(unhex(pssPkcs8)), 'private key');
  expectMisuse(() => pssKey.sign(algorithm, message), 'a key of RSASSA-PSS');
}

function pss(provider: CryptoProvider): void {
  const key = rsaKey(provider);
  const message = ascii('salted');
  for (const [hash, mgfHash, saltBytes] of [
    ['sha256', 'sha256', 32],
    ['sha384', 'sha384', 48],
    ['sha256', 'sha256', 0],
    ['sha256', 'sha256', 94],
    ['sha1', 'sha1', 20],
    ['sha256', 'sha1', 20],
    ['sha1', 'sha512', 1],
  ] as const) {
    const algorithm: SignatureAlgorithm = { type: 'rsa-pss', hash, mgfHash, saltBytes };
    const signature = key.sign(algorithm, message);
    expectPlain(signature, 'signature');
    checkBothWays(key, algorithm, message, signature);
    const others = [saltBytes + 1, Math.max(0, saltBytes - 1), 0].filter((bytes) => bytes !== saltBytes);
    for (const other of others) {
      expectEqual(
        key.publicKey.verify({ ...algorithm, saltBytes: other }, message, signature),
        false,
        `${saltBytes} bytes read as ${other}`,
      );
    }
    const otherMask = mgfHash === 'sha256' ? 'sha1' : 'sha256';
    expectEqual(
      key.publicKey.verify({ ...algorithm, mgfHash: otherMask }, message, signature),
      false,
      'another mask hash',
    );
  }
}

function pssGiven(provider: CryptoProvider): void {
  const key = rsaKey(provider);
  const algorithm: SignatureAlgorithm = { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 };
  const message = ascii('salted');
  const salt = seededSource(1)(32);
  const source = scriptedSource([salt]);
  const signature = key.sign(algorithm, message, source);
  expectEqual(source.left(), 0, 'draws left over');
  expectBytes(key.sign(algorithm, message, scriptedSource([salt])), signature, 'the same salt');
  expectEqual(key.publicKey.verify(algorithm, message, signature), true, 'verification');
  expectBytes(provider.hashes.sha256!.digest([signature]), givenPssDigest, 'SHA-256 of the signature');
}

function signatureRange(provider: CryptoProvider): void {
  const key = rsaKey(provider);
  const message = ascii('range');
  for (const algorithm of [
    { type: 'rsa-pkcs1', hash: 'sha256' },
    { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 },
  ] as const) {
    const s = BigInt(`0x${hex(key.sign(algorithm, message))}`);
    const verify = (value: bigint, bytes: number): boolean =>
      key.publicKey.verify(algorithm, message, unhex(value.toString(16).padStart(2 * bytes, '0')));
    expectEqual(verify(s, 128), true, 's');
    expectEqual(verify(s, 129), false, 's with a zero in front');
    expectEqual(verify(s + modulus, 129), false, 's + n');
    for (const value of [0n, 1n, modulus - 1n, modulus])
      expectEqual(verify(value, 128), false, `signature ${value.toString(16).slice(-8)}`);
    if (s + modulus < 1n << 1024n) expectEqual(verify(s + modulus, 128), false, 's + n in 128 bytes');
  }
}

function doNotFit(provider: CryptoProvider): void {
  const small = provider.generateKeyPair({ type: 'rsa', bits: 512 });
  const message = ascii('small');
  const tooLarge: SignatureAlgorithm[] = [
    { type: 'rsa-pkcs1', hash: 'sha512' },
    { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 },
    { type: 'rsa-pss', hash: 'sha512', mgfHash: 'sha512', saltBytes: 0 },
  ];
  for (const algorithm of tooLarge) {
    expectMisuse(() => small.sign(algorithm, message), JSON.stringify(algorithm));
    expectEqual(
      small.publicKey.verify(algorithm, message, new Uint8Array(64).fill(1)),
      false,
      JSON.stringify(algorithm),
    );
  }
  checkBothWays(
    small,
    { type: 'rsa-pkcs1', hash: 'sha256' },
    message,
    small.sign({ type: 'rsa-pkcs1', hash: 'sha256' }, message),
  );
  for (const saltBytes of [-1, 0.5, Number.NaN]) {
    const algorithm: SignatureAlgorithm = { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes };
    expectMisuse(() => rsaKey(provider).sign(algorithm, message), `a salt of ${saltBytes} bytes`);
    expectEqual(
      rsaKey(provider).publicKey.verify(algorithm, message, new Uint8Array(128)),
      false,
      `a salt of ${saltBytes} bytes`,
    );
  }
}

/** Of each key and scheme the first of many messages whose signature begins with a zero byte. */
function withoutZero(provider: CryptoProvider): void {
  const pss: SignatureAlgorithm = { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 };
  const found = [
    [rsaPkcs8Hex, { type: 'rsa-pkcs1', hash: 'sha256' }, 'message 267'],
    [rsaPkcs8Hex, pss, 'message 135'],
    [pssPkcs8, pss, 'message 160'],
  ] as const;
  for (const [pkcs8, algorithm, text] of found) {
    const key = defined(provider.importPrivateKey(unhex(pkcs8)), 'private key');
    const message = ascii(text);
    const signature = key.sign(algorithm, message, (length) => new Uint8Array(length).fill(7));
    expectEqual(signature[0], 0, 'the first byte');
    checkBothWays(key, algorithm, message, signature);
  }
}

function restricted(provider: CryptoProvider): void {
  const key = defined(provider.importPrivateKey(unhex(pssPkcs8)), 'private key');
  const { kind } = key;
  if (kind.type !== 'rsa-pss') throw new TypeError(`expected rsa-pss, got ${kind.type}`);
  expectEqual(
    JSON.stringify(kind.restriction),
    JSON.stringify({ hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 }),
    'restriction',
  );
  expectEqual(kind.bits, 1024, 'bits');
  expectEqual(JSON.stringify(key.publicKey.kind), JSON.stringify(kind), 'kind of the public key');
  const reimported = defined(provider.importPrivateKey(key.exportPkcs8()), 're-imported key');
  expectEqual(JSON.stringify(reimported.kind), JSON.stringify(kind), 'kind after a round trip');
  const message = ascii('restricted');
  for (const saltBytes of [32, 40]) {
    const algorithm: SignatureAlgorithm = { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes };
    checkBothWays(key, algorithm, message, key.sign(algorithm, message));
  }
  const forbidden: SignatureAlgorithm[] = [
    { type: 'rsa-pkcs1', hash: 'sha256' },
    { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes: 31 },
    { type: 'rsa-pss', hash: 'sha384', mgfHash: 'sha384', saltBytes: 48 },
    { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha384', saltBytes: 32 },
  ];
  for (const algorithm of forbidden) {
    expectMisuse(() => key.sign(algorithm, message), JSON.stringify(algorithm));
    expectEqual(
      key.publicKey.verify(algorithm, message, new Uint8Array(128)),
      false,
      JSON.stringify(algorithm),
    );
  }
}

function generated(provider: CryptoProvider): void {
  for (const type of ['rsa', 'rsa-pss'] as const) {
    const key = provider.generateKeyPair({ type, bits: 768 });
    expectEqual(JSON.stringify(key.kind), JSON.stringify({ type, bits: 768 }), 'kind');
    const algorithm: SignatureAlgorithm = {
      type: 'rsa-pss',
      hash: 'sha256',
      mgfHash: 'sha256',
      saltBytes: 32,
    };
    checkBothWays(key, algorithm, ascii('new'), key.sign(algorithm, ascii('new')));
  }
  for (const bits of [0, 504, 511, 1000, 8208, 1024.5]) {
    expectMisuse(() => provider.generateKeyPair({ type: 'rsa', bits }), `${bits} bits`);
  }
}

export function rsaKey(provider: CryptoProvider): PrivateKey {
  return defined(provider.importPrivateKey(unhex(rsaPkcs8Hex)), 'private key');
}

/** The block that EMSA-PKCS1-v1_5 makes for SHA-256, written out. */
function rightBlock(provider: CryptoProvider, message: Uint8Array): Uint8Array {
  const prefix = unhex('3031300d060960864801650304020105000420');
  const digest = provider.hashes.sha256!.digest([message]);
  return joined([
    Uint8Array.of(0, 1),
    new Uint8Array(128 - 3 - 51).fill(0xff),
    new Uint8Array(1),
    prefix,
    digest,
  ]);
}

function raisedToD(block: Uint8Array): Uint8Array {
  return powerOf(block, 'private');
}

const modulus = BigInt(`0x${hex(modulusOf())}`);

/** Made by the pure JavaScript provider and verified with OpenSSL: pins the order of draws. */
const givenPssDigest = '7cdf3cc939c4fdba2c06c22e1cefd7332dfaa0b84e60a0570e6d328c4ca5cc0b';
