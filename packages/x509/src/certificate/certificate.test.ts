import { describe, expect, test } from 'vitest';
import { ApiMisuseError } from '@sealwire/core';
import {
  type Parts,
  ascii,
  bytes,
  certificate,
  commonName,
  ecdsaWithSha384,
  extension,
  extensions,
  oid,
  sequence,
  tlv,
  utcTime,
} from '../../test/der.ts';
import { thrownCode } from '../../test/thrown.ts';
import { X509Error } from '../errors.ts';
import { extensionIds } from '../extensions/registry.ts';
import {
  maxCertificateBytes,
  maxExtensions,
  maxGeneralNames,
  maxKeyPurposes,
  maxNameAttributes,
} from '../limits.ts';
import { CertificateCache } from './cache.ts';
import { parseCertificate } from './certificate.ts';

test('the fields', () => {
  const parsed = parseCertificate(certificate({ serialNumber: tlv(0x02, [0, 0xfe, 0x01]) }));
  expect(parsed).toMatchObject({
    version: 3,
    notBeforeMs: Date.UTC(2026, 0),
    notAfterMs: Date.UTC(2027, 0),
    signatureAlgorithm: { algorithm: '1.2.840.10045.4.3.2', parameters: undefined },
    signature: Uint8Array.of(1, 2, 3),
    serialNumberHex: 'FE01',
    isSelfIssued: false,
  });
  expect(String(parsed.subject)).toBe('CN=subject');
  expect(String(parsed.issuer)).toBe('CN=issuer');
  expect(parsed.subject.attribute('2.5.4.3')).toBe('subject');
  expect(parsed.extensions.size).toBe(0);
  expect(parsed.subjectAltName).toBeUndefined();
});

describe('refused structures', () => {
  const cases: [string, Partial<Parts>][] = [
    ['certificate.badVersion', { version: tlv(0xa0, tlv(0x02, [0])) }],
    ['certificate.badVersion', { version: tlv(0xa0, tlv(0x02, [3])) }],
    ['der.trailingBytes', { version: tlv(0xa0, tlv(0x02, [2]), tlv(0x05)) }],
    ['der.badInteger', { version: tlv(0xa0, tlv(0x02, [0, 2])) }],
    ['certificate.badSerialNumber', { serialNumber: tlv(0x02, [0x80]) }],
    ['certificate.badSerialNumber', { serialNumber: tlv(0x02, new Array(21).fill(1)) }],
    ['certificate.badSerialNumber', { serialNumber: tlv(0x02, [0, 0x80], new Array(20).fill(1)) }],
    ['der.badInteger', { serialNumber: tlv(0x02, [0, 1]) }],
    ['der.badInteger', { serialNumber: tlv(0x02) }],
    ['certificate.signatureAlgorithmMismatch', { outerAlgorithm: ecdsaWithSha384 }],
    ['certificate.badName', { issuer: sequence() }],
    ['certificate.badName', { subject: sequence(tlv(0x31)) }],
    [
      'der.trailingBytes',
      { subject: sequence(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, [65]), tlv(0x05)))) },
    ],
    ['der.truncated', { subject: sequence(tlv(0x31, sequence(oid('2.5.4.3')))) }],
    [
      'certificate.tooManyNames',
      {
        subject: sequence(
          ...new Array(maxNameAttributes + 1).fill(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, [65])))),
        ),
      },
    ],
    ['der.badTime', { validity: sequence(utcTime('260101000000Z'), utcTime('2701010000Z')) }],
    [
      'der.unexpectedTag',
      { validity: sequence(utcTime('260101000000Z'), tlv(0x0c, ascii('270101000000Z'))) },
    ],
    [
      'der.trailingBytes',
      { validity: sequence(utcTime('260101000000Z'), utcTime('270101000000Z'), tlv(0x05)) },
    ],
    ['der.badBitString', { spki: sequence(sequence(oid('1.3.101.112')), tlv(0x03, [1, 0])) }],
    ['der.trailingBytes', { spki: sequence(sequence(oid('1.3.101.112')), tlv(0x03, [0, 0]), tlv(0x05)) }],
    ['der.badBitString', { signature: tlv(0x03, [3, 8]) }],
    ['der.trailingBytes', { afterSignature: tlv(0x05) }],
    ['der.trailingBytes', { afterSpki: tlv(0x05) }],
    ['certificate.fieldNotInVersion', { version: [], afterSpki: tlv(0x81, [0, 1]) }],
    ['certificate.fieldNotInVersion', { version: [], afterSpki: extensions(extension('1.2.3', [5, 0])) }],
    [
      'certificate.fieldNotInVersion',
      { version: tlv(0xa0, tlv(0x02, [1])), afterSpki: extensions(extension('1.2.3', [5, 0])) },
    ],
    ['certificate.noExtensions', { afterSpki: extensions() }],
    [
      'certificate.duplicateExtension',
      { afterSpki: extensions(extension('1.2.3', [5, 0]), extension('1.2.3', [5, 0])) },
    ],
    [
      'certificate.tooManyExtensions',
      {
        afterSpki: extensions(
          ...Array.from({ length: maxExtensions + 1 }, (_, i) => extension(`1.2.${i}`, [5, 0])),
        ),
      },
    ],
    ['der.badBoolean', { afterSpki: extensions(extension('1.2.3', [5, 0], 1)) }],
    ['der.badObjectIdentifier', { afterSpki: extensions(sequence(tlv(0x06, [0x80, 1]), tlv(0x04, [5, 0]))) }],
  ];
  test.each(cases)('%s %#', (code, parts) =>
    expect(thrownCode(() => parseCertificate(certificate(parts)))).toBe(code),
  );

  test('bytes around', () => {
    const der = certificate();
    expect(thrownCode(() => parseCertificate(bytes(der, [0])))).toBe('der.trailingBytes');
    expect(thrownCode(() => parseCertificate(der.subarray(0, -1)))).toBe('der.truncated');
    expect(thrownCode(() => parseCertificate(new Uint8Array(0)))).toBe('der.truncated');
    expect(thrownCode(() => parseCertificate(new Uint8Array(maxCertificateBytes + 1)))).toBe(
      'certificate.tooLarge',
    );
  });
  test('BER', () => {
    const der = certificate();
    const indefinite = bytes([0x30, 0x80], der.subarray(3), [0, 0]);
    expect(thrownCode(() => parseCertificate(indefinite))).toBe('der.indefiniteLength');
    const longer = bytes([0x30, 0x82, 0], der.subarray(2));
    expect(thrownCode(() => parseCertificate(longer))).toBe('der.nonMinimalLength');
  });
  test('the place is told', () => {
    try {
      parseCertificate(certificate({ serialNumber: tlv(0x02, [0x80]) }));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ path: 'Certificate.tbsCertificate.serialNumber', offset: 11 });
    }
  });
});

test('accepted although unusual', () => {
  for (const parts of [
    { serialNumber: tlv(0x02, [0]) },
    { serialNumber: tlv(0x02, [0, 0xff], new Array(19).fill(1)) },
    { version: [] },
    { version: tlv(0xa0, tlv(0x02, [1])), afterSpki: tlv(0x81, [0, 1]) },
    { subject: sequence() },
  ]) {
    expect(thrownCode(() => parseCertificate(certificate(parts)))).toBe('none');
  }
});

describe('extensions', () => {
  const withExtension = (id: string, value: Uint8Array) =>
    parseCertificate(certificate({ afterSpki: extensions(extension(id, value, 0xff)) }));

  test('are read when asked for, and once', () => {
    const parsed = withExtension(
      extensionIds.subjectAltName,
      sequence(tlv(0x82, ascii('a.example')), tlv(0x87, [127, 0, 0, 1]), tlv(0xa4, commonName('x'))),
    );
    expect(parsed.extensions.get(extensionIds.subjectAltName)?.critical).toBe(true);
    expect(parsed.subjectAltName!.map(({ type, value }) => [type, String(value)])).toEqual([
      ['dns', 'a.example'],
      ['ip', '127,0,0,1'],
      ['directory', 'CN=x'],
    ]);
    expect(parsed.subjectAltName).toBe(parsed.subjectAltName);
  });

  const {
    basicConstraints,
    keyUsage,
    extendedKeyUsage,
    subjectAltName,
    nameConstraints,
    subjectKeyIdentifier,
    authorityKeyIdentifier,
  } = extensionIds;
  const subtree = (...inside: Uint8Array[]) => sequence(tlv(0xa0, sequence(...inside)));
  test.each<[string, string, Uint8Array]>([
    ['der.unexpectedTag', basicConstraints, tlv(0x31)],
    ['certificate.badExtension', basicConstraints, sequence(tlv(0x02, [0]))],
    ['der.badInteger', basicConstraints, sequence(tlv(0x01, [0xff]), tlv(0x02, [0x80]))],
    ['der.trailingBytes', basicConstraints, sequence(tlv(0x05))],
    ['der.trailingBytes', basicConstraints, bytes(sequence(), [0])],
    ['certificate.badExtension', keyUsage, tlv(0x03, [7, 0])],
    ['der.badBitString', keyUsage, tlv(0x03, [7, 0xff])],
    ['certificate.badExtension', extendedKeyUsage, sequence()],
    [
      'certificate.badExtension',
      extendedKeyUsage,
      sequence(...new Array(maxKeyPurposes + 1).fill(oid('1.2.3'))),
    ],
    ['der.unexpectedTag', extendedKeyUsage, sequence(tlv(0x05))],
    ['certificate.badExtension', subjectAltName, sequence()],
    ['certificate.badExtension', subjectAltName, sequence(tlv(0x87, [1, 2, 3]))],
    [
      'certificate.tooManyNames',
      subjectAltName,
      sequence(...new Array(maxGeneralNames + 1).fill(tlv(0x82, [65]))),
    ],
    ['der.badString', subjectAltName, sequence(tlv(0x82, [0xe9]))],
    ['der.unexpectedTag', subjectAltName, sequence(tlv(0x89, [1]))],
    ['der.unexpectedTag', subjectAltName, ascii('DNS:a.example')],
    ['certificate.badExtension', nameConstraints, sequence()],
    ['certificate.badExtension', nameConstraints, sequence(tlv(0xa0))],
    ['certificate.badExtension', nameConstraints, subtree(tlv(0x87, [1, 2, 3, 4]))],
    ['der.trailingBytes', nameConstraints, subtree(tlv(0x82, [65]), tlv(0x81, [1]))],
    ['der.unexpectedTag', subjectKeyIdentifier, tlv(0x05)],
    ['der.trailingBytes', authorityKeyIdentifier, sequence(tlv(0x85, [1]))],
  ])('%s %#', (code, id, value) => {
    const parsed = withExtension(id, value);
    expect(thrownCode(() => parsed.readEverything())).toBe(code);
    expect(thrownCode(() => parsed.readEverything())).toBe(code);
  });
  test('errors inside count from the start of the certificate', () => {
    const der = certificate({ afterSpki: extensions(extension(basicConstraints, tlv(0x31))) });
    try {
      parseCertificate(der).readEverything();
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(X509Error);
      expect(der[(error as X509Error).offset!]).toBe(0x31);
    }
  });
});

describe('cache', () => {
  const der = (i: number) => certificate({ signature: tlv(0x03, [0, i, i, i]) });
  test('returns what the same bytes gave, and keeps none of the caller', () => {
    const cache = new CertificateCache(2);
    const mine = der(1);
    const first = cache.parse(mine);
    expect(cache.parse(der(1))).toBe(first);
    mine.fill(0);
    expect(cache.parse(der(1))).toBe(first);
    expect(first.der).toEqual(der(1));
  });
  test('the least recently used leaves', () => {
    const cache = new CertificateCache(2);
    const [one, two] = [cache.parse(der(1)), cache.parse(der(2))];
    cache.parse(der(1));
    cache.parse(der(3));
    expect(cache.size).toBe(2);
    expect(cache.parse(der(1))).toBe(one);
    expect(cache.parse(der(2))).not.toBe(two);
  });
  test('equal ends are not taken for equal certificates', () => {
    const cache = new CertificateCache(2);
    const same = { signature: tlv(0x03, [0], new Uint8Array(32)) };
    const [a, b] = [
      certificate({ ...same, subject: commonName('a') }),
      certificate({ ...same, subject: commonName('b') }),
    ];
    expect(String(cache.parse(a).subject)).toBe('CN=a');
    expect(String(cache.parse(b).subject)).toBe('CN=b');
    expect(String(cache.parse(a).subject)).toBe('CN=a');
  });
  test('capacity', () => {
    expect(new CertificateCache(0).parse(der(1)).version).toBe(3);
    expect(() => new CertificateCache(-1)).toThrow(ApiMisuseError);
    const cache = new CertificateCache(1);
    expect(thrownCode(() => cache.parse(new Uint8Array(3)))).not.toBe('none');
    expect(cache.size).toBe(0);
  });
});
