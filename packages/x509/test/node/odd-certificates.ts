import fc from 'fast-check';
import { bytes, certificate, extension, extensions, oid, sequence, tlv, utcTime } from '../der.ts';
import { endsItself, leftOut } from './compare.ts';

/** Certificates as nobody should make them, and DER all the same. */

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);

const asciiText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '#',
    ' a',
    'a ',
    '#a',
    'a#',
    'a,b',
    'a+b',
    '"',
    '\\',
    '<>;',
    "'",
    'a=b',
    '\n',
    '\0',
    '\x7f',
    'a  b',
  ),
  fc.string({ maxLength: 12 }).map((text) => text.replace(/[^\0-\x7f]/g, '?')),
);
const anyText = fc.oneof(
  { weight: 3, arbitrary: asciiText },
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('Zürich', '東京', '𝄞', 'é', '\u0085', '\u2028', 'ß', '\u0301a', ' é', 'é '),
);

/** A value of a name: tag and contents. */
const nameValue: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: anyText.map((text) => tlv(0x0c, utf8(text))) },
  { weight: 2, arbitrary: asciiText.map((text) => tlv(0x13, latin(text))) },
  asciiText.map((text) => tlv(0x16, latin(text))),
  fc.uint8Array({ maxLength: 8 }).map((octets) => tlv(0x13, octets)),
  fc.uint8Array({ maxLength: 8 }).map((octets) => tlv(0x14, octets)),
  asciiText.map((text) => tlv(0x12, latin(text))),
  anyText.map((text) => tlv(0x1e, units(text.replace(/[\u{10000}-\u{10ffff}]/gu, '?'), 2))),
  anyText.map((text) => tlv(0x1c, units(text, 4))),
);
/** What is no character string. */
const rareValue: fc.Arbitrary<Uint8Array> = fc.constantFrom(
  tlv(0x03, [0, 1, 2, 3]),
  tlv(0x03, [4, 0xf0]),
  sequence(tlv(0x0c, [0x61])),
  sequence(),
);

function units(text: string, size: 2 | 4): Uint8Array {
  return Uint8Array.from(
    [...text].flatMap((character) => {
      const point = character.codePointAt(0)!;
      const octets = [point >>> 24, (point >> 16) & 0xff, (point >> 8) & 0xff, point & 0xff];
      return size === 4 ? octets : octets.slice(2);
    }),
  );
}

export const objectIds: readonly string[] = [
  ...['2.5.4.3', '2.5.4.6', '2.5.4.10', '2.5.4.11', '2.5.4.4', '2.5.4.5', '2.5.4.17', '2.5.4.97', '2.5.4.9'],
  ...[
    '1.2.840.113549.1.9.1',
    '0.9.2342.19200300.100.1.25',
    '0.9.2342.19200300.100.1.1',
    '1.3.6.1.4.1.311.60.2.1.3',
  ],
  ...['1.2.3.4', '2.5.29.17', '2.5.4', '1.2.643.100.5', '1.2.840.113549.1.1.11'],
];

const attribute = (value: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc.tuple(fc.constantFrom(...objectIds), value).map(([id, content]) => sequence(oid(id), content));
const relativeName = (value: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc
    .array(attribute(value), { minLength: 1, maxLength: 3 })
    .map((attributes) => tlv(0x31, ...sorted(attributes)));

function name(value: fc.Arbitrary<Uint8Array>, minLength = 1): fc.Arbitrary<Uint8Array> {
  return fc.array(relativeName(value), { minLength, maxLength: 4 }).map((relative) => sequence(...relative));
}

/** DER has the elements of a SET OF in the order of their encodings. */
function sorted(elements: readonly Uint8Array[]): Uint8Array[] {
  return [...elements].sort(Buffer.compare);
}

/** Node 22 has `undefined` in lists for what is no character string; that is not followed. */
const isFollowed = !process.version.startsWith('v22.');
const anyName = fc.oneof(
  { weight: 9, arbitrary: name(nameValue) },
  name(isFollowed ? fc.oneof(nameValue, rareValue) : nameValue),
);

const bytesOfText = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom('a.example', '*.b.example', 'x@y.example', 'http://a.example/').map(latin),
  },
  asciiText.map(latin),
  fc.uint8Array({ maxLength: 10 }),
);
const otherName = fc
  .tuple(
    fc.constantFrom(
      ...[
        '1.3.6.1.5.5.7.8.9',
        '1.3.6.1.5.5.7.8.5',
        '1.3.6.1.5.5.7.8.7',
        '1.3.6.1.4.1.311.20.2.3',
        '1.3.6.1.5.5.7.8.8',
      ],
      ...['1.2.3.4', '1.3.6.1.5.5.7.8.4'],
    ),
    fc.oneof(
      fc.oneof(anyText.map(utf8), fc.uint8Array({ maxLength: 6 })).map((content) => tlv(0x0c, content)),
      bytesOfText.map((content) => tlv(0x16, content)),
      fc.constant(tlv(0x02, [1])),
    ),
  )
  .map(([id, value]) => tlv(0xa0, oid(id), tlv(0xa0, value)));

/** Most of them as they should be, for one that is not hides all others. */
const ediPartyName: fc.Arbitrary<Uint8Array> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      tlv(0xa5, tlv(0xa1, tlv(0x0c, [0x61]))),
      tlv(0xa5, tlv(0xa0, tlv(0x13, [0x61])), tlv(0xa1, tlv(0x1e, [0, 0x61]))),
    ),
  },
  fc
    .tuple(fc.constantFrom(0xa0, 0xa1, 0x81), fc.constantFrom(0x0c, 0x13, 0x14, 0x16, 0x1e, 0x1c, 0x02, 0x30))
    .map(([outer, inner]) => tlv(0xa5, tlv(outer, tlv(inner, [0x61])))),
);

export const generalName: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: bytesOfText.map((text) => tlv(0x82, text)) },
  bytesOfText.map((text) => tlv(0x81, text)),
  bytesOfText.map((text) => tlv(0x86, text)),
  { weight: 2, arbitrary: anyName.map((directory) => tlv(0xa4, directory)) },
  otherName,
  fc
    .oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ maxLength: 5 }),
    )
    .map((ip) => tlv(0x87, ip)),
  fc.constantFrom(...objectIds).map((id) => tlv(0x88, oid(id).subarray(2))),
  ediPartyName,
  fc.uint8Array({ maxLength: 4 }).map((address) => tlv(0xa3, address)),
);

const accessDescription = fc
  .tuple(
    fc.constantFrom('1.3.6.1.5.5.7.48.1', '1.3.6.1.5.5.7.48.2', '1.3.6.1.5.5.7.48.3', '1.2.3.4'),
    generalName,
  )
  .map(([method, location]) => sequence(oid(method), location));

const oneOf = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const extensionList = fc
  .record({
    '2.5.29.17': oneOf(fc.array(generalName, { maxLength: 5 }).map((names) => sequence(...names))),
    '1.3.6.1.5.5.7.1.1': oneOf(
      fc.array(accessDescription, { maxLength: 4 }).map((each) => sequence(...each)),
    ),
    '2.5.29.37': oneOf(
      fc
        .array(fc.constantFrom('1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '1.2.3.4', '2.5.29.37.0'), {
          minLength: 1,
          maxLength: 3,
        })
        .map((ids) => sequence(...ids.map(oid))),
    ),
    '2.5.29.19': oneOf(
      fc.constantFrom(
        sequence(),
        sequence(tlv(1, [0xff])),
        sequence(tlv(1, [0xff]), tlv(2, [3])),
        tlv(4, []),
      ),
    ),
    '2.5.29.15': oneOf(fc.constantFrom(tlv(3, [1, 6]), tlv(3, [7, 0x80]), tlv(3, [2, 4]))),
  })
  .map((values) => {
    const list = Object.entries(values).flatMap(([id, value]) =>
      value === undefined ? [] : [extension(id, value)],
    );
    return list.length === 0 ? bytes() : extensions(...list);
  });

const point = [
  ...[
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
    0x77, 0x03,
  ],
  ...[
    0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42,
    0xe2, 0xfe,
  ],
  ...[
    0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31,
    0x5e, 0xce,
  ],
  ...[0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5],
];
const ecKey = (curve: string, bits: readonly number[]): Uint8Array =>
  sequence(sequence(oid('1.2.840.10045.2.1'), oid(curve)), tlv(3, [0], bits));
const rsaKey = (
  parameters: Uint8Array,
  modulus: readonly number[],
  exponent: readonly number[],
): Uint8Array =>
  sequence(
    sequence(oid('1.2.840.113549.1.1.1'), parameters),
    tlv(3, [0], sequence(tlv(2, modulus), tlv(2, exponent))),
  );
const nul = tlv(5);
const someModulus = [0, ...Array.from({ length: 128 }, (_, i) => ((i * 37 + 131) & 0xff) | 1)];

/** Off its curve, on a curve that nobody knows, and of an algorithm that nobody knows. */
const unusableKeys = [
  ecKey('1.2.840.10045.3.1.7', [...point.slice(0, -1), 0]),
  ecKey('1.2.3.4', point),
  sequence(sequence(oid('1.2.3.4')), tlv(3, [0], [1, 2, 3])),
];
leftOut('keys that OpenSSL cannot load', endsItself.keyThatCannotBeLoaded);

const key = fc.constantFrom(
  ...(endsItself.keyThatCannotBeLoaded ? [] : unusableKeys),
  ecKey('1.2.840.10045.3.1.7', point),
  ecKey('1.2.840.10045.3.1.7', [2 + (point.at(-1)! & 1), ...point.slice(1, 33)]),
  rsaKey(nul, someModulus, [1, 0, 1]),
  rsaKey(nul, someModulus, [3]),
  rsaKey(nul, [0x0f, ...someModulus.slice(2)], [1, 0, 1]),
  rsaKey(nul, someModulus, [1, 0, 0, 0, 0, 0, 0, 0, 1]),
  rsaKey(nul, someModulus, [0x7f, 0, 0, 0, 0, 0, 0, 1]),
  sequence(sequence(oid('1.3.101.112')), tlv(3, [0], new Uint8Array(32))),
);

const time = fc.constantFrom(
  utcTime('500101000000Z'),
  utcTime('260109235959Z'),
  utcTime('491231000000Z'),
  tlv(0x18, latin('20500228010203Z')),
  tlv(0x18, latin('99991231235959Z')),
);

const serialNumber = fc
  .oneof(
    fc.constantFrom([0], [1], [0x0a], [0, 0x80], [0x7f, 0]),
    fc.uint8Array({ minLength: 1, maxLength: 19 }).map((n) => [1, ...n]),
  )
  .map((octets) => tlv(2, octets));

/** Whole certificates; their signature means nothing. */
export const oddCertificate: fc.Arbitrary<Uint8Array> = fc
  .record({
    serialNumber,
    issuer: anyName,
    subject: fc.oneof({ weight: 8, arbitrary: anyName }, fc.constant(sequence())),
    validity: fc.tuple(time, time).map((pair) => sequence(...pair)),
    spki: key,
    afterSpki: extensionList,
  })
  .map(certificate);
