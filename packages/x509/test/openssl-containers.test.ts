import { getDiffieHellman, createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  encodeDhParameters,
  encodePem,
  encodeTrustedCertificate,
  loadPublicKey,
  makePkcs7,
  makeTestPki,
  parsePem,
  publicKeySpki,
  readDhParameters,
  readPkcs7,
  readTrustedCertificate,
} from '../src/index.ts';
import { newKey, nowMs, provider } from './authority.ts';
import { bytes, sequence, tlv } from './der.ts';
import { hasOpenssl, openssl, opensslFiles, opensslOn } from './openssl.ts';
import { thrownCode } from './thrown.ts';

/** PKCS #7, TRUSTED CERTIFICATE, DH parameters and public keys, to openssl and from it. */
if (!hasOpenssl)
  console.log('openssl-containers.test.ts: openssl is missing, containers are not exchanged with it');

const { root, intermediate, server } = makeTestPki({ provider, nowMs });
const certificates = [server.certificate, intermediate.certificate, root.certificate];
const pem = certificates.map((der) => encodePem('CERTIFICATE', der)).join('');
const fromHex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

describe('PKCS #7', () => {
  const bundle = makePkcs7({ certificates });
  test('what we write, we read', () => {
    expect(readPkcs7(bundle)).toEqual({ certificates, crls: [] });
    expect(readPkcs7(`text\n${encodePem('PKCS7', bundle)}`)).toEqual({ certificates, crls: [] });
    expect(readPkcs7(makePkcs7({}))).toEqual({ certificates: [], crls: [] });
    const crl = sequence(tlv(0x02, [1]));
    expect(readPkcs7(makePkcs7({ certificates, crls: [crl] }))).toEqual({ certificates, crls: [crl] });
  });
  test.skipIf(!hasOpenssl)('openssl reads it', () => {
    const text = opensslOn(encodePem('PKCS7', bundle), ['pkcs7', '-print_certs']).toString();
    expect(parsePem(text).map(({ der }) => der)).toEqual(certificates);
  });
  test.skipIf(!hasOpenssl)('openssl writes it', () => {
    const made = opensslFiles({ 'chain.pem': pem }, ['crl2pkcs7', '-nocrl', '-certfile', '{chain.pem}']);
    expect(readPkcs7(made.stdout)).toEqual({ certificates, crls: [] });
  });
  test.skipIf(!hasOpenssl)('a signed one, as a stream with indefinite lengths', () => {
    const files = {
      'cert.pem': encodePem('CERTIFICATE', server.certificate),
      'key.pem': encodePem('PRIVATE KEY', server.key.exportPkcs8()),
      'chain.pem': encodePem('CERTIFICATE', intermediate.certificate),
      text: 'x'.repeat(20_000),
    };
    const args = [
      '-signer',
      '{cert.pem}',
      '-inkey',
      '{key.pem}',
      '-certfile',
      '{chain.pem}',
      '-in',
      '{text}',
    ];
    for (const more of [['-nodetach', '-stream'], ['-nodetach']]) {
      const { stdout, stderr } = opensslFiles(files, ['cms', '-sign', '-outform', 'DER', ...args, ...more]);
      expect(stdout.length, stderr).toBeGreaterThan(20_000);
      if (more.includes('-stream')) expect(stdout[1]).toBe(0x80);
      const { certificates } = readPkcs7(new Uint8Array(stdout));
      expect(new Set(certificates.map(String))).toEqual(
        new Set([server.certificate, intermediate.certificate].map(String)),
      );
    }
  });
  test('other contents, and none', () => {
    const other = sequence(tlv(0x06, fromHex('2a864886f70d010701')), tlv(0xa0, tlv(0x04, [1])));
    expect(thrownCode(() => readPkcs7(other))).toBe('container.unsupported');
    expect(thrownCode(() => readPkcs7(pem))).toBe('pem.noBlock');
    expect(thrownCode(() => readPkcs7(bytes(bundle, [0])))).toBe('der.trailingBytes');
  });
});

describe('TRUSTED CERTIFICATE', () => {
  const [serverAuth, emailProtection] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.4'];
  test('what we write, we read', () => {
    const contents = { certificate: root.certificate, alias: 'mine ü', keyId: Uint8Array.of(1, 2) };
    const der = encodeTrustedCertificate({
      ...contents,
      trusted: ['serverAuth', '1.2.3'],
      rejected: ['emailProtection'],
    });
    expect(readTrustedCertificate(der)).toEqual({
      ...contents,
      trusted: [serverAuth, '1.2.3'],
      rejected: [emailProtection],
    });
    expect(readTrustedCertificate(encodePem('CERTIFICATE', root.certificate))).toEqual({
      certificate: root.certificate,
    });
  });
  test.skipIf(!hasOpenssl)('openssl writes it', () => {
    const args = [
      'x509',
      '-trustout',
      '-addtrust',
      'serverAuth',
      '-addreject',
      'emailProtection',
      '-setalias',
      'mine',
    ];
    const text = opensslOn(pem, args).toString();
    expect(readTrustedCertificate(text)).toEqual({
      certificate: server.certificate,
      trusted: [serverAuth],
      rejected: [emailProtection],
      alias: 'mine',
    });
    expect(readTrustedCertificate(opensslOn(pem, ['x509', '-trustout', '-outform', 'PEM']))).toMatchObject({
      certificate: server.certificate,
    });
  });
  test.skipIf(!hasOpenssl)('openssl reads it', () => {
    const der = encodeTrustedCertificate({
      certificate: root.certificate,
      trusted: ['clientAuth'],
      rejected: ['serverAuth'],
      alias: 'ours',
    });
    const text = opensslOn(encodePem('TRUSTED CERTIFICATE', der), [
      'x509',
      '-noout',
      '-text',
      '-alias',
    ]).toString();
    expect(text).toContain('Trusted Uses:\n  TLS Web Client Authentication');
    expect(text).toContain('Rejected Uses:\n  TLS Web Server Authentication');
    expect(text).toContain('ours');
  });
  test('damage', () => {
    const aux = (...content: Uint8Array[]) => bytes(root.certificate, sequence(...content));
    const alias = (...octets: number[]) => tlv(0x0c, octets);
    expect(thrownCode(() => readTrustedCertificate(aux(alias(0xff))))).toBe('der.badString');
    expect(thrownCode(() => readTrustedCertificate(aux(alias(65), sequence())))).toBe('der.trailingBytes');
    expect(thrownCode(() => readTrustedCertificate(bytes(root.certificate, [4, 0])))).toBe(
      'der.unexpectedTag',
    );
    const purposes = Array.from({ length: 65 }, () => tlv(0x06, [0x2a]));
    expect(thrownCode(() => readTrustedCertificate(aux(sequence(...purposes))))).toBe('container.tooLarge');
  });
});

describe('DH parameters', () => {
  const prime = fromHex(`${'f'.repeat(63)}5`);
  const generator = Uint8Array.of(2);
  test('what we write, we read', () => {
    for (const contents of [
      { prime, generator },
      { prime, generator, privateBits: 225 },
    ]) {
      const der = encodeDhParameters(contents);
      expect(readDhParameters(der)).toEqual(contents);
      expect(readDhParameters(encodePem('DH PARAMETERS', der))).toEqual(contents);
    }
  });
  test.skipIf(!hasOpenssl)('openssl writes them, and the provider takes them', () => {
    const text = openssl([
      'genpkey',
      '-genparam',
      '-algorithm',
      'DH',
      '-pkeyopt',
      'group:ffdhe2048',
    ]).toString();
    const read = readDhParameters(text);
    const group = provider.dh!(read);
    expect(group?.name).toBe('ffdhe2048');
    expect(readDhParameters(openssl(['dhparam', '-dsaparam', '512'])).prime.length).toBe(64);
    const x942 = openssl([
      'genpkey',
      '-genparam',
      '-algorithm',
      'DHX',
      '-pkeyopt',
      'dh_rfc5114:1',
    ]).toString();
    expect(x942).toContain('X9.42 DH PARAMETERS');
    const { prime, generator, order } = readDhParameters(x942);
    expect([prime.length, generator.length, order?.length]).toEqual([128, 128, 20]);
    expect(readDhParameters(parsePem(x942)[0]!.der)).toEqual({ prime, generator, order });
  });
  test.skipIf(!hasOpenssl)('openssl and Node read ours', () => {
    const made = getDiffieHellman('modp14');
    const contents = {
      prime: new Uint8Array(made.getPrime()),
      generator: new Uint8Array(made.getGenerator()),
    };
    const text = opensslOn(encodePem('DH PARAMETERS', encodeDhParameters(contents)), ['dhparam', '-text']);
    expect(readDhParameters(text)).toEqual(contents);
    expect(text.toString()).toContain('DH Parameters: (2048 bit)');
  });
  test.each([
    ['der.badInteger', sequence(tlv(0x02, [0x80]), tlv(0x02, [2]))],
    ['container.tooLarge', sequence(tlv(0x02, [1], new Uint8Array(2_049)), tlv(0x02, [2]))],
    ['der.truncated', sequence(tlv(0x02, [5]))],
    ['der.trailingBytes', sequence(tlv(0x02, [5]), tlv(0x02, [2]), tlv(0x02, [8]), tlv(0x02, [8]))],
    [
      'container.malformed',
      encodePem('DH PARAMETERS', sequence(tlv(0x02, [5]), tlv(0x02, [2]), tlv(0x02, [1], new Uint8Array(4)))),
    ],
    ['der.truncated', encodePem('X9.42 DH PARAMETERS', sequence(tlv(0x02, [5]), tlv(0x02, [2])))],
    ['pem.noBlock', pem],
  ])('%s %#', (code, input) => expect(thrownCode(() => readDhParameters(input))).toBe(code));
});

describe('public keys', () => {
  const rsa = newKey({ type: 'rsa', bits: 2048 }).publicKey.spki;
  const node = createPublicKey({ key: Buffer.from(rsa), format: 'der', type: 'spki' });
  const pkcs1 = new Uint8Array(node.export({ format: 'der', type: 'pkcs1' }));
  test('SubjectPublicKeyInfo and PKCS #1, as PEM and DER', () => {
    for (const input of [rsa, pkcs1, encodePem('PUBLIC KEY', rsa), encodePem('RSA PUBLIC KEY', pkcs1)]) {
      expect(publicKeySpki(input)).toEqual(rsa);
      expect(loadPublicKey(input, provider).kind).toEqual({ type: 'rsa', bits: 2048 });
    }
    expect(publicKeySpki(pem + encodePem('PUBLIC KEY', rsa))).toEqual(rsa);
  });
  test.skipIf(!hasOpenssl)('of openssl', () => {
    const text = opensslOn(encodePem('PUBLIC KEY', rsa), ['rsa', '-pubin', '-RSAPublicKey_out']).toString();
    expect(text).toContain('RSA PUBLIC KEY');
    expect(publicKeySpki(text)).toEqual(rsa);
  });
  test.each([
    ['pem.noBlock', pem],
    ['der.trailingBytes', bytes(rsa, [0])],
    ['der.unexpectedTag', encodePem('PUBLIC KEY', pkcs1)],
    ['der.unexpectedTag', encodePem('RSA PUBLIC KEY', rsa)],
    ['der.trailingBytes', sequence(tlv(0x02, [5]), tlv(0x02, [3]), tlv(0x02, [3]))],
  ])('%s %#', (code, input) => expect(thrownCode(() => publicKeySpki(input))).toBe(code));
  test('one that the provider does not know', () => {
    const unknown = sequence(sequence(tlv(0x06, [0x2a, 3])), tlv(0x03, [0, 1]));
    expect(thrownCode(() => loadPublicKey(unknown, provider))).toBe('key.unsupported');
  });
});
