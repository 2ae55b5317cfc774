import { ApiMisuseError } from '@sealwire/core';
import { describe, expect, test } from 'vitest';
import { type Contents, authority, issue, newKey, nowMs, provider } from '../../test/authority.ts';
import { sequence } from '../../test/der.ts';
import { hasOpenssl, openssl, opensslOn, opensslText } from '../../test/openssl.ts';
import { thrownCode } from '../../test/thrown.ts';
import {
  anyPolicy,
  checkService,
  encodePem,
  extensionIds,
  makeCertificateFromRequest,
  makeCertificateRequest,
  parseCertificate,
  parseCertificateRequest,
} from '../index.ts';

const [red, green] = ['1.2.3.4', '1.2.3.5'];
const root = authority('root');

const everything: Contents = {
  issuer: root,
  ca: { pathLength: 300 },
  extendedKeyUsage: ['serverAuth', '1.2.3.4'],
  dnsNames: ['a.example'],
  srvNames: ['_imaps.a.example'],
  directoryNames: [{ O: 'One', CN: 'a' }],
  nameConstraints: { permitted: { dnsNames: ['example'] }, excluded: { uriHosts: ['.no.example'] } },
  certificatePolicies: [red!, { id: green!, cps: 'https://a.example/cps', notice: 'for tests' }],
  policyMappings: [[red!, green!]],
  policyConstraints: { requireExplicitPolicy: 0, inhibitPolicyMapping: 2 },
  inhibitAnyPolicy: 1,
  authorityInfoAccess: { ocsp: ['http://ocsp.example/'], caIssuers: ['http://ca.example/root.cer'] },
  crlDistributionPoints: [
    'http://crl.example/1',
    { uris: ['ldap://crl.example/2'], reasons: ['keyCompromise'], crlIssuer: [{ CN: 'clerk' }] },
  ],
  tlsFeature: true,
  ocspNoCheck: true,
  delegationUsage: true,
};

describe('every extension that has a field of its own', () => {
  const { certificate } = issue('a', everything);

  test('is read back', () => {
    const read = parseCertificate(certificate).readEverything();
    expect(read.basicConstraints).toEqual({ ca: true, pathLength: 300 });
    expect(read.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.2.3.4']);
    expect(read.subjectAltName).toMatchObject([
      { type: 'dns', value: 'a.example' },
      { type: 'other', form: 'otherName' },
      { type: 'directory' },
    ]);
    expect(String(read.subjectAltName?.[2]?.value)).toBe('CN=a, O=One');
    expect(checkService(read, { type: 'srv', service: 'imaps', name: 'a.example' })).toBeUndefined();
    expect(read.certificatePolicies).toEqual([
      { policy: red, qualifiers: [] },
      { policy: green, qualifiers: ['1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2'] },
    ]);
    expect(read.policyMappings).toEqual([{ issuerDomainPolicy: red, subjectDomainPolicy: green }]);
    expect(read.policyConstraints).toEqual({ requireExplicitPolicy: 0, inhibitPolicyMapping: 2 });
    expect(read.inhibitAnyPolicy).toBe(1);
    expect(read.authorityInfoAccess).toMatchObject({
      ocsp: ['http://ocsp.example/'],
      caIssuers: ['http://ca.example/root.cer'],
      descriptions: [{ method: '1.3.6.1.5.5.7.48.1' }, { method: '1.3.6.1.5.5.7.48.2' }],
    });
    expect(read.crlDistributionPoints).toMatchObject([
      { name: { names: [{ type: 'uri', value: 'http://crl.example/1' }] } },
      { name: { names: [{ type: 'uri', value: 'ldap://crl.example/2' }] } },
    ]);
    expect([read.tlsFeature, read.delegationUsage]).toEqual([[5], true]);
    expect(read.extensions.has(extensionIds.ocspNoCheck)).toBe(true);
  });

  test.skipIf(!hasOpenssl)('is what openssl prints', () => {
    const text = opensslText(certificate).replace(/\s+/g, ' ');
    for (const part of [
      'CA:TRUE, pathlen:300',
      'DNS:a.example, othername: SRVName::_imaps.a.example, DirName:/O=One/CN=a',
      'Policy: 1.2.3.4 Policy: 1.2.3.5 CPS: https://a.example/cps User Notice: Explicit Text: for tests',
      'X509v3 Policy Mappings: critical 1.2.3.4:1.2.3.5',
      'Require Explicit Policy:0, Inhibit Policy Mapping:2',
      'X509v3 Inhibit Any Policy: critical 1',
      'OCSP - URI:http://ocsp.example/ CA Issuers - URI:http://ca.example/root.cer',
      'URI:http://crl.example/1',
      'URI:ldap://crl.example/2 Reasons: Key Compromise CRL Issuer: DirName:CN = clerk',
      'TLS Feature: status_request',
      'OCSP No Check',
    ])
      expect(text).toContain(part);
  });

  test('is asked for by a request, and copied by name', () => {
    const { issuer: _, ...asked } = everything;
    const key = newKey();
    const request = parseCertificateRequest(
      makeCertificateRequest({ ...asked, key, subject: { CN: 'a' }, keyUsage: ['keyCertSign'] }),
    );
    const issued = (
      copyExtensions: readonly (keyof typeof extensionIds)[],
      more: Contents = {},
    ): readonly string[] => {
      const { issuer: _i, key: _k, subject: _s, ...rest } = more;
      const der = makeCertificateFromRequest(request, {
        provider,
        issuer: root,
        notBeforeMs: nowMs,
        notAfterMs: nowMs,
        copyExtensions,
        ...rest,
      });
      const copied = parseCertificate(der);
      return [...copied.extensions].flatMap(([id, extension]) => {
        const wish = request.extensions.get(id);
        return wish !== undefined && Buffer.from(extension.value).equals(wish.value) ? [id] : [];
      });
    };
    const own = Object.keys(extensionIds) as (keyof typeof extensionIds)[];
    expect(new Set(issued(own))).toEqual(new Set(request.extensions.keys()));
    expect(request.extensions.size).toBe(14);
    expect(issued(['tlsFeature', 'tlsFeature'])).toEqual([extensionIds.tlsFeature]);
    // What the issuer says itself is not up to the request.
    expect(issued(['tlsFeature', 'basicConstraints'], { ca: false, tlsFeature: [17] })).toEqual([]);
  });

  test.skipIf(!hasOpenssl)('is in a request as openssl reads it', () => {
    const { issuer: _, ...asked } = everything;
    const der = makeCertificateRequest({ ...asked, key: newKey(), subject: { CN: 'a' } });
    const text = String(
      opensslOn(encodePem('CERTIFICATE REQUEST', der), ['req', '-noout', '-text', '-verify']),
    );
    for (const part of [
      'CA:TRUE, pathlen:300',
      'Policy: 1.2.3.5',
      'URI:http://ocsp.example/',
      'status_request',
    ])
      expect(text).toContain(part);
  });
});

if (!hasOpenssl) console.log('contents.test.ts: openssl is missing, its opinion is not asked');
else console.log(`contents.test.ts: beside ${String(openssl(['version'])).trim()}`);

test('an authorityInfoAccess that is malformed throws where it is asked for, and ends no chain', () => {
  const damaged = issue('a', {
    extensions: [{ id: extensionIds.authorityInfoAccess, value: sequence() }],
  });
  const certificate = parseCertificate(damaged.certificate).readEverything();
  expect(thrownCode(() => certificate.authorityInfoAccess)).toBe('certificate.badExtension');
  expect(parseCertificate(root.certificate).authorityInfoAccess).toBeUndefined();
});

describe("the caller's mistakes are told by what was expected", () => {
  test.each<[Contents, string]>([
    [{ extendedKeyUsage: ['serverauth'] }, 'got "serverauth"'],
    [{ extendedKeyUsage: [] }, 'at least one purpose'],
    [{ ca: { pathLength: -1 } }, 'path length from 0'],
    [{ ca: { pathLength: 1.5 } }, 'path length from 0'],
    [{ srvNames: ['imaps.a.example'] }, '_service.name'],
    [{ srvNames: ['_imaps.ä.example'] }, '_service.name'],
    [{ certificatePolicies: ['1.50.3'] }, 'object identifier, got "1.50.3"'],
    [{ certificatePolicies: [] }, 'at least one policy'],
    [{ certificatePolicies: [{ id: anyPolicy, cps: 'no address' }] }, 'printable ASCII'],
    [{ policyConstraints: {} }, 'at least one field'],
    [{ authorityInfoAccess: { ocsp: [] } }, 'at least one address'],
    [{ authorityInfoAccess: { ocsp: [''] } }, 'printable ASCII'],
    [{ crlDistributionPoints: [] }, 'at least one distribution point'],
    [{ tlsFeature: [70_000] }, 'numbers of TLS extensions'],
    [{ subject: { CNN: 'x' } }, 'got "CNN"'],
    [
      {
        extensions: [
          { id: '1.2.3', value: sequence() },
          { id: '1.2.3', value: sequence() },
        ],
      },
      'each extension once',
    ],
  ])('%j', (contents, message) => {
    expect(() => issue('a', contents)).toThrow(ApiMisuseError);
    expect(() => issue('a', contents)).toThrow(message);
  });
  test('in what is copied', () => {
    const request = parseCertificateRequest(makeCertificateRequest({ key: newKey(), subject: { CN: 'x' } }));
    const copy = (...copyExtensions: string[]) =>
      makeCertificateFromRequest(request, {
        provider,
        issuer: root,
        notBeforeMs: 0,
        notAfterMs: 0,
        copyExtensions,
      });
    expect(() => copy('subjectAltNames')).toThrow('got "subjectAltNames"');
    expect(copy('1.2.3', 'keyUsage')).toBeInstanceOf(Uint8Array);
  });
});
