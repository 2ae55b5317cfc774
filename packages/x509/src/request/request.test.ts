import { describe, expect, test } from 'vitest';
import { ApiMisuseError, type KeySpec } from '@sealwire/core';
import { authority, newKey, nowMs, provider } from '../../test/authority.ts';
import { bytes, oid, sequence, tlv } from '../../test/der.ts';
import { hasOpenssl, opensslFiles, opensslOn } from '../../test/openssl.ts';
import { thrownCode } from '../../test/thrown.ts';
import {
  authorityInfoAccess,
  certificatePolicies,
  encodePem,
  extensionIds,
  inhibitAnyPolicy,
  makeCertificate,
  makeCertificateFromRequest,
  makeCertificateRequest,
  parseCertificate,
  parseCertificateRequest,
  policyConstraints,
  policyMappings,
  verifyCertificateRequest,
} from '../index.ts';

if (!hasOpenssl)
  console.log('request.test.ts: openssl is missing, certificate requests are not exchanged with it');

const key = newKey();
const subject = { C: 'CH', O: 'Zürich', CN: 'example.org' };
const der = makeCertificateRequest({
  key,
  subject,
  dnsNames: ['example.org', '*.example.org'],
  ipAddresses: ['192.0.2.1'],
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['serverAuth'],
  challengePassword: 'bitte',
});
const request = parseCertificateRequest(der);
const root = authority('root');
const validity = { notBeforeMs: nowMs, notAfterMs: nowMs + 86_400_000 };

describe('what we write, we read', () => {
  test('with everything', () => {
    expect(String(request.subject)).toBe('CN=example.org, O=Zürich, C=CH');
    expect(request.spki).toEqual(key.publicKey.spki);
    expect(request.subjectAltName?.map(({ value }) => value)).toEqual([
      'example.org',
      '*.example.org',
      Uint8Array.of(192, 0, 2, 1),
    ]);
    expect([...request.extensions.keys()]).toEqual([
      extensionIds.keyUsage,
      extensionIds.extendedKeyUsage,
      extensionIds.subjectAltName,
    ]);
    expect(request.challengePassword).toBe('bitte');
    expect(verifyCertificateRequest(request, provider)).toBe(true);
    expect(parseCertificateRequest(encodePem('NEW CERTIFICATE REQUEST', der))).toMatchObject({ der });
  });
  test.each<KeySpec>([
    { type: 'rsa', bits: 1024 },
    { type: 'rsa-pss', bits: 1024 },
    { type: 'ed25519' },
    { type: 'ed448' },
  ])('with next to nothing, %j', (spec) => {
    const small = parseCertificateRequest(makeCertificateRequest({ key: newKey(spec), subject: {} }));
    expect(small.subject.isEmpty).toBe(true);
    expect([small.attributes.size, small.extensions.size, small.challengePassword]).toEqual([
      0,
      0,
      undefined,
    ]);
    expect(verifyCertificateRequest(small, provider)).toBe(true);
  });
  test('nothing in it can be changed', () => {
    for (let i = 8; i < der.length; i += 5) {
      const changed = der.map((byte, at) => (at === i ? byte ^ 1 : byte));
      let good = false;
      try {
        good = verifyCertificateRequest(parseCertificateRequest(changed), provider);
      } catch (error) {
        expect(error).toMatchObject({ name: 'X509Error' });
      }
      expect(good, `byte ${i}`).toBe(false);
    }
  });
});

describe('certificates from requests', () => {
  const issued = (asked = request, more: Partial<Parameters<typeof makeCertificateFromRequest>[1]> = {}) =>
    parseCertificate(makeCertificateFromRequest(asked, { provider, issuer: root, ...validity, ...more }));
  test('have the name, the key and the alternative names', () => {
    const certificate = issued();
    expect(certificate.subject.der).toEqual(request.subject.der);
    expect(certificate.spki).toEqual(key.publicKey.spki);
    expect(certificate.subjectAltName).toEqual(request.subjectAltName);
    expect(certificate.extendedKeyUsage).toBeUndefined();
  });
  test('make nobody a CA who asks for it, unless the caller copies that', () => {
    const greedy = parseCertificateRequest(
      makeCertificateRequest({ key, subject, ca: { pathLength: 3 }, keyUsage: ['keyCertSign'] }),
    );
    expect(issued(greedy).basicConstraints).toMatchObject({ ca: false });
    expect([...issued(greedy).keyUsage!]).toEqual(['digitalSignature']);
    expect(
      issued(greedy, { copyExtensions: [extensionIds.basicConstraints] }).basicConstraints,
    ).toMatchObject({
      ca: true,
      pathLength: 3,
    });
  });
  test("have the caller's extensions before those of the request", () => {
    const other = makeCertificate({ provider, key, subject, ...validity, dnsNames: ['a.example'] });
    const names = parseCertificate(other).extensions.get(extensionIds.subjectAltName)!;
    expect(issued(request, { extensions: [names] }).subjectAltName).toMatchObject([{ value: 'a.example' }]);
    expect(issued(request, { copyExtensions: [] }).subjectAltName).toBeUndefined();
  });
  test('are not made of a request that another key signed', () => {
    const forged = { ...request, spki: newKey().publicKey.spki };
    expect(thrownCode(() => issued(forged))).toBe('request.badSignature');
  });
});

describe('damage', () => {
  const spki = key.publicKey.spki;
  const name = sequence();
  const signature = [sequence(oid('1.3.101.112')), tlv(0x03, [0, 1])];
  const asked = (...attributes: Uint8Array[]) =>
    sequence(sequence(tlv(0x02, [0]), name, spki, tlv(0xa0, ...attributes)), ...signature);
  const attribute = (id: string, ...values: Uint8Array[]) => sequence(oid(id), tlv(0x31, ...values));
  const extension = sequence(oid('1.2.3'), tlv(0x04));
  const extensionRequest = tlv(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14]);
  const extensions = (...values: Uint8Array[]) => sequence(extensionRequest, tlv(0x31, ...values));
  const challenge = (...values: Uint8Array[]) =>
    sequence(tlv(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 7]), tlv(0x31, ...values));
  test.each([
    ['none', asked()],
    ['none', sequence(sequence(tlv(0x02, [0]), name, spki), ...signature)],
    ['request.malformed', sequence(sequence(tlv(0x02, [1]), name, spki, tlv(0xa0)), ...signature)],
    ['request.malformed', asked(attribute('1.2.3'))],
    ['request.malformed', asked(attribute('1.2.3', tlv(0x05)), attribute('1.2.3', tlv(0x05)))],
    ['request.malformed', asked(extensions(sequence(extension), sequence(extension)))],
    ['request.malformed', asked(challenge(tlv(0x0c, [65]), tlv(0x0c, [66])))],
    ['request.malformed', asked(...Array.from({ length: 65 }, (_, i) => attribute(`1.2.${i}`, tlv(0x05))))],
    ['request.malformed', bytes([0x30, 0x83, 3, 0, 0], new Uint8Array(196_608))],
    ['certificate.duplicateExtension', asked(extensions(sequence(extension, extension)))],
    ['certificate.noExtensions', asked(extensions(sequence()))],
    ['der.badString', asked(challenge(tlv(0x0c, [0xff])))],
    ['der.trailingBytes', bytes(der, [0])],
    ['pem.noBlock', encodePem('CERTIFICATE', der)],
  ])('%s %#', (code, input) => expect(thrownCode(() => parseCertificateRequest(input))).toBe(code));
  test("the caller's mistakes", () => {
    expect(() => parseCertificateRequest(7 as never)).toThrow(ApiMisuseError);
    const twice = [
      { id: '1.2.3', value: tlv(0x05) },
      { id: '1.2.3', value: tlv(0x05) },
    ];
    expect(() => makeCertificateRequest({ key, subject, extensions: twice })).toThrow(ApiMisuseError);
  });
});

describe.skipIf(!hasOpenssl)('openssl', () => {
  test('reads what we write', () => {
    const text = opensslOn(encodePem('CERTIFICATE REQUEST', der), [
      'req',
      '-noout',
      '-text',
      '-verify',
    ]).toString();
    for (const part of [
      'CN = example.org',
      'DNS:example.org, DNS:*.example.org, IP Address:192.0.2.1',
      'challengePassword',
      'TLS Web Server Authentication',
    ])
      expect(text).toContain(part);
  });
  test('writes what we read', () => {
    const { stdout, stderr } = opensslFiles({ 'key.pem': encodePem('PRIVATE KEY', key.exportPkcs8()) }, [
      ...[
        'req',
        '-new',
        '-key',
        '{key.pem}',
        '-subj',
        '/C=CH/CN=theirs',
        '-addext',
        'subjectAltName=DNS:a.example',
      ],
    ]);
    const theirs = parseCertificateRequest(stdout.toString() || stderr);
    expect(String(theirs.subject)).toBe('CN=theirs, C=CH');
    expect(theirs.subjectAltName).toEqual([{ type: 'dns', value: 'a.example' }]);
    expect(verifyCertificateRequest(theirs, provider)).toBe(true);
  });
  test('reads the extensions that the writer has', () => {
    const certificate = makeCertificate({
      provider,
      key,
      subject,
      ca: true,
      ...validity,
      nameConstraints: {
        permitted: { uriHosts: ['.example.org'], dnsNames: ['example.org'], emails: ['.example.org'] },
        excluded: { ipRanges: ['10.0.0.0/8'], directoryNames: [{ C: 'AQ' }], others: [tlv(0x88, [0x2a, 3])] },
      },
      extensions: [
        certificatePolicies([
          '2.5.29.32.0',
          { id: '1.2.3.4', cps: 'https://example.org/cps', notice: 'Grüezi' },
        ]),
        policyMappings([['1.2.3.4', '1.2.3.5']]),
        policyConstraints({ requireExplicitPolicy: 0, inhibitPolicyMapping: 300 }),
        inhibitAnyPolicy(2),
        authorityInfoAccess({ ocsp: ['http://ocsp.example.org'], caIssuers: ['http://example.org/ca.cer'] }),
      ],
    });
    parseCertificate(certificate).readEverything();
    const text = opensslOn(encodePem('CERTIFICATE', certificate), ['x509', '-noout', '-text']).toString();
    for (const part of [
      'Policy: X509v3 Any Policy',
      'CPS: https://example.org/cps',
      'Explicit Text: Gr',
      '1.2.3.4:1.2.3.5',
      'Require Explicit Policy:0, Inhibit Policy Mapping:300',
      'X509v3 Inhibit Any Policy: critical\n                2',
      'OCSP - URI:http://ocsp.example.org',
      'CA Issuers - URI:http://example.org/ca.cer',
      'URI:.example.org',
      'DirName:C = AQ',
      'Registered ID:1.2.3',
    ])
      expect(text).toContain(part);
  });
});

test("the writer's mistakes", () => {
  for (const wrong of [
    () => certificatePolicies([]),
    () => certificatePolicies(['any']),
    () => certificatePolicies([{ id: '1.2.3', cps: 'ü' }]),
    () => policyMappings([]),
    () => policyConstraints({}),
    () => inhibitAnyPolicy(-1),
    () => authorityInfoAccess({}),
  ])
    expect(wrong).toThrow(ApiMisuseError);
});
