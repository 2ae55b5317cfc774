import fc from 'fast-check';
import { aliases } from '../../src/openssl/cipher-aliases.ts';
import { groups } from '../../src/openssl/group-table.ts';
import { schemes } from '../../src/openssl/scheme-table.ts';
import { suitesOf } from '../../src/openssl/suites.ts';
import type { ListOptions } from './expected.ts';

/** Strings of the languages: from their grammars, and strings of the real world with mistakes in them. */

const suites = suitesOf('3.5');
const oldNames = suites.filter(({ since }) => since !== 'TLSv1.3');
const names13 = suites.filter(({ since }) => since === 'TLSv1.3').map(({ name }) => name);
const unknownWords = [
  ...[
    'kGOST',
    'aGOST',
    '3DES',
    'RC4',
    'SEED',
    'IDEA',
    'EXPORT',
    'LOWEST',
    'TLSv1.1',
    'TLSv1.3',
    'high',
    'nonsense',
  ],
  ...['SUITEB128', 'SUITEB192', 'DEFAULT', 'A_B', 'SECLEVEL=1', '='],
];

const word = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...aliases.keys()) },
  { weight: 4, arbitrary: fc.constantFrom(...oldNames.map(({ name }) => name)) },
  { weight: 1, arbitrary: fc.constantFrom(...oldNames.map(({ standardName }) => standardName)) },
  { weight: 1, arbitrary: fc.constantFrom(...unknownWords) },
);
const words = fc
  .tuple(
    fc.constantFrom('', '', '', '', '!', '-', '+'),
    fc.array(word, { minLength: 1, maxLength: 3, size: 'max' }),
  )
  .map(([sign, list]) => sign + list.join('+'));
const command = fc.oneof(
  { weight: 3, arbitrary: fc.constant('@STRENGTH') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('@SECLEVEL=0', '@SECLEVEL=1', '@SECLEVEL=2', '@SECLEVEL=3', '@SECLEVEL=4'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('@SECLEVEL=5', '@SECLEVEL=6', '@bogus', '@', '@STRENGTHS', '@SECLEVEL=1x'),
  },
);
const start = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 5, arbitrary: fc.constantFrom('ALL:', 'HIGH:', 'ALL:COMPLEMENTOFALL:') },
  { weight: 2, arbitrary: fc.constantFrom('DEFAULT', 'DEFAULT:', 'DEFAULT+', 'DEFAULT-') },
  { weight: 1, arbitrary: fc.constantFrom('SUITEB128:', 'SUITEB192', 'SUITEB128ONLY ', 'SUITEB128C2') },
);

/** Cipher strings as `openssl ciphers` takes them. */
export const cipherStrings: fc.Arbitrary<string> = fc
  .tuple(
    start,
    fc.array(fc.oneof({ weight: 9, arbitrary: words }, { weight: 1, arbitrary: command }), {
      minLength: 1,
      maxLength: 7,
      size: 'max',
    }),
    fc.constantFrom(':', ':', ':', ' ', ',', ';', '::'),
  )
  .map(([first, items, separator]) => first + items.join(separator));

const realCiphers = [
  'HIGH:!aNULL:!MD5',
  'HIGH:!aNULL:!kRSA:!PSK:!SRP:!MD5:!RC4',
  'ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:!aNULL:!MD5:!DSS',
  'EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH',
  'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256',
  'ALL:!ADH:!LOW:!EXP:!MD5:@STRENGTH',
  'DEFAULT@SECLEVEL=0',
  'DEFAULT:!DH:@SECLEVEL=1',
  'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256:!RC4',
  'TLS_CHACHA20_POLY1305_SHA256:HIGH:!SSLv3:!TLSv1',
  'AES128-SHA:AES256-SHA:DHE-RSA-AES256-SHA:ECDHE-RSA-AES256-SHA384',
  'kEECDH+aECDSA+AESGCM:kEECDH+aRSA+AESGCM:kEDH+aRSA+AESGCM:@STRENGTH:!eNULL',
  'FIPS:!aNULL:!eNULL',
  'CAMELLIA:ARIA:AESCCM:PSK:SRP:@SECLEVEL=0',
  'SUITEB128:HIGH',
];

/** With names of TLS 1.3 in between, as the option `ciphers` has them. */
const cipherOptions = fc.oneof(
  cipherStrings,
  fc
    .tuple(
      fc.array(fc.constantFrom(...names13, 'TLS_NONE', '!TLS_AES_128_GCM_SHA256'), { maxLength: 3 }),
      cipherStrings,
    )
    .map(([list, rest]) => [...list, rest].join(':')),
  fc
    .array(fc.constantFrom(...names13, 'TLS_NONE', ''), { minLength: 1, maxLength: 3 })
    .map((list) => list.join(':')),
  mutated(realCiphers),
);

const groupNames = groups.flatMap(({ names }) => names);
const groupItem = fc
  .tuple(
    fc.constantFrom(...Array<string>(16).fill(''), '?', '?', '*', '*', '-', '?*', '**'),
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...groupNames) },
      { weight: 4, arbitrary: fc.constantFrom('X25519', 'P-256', 'P-384', 'X25519MLKEM768', 'prime256v1') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'DEFAULT',
          'default',
          'DEFAULT_SUITE_B',
          'auto',
          'nonsense',
          'PRIME256V1',
          'd',
        ),
      },
    ),
  )
  .map((parts) => parts.join(''));
const groupLists = fc.oneof(
  fc
    .array(fc.tuple(groupItem, fc.constantFrom(...Array<string>(16).fill(':'), '/', '/', ' : ')), {
      minLength: 1,
      maxLength: 6,
    })
    .map((items) => items.flat().slice(0, -1).join('')),
  fc
    .uniqueArray(fc.constantFrom(...groups.filter(({ isNew }) => !isNew)), { minLength: 1, maxLength: 8 })
    .map((list) => list.map(({ names }) => names.at(-1)).join(':')),
  mutated([
    'auto',
    'P-256:X25519',
    'prime256v1',
    'X25519:P-256:P-384:P-521',
    'secp384r1:secp521r1:prime256v1',
    'X25519MLKEM768:X25519:P-256',
    '*X25519MLKEM768:*X25519/P-256:P-384',
    'DEFAULT:-X25519MLKEM768',
  ]),
);

const pairs = ['RSA', 'RSA-PSS', 'PSS', 'ECDSA', 'DSA', 'rsa'].flatMap((key) =>
  ['SHA1', 'SHA224', 'SHA256', 'SHA384', 'SHA512', 'sha256', 'MD5'].map((hash) => `${key}+${hash}`),
);
const sigalgItem = fc
  .tuple(
    fc.constantFrom(...Array<string>(16).fill(''), '?'),
    fc.oneof(
      fc.constantFrom(
        ...schemes.flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias])),
      ),
      fc.constantFrom(...pairs),
      fc.constantFrom(
        'ED25519',
        'SHA256+RSA',
        'RSA+',
        '+SHA256',
        'nonsense',
        'ECDSA_SECP256R1_SHA256',
        'RSA+RSA',
      ),
    ),
  )
  .map((parts) => parts.join(''));
const sigalgLists = fc.oneof(
  fc.array(sigalgItem, { minLength: 1, maxLength: 5 }).map((items) => items.join(':')),
  fc
    .uniqueArray(fc.constantFrom(...schemes), { minLength: 1, maxLength: 12 })
    .map((list) => list.map(({ name }) => name).join(':')),
  fc
    .uniqueArray(fc.constantFrom(...schemes.filter(({ in30 }) => in30 === true)), {
      minLength: 1,
      maxLength: 12,
    })
    .map((list) => list.map(({ name }) => name).join(':')),
  mutated([
    'RSA-PSS+SHA256:ecdsa_secp256r1_sha256:ed25519',
    'ECDSA+SHA256:RSA+SHA256:RSA-PSS+SHA384',
    'rsa_pss_rsae_sha256:rsa_pkcs1_sha256:rsa_pkcs1_sha1',
    'RSA+SHA1:DSA+SHA256',
  ]),
);

const versionNames = fc.constantFrom('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3');
const bounds: fc.Arbitrary<ListOptions> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: versionNames.map((minVersion) => ({ minVersion })) },
  { weight: 2, arbitrary: versionNames.map((maxVersion) => ({ maxVersion })) },
  { weight: 2, arbitrary: fc.record({ minVersion: versionNames, maxVersion: versionNames }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('TLS_method', 'TLSv1_method', 'TLSv1_1_client_method', 'TLSv1_2_method', 'SSLv23_method')
      .map((secureProtocol) => ({ secureProtocol })),
  },
  {
    weight: 2,
    arbitrary: fc
      .subarray([0x0400_0000, 0x1000_0000, 0x0800_0000, 0x2000_0000], { minLength: 1, maxLength: 3 })
      .map((bits) => ({ minVersion: 'TLSv1', secureOptions: bits.reduce((all, bit) => all + bit, 0) })),
  },
);

/** Options of a context: each list alone, and several together. */
export const listOptions: fc.Arbitrary<ListOptions> = fc
  .tuple(
    bounds,
    fc.oneof(
      { weight: 5, arbitrary: cipherOptions.map((ciphers): ListOptions => ({ ciphers })) },
      { weight: 3, arbitrary: groupLists.map((ecdhCurve): ListOptions => ({ ecdhCurve })) },
      { weight: 3, arbitrary: sigalgLists.map((sigalgs): ListOptions => ({ sigalgs })) },
      {
        weight: 2,
        arbitrary: fc.record({
          ciphers: fc.constantFrom(...realCiphers),
          ecdhCurve: groupLists,
          sigalgs: sigalgLists,
        }),
      },
    ),
    fc.constantFrom(
      '',
      '',
      ':@SECLEVEL=0',
      ':@SECLEVEL=0',
      ':@SECLEVEL=1',
      ':@SECLEVEL=2',
      ':@SECLEVEL=3',
      ':@SECLEVEL=4',
    ),
  )
  .map(([range, lists, level]) => ({
    ...range,
    ...lists,
    ...(level !== '' && { ciphers: `${lists.ciphers ?? 'ALL'}${level}` }),
  }));

/** One character more, less or different. */
function mutated(strings: readonly string[]): fc.Arbitrary<string> {
  const characters = [...':+-!@ ,;_=/*?\0\tAEé0'];
  return fc
    .tuple(fc.constantFrom(...strings), fc.nat(), fc.nat(2), fc.constantFrom(...characters), fc.boolean())
    .map(([text, position, removed, character, isKept]) => {
      if (isKept) return text;
      const at = position % (text.length + 1);
      return text.slice(0, at) + character + text.slice(at + removed);
    });
}
