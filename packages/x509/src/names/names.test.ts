import fc from 'fast-check';
import { isIP } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ascii, bytes, commonName, oid, sequence, tlv } from '../../test/der.ts';
import { thrownCode } from '../../test/thrown.ts';
import { DerReader } from '../der/reader.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import type { GeneralName } from './general-name.ts';
import { isDnsName, matchesHostName, parseHostName } from './host-name.ts';
import { formatIpAddress, parseIpAddress } from './ip-address.ts';
import { matchesService } from './service-name.ts';

const matches = (presented: string, host: string) =>
  matchesHostName([{ type: 'dns', value: presented }], parseHostName(host)!);

describe('host names (RFC 9525 §6.3)', () => {
  test.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.com', 'example.COM'],
    ['example.com', 'example.com.'],
    ['*.example.com', 'www.example.com'],
    ['*.EXAMPLE.com', 'WWW.example.com'],
    ['*.example.com', 'xn--bcher-kva.example.com'],
    ['xn--bcher-kva.example', 'XN--BCHER-KVA.example'],
    ['my_host.example.com', 'my_host.example.com'],
    ['localhost', 'localhost'],
  ])('%s stands for %s', (presented, host) => expect(matches(presented, host)).toBe(true));
  test.each([
    ['example.com', 'www.example.com'],
    ['example.com.', 'example.com'],
    ['*.example.com', 'example.com'],
    ['*.example.com', 'a.b.example.com'],
    ['*.example.com', '.example.com'],
    ['w*.example.com', 'www.example.com'],
    ['*w.example.com', 'www.example.com'],
    ['www.*.com', 'www.example.com'],
    ['*.*.com', 'www.example.com'],
    ['*.com', 'example.com'],
    ['*', 'com'],
    ['*.', 'com'],
    ['xn--*-1b3c148a.example.com', 'xn--bliss-1b3c148a.example.com'],
    ['example.com\0.evil.org', 'example.com'],
    ['127.0.0.1', '127.0.0.1'],
    ['*.0.0.1', '127.0.0.1'],
    ['', 'a'],
  ])('%s does not stand for %s', (presented, host) => {
    const wanted = parseHostName(host);
    expect(wanted !== undefined && matches(presented, host)).toBe(false);
  });
  test.each([
    '',
    '.',
    'a..b',
    '-a.example',
    'a-.example',
    'bücher.example',
    'a b',
    'a/b',
    '[::1]',
    'a:1',
    '1.2.3',
    '300.1.1.1',
    'x'.repeat(64),
    `${'a.'.repeat(127)}a`,
    '*.example.com',
    // The Kelvin sign, which in lower case is a k.
    'ban\u212a.example',
  ])('%j is no host', (text) => expect(parseHostName(text)).toBeUndefined());
  test('addresses match iPAddress alone, whole', () => {
    const names = [{ type: 'ip', value: Uint8Array.of(127, 0, 0, 1) }] as const;
    expect(matchesHostName(names, parseHostName('127.0.0.1')!)).toBe(true);
    expect(matchesHostName(names, parseHostName('127.0.0.2')!)).toBe(false);
    expect(matchesHostName(names, parseHostName('::ffff:127.0.0.1')!)).toBe(false);
    expect(matchesHostName([{ type: 'dns', value: '127.0.0.1' }], parseHostName('127.0.0.1')!)).toBe(false);
  });
  test('no name of the longest allowed is lost', () =>
    expect(isDnsName(`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`)).toBe(true));
});

describe('URI-IDs (RFC 9525 §6.5)', () => {
  const isFor = (uri: string, scheme: string) =>
    matchesService([{ type: 'uri', value: uri }], { type: 'uri', scheme, name: 'a.example' });
  test.each(['sip:a.example', 'SIP:A.example', 'sip:a.example:5061;transport=tcp?x=y', 'sip://a.example/'])(
    '%s is about the domain',
    (uri) => expect(isFor(uri, 'sip')).toBe(true),
  );
  test.each([
    // RFC 5922 §7.1: one user of the domain is not the domain.
    'sip:alice@a.example',
    'sip:alice:secret@a.example',
    // RFC 3261 §25.1: all of these may stand in the name of a user; the host is the other.
    'sip:a.example;x@b.example',
    'sip:a.example?x@b.example',
    'sip:a.example:1@b.example',
    'sip:*@a.example',
    'sips:a.example',
  ])('%s is not', (uri) => expect(isFor(uri, 'sip')).toBe(false));
  test('users and ports in front of a path are of no account, but what no URI has is', () => {
    expect(isFor('https://user:secret@a.example:443/x', 'https')).toBe(true);
    expect(isFor('https://b.example\\@a.example/', 'https')).toBe(false);
    expect(isFor('https://b.example\t@a.example/', 'https')).toBe(false);
  });
});

describe('IP addresses', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::', '2001:db8::'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
    ['::ffff:1.2.3.4', '::ffff:102:304'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ])('%s', (text, formatted) => expect(formatIpAddress(parseIpAddress(text)!)).toBe(formatted));
  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    '1.2.3.x',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '12345::',
    '::1.2.3.4:5',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7::8',
    '1.2.3.4::',
  ])('%j is none', (text) => expect(parseIpAddress(text)).toBeUndefined());
  test('as node:net decides', () => {
    const part = fc.constantFrom('0', '1', '255', '256', '01', ':', '::', '.', 'f', 'ffff', '10000');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 16 }), (parts) => {
        const text = parts.join('');
        const expected = { 0: undefined, 4: 4, 6: 16 }[isIP(text)];
        expect(parseIpAddress(text)?.length, text).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });
  test('there and back', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ minLength: 4, maxLength: 4 }),
          fc.uint8Array({ minLength: 16, maxLength: 16 }),
        ),
        (octets) => {
          expect(parseIpAddress(formatIpAddress(octets)!)).toEqual(octets);
        },
      ),
    );
    expect(formatIpAddress(new Uint8Array(5))).toBeUndefined();
  });
});

describe('distinguished names (RFC 5280 §7.1)', () => {
  const read = (der: Uint8Array) => readDistinguishedName(new DerReader(der, 'Test'), 'name');
  const attribute = (tag: number, text: string, type = '2.5.4.3') =>
    tlv(0x31, sequence(oid(type), tlv(tag, ascii(text))));

  test('type of string, case and spaces do not matter', () => {
    const one = read(sequence(attribute(0x0c, 'Some  Name ')));
    expect(one.equals(read(sequence(attribute(0x13, 'some name'))))).toBe(true);
    expect(one.equals(read(sequence(attribute(0x13, 'somename'))))).toBe(false);
    expect(one.equals(read(sequence(attribute(0x13, 'some name', '2.5.4.10'))))).toBe(false);
  });
  test('case of any letter, and compatibility forms such as ligatures, do not matter', () => {
    const utf8 = (...octets: number[]) =>
      read(sequence(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, octets)))));
    expect(utf8(0xef, 0xac, 0x81).equals(utf8(0x66, 0x69))).toBe(true);
    expect(utf8(0xc3, 0xa5).equals(utf8(0xc3, 0x85))).toBe(true);
    expect(utf8(0x61).equals(utf8(0xc3, 0x85))).toBe(false);
  });
  test('order matters between relative names, not inside one', () => {
    const pair = (a: string, b: string) =>
      tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, ascii(a))), sequence(oid('2.5.4.3'), tlv(0x0c, ascii(b))));
    // In the order of their bytes, which is another one when the case is.
    expect(read(sequence(pair('A', 'b'))).equals(read(sequence(pair('B', 'a'))))).toBe(true);
    expect(thrownCode(() => read(sequence(pair('b', 'a'))))).toBe('der.unsortedSet');
    expect(
      read(sequence(pair('a', 'b'))).equals(read(sequence(attribute(0x0c, 'a'), attribute(0x0c, 'b')))),
    ).toBe(false);
    expect(
      read(sequence(attribute(0x0c, 'a'), attribute(0x0c, 'b'))).equals(
        read(sequence(attribute(0x0c, 'b'), attribute(0x0c, 'a'))),
      ),
    ).toBe(false);
  });
  test('control characters forge no separators', () => {
    const forged = read(sequence(attribute(0x0c, 'a\u00012.5.4.3=b')));
    expect(forged.equals(read(sequence(attribute(0x0c, 'a'), attribute(0x0c, 'b'))))).toBe(false);
  });
  test('values that are no strings are compared by their bytes', () => {
    expect(read(sequence(attribute(0x03, '\0A'))).equals(read(sequence(attribute(0x03, '\0a'))))).toBe(false);
    expect(String(read(sequence(attribute(0x03, '\0A'))))).toBe('CN=#0041');
  });
  test.each([
    ['certificate.badName', tlv(0x02, [1])],
    ['certificate.badName', tlv(0x2c, tlv(0x0c, [65]))],
    ['certificate.badName', tlv(0x80, [65])],
    ['der.badString', tlv(0x0c, [0xc0, 0x80])],
    ['der.badString', tlv(0x1e, [65])],
    ['der.badString', tlv(0x1c, [0, 65])],
  ])('%s: values that are none %#', (code, value) => {
    expect(thrownCode(() => read(sequence(tlv(0x31, sequence(oid('2.5.4.3'), value)))))).toBe(code);
  });
  test('subtrees', () => {
    const inner = read(sequence(attribute(0x0c, 'a', '2.5.4.10'), attribute(0x0c, 'b')));
    expect(inner.isWithin(read(sequence(attribute(0x13, 'A', '2.5.4.10'))))).toBe(true);
    expect(inner.isWithin(read(sequence()))).toBe(true);
    expect(inner.isWithin(read(commonName('b')))).toBe(false);
    expect(read(commonName('b')).isWithin(inner)).toBe(false);
    expect(String(inner)).toBe('CN=b, O=a');
  });
});

describe('services (RFC 9525 §6.5)', () => {
  const other = (
    form: 'otherName' | 'x400Address' | 'ediPartyName',
    ...value: Uint8Array[]
  ): GeneralName => ({
    type: 'other',
    form,
    value: bytes(...value),
  });
  const srvName = oid('1.3.6.1.5.5.7.8.7');
  const text = (words: string, tag = 0x16) => tlv(tag, ascii(words));
  const srv = { type: 'srv', service: 'imaps', name: 'a.example' } as const;
  const named = tlv(0xa0, text('_imaps.a.example'));

  test.each<[string, boolean, GeneralName]>([
    ['SRVName', true, other('otherName', srvName, named)],
    ['another type of otherName', false, other('otherName', oid('1.3.6.1.5.5.7.8.9'), named)],
    ['another form', false, other('ediPartyName', srvName, named)],
    ['no service', false, other('otherName', srvName, tlv(0xa0, text('a.example')))],
    ['no name', false, other('otherName', srvName, tlv(0xa0, text('_imaps.')))],
    ['another type of string', false, other('otherName', srvName, tlv(0xa0, text('_imaps.a.example', 0x0c)))],
    ['something behind it', false, other('otherName', srvName, named, tlv(5))],
    [
      'something behind the string',
      false,
      other('otherName', srvName, tlv(0xa0, text('_imaps.a.example'), tlv(5))),
    ],
  ])('%s', (_, isMatch, name) => expect(matchesService([name], srv)).toBe(isMatch));

  test('are asked for by a DNS name and a service or scheme', () => {
    for (const name of ['', '127.0.0.1', '::1', 'bücher.example', 'a..b'])
      expect(() => matchesService([], { ...srv, name })).toThrow('expected a DNS name in ASCII');
    for (const service of ['', '_imaps', 'a.b_', 'i s', '-a'])
      expect(() => matchesService([], { ...srv, service })).toThrow('expected a service or a scheme');
    for (const scheme of ['', 'https:', '+a'])
      expect(() => matchesService([], { type: 'uri', scheme, name: 'a.example' })).toThrow(
        'expected a service or a scheme',
      );
  });
});
