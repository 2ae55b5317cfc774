import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import {
  crl,
  ecdsa,
  ed25519,
  encrypted,
  encryptedOfOld,
  middle,
  otherRsa,
  p384,
  pfx,
  root,
  rsa,
  sha1Signed,
  short,
  strangers,
  weak,
} from './material.ts';

/** `tls.createSecureContext` of the Node that runs this, and ours: the same options are accepted, and refused with the same error. */

const { key, cert } = rsa;
const base64 = (pem: string): string => pem.replace(/-----[^-]*-----/g, '').replaceAll('\n', '');
const der = (pem: string): Buffer => Buffer.from(base64(pem), 'base64');
const block = (label: string, body: string): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const ofBytes = (label: string, hex: string): string =>
  block(label, Buffer.from(hex, 'hex').toString('base64'));
const p12 = pfx([rsa], 'pw', [root]);
const long = 'a'.repeat(2000);
const level = (n: number): string => `DEFAULT@SECLEVEL=${n}`;

const table: Record<string, readonly unknown[]> = {
  'no options': [undefined, null, {}, '', 0, false, Number.NaN, 'x', 5, true, [], Symbol.iterator, () => {}],
  'keys as they should be': [
    { key },
    { key: Buffer.from(key) },
    { key: new DataView(Uint8Array.from(Buffer.from(key)).buffer) },
    { key: [key] },
    { key: [{ pem: key }] },
    { key: [{ pem: Buffer.from(key), passphrase: 'unused' }] },
    { key: '' },
    { key: null },
    { key: false },
    { key: 0 },
    { key: [] },
    { key: key.replaceAll('\n', '\r\n') },
    { key: `text before\n${key}` },
    { key: block('PRIVATE KEY', base64(key)) },
    { key: block('FOO', '!!!!') + key },
    { key: block('PRIVATE KEY', 'AAAA') + key },
    { key: cert + key },
    { key: [key, ecdsa.key, ed25519.key] },
    { key: strangers['dsa'] },
    { key: strangers['rsa-pss'] },
  ],
  'keys that are none': [
    { key: 'x' },
    { key: [''] },
    { key: cert },
    { key: key.slice(0, 300) },
    { key: der(key) },
    { key: block('PRIVATE KEY', '') },
    { key: block('PRIVATE KEY', 'AAAA') },
    { key: block('RSA PRIVATE KEY', 'AAAA') },
    { key: block('EC PRIVATE KEY', 'AAAA') },
    { key: block('PRIVATE KEY', '!!!!') },
    { key: block('PRIVATE KEY', base64(cert)) },
    { key: block('EC PRIVATE KEY', base64(key)) },
    { key: strangers['x25519'] },
    { key: strangers['x448'] },
    ...[5, true, {}, { pem: key }, [5], [null], [undefined], [{}], [{ pem: null }], new ArrayBuffer(8)].map(
      (each) => ({ key: each }),
    ),
  ],
  passphrases: [
    { key: encrypted(rsa, 'pw'), passphrase: 'pw' },
    { key: encrypted(rsa, 'pw'), passphrase: 'x' },
    { key: encrypted(rsa, 'pw') },
    { key: encryptedOfOld(rsa, 'pw'), passphrase: 'pw' },
    { key: encryptedOfOld(rsa, 'pw'), passphrase: 'x' },
    { key: encryptedOfOld(rsa, 'pw'), passphrase: '' },
    { key: encryptedOfOld(rsa, 'pw') },
    { key: encryptedOfOld(rsa, 'pw'), passphrase: null },
    { key: [{ pem: encrypted(rsa, 'pw'), passphrase: 'pw' }], passphrase: 'x' },
    { key: [{ pem: encrypted(rsa, 'pw'), passphrase: 'x' }], passphrase: 'pw' },
    { key: [{ pem: encrypted(rsa, 'pw') }], passphrase: 'pw' },
    { key: [{ pem: encrypted(rsa, 'pw'), passphrase: null }], passphrase: 'pw' },
    { key: encryptedOfOld(rsa, 'pw'), passphrase: long },
    { key, passphrase: 5 },
    { key, passphrase: {} },
    { key: [{ pem: key, passphrase: 5 }] },
    { passphrase: 5 },
  ],
  'certificates as they should be': [
    { cert },
    { cert: Buffer.from(cert) },
    { cert: new DataView(Uint8Array.from(Buffer.from(cert)).buffer) },
    { cert: [cert, ecdsa.cert] },
    { cert: ecdsa.cert + middle.cert + root.cert },
    { cert: '' },
    { cert: [] },
    { cert: cert.trim() },
    { cert: cert.replaceAll('\n', '\r\n') },
    { cert: cert.replaceAll('\n', '  \n') },
    { cert: cert.replace('\n', '\n\n') },
    { cert: block('CERTIFICATE', base64(cert)) },
    { cert: `\ufeff${cert}` },
    { cert: `subject=foo\n${cert}` },
    { cert: `${cert}garbage` },
    { cert: cert.replaceAll('CERTIFICATE', 'X509 CERTIFICATE') },
    { cert: cert.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE') },
    { cert: cert + key, key: key + cert },
    { cert: cert + cert.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE') },
  ],
  'certificates that are none': [
    { cert: 'x' },
    { cert: [''] },
    { cert: key },
    { cert: ` ${cert}` },
    { cert: cert.slice(0, 300) },
    { cert: cert.replace('END CERT', 'END CERF') },
    { cert: cert.replaceAll('\n', '') },
    { cert: cert.replaceAll('\n', '\n ') },
    { cert: cert.replace(/\n(?=[A-Za-z0-9+/]{64}\n)/g, '\n\n') },
    { cert: cert.replace(/-----END.*/s, '') },
    { cert: `${cert.slice(0, 100)}\0${cert.slice(100)}` },
    { cert: der(cert) },
    { cert: cert + block('CERTIFICATE', 'AAAA') },
    { cert: cert + block('FOO', '!!!!') },
    { cert: block('FOO', '!!!!') + cert },
    { cert: `${cert}-----BEGIN CERTIFICATE-----\nAAAA` },
    { cert: block('CERTIFICATE', '!!!!') },
    { cert: block('CERTIFICATE', '') },
    { cert: block('CERTIFICATE', base64(key)) },
    { cert: block('CERTIFICATE', Buffer.concat([der(cert), Buffer.alloc(6)]).toString('base64')) },
    { cert: block('CERTIFICATE', der(cert).subarray(0, 300).toString('base64')) },
    ...['00', '30', '3000', '3003020103', '30030201', '308203', '0500', 'ff', '3080', '30053003020101'].map(
      (hex) => ({ cert: ofBytes('CERTIFICATE', hex) }),
    ),
    ...[5, true, {}, [null], [5], new ArrayBuffer(8), new Uint16Array(2)].map((each) => ({ cert: each })),
  ],
  'keys and certificates together': [
    { key, cert },
    { key: otherRsa.key, cert },
    { key: ecdsa.key, cert },
    { key: p384.key, cert: ecdsa.cert },
    { key: [ecdsa.key, key], cert: [cert, ecdsa.cert] },
    { key: [otherRsa.key, ecdsa.key], cert: [cert, ecdsa.cert] },
    { key: [key, otherRsa.key], cert },
    { key, cert: [cert, otherRsa.cert] },
    {
      key: [key, ecdsa.key, ed25519.key],
      cert: [cert, ecdsa.cert, ed25519.cert],
      pfx: p12,
      passphrase: 'pw',
    },
    { key: rsa.key, cert: ecdsa.cert + middle.cert },
  ],
  'security levels': [
    { cert: weak.cert },
    { cert: weak.cert, key: weak.key, ciphers: level(0) },
    { key: weak.key },
    { cert: short.cert },
    { cert: short.cert, ciphers: level(2) },
    { cert: short.cert, ciphers: level(1) },
    { cert: sha1Signed.cert },
    { cert: sha1Signed.cert, ciphers: level(0) },
    { cert, ciphers: level(3) },
    { cert: cert + weak.cert },
    { cert: cert + weak.cert, ciphers: level(0) },
    { cert: cert + sha1Signed.cert },
    { ca: weak.cert },
    { pfx: pfx([weak], 'pw'), passphrase: 'pw' },
    { pfx: pfx([weak], 'pw'), passphrase: 'pw', ciphers: level(0) },
  ],
  authorities: [
    { ca: root.cert },
    { ca: Buffer.from(root.cert) },
    { ca: [root.cert, Buffer.from(middle.cert)] },
    { ca: 'x' },
    { ca: ofBytes('CERTIFICATE', '00') },
    { ca: [] },
    { ca: [''] },
    { ca: root.cert.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE') },
    ...[5, {}, [5], [null], new SharedArrayBuffer(8)].map((each) => ({ ca: each })),
  ],
  'revocation lists': [
    { crl },
    { crl: [crl, Buffer.from(crl)] },
    { crl: [] },
    { crl: null },
    { crl: '' },
    { crl: 'x' },
    { crl: [crl, 'x'] },
    { crl: ofBytes('X509 CRL', '00') },
    { crl: cert },
    { crl: 5 },
    { crl: [5] },
  ],
  'PKCS #12': [
    { pfx: p12, passphrase: 'pw' },
    { pfx: p12, passphrase: Buffer.from('pw') },
    { pfx: p12, passphrase: 'x' },
    { pfx: p12 },
    { pfx: p12, passphrase: 5 },
    { pfx: [p12], passphrase: 'pw' },
    { pfx: [{ buf: p12, passphrase: 'pw' }], passphrase: 'x' },
    { pfx: { buf: p12, passphrase: 'pw' } },
    { pfx: [p12, pfx([ecdsa], 'pw', [middle, root])], passphrase: 'pw' },
    { pfx: pfx([rsa], '') },
    { pfx: pfx([rsa], ''), passphrase: '' },
    { pfx: pfx([rsa], ''), passphrase: 'x' },
    { pfx: pfx([], 'pw'), passphrase: 'pw' },
    { pfx: new DataView(Uint8Array.from(p12).buffer), passphrase: 'pw' },
    { pfx: Uint8Array.from(p12).buffer, passphrase: 'pw' },
    { pfx: p12.toString('base64'), passphrase: 'pw' },
    { pfx: p12.subarray(0, 300), passphrase: 'pw' },
    { pfx: Buffer.concat([p12, Buffer.alloc(5)]), passphrase: 'pw' },
    { pfx: Buffer.from(p12).fill(0, 200, 210), passphrase: 'pw' },
    ...['00', '30', '3000', '3003020103', '30030201', '308203', '0500', 'a000', 'ff', '3080'].map((hex) => ({
      pfx: Buffer.from(hex, 'hex'),
    })),
    ...['x', '', Buffer.alloc(0), 5, true, [], [5], [null], {}, null, false].map((each) => ({ pfx: each })),
  ],
  'session options': [
    ...['a'.repeat(32), 'a'.repeat(33), 'é'.repeat(17), '', 5, null].map((each) => ({
      sessionIdContext: each,
    })),
    ...[-1, 0, 1.5, 300, 2 ** 31 - 1, 2 ** 31, 'a', null].map((each) => ({ sessionTimeout: each })),
    ...[47, 48, 49].map((bytes) => ({ ticketKeys: Buffer.alloc(bytes) })),
    ...['abc', '', new ArrayBuffer(48), new DataView(new ArrayBuffer(48)), 5, null].map((each) => ({
      ticketKeys: each,
    })),
  ],
  lists: [
    ...[5, '', 'x', null, undefined, ':', 'AES128-SHA:@SECLEVEL=9', 'TLS_AES_128_GCM_SHA256', 'TLS_X'].map(
      (each) => ({ ciphers: each }),
    ),
    { ciphers: 'x:TLS_AES_128_GCM_SHA256' },
    ...[5, 'x', null, undefined, false, 'auto', 'P-256:P-384', 'P-256:x'].map((each) => ({
      ecdhCurve: each,
    })),
    ...['', 5, 'x', null, 'RSA+SHA256'].map((each) => ({ sigalgs: each })),
    ...[5, 'x', '', 'auto', null, true, key].map((each) => ({ dhparam: each })),
  ],
  versions: [
    ...['x', 5, null, '', 'TLSv1', 'TLSv1.3'].flatMap((each) => [{ minVersion: each }, { maxVersion: each }]),
    { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' },
    ...['x', 5, '', null, 'TLS_method', 'TLSv1_2_method', 'SSLv3_method', 'SSLv23_client_method'].map(
      (each) => ({
        secureProtocol: each,
      }),
    ),
    { secureProtocol: 'TLS_method', minVersion: 'TLSv1.2' },
    { secureProtocol: 'TLS_method', maxVersion: 'x' },
    { secureProtocol: 'TLS_method', minVersion: null },
  ],
  'bits of options': [
    ...['x', 1.5, null, '5', -1, 2 ** 40, 0, {}, 1n].map((each) => ({ secureOptions: each })),
    { secureOptions: 'x', honorCipherOrder: true },
    { secureOptions: 1n, honorCipherOrder: true },
    { honorCipherOrder: 'x' },
    { allowPartialTrustChain: 5 },
    { allowPartialTrustChain: true },
  ],
  engines: [
    { clientCertEngine: 0 },
    { clientCertEngine: null },
    { privateKeyIdentifier: 'x' },
    { privateKeyIdentifier: 0, privateKeyEngine: 'y' },
    { privateKeyIdentifier: 'x', privateKeyEngine: 0 },
    { privateKeyIdentifier: 'x', privateKeyEngine: 'y', key },
    { privateKeyEngine: 'y' },
  ],
  'compressed certificates': [
    ...[5, ['x'], ['zlib'], [], ['zlib', 'zlib'], null, 'zlib', ['zlib', 5], ['brotli', 'zstd']].map(
      (each) => ({
        certificateCompression: each,
      }),
    ),
  ],
  'which mistake comes first': [
    { ciphers: 'x', key: 'x', ca: 5 },
    { ca: 5, cert: 'x' },
    { cert: 5, key: 'x' },
    { sigalgs: '', key: 'x' },
    { pfx: 'x', dhparam: 5 },
    { ecdhCurve: 5, sigalgs: 5 },
    { ecdhCurve: 5, privateKeyIdentifier: 'x' },
    { ecdhCurve: 5, dhparam: 5 },
    { sessionIdContext: 5, crl: 5 },
    { minVersion: 'x', ciphers: 'x' },
    { secureOptions: 'x', minVersion: 'x' },
    { ticketKeys: 5, sessionTimeout: 'x' },
    { clientCertEngine: 5, ticketKeys: 5 },
    { pfx: 5, clientCertEngine: 5 },
    { certificateCompression: 5, ciphers: 5 },
    { certificateCompression: 5, ticketKeys: 5 },
    { certificateCompression: 5, clientCertEngine: 5 },
    ...['pfx', 'sigalgs', 'ecdhCurve', 'dhparam', 'crl', 'sessionIdContext', 'key', 'cert', 'ca'].map(
      (each) => ({
        certificateCompression: 5,
        [each]: 5,
      }),
    ),
  ],
};

describe.each(Object.entries(table))('createSecureContext: %s', (_, rows) => {
  it.each(rows.map((options, row) => [row, options] as const))('row %i', (_row, options) => {
    const expected = outcome(() => tls.createSecureContext(options as never));
    expect(outcome(() => ours['createSecureContext']!(options as never))).toEqual(expected);
  });
});

describe('new SecureContext', () => {
  const calls: unknown[][] = [
    [],
    ['TLS_method'],
    ['x'],
    [5],
    [undefined, 5],
    [undefined, 'x'],
    [undefined, undefined, 'x'],
    [undefined, undefined, 'TLSv1.3', 'x'],
    ['TLS_method', 0, 'TLSv1.2'],
  ];
  it.each(calls.map((args) => [args] as const))('%j', (args) => {
    const Builtin = (tls as unknown as { SecureContext: new (...args: unknown[]) => object }).SecureContext;
    const Ours = ours['SecureContext'] as unknown as typeof Builtin;
    expect(outcome(() => Object.keys(new Ours(...args)))).toEqual(
      outcome(() => Object.keys(new Builtin(...args))),
    );
  });
});

/** Everything of an error that a program looks at; thread and place in the source, which OpenSSL's log has, aside. */
function outcome(run: () => unknown): unknown {
  try {
    run();
    return 'accepted';
  } catch (error) {
    const { name, message, code, library, reason, opensslErrorStack } = error as Record<string, unknown>;
    const shown = String(message).replace(/^[0-9A-F]{16}:(error:.*?:.*?:.*?:.*?):.*:\d+:\n$/, '$1');
    const text = String(error).replace(String(message), shown);
    return { name, text, code, library, reason, opensslErrorStack, own: Object.keys(error as object) };
  }
}
