import type { Verdict } from './runner.ts';
import { isIn, type Scope, scopes } from './scopes.ts';
import type { Surveyed } from './survey.ts';

export type Fate = Verdict['verdict'] | 'disabled';

export const fates: readonly Fate[] = ['passed', 'failed', 'unimplemented', 'disabled'];

export interface Judged extends Surveyed {
  readonly fate: Fate;
  readonly text: string;
}

/** How many tests met which fate; those that must succeed and those that must fail apart. */
export interface Count {
  readonly scope: Scope;
  readonly tests: 'must succeed' | 'must fail' | 'together';
  readonly of: number;
  readonly fates: Readonly<Record<Fate, number>>;
}

/** A test that the configuration keeps from running has no verdict. */
export function judge(table: readonly Surveyed[], verdicts: ReadonlyMap<string, Verdict>): readonly Judged[] {
  return table.map((test) => {
    const verdict = verdicts.get(test.name);
    return { ...test, fate: verdict?.verdict ?? 'disabled', text: verdict?.text ?? '' };
  });
}

export function countFates(judged: readonly Judged[]): readonly Count[] {
  return scopes.flatMap((scope) => {
    const tests = judged.filter((test) => isIn(scope, test));
    return [
      count(
        scope,
        'must succeed',
        tests.filter(({ mustSucceed }) => mustSucceed),
      ),
      count(
        scope,
        'must fail',
        tests.filter(({ mustSucceed }) => !mustSucceed),
      ),
      count(scope, 'together', tests),
    ];
  });
}

function count(scope: Scope, tests: Count['tests'], judged: readonly Judged[]): Count {
  const met = Object.fromEntries(
    fates.map((fate) => [fate, judged.filter((test) => test.fate === fate).length]),
  );
  return { scope, tests, of: judged.length, fates: met as Record<Fate, number> };
}
