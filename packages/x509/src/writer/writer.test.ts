import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeSignatureAlgorithm } from './algorithm.ts';
import { ApiMisuseError, type KeySpec } from '@sealwire/core';
import { authority, issue, newKey, nowMs, provider } from '../../test/authority.ts';
import { hasOpenssl, opensslText, opensslVerify } from '../../test/openssl.ts';
import {
  type CertificateContents,
  type Issued,
  formatIpAddress,
  makeCertificate,
  makeTestPki,
  parseCertificate,
  verifyChain,
} from '../index.ts';
import { raw, toDer } from './asn1.ts';

const specs: KeySpec[] = [
  { type: 'rsa', bits: 2048 },
  { type: 'rsa-pss', bits: 2048 },
  { type: 'ec', curve: 'secp256r1' },
  { type: 'ec', curve: 'secp384r1' },
  { type: 'ec', curve: 'secp521r1' },
  { type: 'ec', curve: 'secp256k1' },
  { type: 'ec', curve: 'brainpoolP256r1' },
  { type: 'ec', curve: 'brainpoolP384r1' },
  { type: 'ec', curve: 'brainpoolP512r1' },
  { type: 'ed25519' },
  { type: 'ed448' },
];
if (!hasOpenssl) console.log('writer.test.ts: openssl is missing, its opinion is not asked');

describe.each(specs)('with keys of $type $curve$bits', (keySpec) => {
  const pki = makeTestPki({
    provider,
    nowMs,
    keySpec,
    dnsNames: ['a.example', '*.b.example'],
    ipAddresses: ['192.0.2.1', '2001:db8::1'],
  });
  const all: [string, Issued][] = [
    ['root', pki.root],
    ['intermediate', pki.intermediate],
    ['server', pki.server],
    ['client', pki.client],
  ];

  test.each(all)('%s: Node reads what we read', (_name, { certificate, key }) => {
    const node = new X509Certificate(certificate);
    const ours = parseCertificate(certificate).readEverything();
    expect(ours.serialNumberHex).toBe(node.serialNumber);
    expect(new Date(ours.notBeforeMs)).toEqual(new Date(node.validFrom));
    expect(new Date(ours.notAfterMs)).toEqual(new Date(node.validTo));
    expect(ours.spki).toEqual(new Uint8Array(node.publicKey.export({ format: 'der', type: 'spki' })));
    expect(ours.spki).toEqual(key.publicKey.spki);
    expect(ours.basicConstraints?.ca).toBe(node.ca);
    expect(node.subject.split('\n').reverse().join(', ')).toBe(String(ours.subject));
    expect(node.issuer.split('\n').reverse().join(', ')).toBe(String(ours.issuer));
    expect(node.subjectAltName).toBe(alternativeNames(certificate));
    expect(ours.extendedKeyUsage).toEqual(node.keyUsage);
  });
  test('Node agrees on who signed', () => {
    const [root, intermediate, server] = [pki.root, pki.intermediate, pki.server].map(
      ({ certificate }) => new X509Certificate(certificate),
    );
    expect(root!.verify(root!.publicKey)).toBe(true);
    expect(intermediate!.checkIssued(root!) && intermediate!.verify(root!.publicKey)).toBe(true);
    expect(server!.checkIssued(intermediate!) && server!.verify(intermediate!.publicKey)).toBe(true);
    expect(server!.verify(root!.publicKey)).toBe(false);
  });
  test.skipIf(!hasOpenssl)('openssl verify agrees', () => {
    const at = ['-attime', String(nowMs / 1_000)];
    expect(
      opensslVerify(pki.root.certificate, [pki.intermediate.certificate], pki.server.certificate, [
        ...at,
        '-purpose',
        'sslserver',
        '-verify_hostname',
        'x.b.example',
      ]),
    ).toBe('OK');
    expect(
      opensslVerify(pki.root.certificate, [pki.intermediate.certificate], pki.client.certificate, [
        ...at,
        '-purpose',
        'sslclient',
      ]),
    ).toBe('OK');
    expect(
      opensslVerify(pki.root.certificate, [pki.intermediate.certificate], pki.client.certificate, [
        ...at,
        '-purpose',
        'sslserver',
      ]),
    ).not.toBe('OK');
  });
});

describe('the same verdict as openssl verify', () => {
  const root = authority('root');
  const inside = {
    permitted: { dnsNames: ['example'], ipRanges: ['10.0.0.0/8'] },
    excluded: { dnsNames: ['no.example'] },
  };
  const cases: [string, Partial<CertificateContents>, Partial<CertificateContents>][] = [
    ['nothing special', {}, {}],
    ['not a CA', { ca: false }, {}],
    ['no keyCertSign', { keyUsage: ['cRLSign'] }, {}],
    ['path length', { ca: { pathLength: 0 } }, {}],
    ['expired', {}, { notAfterMs: Date.UTC(2026, 1) }],
    ['not yet valid', { notBeforeMs: Date.UTC(2026, 11) }, {}],
    ['after 2050', { notAfterMs: Date.UTC(2060, 1) }, { notAfterMs: Date.UTC(2055, 1) }],
    [
      'inside the constraints',
      { nameConstraints: inside },
      { dnsNames: ['a.example'], ipAddresses: ['10.1.2.3'] },
    ],
    ['outside by name', { nameConstraints: inside }, { dnsNames: ['a.example.org'] }],
    ['excluded by name', { nameConstraints: inside }, { dnsNames: ['x.no.example'] }],
    ['outside by address', { nameConstraints: inside }, { ipAddresses: ['11.1.2.3'] }],
    ['wrong purpose above', { extendedKeyUsage: ['clientAuth'] }, {}],
    [
      'unknown critical extension',
      {},
      { extensions: [{ id: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] },
    ],
  ];
  test.skipIf(!hasOpenssl).each(cases)('%s', (_name, middleContents, leafContents) => {
    const { issuer: _i, key: _k, provider: _p, ...middleRest } = middleContents;
    const { issuer: _i2, key: _k2, provider: _p2, ...leafRest } = leafContents;
    const middle = authority('middle', { issuer: root, ...middleRest });
    const leaf = issue('leaf', {
      issuer: middle,
      dnsNames: ['a.example'],
      extendedKeyUsage: ['serverAuth'],
      ...leafRest,
    });
    const ours = verifyChain({
      provider,
      chain: [leaf.certificate, middle.certificate],
      roots: root.certificate,
      timeMs: nowMs,
    });
    const theirs = opensslVerify(root.certificate, [middle.certificate], leaf.certificate, [
      '-attime',
      String(nowMs / 1_000),
      '-purpose',
      'sslserver',
    ]);
    expect(ours.ok, `${theirs} / ${ours.ok ? '' : ours.code}`).toBe(theirs === 'OK');
  });
});

test.skipIf(!hasOpenssl)('openssl prints the contents', () => {
  const { certificate } = issue('x', {
    subject: {
      C: 'CH',
      O: ['One', 'Zürich'],
      CN: 'x',
      serialNumber: '7',
      DC: 'example',
      emailAddress: 'a@example.org',
    },
    serialNumber: Uint8Array.of(0, 0xff, 1),
    dnsNames: ['a.example'],
    ipAddresses: ['::1'],
    emails: ['b@example.org'],
    uris: ['https://example.org/x'],
    keyUsage: ['digitalSignature', 'decipherOnly'],
    extendedKeyUsage: ['serverAuth', '1.2.3.4'],
    nameConstraints: {
      permitted: {
        dnsNames: ['example'],
        ipRanges: ['10.0.0.0/9'],
        emails: ['example.org'],
        directoryNames: [{ O: 'One' }],
      },
    },
    extensions: [{ id: '1.2.3.4.5', value: Uint8Array.of(0x0c, 2, 104, 105) }],
  });
  const text = opensslText(certificate);
  for (const part of [
    'Version: 3 (0x2)',
    'Serial Number: 65281 (0xff01)',
    'Signature Algorithm: ecdsa-with-SHA256',
    'C = CH, O = One, O = Z\\C3\\BCrich, CN = x, serialNumber = 7, DC = example, emailAddress = a@example.org',
    'Not Before: Jan  1 00:00:00 2026 GMT',
    'CA:FALSE',
    'Digital Signature, Decipher Only',
    'TLS Web Server Authentication, 1.2.3.4',
    'email:b@example.org, DNS:a.example, URI:https://example.org/x, IP Address:0:0:0:0:0:0:0:1',
    'email:example.org\n                  DNS:example\n                  DirName:O = One\n                  IP:10.0.0.0/255.128.0.0',
    '1.2.3.4.5: \n                ..hi',
  ]) {
    expect(text).toContain(part);
  }
});

describe('deterministic', () => {
  const counter = () => {
    let next = 0;
    return (length: number) => Uint8Array.from({ length }, () => next++ & 0xff);
  };
  test('with a source the arguments alone decide (Ed25519)', () => {
    const key = newKey({ type: 'ed25519' });
    const make = () => issue('x', { key, source: counter() }).certificate;
    expect(make()).toEqual(make());
    expect(parseCertificate(make()).serialNumberHex).toBe('400102030405060708090A0B0C0D0E0F');
  });
  test('without one serial numbers differ', () => {
    const key = newKey({ type: 'ed25519' });
    expect(issue('x', { key }).certificate).not.toEqual(issue('x', { key }).certificate);
  });
});

test('any positive serial number and any time come back', () => {
  const key = newKey({ type: 'ed25519' });
  const seconds = fc.integer({ min: Date.UTC(1950, 0) / 1_000, max: Date.UTC(9999, 0) / 1_000 });
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 20 }).filter((octets) => octets.some((octet) => octet !== 0)),
      seconds,
      seconds,
      (serialNumber, from, to) => {
        const parsed = parseCertificate(
          issue('x', { key, serialNumber, notBeforeMs: from * 1_000 + 999, notAfterMs: to * 1_000 })
            .certificate,
        );
        expect(BigInt(`0x${parsed.serialNumberHex}`)).toBe(
          serialNumber.reduce((n, octet) => n * 256n + BigInt(octet), 0n),
        );
        expect([parsed.notBeforeMs, parsed.notAfterMs]).toEqual([from * 1_000, to * 1_000]);
      },
    ),
    { numRuns: 50 },
  );
});

test('DER goes through asn1js unchanged', () => {
  for (const spec of specs) {
    const { spki } = newKey(spec).publicKey;
    expect(toDer(raw(spki))).toEqual(spki);
  }
  const { certificate } = issue('x', { dnsNames: ['a.example'] });
  expect(toDer(raw(certificate))).toEqual(certificate);
  expect(() => raw(Uint8Array.of(5, 0, 0))).toThrow();
});

describe("the caller's mistakes", () => {
  const key = newKey();
  test.each<Partial<CertificateContents>>([
    { key: key.publicKey.spki },
    { subject: { nonsense: 'x' } },
    { notAfterMs: Number.NaN },
    { notBeforeMs: Date.UTC(1940, 0) },
    { serialNumber: new Uint8Array(21) },
    { serialNumber: new Uint8Array(0) },
    { dnsNames: ['bücher.example'] },
    { dnsNames: ['a..b'] },
    { ipAddresses: ['1.2.3'] },
    { emails: ['ü@example.org'] },
    { keyUsage: ['sign' as never] },
    { nameConstraints: { permitted: { ipRanges: ['10.0.0.0'] } } },
    { nameConstraints: { permitted: { dnsNames: [] } } },
    { nameConstraints: { excluded: {} } },
    { nameConstraints: {} },
    { signatureAlgorithm: { type: 'ecdsa', hash: 'md5' } },
  ])('%#', (change) => {
    const contents = {
      provider,
      subject: { CN: 'x' },
      key,
      notBeforeMs: nowMs,
      notAfterMs: nowMs,
      ...change,
    };
    expect(() => makeCertificate(contents)).toThrow(ApiMisuseError);
  });
});

/** As Node prints them. */
function alternativeNames(certificate: Uint8Array): string | undefined {
  return parseCertificate(certificate)
    .subjectAltName?.map((name) => {
      if (name.type === 'dns') return `DNS:${name.value}`;
      if (name.type === 'email') return `email:${name.value}`;
      const address = name.type === 'ip' ? formatIpAddress(name.value)! : '';
      return `IP Address:${address === '2001:db8::1' ? '2001:DB8:0:0:0:0:0:1' : address}`;
    })
    .join(', ');
}

test('what TLS 1.1 and older sign is no algorithm of certificates', () =>
  expect(() => writeSignatureAlgorithm({ type: 'rsa-pkcs1', hash: 'md5-sha1' })).toThrow(
    'expected one of md5, sha1, sha224, sha256, sha384, sha512, got md5-sha1',
  ));
