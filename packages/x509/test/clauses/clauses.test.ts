import { expect, it } from 'vitest';
import { verifyCodes, x509ErrorCodes } from '../../src/index.ts';
import './certificates.ts';
import './chains.ts';
import './constraints.ts';
import './crl-rules.ts';
import './crls.ts';
import './delegation.ts';
import './encoding.ts';
import './ocsp.ts';
import './ocsp-requests.ts';
import './stapling.ts';
import './writing.ts';
import './extensions.ts';
import './names.ts';
import './paths.ts';
import './policies.ts';
import { registered, table } from './clause.ts';
import { readTable } from './table.ts';

/**
 * Every rule that a certificate, or whoever made it, can break has a row in a table (`*.md`), and every row has
 * a test. The suites imported above register their tests; here the two lists are compared.
 */
it('every row of the table has one test, and every test a row', () => {
  const rows = readTable();
  expect([...table.keys()]).toHaveLength(rows.length);
  expect(registered.toSorted()).toEqual(rows.map(({ test }) => test).toSorted());
});

it('the table names codes that exist', () => {
  const codes = new Set<string>([
    ...Object.keys(verifyCodes),
    ...x509ErrorCodes,
    'accepted',
    'ApiMisuseError',
  ]);
  expect([...table.values()].filter(({ code }) => !codes.has(code))).toEqual([]);
});

it('every code of a refusal, and every code of what certificates are made of, stands in the table', () => {
  const parts = x509ErrorCodes.filter((code) => /^(der|certificate|crl|ocsp)\./.test(code));
  const covered = new Set([...table.values()].map(({ code }) => code));
  expect([...Object.keys(verifyCodes), ...parts].filter((code) => !covered.has(code))).toEqual([]);
});
