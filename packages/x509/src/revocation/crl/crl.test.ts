import { describe, expect, test } from 'vitest';
import { authority, issue, nowMs, provider } from '../../../test/authority.ts';
import { bytes, extension, oid, sequence, tlv, utcTime } from '../../../test/der.ts';
import { crlOf, dayMs, entryOf, hourMs, serialOf } from '../../../test/revocation.ts';
import { thrownCode } from '../../../test/thrown.ts';
import {
  CrlSet,
  X509Error,
  encodePem,
  makeCrl,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
} from '../../index.ts';
import { maxCrlBytes, maxOcspResponseBytes } from '../../limits.ts';

const ca = authority('ca');
const name = parseCertificate(ca.certificate).subject;

describe('what is written is read', () => {
  test('every field', () => {
    const one = issue('one', { issuer: ca });
    const crl = parseCrl(
      crlOf(ca, {
        crlNumber: 2n ** 64n,
        baseCrlNumber: 5,
        issuingDistributionPoint: {
          uris: ['http://crl.example/1'],
          onlyContains: 'userCerts',
          onlySomeReasons: ['keyCompromise', 'aACompromise'],
          indirectCrl: true,
        },
        revoked: [
          entryOf(one, { reason: 'keyCompromise', invalidityDateMs: nowMs - 2 * dayMs }),
          { serialNumber: Uint8Array.of(0x80), revocationDateMs: Date.UTC(2051, 0) },
        ],
      }),
    );
    expect(crl).toMatchObject({
      version: 2,
      thisUpdateMs: nowMs - hourMs,
      nextUpdateMs: nowMs + 7 * dayMs,
      crlNumber: 2n ** 64n,
      baseCrlNumber: 5n,
      issuingDistributionPoint: {
        name: { type: 'fullName', names: [{ type: 'uri', value: 'http://crl.example/1' }] },
        onlyContainsUserCerts: true,
        onlyContainsCaCerts: false,
        onlyContainsAttributeCerts: false,
        indirectCrl: true,
        reasons: (1 << 1) | (1 << 8),
      },
      authorityKeyIdentifier: { keyIdentifier: parseCertificate(ca.certificate).subjectKeyIdentifier },
      unhandledCritical: undefined,
    });
    expect(crl.issuer.equals(name)).toBe(true);
    expect(crl.entries.size).toBe(2);
    expect([...crl.entries]).toMatchObject([
      {
        serialNumber: serialOf(one),
        revocationDateMs: nowMs - dayMs,
        reason: 'keyCompromise',
        invalidityDateMs: nowMs - 2 * dayMs,
      },
      {
        serialNumber: Uint8Array.of(0, 0x80),
        revocationDateMs: Date.UTC(2051, 0),
        reason: 'unspecified',
      },
    ]);
  });
  test('no entries, no end, no number', () => {
    const crl = parseCrl(makeCrl({ provider, issuer: ca, thisUpdateMs: nowMs, extensions: [] }));
    expect(crl).toMatchObject({ nextUpdateMs: undefined, baseCrlNumber: undefined });
    expect([...crl.entries]).toEqual([]);
    expect(crl.entries.find(Uint8Array.of(1), name, name)).toEqual([]);
  });
});

describe('a hundred thousand entries', () => {
  const numberOf = (i: number) => Uint8Array.of(0x40, i >> 16, (i >> 8) & 0xff, i & 0xff);
  const count = 100_000;
  const der = crlOf(ca, {
    revoked: Array.from({ length: count }, (_, i) => ({
      serialNumber: numberOf(2 * i),
      revocationDateMs: nowMs - (i % 400) * dayMs,
      ...(i % 3 === 0 ? { reason: 'superseded' as const } : {}),
      ...(i % 1_000 === 7 ? { reason: 'keyCompromise' as const, invalidityDateMs: nowMs } : {}),
    })),
  });
  const { entries } = parseCrl(der);
  test('each is found, and no other', () => {
    expect(entries.size).toBe(count);
    for (let i = 0; i < count; i += 997) {
      expect(entries.find(numberOf(2 * i), name, name)).toHaveLength(1);
      expect(entries.find(numberOf(2 * i + 1), name, name)).toEqual([]);
    }
    expect(entries.find(numberOf(2 * 7), name, name)).toMatchObject([
      { reason: 'keyCompromise', invalidityDateMs: nowMs },
    ]);
  });
  test('of another issuer it is about nothing', () => {
    const other = parseCertificate(authority('other').certificate).subject;
    expect(entries.find(numberOf(0), other, name)).toEqual([]);
  });
});

test('numbers that fall into one bucket are told apart, and are found in time', () => {
  // One bucket for all is the worst that a CA can do: a look-up then reads all of them, once.
  const same = Array.from({ length: 3 }, () => ({ serialNumber: Uint8Array.of(7), revocationDateMs: nowMs }));
  const { entries } = parseCrl(crlOf(ca, { revoked: same }));
  expect(entries.find(Uint8Array.of(7), name, name)).toHaveLength(3);
  expect(entries.find(Uint8Array.of(8), name, name)).toEqual([]);
});

test('entries of indirect CRLs belong to the issuer that was named last', () => {
  const [a, b] = [authority('a'), authority('b')].map(({ certificate }) => parseCertificate(certificate));
  const number = (n: number) => ({ serialNumber: Uint8Array.of(n), revocationDateMs: nowMs });
  const { entries } = parseCrl(
    crlOf(ca, {
      issuingDistributionPoint: { indirectCrl: true },
      revoked: [
        number(1),
        { ...number(2), certificateIssuer: { CN: 'a' } },
        number(3),
        { ...number(4), certificateIssuer: { CN: 'b' } },
        number(3),
      ],
    }),
  );
  expect(entries.namesIssuers).toBe(true);
  const found = (n: number, issuer: typeof name) => entries.find(Uint8Array.of(n), issuer, name).length;
  expect([1, 2, 3, 4].map((n) => found(n, name))).toEqual([1, 0, 0, 0]);
  expect([1, 2, 3, 4].map((n) => found(n, a!.subject))).toEqual([0, 1, 1, 0]);
  expect([1, 2, 3, 4].map((n) => found(n, b!.subject))).toEqual([0, 0, 1, 1]);
});

describe('what is no CRL', () => {
  const good = parseCrl(crlOf(ca));
  const algorithm = sequence(oid('1.2.3'));
  const times = [utcTime('260101000000Z'), utcTime('270101000000Z')];
  const entry = sequence(tlv(2, [1]), utcTime('260101000000Z'));
  const crl = (...rest: Uint8Array[]) => sequence(sequence(...rest), algorithm, tlv(3, [0, 1]));
  const of = (...afterTimes: Uint8Array[]) =>
    thrownCode(() => parseCrl(crl(tlv(2, [1]), algorithm, name.der, ...times, ...afterTimes)));
  const listed = (...entries: Uint8Array[]) => of(sequence(...entries));
  const extended = (value: Uint8Array) => sequence(tlv(2, [1]), utcTime('260101000000Z'), sequence(value));

  test('the smallest one is one', () => {
    expect(of()).toBe('none');
    expect(listed(entry)).toBe('none');
    expect(thrownCode(() => parseCrl(good.der))).toBe('none');
  });
  test('an entry that is none', () => {
    expect(listed(tlv(4, [1]))).toBe('der.unexpectedTag');
    expect(listed(sequence())).toBe('der.truncated');
    expect(listed(sequence(tlv(2), utcTime('260101000000Z')))).toBe('der.badInteger');
    expect(listed(sequence(tlv(2, [0, 1]), utcTime('260101000000Z')))).toBe('der.badInteger');
    expect(listed(sequence(tlv(2, [1]), utcTime('260230000000Z')))).toBe('der.badTime');
    expect(listed(sequence(tlv(2, [1]), utcTime('261301000000Z')))).toBe('der.badTime');
    for (const time of ['260101006000Z', '260101240000Z', '260101000060Z', '260001000000Z', '260100000000Z'])
      expect([time, listed(sequence(tlv(2, [1]), utcTime(time)))]).toEqual([time, 'der.badTime']);
    for (const time of ['260101000000A', '26010100000aZ', '-60101000000Z'])
      expect([time, listed(sequence(tlv(2, [1]), utcTime(time)))]).toEqual([time, 'der.badTime']);
    // The last of each.
    expect(listed(sequence(tlv(2, [1]), utcTime('261231235959Z')))).toBe('none');
    expect(listed(sequence(tlv(2, [1]), utcTime('2601010000Z')))).toBe('der.badTime');
    expect(listed(bytes(entry, [0]))).toBe('der.unexpectedTag');
    expect(listed(entry, sequence(tlv(2, [1]), utcTime('260101000000Z'), [5, 0]))).toBe('der.unexpectedTag');
    expect(listed(extended(extension('2.5.29.21', tlv(0x0a, [7]))))).toBe('crl.badExtension');
    expect(listed(extended(extension('2.5.29.21', tlv(0x0a, [11]))))).toBe('crl.badExtension');
    expect(listed(extended(extension('2.5.29.21', tlv(0x0a, [1, 0]))))).toBe('crl.badExtension');
    expect(listed(extended(extension('2.5.29.21', bytes(tlv(0x0a, [1]), [5, 0]))))).toBe('der.trailingBytes');
    expect(listed(extended(extension('2.5.29.24', utcTime('260101000000Z'))))).toBe('der.unexpectedTag');
    expect(listed(extended(extension('2.5.29.29', sequence())))).toBe('certificate.badExtension');
  });
  test('numbers that CAs may have given are no reason to refuse all others', () => {
    expect(listed(sequence(tlv(2, [0x80]), utcTime('260101000000Z')))).toBe('none');
    expect(listed(sequence(tlv(2, new Array(200).fill(1)), utcTime('260101000000Z')))).toBe('none');
    const { entries } = parseCrl(
      crl(
        tlv(2, [1]),
        algorithm,
        name.der,
        ...times,
        sequence(sequence(tlv(2, new Array(200).fill(1)), utcTime('260101000000Z'))),
      ),
    );
    expect(entries.find(new Uint8Array(200).fill(1), name, name)).toHaveLength(1);
  });
  test('sizes', () => {
    const atMost = new Uint8Array(maxCrlBytes + 1);
    expect(thrownCode(() => parseCrl(atMost))).toBe('crl.tooLarge');
    expect(thrownCode(() => parseCrl(atMost.subarray(1)))).toBe('der.unexpectedTag');
    const response = new Uint8Array(maxOcspResponseBytes + 1);
    expect(thrownCode(() => parseOcspResponse(response))).toBe('ocsp.tooLarge');
    expect(thrownCode(() => parseOcspResponse(response.subarray(1)))).toBe('der.unexpectedTag');
  });
  test('an error says where', () => {
    const broken = crl(tlv(2, [1]), algorithm, name.der, ...times, sequence(entry, tlv(4)));
    try {
      parseCrl(broken);
      expect.fail('it was read');
    } catch (error) {
      expect(error).toBeInstanceOf(X509Error);
      expect((error as X509Error).path).toMatch(/^CertificateList\.tbsCertList\.revokedCertificates/);
      expect(broken.slice((error as X509Error).offset!, (error as X509Error).offset! + 2)).toEqual(tlv(4));
    }
  });
});

describe('a set', () => {
  const [older, newer] = [crlOf(ca, { thisUpdateMs: nowMs - dayMs }), crlOf(ca)];
  test('has them by issuer, the newest first', () => {
    const set = new CrlSet([older, encodePem('X509 CRL', newer), crlOf(authority('other'))]);
    expect(set.size).toBe(3);
    expect(set.byIssuer(name).map(({ der }) => der)).toEqual([newer, older]);
    expect(set.unreadable).toEqual([]);
  });
  test('reads files of several, and leaves out what it cannot read', () => {
    const text = encodePem('X509 CRL', older) + encodePem('X509 CRL', newer);
    expect(new CrlSet(text).byIssuer(name)).toHaveLength(2);
    expect(new CrlSet(Buffer.from(text)).byIssuer(name)).toHaveLength(2);
    const set = new CrlSet([sequence(tlv(5)), newer]);
    expect(set.byIssuer(name)).toHaveLength(1);
    expect(set.unreadable).toMatchObject([{ position: 0 }]);
    expect(new CrlSet([new Uint8Array(), Buffer.from('<html>'), newer]).unreadable).toHaveLength(2);
  });
  test('reads a CRL whose times are none, and no other that is damaged', () => {
    const algorithm = sequence(oid('1.2.3'));
    const from = (thisUpdate: Uint8Array) => {
      const tbs = sequence(tlv(2, [1]), algorithm, name.der, thisUpdate, utcTime('270101000000Z'));
      return sequence(tbs, algorithm, tlv(3, [0, 1]));
    };
    const [never, none] = [from(utcTime('261301000000Z')), from(tlv(4, [1]))];
    const set = new CrlSet([never, newer, none, never, older]);
    expect(set.unreadable).toMatchObject([{ position: 2, error: { code: 'der.unexpectedTag' } }]);
    expect(set.byIssuer(name).map(({ thisUpdateMs }) => thisUpdateMs)).toEqual([
      nowMs - hourMs,
      nowMs - dayMs,
      Number.NaN,
      Number.NaN,
    ]);
  });
  test('does not see what happens to the bytes later', () => {
    const mine = newer.slice();
    const set = new CrlSet(mine);
    mine.fill(0);
    expect(set.byIssuer(name)).toHaveLength(1);
  });
  test('is made of CRLs', () => {
    expect(thrownCode(() => new CrlSet('nothing'))).toBe('pem.noBlock');
    expect(thrownCode(() => new CrlSet(encodePem('CERTIFICATE', ca.certificate)))).toBe('pem.noBlock');
    expect(() => new CrlSet(5 as never)).toThrow(/as PEM or DER, got number/);
    expect(() => new CrlSet([5] as never)).toThrow(/as PEM or DER, got number/);
  });
});
