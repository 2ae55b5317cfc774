import type { SuitePreference } from '../config/server.ts';

/** The first common suite in the order of whoever decides. */
export function selectSuite(
  ours: readonly number[],
  offered: readonly number[],
  preference: SuitePreference,
): number | undefined {
  return preference === 'server'
    ? ours.find((suite) => offered.includes(suite))
    : offered.find((suite) => ours.includes(suite));
}
