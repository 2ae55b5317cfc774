import { describe, expect, test } from 'vitest';
import { ApiMisuseError, type CryptoProvider } from '@sealwire/core';
import { newKey, provider } from '../../test/authority.ts';
import { bytes, oid, sequence, tlv } from '../../test/der.ts';
import { thrownCode } from '../../test/thrown.ts';
import { derInteger, derObjectIdentifier } from '../der/write.ts';
import {
  encodePem,
  encryptPrivateKey,
  isX509Error,
  loadCredential,
  loadPrivateKey,
  makeCertificate,
  privateKeyPkcs8,
} from '../index.ts';

const key = newKey();
const pkcs8 = key.exportPkcs8();
const passphrase = 'secret';
const quick = { type: 'pbkdf2', iterations: 1 } as const;
const encrypted = encryptPrivateKey(key, { provider, passphrase, derivation: quick });

const octets = (length: number, value = 7): Uint8Array => tlv(0x04, new Uint8Array(length).fill(value));
const id = (text: string) => derObjectIdentifier(text);
const hmacWithSha256 = sequence(id('1.2.840.113549.2.9'), [5, 0]);
const aes256 = sequence(id('2.16.840.1.101.3.4.1.42'), octets(16));
const pbkdf2 = (...parameters: Uint8Array[]) =>
  sequence(id('1.2.840.113549.1.5.12'), sequence(...parameters));
const scrypt = (...parameters: Uint8Array[]) =>
  sequence(id('1.3.6.1.4.1.11591.4.11'), sequence(octets(8), ...parameters));
const pbes2 = (derivation: Uint8Array, cipher = aes256, data = octets(32)) =>
  sequence(sequence(id('1.2.840.113549.1.5.13'), sequence(derivation, cipher)), data);
const pbe = (scheme: string, ...parameters: Uint8Array[]) =>
  sequence(sequence(id(scheme), sequence(...parameters)), octets(16));
const huge = (bits: number) =>
  tlv(0x02, bits % 8 === 7 ? [0] : [], [1 << (bits % 8)], new Uint8Array(Math.floor(bits / 8)));

describe('a file asks for too much', () => {
  /** Nothing may be computed: a provider that would do it fails the test. */
  const idle: CryptoProvider = {
    ...provider,
    pbkdf2: () => expect.unreachable('no derivation'),
    scrypt: () => expect.unreachable('no derivation'),
    hashes: {},
  };
  test.each([
    ['2^31 iterations', pbes2(pbkdf2(octets(8), huge(31), hmacWithSha256))],
    ['2^2000 iterations', pbes2(pbkdf2(octets(8), huge(2000), hmacWithSha256))],
    ['one more than allowed', pbes2(pbkdf2(octets(8), derInteger(10_000_001), hmacWithSha256))],
    ['two blocks of output of half', pbes2(pbkdf2(octets(8), derInteger(5_000_001)))],
    ['PBES1', pbe('1.2.840.113549.1.5.3', octets(8), huge(31))],
    ['PKCS #12', pbe('1.2.840.113549.1.12.1.3', octets(8), huge(31))],
    ['PKCS #12, three blocks', pbe('1.2.840.113549.1.12.1.3', octets(8), derInteger(3_333_334))],
    ['scrypt: N = 2^30', pbes2(scrypt(derInteger(2 ** 30), derInteger(8), derInteger(1)))],
    ['scrypt: N = 2^64', pbes2(scrypt(huge(64), derInteger(8), derInteger(1)))],
    ['scrypt: r = 2^31', pbes2(scrypt(derInteger(2), huge(31), derInteger(1)))],
    ['scrypt: p = 2^40', pbes2(scrypt(derInteger(2), derInteger(8), huge(40)))],
    ['scrypt: p = 2^29 with little memory', pbes2(scrypt(derInteger(2), derInteger(1), derInteger(2 ** 29)))],
    ['scrypt: time, not memory', pbes2(scrypt(derInteger(2 ** 15), derInteger(8), derInteger(40)))],
  ])('%s', (_name, der) => {
    const node = { provider: { ...idle, hashes: provider.hashes } };
    expect(thrownCode(() => privateKeyPkcs8(der, { ...node, passphrase }))).toBe('encryption.tooCostly');
  });
  test('exactly as much as is allowed', () => {
    const der = encryptPrivateKey(key, {
      provider,
      passphrase,
      derivation: { type: 'pbkdf2', iterations: 50 },
    });
    const read = (maxIterations: number) => privateKeyPkcs8(der, { provider, passphrase, maxIterations });
    expect(read(50)).toEqual(pkcs8);
    expect(thrownCode(() => read(49))).toBe('encryption.tooCostly');
    const derivation = { type: 'scrypt', N: 16, r: 2, p: 3 } as const;
    const other = encryptPrivateKey(key, { provider, passphrase, derivation });
    const needed = 128 * 2 * (16 + 3 + 2);
    for (const [maxScryptBytes, maxIterations, code] of [
      [needed, 96, 'none'],
      [needed - 1, 96, 'encryption.tooCostly'],
      [needed, 95, 'encryption.tooCostly'],
    ] as const) {
      const options = { provider, passphrase, maxScryptBytes, maxIterations };
      expect(thrownCode(() => privateKeyPkcs8(other, options))).toBe(code);
    }
    expect(() => read(0)).toThrow(ApiMisuseError);
    expect(() => read(Number.NaN)).toThrow(ApiMisuseError);
  });
});

describe('parameters that are none', () => {
  test.each([
    ['no iterations', pbes2(pbkdf2(octets(8), derInteger(0), hmacWithSha256))],
    ['negative iterations', pbes2(pbkdf2(octets(8), tlv(0x02, [0xff]), hmacWithSha256))],
    ['keyLength of another cipher', pbes2(pbkdf2(octets(8), derInteger(1), derInteger(16)))],
    ['keyLength 2^70', pbes2(pbkdf2(octets(8), derInteger(1), huge(70)))],
    ['salt of 1,025 bytes', pbes2(pbkdf2(octets(1_025), derInteger(1)))],
    [
      'a short vector',
      pbes2(pbkdf2(octets(8), derInteger(1)), sequence(id('2.16.840.1.101.3.4.1.42'), octets(8))),
    ],
    ['no whole blocks', pbes2(pbkdf2(octets(8), derInteger(1)), aes256, octets(31))],
    ['no ciphertext', pbes2(pbkdf2(octets(8), derInteger(1)), aes256, octets(0))],
    ['N is no power of 2', pbes2(scrypt(derInteger(15), derInteger(1), derInteger(1)))],
    ['N = 1', pbes2(scrypt(derInteger(1), derInteger(1), derInteger(1)))],
    ['N = 2^16 with r = 1', pbes2(scrypt(derInteger(2 ** 16), derInteger(1), derInteger(1)))],
    ['PBES1 with 9 bytes of salt', pbe('1.2.840.113549.1.5.3', octets(9), derInteger(1))],
  ])('%s', (_name, der) => {
    expect(thrownCode(() => privateKeyPkcs8(der, { provider, passphrase }))).toBe('encryption.malformed');
  });
  test.each([
    ['der.unexpectedTag', pbes2(pbkdf2(sequence(), derInteger(1)))],
    ['der.trailingBytes', pbes2(pbkdf2(octets(8), derInteger(1), hmacWithSha256, octets(1)))],
    ['der.unexpectedTag', pbe('1.2.840.113549.1.5.3', derInteger(1), octets(8))],
    ['encryption.unsupported', pbes2(sequence(oid('1.2.3.4')))],
    ['encryption.unsupported', pbes2(pbkdf2(octets(8), derInteger(1), sequence(oid('1.2.3.4'))))],
    ['encryption.unsupported', sequence(sequence(oid('1.2.3.4')), octets(16))],
    ['encryption.unsupported', sequence(sequence(id('1.2.840.113549.1.5.12')), octets(16))],
  ])('%s %#', (code, der) => {
    expect(thrownCode(() => privateKeyPkcs8(der, { provider, passphrase }))).toBe(code);
  });
  test('a provider that lacks something', () => {
    const lacking: Partial<CryptoProvider>[] = [{ cbcs: {} }];
    for (const lack of lacking) {
      const poor = { ...provider, ...lack };
      expect(thrownCode(() => privateKeyPkcs8(encrypted, { provider: poor, passphrase }))).toBe(
        'encryption.unsupported',
      );
      expect(() => encryptPrivateKey(key, { provider: poor, passphrase })).toThrow(ApiMisuseError);
    }
    const { pbkdf2: _p, scrypt: _s, ...without } = provider;
    expect(thrownCode(() => privateKeyPkcs8(encrypted, { provider: without, passphrase }))).toBe(
      'encryption.unsupported',
    );
    for (const type of ['pbkdf2', 'scrypt'] as const)
      expect(() => encryptPrivateKey(key, { provider: without, passphrase, derivation: { type } })).toThrow(
        ApiMisuseError,
      );
  });
});

describe('one error, whatever is wrong inside', () => {
  const { cbcs } = provider;
  /** Encrypted with the right passphrase, but not what it should be. */
  function holding(text: Uint8Array): Uint8Array {
    const iv = new Uint8Array(16).fill(7);
    const derived = provider.pbkdf2!(
      'sha256',
      new TextEncoder().encode(passphrase),
      iv.subarray(0, 8),
      1,
      32,
    );
    const data = cbcs!['aes-256-cbc']!.key(derived).encrypt(iv, [text]);
    return pbes2(pbkdf2(octets(8), derInteger(1), hmacWithSha256), aes256, tlv(0x04, data));
  }
  const padded = (text: Uint8Array, ...padding: number[]) => bytes(text, padding);
  const fill = (count: number, value = count) => new Array<number>(count).fill(value);
  const short = new Uint8Array(10);
  const cases: [string, Uint8Array, string][] = [
    ['good padding, no key', padded(short, ...fill(6)), 'encryption.passphraseWrong'],
    ['padding of nothing but padding', padded(new Uint8Array(), ...fill(16)), 'encryption.passphraseWrong'],
    ['padding of 0', padded(new Uint8Array(15), 0), 'encryption.passphraseWrong'],
    ['padding of 17', padded(new Uint8Array(15), ...fill(17)), 'encryption.passphraseWrong'],
    ['one octet of the padding', padded(short, 6, 6, 5, 6, 6, 6), 'encryption.passphraseWrong'],
    [
      'a key with a byte behind',
      padded(bytes(pkcs8, [0]), ...fill(15 - (pkcs8.length % 16))),
      'encryption.passphraseWrong',
    ],
    ['a key', padded(pkcs8, ...fill(16 - (pkcs8.length % 16))), 'none'],
  ];
  test.each(cases)('%s', (_name, text, code) => {
    // A second block where the padding is longer than what stands before it.
    const whole =
      text.length % 16 === 0 ? text : bytes(text, new Uint8Array(16 - (text.length % 16)).fill(17));
    expect(thrownCode(() => privateKeyPkcs8(holding(whole), { provider, passphrase }))).toBe(code);
  });
  test('the same message for each', () => {
    const messages = cases.slice(0, 3).map(([, text]) => {
      try {
        privateKeyPkcs8(holding(text), { provider, passphrase });
        return 'none';
      } catch (error) {
        return isX509Error(error) ? error.message : 'another';
      }
    });
    expect(new Set(messages)).toEqual(
      new Set(['expected the passphrase of the private key, got another (or the file is damaged)']),
    );
  });
  test('old PEM: a wrong passphrase that leaves a good padding by chance', () => {
    const headers = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,0011223344556677\n\n';
    const text = encodePem('EC PRIVATE KEY', new Uint8Array(40).fill(9)).replace(
      '-----\n',
      `-----\n${headers}`,
    );
    const codes = new Set<string>();
    for (let i = 0; i < 2_000; i++)
      codes.add(thrownCode(() => privateKeyPkcs8(text, { provider, passphrase: String(i) })));
    expect([...codes]).toEqual(['encryption.passphraseWrong']);
  });
});

describe('old PEM that is damaged', () => {
  const block = (headers: string) =>
    encodePem('RSA PRIVATE KEY', new Uint8Array(32)).replace('-----\n', `-----\n${headers}\n\n`);
  test.each([
    ['encryption.unsupported', 'Proc-Type: 4,ENCRYPTED'],
    ['encryption.unsupported', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: IDEA-CBC,0011223344556677'],
    ['encryption.malformed', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC'],
    ['encryption.malformed', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,00112233445566'],
    ['encryption.malformed', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,001122334455667g'],
    ['encryption.malformed', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,0011223344556677,1'],
    ['encryption.malformed', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0011223344556677'],
    ['encryption.rc2NotAllowed', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: RC2-40-CBC,0011223344556677'],
    ['encryption.passphraseWrong', 'DEK-Info: des-cbc,0011223344556677'],
    ['key.malformed', 'Proc-Type: 4,MIC-ONLY'],
  ])('%s: %s', (code, headers) => {
    expect(thrownCode(() => privateKeyPkcs8(block(headers), { provider, passphrase }))).toBe(code);
  });
});

describe('the caller', () => {
  test('gives passphrases as text or bytes', () => {
    const words = 'Grüße, 世界 𝄞';
    const der = encryptPrivateKey(key, { provider, passphrase: words, derivation: quick });
    const utf8 = new TextEncoder().encode(words);
    expect(privateKeyPkcs8(der, { provider, passphrase: utf8 })).toEqual(pkcs8);
    const raw = encryptPrivateKey(key, { provider, passphrase: Uint8Array.of(0xff, 0), derivation: quick });
    expect(privateKeyPkcs8(raw, { provider, passphrase: Uint8Array.of(0xff, 0) })).toEqual(pkcs8);
    const empty = encryptPrivateKey(key, { provider, passphrase: '', derivation: quick });
    expect(privateKeyPkcs8(empty, { provider, passphrase: '' })).toEqual(pkcs8);
    expect(thrownCode(() => privateKeyPkcs8(empty, { provider }))).toBe('encryption.passphraseMissing');
  });
  test('makes mistakes', () => {
    expect(() => privateKeyPkcs8(encrypted, { passphrase })).toThrow(ApiMisuseError);
    for (const wrong of [7, null, 'half \ud83d'])
      expect(() => privateKeyPkcs8(encrypted, { provider, passphrase: wrong as never })).toThrow(
        ApiMisuseError,
      );
    expect(() => encryptPrivateKey(Uint8Array.of(1), { provider, passphrase })).toThrow(ApiMisuseError);
    for (const derivation of [
      { type: 'pbkdf2', iterations: 0 },
      { type: 'scrypt', N: 3 },
    ] as const)
      expect(() => encryptPrivateKey(key, { provider, passphrase, derivation })).toThrow(ApiMisuseError);
  });
  test('loads keys and credentials with a passphrase', () => {
    const pem = encodePem('ENCRYPTED PRIVATE KEY', encrypted);
    expect(loadPrivateKey(pem, provider, { passphrase }).publicKey.spki).toEqual(key.publicKey.spki);
    const chain = makeCertificate({
      provider,
      key,
      subject: { CN: 'x' },
      notBeforeMs: Date.UTC(2026, 0),
      notAfterMs: Date.UTC(2027, 0),
    });
    expect(loadCredential({ provider, chain, key: pem, passphrase }).key).toMatchObject({ kind: key.kind });
    expect(thrownCode(() => loadCredential({ provider, chain, key: pem }))).toBe(
      'encryption.passphraseMissing',
    );
    expect(thrownCode(() => loadCredential({ provider, chain, key: pem, passphrase: 'x' }))).toBe(
      'encryption.passphraseWrong',
    );
  });
  test('gives a passphrase for a key that needs none', () => {
    expect(privateKeyPkcs8(pkcs8, { provider, passphrase })).toEqual(pkcs8);
    expect(privateKeyPkcs8(encodePem('PRIVATE KEY', pkcs8), { passphrase })).toEqual(pkcs8);
  });
});

describe('SEC 1 without parameters (RFC 5915 §3)', () => {
  const scalar = octets(32, 1);
  const bare = sequence(derInteger(1), scalar);
  const named = (curve: Uint8Array) => sequence(derInteger(1), scalar, tlv(0xa0, curve));
  const p256 = id('1.2.840.10045.3.1.7');
  test('its curve from EC PARAMETERS in front of it, or from the caller', () => {
    const whole = privateKeyPkcs8(named(p256));
    expect(loadPrivateKey(whole, provider).kind).toEqual({ type: 'ec', curve: 'secp256r1' });
    const text = encodePem('EC PARAMETERS', p256) + encodePem('EC PRIVATE KEY', bare);
    expect(privateKeyPkcs8(text)).toEqual(whole);
    expect(privateKeyPkcs8(bare, { curve: 'secp256r1' })).toEqual(whole);
    expect(privateKeyPkcs8(encodePem('EC PRIVATE KEY', bare), { curve: 'secp256r1' })).toEqual(whole);
    expect(loadPrivateKey(bare, provider, { curve: 'brainpoolP256r1' }).kind).toEqual({
      type: 'ec',
      curve: 'brainpoolP256r1',
    });
    // What the key says itself comes first.
    expect(privateKeyPkcs8(named(p256), { curve: 'secp384r1' })).toEqual(whole);
  });
  test.each([
    ['key.unsupported', bare],
    ['key.unsupported', named(sequence(derInteger(1)))],
    ['key.unsupported', encodePem('EC PRIVATE KEY', bare) + encodePem('EC PARAMETERS', p256)],
    ['key.malformed', named(bytes(p256, [5, 0]))],
    ['key.malformed', sequence(derInteger(1), scalar, tlv(0xa1, tlv(0x03, [1, 4])))],
  ])('%s %#', (code, input) => expect(thrownCode(() => privateKeyPkcs8(input))).toBe(code));
});

test('keys are DER: what is not is refused', () => {
  const indefinite = bytes([0x30, 0x80], pkcs8.subarray(pkcs8[1]! < 0x80 ? 2 : 3), [0, 0]);
  expect(thrownCode(() => privateKeyPkcs8(indefinite))).toBe('key.malformed');
  expect(thrownCode(() => privateKeyPkcs8(bytes(pkcs8, [0])))).not.toBe('none');
  expect(thrownCode(() => privateKeyPkcs8(bytes([0x30, 0x84, 1, 0, 0, 0], new Uint8Array(2 ** 24))))).toBe(
    'key.malformed',
  );
});
