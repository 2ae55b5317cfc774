import { protocolVersions } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { ask, builtins } from './builtin.ts';
import { shownError } from './expected.ts';
import { nameOfVersion, versionRange } from '../../src/openssl/protocols.ts';
import { isRefusal } from '../../src/openssl/refusal.ts';

const families = [
  'TLS',
  'TLSv1',
  'TLSv1_1',
  'TLSv1_2',
  'TLSv1_3',
  'SSLv2',
  'SSLv3',
  'SSLv23',
  'DTLS',
  'DTLSv1_2',
  'foo',
  '',
];
const methods = families.flatMap((family) =>
  ['', '_client', '_server'].map((side) => `${family}${side}_method`),
);
const names = [
  'TLSv1',
  'TLSv1.1',
  'TLSv1.2',
  'TLSv1.3',
  'SSLv3',
  'tlsv1.2',
  '',
  'DTLSv1',
  0,
  1.2,
  false,
  null,
  { a: 1 },
  [1],
];

const cases: readonly Record<string, unknown>[] = [
  {},
  ...[
    ...methods,
    '',
    'TLS',
    'tls_method',
    ' TLS_method',
    'TLS_method ',
    'TLSv1.2',
    'TLS_method\n',
    1,
    true,
    0,
    null,
    {},
  ].map((secureProtocol) => ({ secureProtocol })),
  ...names.flatMap((name) => [{ minVersion: name }, { maxVersion: name }]),
  ...names.flatMap((minVersion) => names.map((maxVersion) => ({ minVersion, maxVersion }))),
  ...names.flatMap((name) => [
    { secureProtocol: 'TLSv1_2_method', minVersion: name },
    { secureProtocol: 'foo', maxVersion: name },
    { secureProtocol: '', maxVersion: name },
    { secureProtocol: { a: 1 }, minVersion: name, maxVersion: 'TLSv1.1' },
  ]),
];

describe.each(await builtins())('$name', (builtin) => {
  it('has the same bounds, and refuses the same', async () => {
    const answers = await ask(
      builtin,
      cases.map((options) => ({ ask: 'bounds', options })),
    );
    expect(answers.filter(({ error }) => error !== undefined).length).toBeGreaterThan(50);
    const expected = cases.map((options) => {
      const range = versionRange(options, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' });
      return isRefusal(range) ? { error: shownError(range) } : { bounds: [range.min, range.max] };
    });
    expect(expected).toEqual(answers.map(withNamedLowest));
  });
});

it('looks at the defaults even where they have no effect', () => {
  const range = versionRange(
    { secureProtocol: 'TLS_method' },
    { minVersion: 'TLSv1.2', maxVersion: 'newest' },
  );
  expect(range).toMatchObject({
    code: 'ERR_TLS_INVALID_PROTOCOL_VERSION',
    message: '"newest" is not a valid maximum TLS protocol version',
  });
});

it('names versions as getProtocol() does', () => {
  const { ssl30, tls10, tls11, tls12, tls13 } = protocolVersions;
  expect([tls10, tls11, tls12, tls13].map(nameOfVersion)).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
  expect(nameOfVersion(ssl30)).toBeUndefined();
});

/** Node says 0 for "the lowest that there is". */
function withNamedLowest<T extends { readonly bounds?: readonly [number, number] }>(answer: T): T {
  const { bounds } = answer;
  return bounds === undefined
    ? answer
    : { ...answer, bounds: [bounds[0] || protocolVersions.tls10, bounds[1]] };
}
