import * as nodeCrypto from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ApiMisuseError, type KeySpec } from '@sealwire/core';
import { authority, issue, newKey, provider } from '../../test/authority.ts';
import { hasOpenssl, openssl } from '../../test/openssl.ts';
import { sequence } from '../../test/der.ts';
import { thrownCode } from '../../test/thrown.ts';
import { DerReader, tags } from '../der/reader.ts';
import { toDer } from '../writer/asn1.ts';
import { writeSignatureAlgorithm } from '../writer/algorithm.ts';
import { encodePem, loadCredential, loadPrivateKey, privateKeyPkcs8, signatureSchemesFor } from '../index.ts';

const rsa = nodeCrypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = nodeCrypto.generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
const ed = nodeCrypto.generateKeyPairSync('ed25519').privateKey;
const der = (key: nodeCrypto.KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1') =>
  new Uint8Array(key.export({ format: 'der', type } as never) as unknown as Buffer);
const pem = (key: nodeCrypto.KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1') =>
  key.export({ format: 'pem', type } as never) as unknown as string;

describe('containers', () => {
  test.each([
    ['PKCS #8', rsa, 'pkcs8'],
    ['PKCS #1', rsa, 'pkcs1'],
    ['PKCS #8', ec, 'pkcs8'],
    ['SEC 1', ec, 'sec1'],
    ['PKCS #8', ed, 'pkcs8'],
  ] as const)('%s, PEM and DER, become the PKCS #8 of node:crypto', (_name, key, type) => {
    const spki = new Uint8Array(nodeCrypto.createPublicKey(key).export({ format: 'der', type: 'spki' }));
    for (const input of [
      der(key, type),
      pem(key, type),
      Buffer.from(pem(key, type)),
      `text\r\n${pem(key, type).replaceAll('\n', '\r\n')}`,
    ]) {
      expect(privateKeyPkcs8(input)).toEqual(der(key, 'pkcs8'));
      expect(loadPrivateKey(input, provider).publicKey.spki).toEqual(spki);
    }
  });
  test('the first private key of a file that holds more', () => {
    const text = encodePem('EC PARAMETERS', Uint8Array.of(5, 0)) + pem(ec, 'sec1') + pem(rsa, 'pkcs1');
    expect(privateKeyPkcs8(text)).toEqual(der(ec, 'pkcs8'));
  });
  const encrypted = rsa.export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-128-cbc',
    passphrase: 'x',
  }) as string;
  const encryptedOld = rsa.export({
    format: 'pem',
    type: 'pkcs1',
    cipher: 'aes-128-cbc',
    passphrase: 'x',
  }) as string;
  test.each([
    ['encryption.passphraseMissing', encrypted],
    ['encryption.passphraseMissing', encryptedOld],
    ['key.unsupported', encodePem('DSA PRIVATE KEY', der(rsa, 'pkcs1'))],
    ['key.malformed', encodePem('PRIVATE KEY', Uint8Array.of(5, 0))],
    ['key.malformed', encodePem('PRIVATE KEY', der(rsa, 'pkcs1'))],
    ['key.malformed', encodePem('RSA PRIVATE KEY', der(ec, 'sec1'))],
    ['key.malformed', encodePem('EC PRIVATE KEY', der(rsa, 'pkcs1'))],
    ['key.malformed', Uint8Array.of(0x30, 3, 2, 1, 0)],
    ['pem.noBlock', 'nothing'],
    ['pem.noBlock', encodePem('CERTIFICATE', Uint8Array.of(5, 0))],
  ])('%s %#', (code, input) => expect(thrownCode(() => privateKeyPkcs8(input))).toBe(code));
  test('a key that the provider does not know', () => {
    const curve = nodeCrypto.generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
    expect(
      thrownCode(() =>
        loadPrivateKey(
          encodePem('PRIVATE KEY', Uint8Array.of(0x30, 12, 2, 1, 0, 0x30, 5, 6, 3, 0x2a, 3, 4, 4, 0)),
          provider,
        ),
      ),
    ).toBe('key.unsupported');
    expect(privateKeyPkcs8(pem(curve, 'sec1'))).toEqual(der(curve, 'pkcs8'));
  });
  test('no key at all', () => expect(() => privateKeyPkcs8(undefined as never)).toThrow(ApiMisuseError));
});

test.each<[KeySpec, number[]]>([
  [{ type: 'ec', curve: 'secp256r1' }, [0x0403]],
  [{ type: 'ec', curve: 'secp384r1' }, [0x0503]],
  [{ type: 'ec', curve: 'secp521r1' }, [0x0603]],
  [{ type: 'ec', curve: 'secp256k1' }, [0xff02]],
  [{ type: 'ec', curve: 'brainpoolP256r1' }, [0x081a]],
  [{ type: 'ec', curve: 'brainpoolP384r1' }, [0x081b]],
  [{ type: 'ec', curve: 'brainpoolP512r1' }, [0x081c]],
  [{ type: 'rsa', bits: 2048 }, [0x0804, 0x0805, 0x0806]],
  [{ type: 'rsa', bits: 1024 }, [0x0804, 0x0805]],
  [{ type: 'rsa-pss', bits: 2048 }, [0x0809, 0x080a, 0x080b]],
  [{ type: 'ed25519' }, [0x0807]],
  [{ type: 'ed448' }, [0x0808]],
])('schemes of %j', (kind, schemes) => expect(signatureSchemesFor(kind)).toEqual(schemes));

test('schemes of restricted RSASSA-PSS keys (RFC 4055 §3.1)', () => {
  const restricted = (hash: 'sha256' | 'sha384', mgfHash: 'sha256' | 'sha384', saltBytes: number) =>
    signatureSchemesFor({ type: 'rsa-pss', bits: 2048, restriction: { hash, mgfHash, saltBytes } });
  expect(restricted('sha256', 'sha256', 32)).toEqual([0x0809]);
  expect(restricted('sha384', 'sha384', 20)).toEqual([0x080a]);
  expect(restricted('sha256', 'sha256', 33)).toEqual([]);
  expect(restricted('sha256', 'sha384', 32)).toEqual([]);
});

describe('loadCredential', () => {
  const root = authority('root');
  const leaf = issue('leaf', {
    issuer: root,
    dnsNames: ['A.example', '*.b.example'],
    ipAddresses: ['127.0.0.1'],
  });
  const chain = encodePem('CERTIFICATE', leaf.certificate) + encodePem('CERTIFICATE', root.certificate);

  test('from files', () => {
    const credential = loadCredential({
      provider,
      chain,
      key: encodePem('PRIVATE KEY', leaf.key.exportPkcs8()),
      ocspResponse: Uint8Array.of(1),
    });
    expect(credential).toMatchObject({
      type: 'x509',
      chain: [leaf.certificate, root.certificate],
      signatureSchemes: [0x0403],
      names: ['a.example', '*.b.example'],
      ocspResponse: Uint8Array.of(1),
    });
    expect(credential).not.toHaveProperty('signedCertificateTimestamps');
    expect(credential.key).toMatchObject({ kind: { type: 'ec' } });
  });
  test('what is given comes before what is derived', () => {
    expect(
      loadCredential({ provider, chain, key: leaf.key, names: ['x'], signatureSchemes: [0x0203] }),
    ).toMatchObject({ names: ['x'], signatureSchemes: [0x0203], key: leaf.key });
    expect(loadCredential({ provider, chain, key: 'external' }).key).toBe('external');
  });
  test('a certificate without host names is for any', () => {
    const nameless = issue('nameless');
    expect(loadCredential({ provider, chain: nameless.certificate, key: nameless.key })).not.toHaveProperty(
      'names',
    );
  });
  test('a key of another certificate', () => {
    expect(() => loadCredential({ provider, chain, key: root.key })).toThrow(ApiMisuseError);
    expect(() => loadCredential({ provider, chain, key: newKey({ type: 'rsa', bits: 2048 }) })).toThrow(
      'expected the private key of CN=leaf',
    );
    expect(() => loadCredential({ provider, chain: [], key: leaf.key })).toThrow(ApiMisuseError);
  });
  test('one key in two encodings: RSASSA-PSS parameters in the certificate alone', () => {
    const key = newKey({ type: 'rsa-pss', bits: 2048 });
    const info = new DerReader(key.publicKey.spki, 'Test').enter(tags.sequence, 'spki');
    info.element('algorithm');
    const restriction = { type: 'rsa-pss', hash: 'sha384', mgfHash: 'sha384', saltBytes: 48 } as const;
    const spki = sequence(toDer(writeSignatureAlgorithm(restriction)), info.element('bits'));
    const restricted = issue('restricted', {
      issuer: root,
      key: { ...key, publicKey: { ...key.publicKey, spki } },
    });
    const credential = loadCredential({ provider, chain: restricted.certificate, key: key.exportPkcs8() });
    expect(credential.signatureSchemes).toEqual([0x080a]);
    const another = newKey({ type: 'rsa-pss', bits: 2048 });
    expect(() => loadCredential({ provider, chain: restricted.certificate, key: another })).toThrow(
      ApiMisuseError,
    );
  });
  test('what cannot be read', () => {
    expect(
      thrownCode(() => loadCredential({ provider, chain: Uint8Array.of(0x30, 0x80), key: leaf.key })),
    ).toBe('der.indefiniteLength');
    expect(thrownCode(() => loadCredential({ provider, chain, key: 'nothing' }))).toBe('pem.noBlock');
  });
});

if (!hasOpenssl) console.log('keys.test.ts: openssl is missing, its key files are not read');
test.skipIf(!hasOpenssl)('key files of the openssl command', () => {
  for (const args of [
    ['genrsa', '-traditional', '2048'],
    ['genrsa', '2048'],
    ['ecparam', '-name', 'prime256v1', '-genkey'],
    ['genpkey', '-algorithm', 'ed448'],
    ['genpkey', '-algorithm', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ]) {
    const text = openssl(args);
    const key = loadPrivateKey(text, provider);
    expect(key.publicKey.spki).toEqual(
      new Uint8Array(nodeCrypto.createPublicKey(text).export({ format: 'der', type: 'spki' })),
    );
  }
});
