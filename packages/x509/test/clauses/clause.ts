import { ApiMisuseError } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { isX509Error, type PathOutcome, type Problem } from '../../src/index.ts';
import { readTable, type Row } from './table.ts';

/**
 * What comes of breaking a rule: an outcome, a problem or `undefined` for none, a line of `test/chain.ts`
 * (`ok`, or one that begins with the code), or an `X509Error` that is thrown.
 */
export type Case = () => PathOutcome | Problem | string | undefined;

export const table: ReadonlyMap<string, Row> = new Map(readTable().map((row) => [row.test, row]));

/** Names of the tests that exist; compared with the table at the end. */
export const registered: string[] = [];

/**
 * The test of one row of the table: `name` is its section and title, and what must come of each case stands
 * in the row.
 */
export function clause(name: string, ...cases: readonly [Case, ...Case[]]): void {
  registered.push(name);
  const row = table.get(name);
  if (row === undefined) {
    it(name, () => expect.fail('no row of the table has this name'));
    return;
  }
  describe(`${name} → ${row.code}`, () => {
    for (const [i, each] of cases.entries()) it(`${i + 1}`, () => expect(codeOf(each)).toBe(row.code));
  });
}

/** For what is read and not decided: the value is of no account, an `X509Error` is. */
export function reading(read: () => unknown): Case {
  return () => {
    read();
    return undefined;
  };
}

function codeOf(each: Case): string {
  try {
    const result = each();
    if (result === undefined) return 'accepted';
    if (typeof result === 'string') return result === 'ok' ? 'accepted' : result.split(' ')[0]!;
    return 'ok' in result && result.ok ? 'accepted' : result.code;
  } catch (error) {
    if (isX509Error(error)) return error.code;
    if (error instanceof ApiMisuseError) return 'ApiMisuseError';
    throw error;
  }
}
