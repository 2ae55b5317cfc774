import { ApiMisuseError } from '@sealwire/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { certificate, commonName, extension, extensions, oid, sequence, tlv } from '../der.ts';
import type { CheckOptions } from '../../src/node/index.ts';
import { pair } from './compare.ts';

/** checkHost, checkEmail and checkIP beside those of Node, which are OpenSSL's. */

const isFull = process.env['SEALWIRE_PROFILE'] === 'full';
const numRuns = isFull ? 100_000 : 1_000;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);

function withNames(names: readonly Uint8Array[] | undefined, subject: Uint8Array): Uint8Array {
  const list =
    names === undefined ? {} : { afterSpki: extensions(extension('2.5.29.17', sequence(...names))) };
  return certificate({ subject, ...list });
}

/** What a call gives, or that it refuses: both refuse the same, each with its own error. */
function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    expect(
      error instanceof ApiMisuseError || (error as { code?: string }).code === 'ERR_INVALID_ARG_VALUE',
    ).toBe(true);
    return 'refused';
  }
}

const label = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'ab', 'A', 'com', 'xn--a', 'XN--b', '1') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('*', 'a*', '*b', 'a*b', '**', 'xn--*', '*xn--', '*-', '-*', 'a-*', '*-a'),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '-', 'a-', '-a', 'a_b', 'ü', 'a\0', 'a b', '\0') },
);
const dnsName = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const host = fc.oneof(
  dnsName,
  dnsName.map((name) => `.${name}`),
  fc
    .tuple(dnsName, fc.constantFrom('a', 'b', '', 'xn--c', 'a.b', '*', 'ab', '-'))
    .map(([name, star]) => name.replaceAll('*', star)),
);
const mailbox = fc
  .tuple(
    fc.constantFrom('a', 'A', '"a@b"', 'ü', '', 'a\0'),
    fc.constantFrom('@', '', '@@'),
    fc.constantFrom('b.com', 'B.com', '', 'a'),
  )
  .map((parts) => parts.join(''));
const options: fc.Arbitrary<CheckOptions> = fc.record(
  {
    subject: fc.constantFrom('default', 'always', 'never'),
    wildcards: fc.boolean(),
    partialWildcards: fc.boolean(),
    multiLabelWildcards: fc.boolean(),
    singleLabelSubdomains: fc.boolean(),
  },
  { requiredKeys: [] },
);
const attribute = (id: string, value: Uint8Array): Uint8Array =>
  tlv(0x31, sequence(oid(id), tlv(0x0c, value)));

describe('as X509Certificate of node:crypto', () => {
  test('checkHost', () => {
    let found = 0;
    const names = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.array(
          dnsName.map((name) => tlv(0x82, latin(name))),
          { maxLength: 3 },
        ),
      },
      fc.constantFrom(undefined, [tlv(0x81, latin('a@b.com'))]),
    );
    const subject = fc
      .array(dnsName, { maxLength: 2 })
      .map((all) => sequence(...all.map((name) => attribute('2.5.4.3', utf8(name)))));
    fc.assert(
      fc.property(names, subject, host, options, (list, subjectName, wanted, given) => {
        const { ours, theirs } = pair(withNames(list, subjectName));
        const own = outcome(() => ours.checkHost(wanted, given));
        expect(own).toBe(outcome(() => theirs.checkHost(wanted, given)));
        if (own !== undefined && own !== 'refused') found++;
      }),
      { numRuns, seed: 3 },
    );
    expect(found).toBeGreaterThan(numRuns / 400);
  });

  test('checkHost, a host that is made from the name', () => {
    let found = 0;
    const made = fc
      .tuple(
        fc.array(label, { minLength: 2, maxLength: 4 }),
        fc.constantFrom('', 'a', 'b-c', 'x.y', 'xn--a', '*', 'ü'),
        fc.boolean(),
      )
      .map(([labels, star, isDomain]) => {
        const name = labels.join('.');
        const from = name.replaceAll('*', star);
        return { name, wanted: isDomain ? from.slice(Math.max(0, from.indexOf('.'))) : from };
      });
    fc.assert(
      fc.property(made, options, ({ name, wanted }, given) => {
        const { ours, theirs } = pair(withNames([tlv(0x82, latin(name))], commonName('x')));
        const own = outcome(() => ours.checkHost(wanted, given));
        expect(own).toBe(outcome(() => theirs.checkHost(wanted, given)));
        if (own !== undefined && own !== 'refused') found++;
      }),
      { numRuns, seed: 4 },
    );
    expect(found).toBeGreaterThan(numRuns / 20);
  });

  test('checkEmail', () => {
    let found = 0;
    const smtpUtf8 = mailbox.map((text) =>
      tlv(0xa0, oid('1.3.6.1.5.5.7.8.9'), tlv(0xa0, tlv(0x0c, utf8(text)))),
    );
    const names = fc.option(
      fc.array(
        fc.oneof(
          mailbox.map((text) => tlv(0x81, latin(text))),
          smtpUtf8,
          fc.constant(tlv(0x82, latin('a'))),
        ),
        { maxLength: 3 },
      ),
      { nil: undefined },
    );
    const subject = fc
      .array(mailbox, { maxLength: 2 })
      .map((all) => sequence(...all.map((text) => attribute('1.2.840.113549.1.9.1', utf8(text)))));
    fc.assert(
      fc.property(names, subject, mailbox, options, (list, subjectName, wanted, given) => {
        const { ours, theirs } = pair(withNames(list, subjectName));
        const own = outcome(() => ours.checkEmail(wanted, given));
        expect(own).toBe(outcome(() => theirs.checkEmail(wanted, given)));
        if (own !== undefined && own !== 'refused') found++;
      }),
      { numRuns, seed: 5 },
    );
    expect(found).toBeGreaterThan(numRuns / 200);
  });

  test('checkIP', () => {
    let found = 0;
    const text = fc.oneof(
      fc.constantFrom(
        '1.2.3.4',
        '01.2.3.4',
        ' 1.2.3.4',
        '+1.2.3.4',
        '1.2.3.4 x',
        '1.2.3.4x',
        '1. 2.3.4',
        '1.2.3.-0',
        '1.2.3',
        '1.2.3.256',
      ),
      fc.constantFrom(
        '::1',
        '::',
        '1::',
        '1::2',
        ':1::2',
        '1::2:',
        ':::',
        '::::',
        '1:::2',
        '0:0:0:0:0:0:0:1',
        '::1.2.3.4',
        '1.2.3.4::',
      ),
      fc.constantFrom(
        '',
        '1:2',
        'g::',
        '12345::',
        '::12345',
        '0:0:0:0:0:0:0:0:1',
        '::ffff:1.2.3.4',
        '::1.2.3',
        '::1\0x',
        '1::1.2.3.4:5',
      ),
      fc.constantFrom(
        '0:0:0:0:0:0:1.2.3.4',
        '0:0:0:0:0:0:0:1.2.3.4',
        '::1%lo',
        '0:0:0:0:0:0:0::',
        '::0:0:0:0:0:0:1',
        '1:2:3:4:5:6:7:8::',
      ),
      fc.ipV4(),
      fc.ipV6(),
    );
    const addresses = [
      [1, 2, 3, 4],
      [...new Array(15).fill(0), 1],
      new Array(16).fill(0),
      [...new Array(12).fill(0), 1, 2, 3, 4],
    ];
    const names = fc.array(fc.constantFrom(...addresses.map((octets) => tlv(0x87, octets))), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(names, text, options, (list, wanted, given) => {
        const { ours, theirs } = pair(withNames(list, commonName('x')));
        const own = outcome(() => ours.checkIP(wanted, given));
        expect(own).toBe(
          outcome(() =>
            (theirs.checkIP as (ip: string, options: CheckOptions) => unknown).call(theirs, wanted, given),
          ),
        );
        if (own !== undefined && own !== 'refused') found++;
      }),
      { numRuns, seed: 6 },
    );
    expect(found).toBeGreaterThan(numRuns / 200);
  });

  test('mistakes of the caller', () => {
    const { ours } = pair(withNames([], commonName('x')));
    expect(() => ours.checkHost('a', { subject: 'sometimes' as never })).toThrow(ApiMisuseError);
    expect(() => ours.checkHost(undefined as never)).toThrow(ApiMisuseError);
    expect(() => ours.checkIssued({} as never)).toThrow(ApiMisuseError);
  });
});
