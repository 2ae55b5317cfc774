import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { encodePem, encryptPrivateKey, parsePem, privateKeyPkcs8 } from '../src/index.ts';
import { newKey } from './authority.ts';
import { hasLegacy, hasOpenssl, legacy, openssl, opensslOn } from './openssl.ts';
import { thrownCode } from './thrown.ts';

/** Every form of encrypted private key that OpenSSL 3.0 writes, its legacy provider included; and ours, which it reads. */
if (!hasOpenssl) console.log('openssl-keys.test.ts: openssl is missing, key files are not exchanged with it');
else if (!hasLegacy)
  console.log('openssl-keys.test.ts: openssl has no legacy provider, old ciphers are not tried');

const passphrase = 'Zürich 🔑';
const pass = `pass:${passphrase}`;
const providers = [nodeProvider, nobleProvider];
const key = newKey({ type: 'ed25519' });
const pkcs8 = key.exportPkcs8();
const pem = encodePem('PRIVATE KEY', pkcs8);
const ec = newKey({ type: 'ec', curve: 'secp256r1' });
const rsaKey = newKey({ type: 'rsa', bits: 2048 }).exportPkcs8();

/** `readable`, the option that makes it so, or that it is not: with the name that the error says. */
type Outcome = 'read' | 'rc2' | { readonly unsupported: string };

function check(file: string | Uint8Array, plain: Uint8Array, outcome: Outcome): void {
  for (const provider of providers) {
    const read = (options: { allowRc2?: boolean; passphrase?: string } = {}) =>
      privateKeyPkcs8(file, { provider, passphrase, ...options });
    if (typeof outcome === 'object') {
      expect(thrownCode(read)).toBe('encryption.unsupported');
      expect(() => read()).toThrow(outcome.unsupported);
      continue;
    }
    if (outcome === 'rc2') expect(thrownCode(read)).toBe('encryption.rc2NotAllowed');
    expect(read({ allowRc2: outcome === 'rc2' })).toEqual(plain);
    for (const wrong of ['', 'zürich 🔑', `${passphrase}x`])
      expect(thrownCode(() => read({ allowRc2: true, passphrase: wrong }))).toBe(
        'encryption.passphraseWrong',
      );
  }
  expect(thrownCode(() => privateKeyPkcs8(file))).toBe('encryption.passphraseMissing');
}

describe.skipIf(!hasOpenssl)('PBES2 of openssl', () => {
  const write = (...args: string[]) =>
    opensslOn(pem, ['pkcs8', '-topk8', '-passout', pass, '-iter', '10', ...args]).toString();
  test.each([
    'hmacWithMD5',
    'hmacWithSHA1',
    'hmacWithSHA224',
    'hmacWithSHA256',
    'hmacWithSHA384',
    'hmacWithSHA512',
    'hmacWithSHA512-224',
    'hmacWithSHA512-256',
  ])('PBKDF2 with %s', (prf) => check(write('-v2', 'aes-256-cbc', '-v2prf', prf), pkcs8, 'read'));
  test.each(['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des3'])('%s', (cipher) => {
    check(write('-v2', cipher), pkcs8, 'read');
  });
  test.each([
    ['16384', '8', '1'],
    ['2', '1', '1'],
    ['1024', '3', '7'],
  ])('scrypt with N = %s, r = %s, p = %s', (N, r, p) => {
    const options = ['-scrypt', '-scrypt_N', N, '-scrypt_r', r, '-scrypt_p', p];
    check(opensslOn(pem, ['pkcs8', '-topk8', '-passout', pass, ...options]).toString(), pkcs8, 'read');
  });
  test('as DER', () => {
    const der = opensslOn(pem, ['pkcs8', '-topk8', '-passout', pass, '-v2', 'aes128', '-outform', 'DER']);
    check(new Uint8Array(der), pkcs8, 'read');
  });
  test.each<[string, Outcome]>([
    ['camellia-128-cbc', { unsupported: 'Camellia-128-CBC (1.2.392.200011.61.1.1.1.2)' }],
    ['aria-256-cbc', { unsupported: 'ARIA-256-CBC' }],
    ['sm4-cbc', { unsupported: 'SM4-CBC' }],
    ['aes-128-ofb', { unsupported: 'AES-128-OFB' }],
    ['aes-128-cfb', { unsupported: 'AES-128-CFB' }],
  ])('%s', (cipher, outcome) => check(write('-v2', cipher), pkcs8, outcome));
  test.skipIf(!hasLegacy).each<[string, Outcome]>([
    ['des-cbc', 'read'],
    ['rc2-cbc', 'rc2'],
    ['rc2-64-cbc', 'rc2'],
    ['rc2-40-cbc', 'rc2'],
    ['bf-cbc', { unsupported: 'Blowfish-CBC' }],
    ['cast5-cbc', { unsupported: 'CAST5-CBC' }],
    ['seed-cbc', { unsupported: 'SEED-CBC' }],
    ['rc4', { unsupported: 'RC4' }],
  ])('%s', (cipher, outcome) => check(write(...legacy, '-v2', cipher), pkcs8, outcome));
});

describe.skipIf(!hasOpenssl || !hasLegacy)('PBES1 and PKCS #12 encryption of openssl', () => {
  test.each<[string, Outcome]>([
    ['PBE-MD5-DES', 'read'],
    ['PBE-SHA1-DES', 'read'],
    ['PBE-SHA1-3DES', 'read'],
    ['PBE-SHA1-2DES', 'read'],
    ['PBE-MD5-RC2-64', 'rc2'],
    ['PBE-SHA1-RC2-64', 'rc2'],
    ['PBE-SHA1-RC2-128', 'rc2'],
    ['PBE-SHA1-RC2-40', 'rc2'],
    ['PBE-SHA1-RC4-128', { unsupported: 'pbeWithSHAAnd128BitRC4' }],
    ['PBE-SHA1-RC4-40', { unsupported: 'pbeWithSHAAnd40BitRC4' }],
  ])('%s', (name, outcome) => {
    const args = ['pkcs8', '-topk8', ...legacy, '-passout', pass, '-iter', '10', '-v1', name];
    check(opensslOn(pem, args).toString(), pkcs8, outcome);
  });
});

describe.skipIf(!hasOpenssl)('PEM that openssl encrypts in the old way', () => {
  const write = (command: 'rsa' | 'ec', ...args: string[]) =>
    opensslOn(encodePem('PRIVATE KEY', command === 'rsa' ? rsaKey : ec.exportPkcs8()), [
      command,
      ...(command === 'rsa' ? ['-traditional'] : []),
      ...args,
      '-passout',
      pass,
    ]).toString();
  test.each<[string, Outcome]>([
    ['-aes128', 'read'],
    ['-aes192', 'read'],
    ['-aes256', 'read'],
    ['-des3', 'read'],
    ['-des-ede-cbc', 'read'],
    ['-camellia128', { unsupported: 'CAMELLIA-128-CBC' }],
    ['-aria256', { unsupported: 'ARIA-256-CBC' }],
    ['-aes-256-cfb', { unsupported: 'AES-256-CFB' }],
    ['-aes-256-ctr', { unsupported: 'AES-256-CTR' }],
  ])('RSA %s', (cipher, outcome) => check(write('rsa', cipher), rsaKey, outcome));
  test.skipIf(!hasLegacy).each<[string, Outcome]>([
    ['-des', 'read'],
    ['-rc2-cbc', 'rc2'],
    ['-rc2-64-cbc', 'rc2'],
    ['-rc2-40-cbc', 'rc2'],
    ['-bf-cbc', { unsupported: 'BF-CBC' }],
    ['-cast-cbc', { unsupported: 'CAST5-CBC' }],
    ['-seed', { unsupported: 'SEED-CBC' }],
    ['-desx', { unsupported: 'DESX-CBC' }],
  ])('RSA %s', (cipher, outcome) => check(write('rsa', ...legacy, cipher), rsaKey, outcome));
  test.each(['-aes128', '-des3'])('EC %s', (cipher) => {
    check(write('ec', cipher), ec.exportPkcs8(), 'read');
  });
});

describe('what we write', () => {
  const derivations = [
    { type: 'pbkdf2', iterations: 3 },
    { type: 'pbkdf2', hash: 'sha384', iterations: 1 },
    { type: 'pbkdf2', hash: 'sha512', iterations: 1_000 },
    { type: 'scrypt', N: 4, r: 1, p: 1 },
    { type: 'scrypt' },
  ] as const;
  for (const provider of providers) {
    test.each(derivations)(`${provider.name}: %j`, (derivation) => {
      const der = encryptPrivateKey(key, { provider, passphrase, derivation });
      const text = encodePem('ENCRYPTED PRIVATE KEY', der);
      for (const reader of providers)
        expect(privateKeyPkcs8(der, { provider: reader, passphrase })).toEqual(pkcs8);
      const node = createPrivateKey({ key: text, passphrase });
      expect(new Uint8Array(node.export({ format: 'der', type: 'pkcs8' }))).toEqual(pkcs8);
      if (!hasOpenssl) return;
      const theirs = opensslOn(text, ['pkcs8', '-passin', pass]).toString();
      expect(parsePem(theirs)[0]!.der).toEqual(pkcs8);
    });
  }
  test('by default, and with a given source byte for byte the same', () => {
    const source = () => {
      let next = 0;
      return (length: number) => Uint8Array.from({ length }, () => next++);
    };
    const [one, other] = providers.map((provider) =>
      encryptPrivateKey(pkcs8, { provider, passphrase, source: source() }),
    );
    expect(one).toEqual(other);
    expect(privateKeyPkcs8(one!, { provider: nodeProvider, passphrase })).toEqual(pkcs8);
    const again = encryptPrivateKey(pkcs8, { provider: nodeProvider, passphrase });
    expect(again).not.toEqual(one);
  });
});

test.skipIf(!hasOpenssl)('EC keys as openssl writes them, with and without parameters', () => {
  const plain = encodePem('PRIVATE KEY', ec.exportPkcs8());
  const withParameters = opensslOn(plain, ['ec']).toString();
  expect(privateKeyPkcs8(withParameters)).toEqual(ec.exportPkcs8());
  const named = openssl(['ecparam', '-name', 'secp384r1', '-genkey']).toString();
  expect(named).toContain('EC PARAMETERS');
  expect(nodeProvider.importPrivateKey(privateKeyPkcs8(named))?.kind).toEqual({
    type: 'ec',
    curve: 'secp384r1',
  });
  const numbers = openssl(['ecparam', '-name', 'secp384r1', '-genkey', '-param_enc', 'explicit', '-noout']);
  expect(thrownCode(() => privateKeyPkcs8(numbers))).toBe('key.unsupported');
});
