import { describe, expect, test } from 'vitest';
import { type Contents, authority, issue } from '../../test/authority.ts';
import { chain, outcomeOf } from '../../test/chain.ts';
import { oid, sequence, tlv } from '../../test/der.ts';
import { parseCertificate } from '../certificate/certificate.ts';
import { DerReader } from '../der/reader.ts';
import { readDistinguishedName } from '../names/distinguished-name.ts';
import { checkNameConstraints, nameBudget } from './name-checks.ts';

const nameOf = (der: Uint8Array) => readDistinguishedName(new DerReader(der, 'Name'), 'Name');

describe('name constraints (§4.2.1.10)', () => {
  const under = (constraints: Contents['nameConstraints'], leaf: Contents) =>
    chain({ middle: { nameConstraints: constraints! }, leaf });
  const [permittedViolation, excludedViolation, undecidable] = [
    'PERMITTED_VIOLATION (rejected) at 0',
    'EXCLUDED_VIOLATION (rejected) at 0',
    'UNSUPPORTED_CONSTRAINT_TYPE (rejected) at 0',
  ];
  test.each<[Contents['nameConstraints'], Contents, string]>([
    [{ permitted: { dnsNames: ['example'] } }, { dnsNames: ['a.example', 'EXAMPLE'] }, 'ok'],
    [
      { permitted: { dnsNames: ['example'] } },
      { dnsNames: ['a.example', 'a.badexample'] },
      permittedViolation,
    ],
    [{ permitted: { dnsNames: ['.example'] } }, { dnsNames: ['a.example'] }, 'ok'],
    [{ permitted: { dnsNames: ['.b.example'] } }, { dnsNames: ['b.example'] }, permittedViolation],
    [{ permitted: { dnsNames: ['.b.example'] } }, { dnsNames: ['*.b.example', 'c.b.example'] }, 'ok'],
    [{ excluded: { dnsNames: ['.b.example'] } }, { dnsNames: ['b.example'] }, excludedViolation],
    [{ permitted: { dnsNames: ['a.example'] } }, { dnsNames: ['*.example'] }, permittedViolation],
    [{ permitted: { dnsNames: ['b.example'] } }, { dnsNames: ['*.b.example'] }, 'ok'],
    [{ permitted: { dnsNames: ['a.example', 'b.example'] } }, { dnsNames: ['x.b.example'] }, 'ok'],
    [{ permitted: { dnsNames: ['a.example'] } }, { dnsNames: [], ipAddresses: ['127.0.0.1'] }, 'ok'],
    [{ excluded: { dnsNames: ['b.example'] } }, { dnsNames: ['a.example'] }, 'ok'],
    [
      { excluded: { dnsNames: ['b.example'] } },
      { dnsNames: ['a.example', 'x.B.example'] },
      excludedViolation,
    ],
    [{ excluded: { dnsNames: ['b.example'] } }, { dnsNames: ['*.example'] }, excludedViolation],
    [{ excluded: { dnsNames: [''] } }, { dnsNames: ['a.example'] }, excludedViolation],
    [
      { permitted: { dnsNames: ['example'] }, excluded: { dnsNames: ['example'] } },
      { dnsNames: ['a.example'] },
      excludedViolation,
    ],
    [{ permitted: { dnsNames: ['not..a.name'] } }, { dnsNames: ['a.example'] }, undecidable],
    [{ permitted: { dnsNames: ['.'] } }, { dnsNames: ['a.example'] }, undecidable],
    [{ excluded: { dnsNames: ['c.b.a.example'] } }, { dnsNames: ['*.b.a.example'] }, excludedViolation],
    [{ excluded: { dnsNames: ['c.b.a.example'] } }, { dnsNames: ['*.a.example'] }, 'ok'],
    [{ permitted: { ipRanges: ['10.0.0.0/8'] } }, { dnsNames: [], ipAddresses: ['10.255.0.1'] }, 'ok'],
    [
      { permitted: { ipRanges: ['10.0.0.0/8'] } },
      { dnsNames: [], ipAddresses: ['11.0.0.1'] },
      permittedViolation,
    ],
    [{ permitted: { ipRanges: ['10.0.0.0/8'] } }, { dnsNames: [], ipAddresses: ['::1'] }, permittedViolation],
    [
      { permitted: { ipRanges: ['10.0.0.0/8'] } },
      { dnsNames: [], ipAddresses: ['a00::1'] },
      permittedViolation,
    ],
    [{ excluded: { ipRanges: ['a00::/8'] } }, { dnsNames: [], ipAddresses: ['10.0.0.1'] }, 'ok'],
    [
      { excluded: { ipRanges: ['2001:db8::/33'] } },
      { dnsNames: [], ipAddresses: ['2001:db8:7fff::1'] },
      excludedViolation,
    ],
    [
      { excluded: { ipRanges: ['2001:db8::/33'] } },
      { dnsNames: [], ipAddresses: ['2001:db8:8000::1'] },
      'ok',
    ],
    [{ permitted: { emails: ['a@host.example'] } }, { emails: ['a@HOST.example'] }, 'ok'],
    [{ permitted: { emails: ['a@host.example'] } }, { emails: ['A@host.example'] }, permittedViolation],
    [{ permitted: { emails: ['host.example'] } }, { emails: ['a@sub.host.example'] }, permittedViolation],
    [{ permitted: { emails: ['.host.example'] } }, { emails: ['a@sub.host.example'] }, 'ok'],
    [
      { excluded: { emails: ['host.example'] } },
      { dnsNames: [], subject: { CN: 'x', emailAddress: 'not an address' } },
      undecidable,
    ],
    [
      { excluded: { emails: ['host.example'] } },
      { dnsNames: [], subject: { CN: 'x', emailAddress: 'a@host.example' } },
      excludedViolation,
    ],
    [
      { excluded: { emails: ['a@host.example'] } },
      { dnsNames: [], subject: { CN: 'x', emailAddress: 'A@host.example' } },
      excludedViolation,
    ],
    [
      { permitted: { emails: ['a@host.example'] } },
      { dnsNames: [], subject: { CN: 'x', emailAddress: 'A@host.example' } },
      permittedViolation,
    ],
    [{ excluded: { emails: ['a@host.example'] } }, { emails: ['A@host.example'] }, 'ok'],
    [{ excluded: { emails: ['"a"@host.example'] } }, { emails: ['a@host.example'] }, undecidable],
    [{ excluded: { emails: ['"a"@host.example'] } }, { emails: ['a@other.example'] }, 'ok'],
    [{ permitted: { emails: ['"a"@host.example'] } }, { emails: ['"a"@HOST.example'] }, 'ok'],
    [{ permitted: { directoryNames: [{ O: 'One' }] } }, { subject: { O: 'one', CN: 'x' } }, 'ok'],
    [
      { permitted: { directoryNames: [{ O: 'One' }] } },
      { subject: { O: 'Two', CN: 'x' } },
      permittedViolation,
    ],
    [{ excluded: { directoryNames: [{ O: 'One' }] } }, { subject: { O: 'One', CN: 'x' } }, excludedViolation],
    [{ permitted: { directoryNames: [{ O: 'One' }] } }, { subject: {} }, 'ok'],
  ])('%j over %j', (constraints, leaf, expected) => expect(under(constraints, leaf)).toBe(expected));

  const withSubtree = (base: Uint8Array) => ({
    extensions: [{ id: '2.5.29.30', critical: true, value: sequence(tlv(0xa0, sequence(base))) }],
  });
  const withName = (name: Uint8Array) => ({
    dnsNames: [],
    extensions: [{ id: '2.5.29.17', value: sequence(name) }],
  });
  const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  test.each([
    ['https://a.example/x', 'a.example', 'ok'],
    ['https://user@a.EXAMPLE:8443', '.example', 'ok'],
    ['https://b.example/a.example', 'a.example', permittedViolation],
    ['https://1.2.3.4/', 'a.example', undecidable],
    ['mailto:a@a.example', 'a.example', undecidable],
    // Programs disagree about whose these are.
    ['https://b.example\\@a.example/', 'a.example', undecidable],
    ['https://b.example\t@a.example/', 'a.example', undecidable],
  ])('URI %s within %s', (uri, base, expected) => {
    expect(
      chain({ middle: withSubtree(tlv(0x86, ascii(base))), leaf: withName(tlv(0x86, ascii(uri))) }),
    ).toBe(expected);
  });
  test('mailboxes beyond ASCII are mailboxes (RFC 9598 §6)', () => {
    const mailbox = (...value: Uint8Array[]) => withName(tlv(0xa0, oid('1.3.6.1.5.5.7.8.9'), ...value));
    const utf8 = (text: string) => tlv(0xa0, tlv(0x0c, new TextEncoder().encode(text)));
    const within = (name: Contents) => under({ permitted: { emails: ['a.example'] } }, name);
    expect(within(mailbox(utf8('ü@a.example')))).toBe('ok');
    expect(within(mailbox(utf8('ü@b.example')))).toBe(permittedViolation);
    expect(within(mailbox(utf8('ü@ü.example')))).toBe(undecidable);
    expect(within(mailbox())).toBe(undecidable);
    expect(within(mailbox(tlv(0xa0, tlv(0x16, ascii('a@a.example')))))).toBe(undecidable);
    expect(under({ excluded: { emails: ['b.example'] } }, mailbox(utf8('ü@b.example')))).toBe(
      excludedViolation,
    );
    expect(chain({ leaf: mailbox() })).toBe('ok');
  });
  test('digits are the same digits in any type of string', () => {
    const organisation = (tag: number) =>
      sequence(tlv(0x31, sequence(oid('2.5.4.10'), tlv(tag, ascii('123')))));
    const excluded = {
      extensions: [
        {
          id: '2.5.29.30',
          critical: true,
          value: sequence(tlv(0xa1, sequence(tlv(0xa4, organisation(0x13))))),
        },
      ],
    };
    for (const tag of [0x12, 0x13, 0x0c])
      expect(chain({ middle: excluded, leaf: { subject: nameOf(organisation(tag)) } })).toBe(
        excludedViolation,
      );
  });
  test('forms that we cannot compare are refused where they meet, and only there', () => {
    const registered = tlv(0x88, [0x2a, 3]);
    expect(chain({ middle: withSubtree(registered), leaf: withName(registered) })).toBe(undecidable);
    expect(chain({ middle: withSubtree(registered) })).toBe('ok');
    expect(
      chain({
        middle: withSubtree(registered),
        leaf: withName(tlv(0xa0, oid('1.2.3'), tlv(0xa0, tlv(0x0c)))),
      }),
    ).toBe('ok');
  });
  test('a mask with holes', () => {
    const holes = tlv(0x87, [10, 0, 0, 0, 0xff, 0, 0xff, 0]);
    expect(chain({ middle: withSubtree(holes), leaf: { dnsNames: [], ipAddresses: ['10.0.0.1'] } })).toBe(
      undecidable,
    );
  });
  test('thousands of names pass thousands of another form without a look at each', () => {
    let looks = 0;
    const counted = Array.from({ length: 1_000 }, () => ({
      get type() {
        looks++;
        return 'email' as const;
      },
      value: 'a.example',
    }));
    const dnsNames = Array.from({ length: 1_000 }, (_, i) => `n${i}.example`);
    const leaf = parseCertificate(issue('leaf', { dnsNames }).certificate);
    const budget = nameBudget(10);
    for (const constraints of [
      { permitted: [], excluded: counted },
      { permitted: counted, excluded: [] },
    ])
      expect(checkNameConstraints(leaf, 0, constraints, budget)).toBe(undefined);
    expect(looks).toBeLessThan(10 * counted.length);
    // Those that are compared are counted.
    const other = { type: 'dns', value: 'other' } as const;
    expect(
      checkNameConstraints(leaf, 0, { permitted: [], excluded: [other, ...counted] }, budget),
    ).toMatchObject({ code: 'WORK_LIMIT_EXCEEDED' });
  });
  test('act on intermediates too, unless they are self-issued', () => {
    const constraints = { permitted: { directoryNames: [{ O: 'One' }] } };
    const root = authority('root', { nameConstraints: constraints, subject: { O: 'One' } });
    const outside = authority('x', { issuer: root, subject: { O: 'Two' } });
    expect(
      outcomeOf([issue('leaf', { issuer: outside, subject: { O: 'One', CN: 'x' } }), outside], root),
    ).toBe('PERMITTED_VIOLATION (rejected) at 1');
    const named = authority('root', { nameConstraints: { permitted: { dnsNames: ['example'] } } });
    const rollover = authority('root', { issuer: named, dnsNames: ['elsewhere'] });
    expect(outcomeOf([issue('leaf', { issuer: rollover }), rollover], named)).toBe('ok');
  });
});
