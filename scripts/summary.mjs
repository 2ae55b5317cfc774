/**
 * Adds up what `.ci/run` ran and ends with one line, `N passed, N failed, N skipped`: the tests from vitest's
 * JSON reports, the checks from `verify.json`, the cases from `mutations.json`, and the last line of counts in the
 * interop log. A stage that ran and left no counts is one failure.
 *
 * Arguments: `stage=exit code` for `test`, `verify`, `mutations` and `interop`, and any number of `skipped=reason`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './workspace.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @type {Record<string, () => Counts | undefined>} */
const readers = { test: tests, verify: checks, mutations: mutations, interop: interop };

const total = { passed: 0, failed: 0, skipped: 0 };
console.log('');
for (const argument of process.argv.slice(2)) {
  const [stage = '', ...rest] = argument.split('=');
  const value = rest.join('=');
  if (stage === 'skipped') {
    console.log(`skipped: ${value}`);
    total.skipped += 1;
    continue;
  }
  const counts = readers[stage]?.() ?? { passed: 0, failed: 0, skipped: 0 };
  const empty = counts.passed + counts.failed + counts.skipped === 0;
  if (counts.failed === 0 && (empty || value !== '0')) counts.failed = 1;
  const note = empty ? ' (no counts were left)' : '';
  console.log(
    `${stage}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, exit ${value}${note}`,
  );
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** @returns {Counts | undefined} */
function tests() {
  const parts = ['vitest.json', 'vitest-rest.json'].map((name) => join(scratch, name)).filter(existsSync);
  if (parts.length === 0) return undefined;
  return parts.map(testsOf).reduce((sum, each) => ({
    passed: sum.passed + each.passed,
    failed: sum.failed + each.failed,
    skipped: sum.skipped + each.skipped,
  }));
}

/** @param {string} path @returns {Counts} */
function testsOf(path) {
  const results = JSON.parse(readFileSync(path, 'utf8'));
  // A file that does not load fails without having a single test.
  const broken = results.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + broken.length,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

/** @returns {Counts | undefined} */
function checks() {
  const path = join(scratch, 'verify.json');
  if (!existsSync(path)) return undefined;
  /** @type {{ result: keyof Counts }[]} */
  const outcomes = JSON.parse(readFileSync(path, 'utf8'));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { result } of outcomes) counts[result] += 1;
  return counts;
}

/** @returns {Counts | undefined} */
function mutations() {
  const path = join(scratch, 'mutations.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** @returns {Counts | undefined} */
function interop() {
  const path = join(scratch, 'interop.log');
  if (!existsSync(path)) return undefined;
  const lines = [...readFileSync(path, 'utf8').matchAll(/(\d+) passed, (\d+) failed, (\d+) skipped/g)];
  const last = lines.at(-1)?.slice(1).map(Number);
  return last && { passed: last[0] ?? 0, failed: last[1] ?? 0, skipped: last[2] ?? 0 };
}
