import type { CryptoProvider, PrivateKey } from '@sealwire/core';
import {
  type ContractCase,
  ContractFailure,
  caseAbout,
  defined,
  expectBytes,
  expectEqual,
  expectMisuse,
  expectPlain,
  flipped,
  hex,
  joined,
  scriptedSource,
  seededSource,
  unhex,
} from './contract-case.ts';
import { modulusOf, powerOf } from './rsa-arithmetic.ts';
import { pssPkcs8, rsa1017Pkcs8, rsaPkcs8Hex } from './rsa-keys.ts';

/** RSAES-PKCS1-v1_5 (RFC 8017 §7.2), as the key exchange of TLS 1.2 and older needs it. */
export function rsaEncryptionCases(provider: CryptoProvider): ContractCase[] {
  const key = defined(provider.importPrivateKey(unhex(rsaPkcs8Hex)), 'private key');
  const both = key.decryptPkcs1 && key.publicKey.encryptPkcs1 ? key : undefined;
  return [
    caseAbout('rsa: decrypts what it encrypted, of every length that fits', both, roundTrips),
    caseAbout('rsa: encryption in the given form draws the padding, without its zeros', both, given),
    caseAbout('rsa: encrypts no message that leaves less than eight bytes of padding', both, tooLong),
    caseAbout('rsa: any wrong block decrypts to the fallback (RFC 5246 §7.4.7.1)', both, wrongBlocks),
    caseAbout('rsa: ciphertexts of another length or range decrypt to the fallback', both, wrongCiphertexts),
    caseAbout('rsa: neither argument is changed or given back', both, ownership),
    caseAbout('rsa: moduli that are no whole number of bytes', both, () => oddModuli(provider)),
    caseAbout('rsa-pss, ec, ed25519: other keys encrypt and decrypt nothing', both, () => others(provider)),
  ];
}

function roundTrips(key: PrivateKey): void {
  const source = seededSource(22);
  for (const length of [0, 1, 16, 47, 48, 49, 116, 117]) {
    const message = source(length);
    const ciphertext = defined(key.publicKey.encryptPkcs1!(message), 'ciphertext');
    expectPlain(ciphertext, 'ciphertext');
    expectEqual(ciphertext.length, 128, 'length');
    const decrypted = key.decryptPkcs1!(ciphertext, fallbackOf(length));
    expectPlain(decrypted, 'decrypted');
    expectBytes(decrypted, message, `${length} bytes`);
  }
  const twice = [1, 2].map(() => hex(key.publicKey.encryptPkcs1!(source(48))!));
  if (twice[0] === twice[1]) throw new ContractFailure('the same ciphertext twice');
}

function given(key: PrivateKey): void {
  const message = seededSource(23)(48);
  const paddingBytes = 128 - 48 - 3;
  const padding = seededSource(24)(paddingBytes).map((byte) => byte || 1);
  const expected = powerOf(joined([Uint8Array.of(0, 2), padding, new Uint8Array(1), message]), 'public');
  const encrypt = (draws: readonly Uint8Array[]): Uint8Array | undefined => {
    const source = scriptedSource(draws);
    const ciphertext = key.publicKey.encryptPkcs1!(message, source);
    expectEqual(source.left(), 0, 'draws left over');
    return ciphertext;
  };
  expectBytes(encrypt([padding]), expected, 'one draw');
  // Three zeros in the first draw, one in the second: what is missing is drawn anew.
  const withZeros = joined([
    new Uint8Array(1),
    padding.subarray(0, 10),
    new Uint8Array(2),
    padding.subarray(10, paddingBytes - 3),
  ]);
  const missing = padding.subarray(paddingBytes - 3);
  const second = joined([missing.subarray(0, 1), new Uint8Array(1), missing.subarray(1, 2)]);
  expectBytes(encrypt([withZeros, second, missing.subarray(2)]), expected, 'three draws');
  expectMisuse(
    () => key.publicKey.encryptPkcs1!(message, (length) => new Uint8Array(length)),
    'a source of zeros for ever',
  );
  expectMisuse(
    () => key.publicKey.encryptPkcs1!(message, (length) => new Uint8Array(length - 1).fill(1)),
    'a draw that is too short',
  );
}

function tooLong(key: PrivateKey): void {
  for (const length of [118, 125, 126, 127, 128, 1_000]) {
    const refused = key.publicKey.encryptPkcs1!(new Uint8Array(length));
    expectEqual(refused, undefined, `${length} bytes`);
    // Right but for its short padding, where the block has room for the message at all.
    const ciphertext = powerOf(rightBlock(new Uint8Array(Math.min(length, 125))), 'public');
    expectBytes(
      key.decryptPkcs1!(ciphertext, fallbackOf(length)),
      fallbackOf(length),
      `${length} bytes expected`,
    );
  }
}

function wrongBlocks(key: PrivateKey): void {
  const message = seededSource(25)(48);
  const right = rightBlock(message);
  const separator = 128 - 48 - 1;
  const decrypt = (block: Uint8Array, length = 48): Uint8Array =>
    key.decryptPkcs1!(powerOf(block, 'public'), fallbackOf(length));
  expectBytes(decrypt(right), message, 'the right block');
  const wrong: [string, Uint8Array][] = [
    ['block type 1', right.with(1, 1)],
    ['block type 0', right.with(1, 0)],
    ['block type 3', right.with(1, 3)],
    ['a first byte of 1', right.with(0, 1).with(1, 2)],
    ['no separator', right.with(separator, 1)],
    ['a high separator', right.with(separator, 0x80)],
    ['a message one byte longer', right.with(separator, 1).with(separator - 1, 0)],
    ['a message one byte shorter', right.with(separator, 1).with(separator + 1, 0)],
    ['a zero first in the padding', right.with(2, 0)],
    ['a zero among the first eight bytes', right.with(9, 0)],
    ['a zero after eight bytes', right.with(10, 0)],
    ['a zero last in the padding', right.with(separator - 1, 0)],
    ['zeros', new Uint8Array(128)],
    ['the number 1', new Uint8Array(128).with(127, 1)],
    ['only padding', new Uint8Array(128).fill(0xff).with(0, 0).with(1, 2)],
  ];
  for (const [what, block] of wrong) expectBytes(decrypt(block), fallbackOf(48), what);
  for (let at = 2; at < separator; at++) {
    expectBytes(decrypt(right.with(at, 0xff)), message, `padding of 0xff at ${at}`);
  }
  for (const length of [0, 1, 47, 49, 117]) {
    expectBytes(decrypt(right, length), fallbackOf(length), `48 bytes where ${length} are expected`);
  }
}

function wrongCiphertexts(key: PrivateKey): void {
  const message = seededSource(26)(48);
  const right = powerOf(rightBlock(message), 'public');
  const modulus = modulusOf();
  const decrypt = (ciphertext: Uint8Array): Uint8Array => key.decryptPkcs1!(ciphertext, fallbackOf(48));
  expectBytes(decrypt(right), message, 'the right ciphertext');
  const wrong: [string, Uint8Array][] = [
    ['nothing', new Uint8Array()],
    ['a byte less', right.subarray(1)],
    ['the last byte missing', right.subarray(0, -1)],
    ['a zero in front', joined([new Uint8Array(1), right])],
    ['a zero behind', joined([right, new Uint8Array(1)])],
    ['ones', new Uint8Array(128).fill(0xff)],
    ['the modulus', modulus],
    ['the modulus plus one', flipped(modulus, -1).with(127, (modulus[127]! + 1) & 0xff)],
    ['the modulus less one', modulus.with(127, modulus[127]! - 1)],
    ['zeros', new Uint8Array(128)],
    ['one bit changed', flipped(right, 64)],
    ['a million bytes', new Uint8Array(1_000_000)],
  ];
  for (const [what, ciphertext] of wrong) expectBytes(decrypt(ciphertext), fallbackOf(48), what);
}

function ownership(key: PrivateKey): void {
  const fallback = fallbackOf(48);
  const ciphertext = new Uint8Array(128).fill(1);
  const result = key.decryptPkcs1!(ciphertext, fallback);
  result.fill(0xee);
  expectBytes(fallback, fallbackOf(48), 'the fallback is copied');
  expectBytes(ciphertext, new Uint8Array(128).fill(1), 'the ciphertext');
  const message = Uint8Array.from(fallback);
  key.publicKey.encryptPkcs1!(message);
  expectBytes(message, fallbackOf(48), 'the message');
}

/** Sizes of blocks are those of the modulus in whole bytes, whatever its highest bit. */
function oddModuli(provider: CryptoProvider): void {
  const key = defined(provider.importPrivateKey(unhex(rsa1017Pkcs8)), 'private key');
  expectEqual(JSON.stringify(key.kind), JSON.stringify({ type: 'rsa', bits: 1017 }), 'kind');
  const message = seededSource(27)(48);
  const ciphertext = defined(key.publicKey.encryptPkcs1?.(message), 'ciphertext');
  expectEqual(ciphertext.length, 128, 'length');
  expectBytes(key.decryptPkcs1?.(ciphertext, fallbackOf(48)), message, 'decrypted');
  expectBytes(key.decryptPkcs1?.(flipped(ciphertext, 100), fallbackOf(48)), fallbackOf(48), 'another');
}

function others(provider: CryptoProvider): void {
  const keys = [
    defined(provider.importPrivateKey(unhex(pssPkcs8)), 'private key'),
    provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' }),
    provider.generateKeyPair({ type: 'ed25519' }),
  ];
  for (const { kind, publicKey, decryptPkcs1 } of keys) {
    expectEqual(publicKey.encryptPkcs1?.(new Uint8Array(48)), undefined, `encrypting to ${kind.type}`);
    expectEqual(decryptPkcs1, undefined, `decrypting with ${kind.type}`);
  }
}

function rightBlock(message: Uint8Array): Uint8Array {
  const padding = seededSource(28)(128 - message.length - 3).map((byte) => byte || 1);
  return joined([Uint8Array.of(0, 2), padding, new Uint8Array(1), message]);
}

function fallbackOf(length: number): Uint8Array {
  return new Uint8Array(length).fill(0xfa);
}
