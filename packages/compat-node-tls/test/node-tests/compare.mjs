/**
 * Compares what became of Node's own tests with `known-failures.json`, in both directions:
 *
 *     node packages/compat-node-tls/test/node-tests/compare.mjs RESULT.json
 *
 * The tests are not in this repository, and neither is what runs them: it takes a checkout of Node's `test/` folder, puts
 * `dist/index.js` in the place of `tls` in all their processes, and writes down
 *
 *     { meta: { suite: '20.11.1', node: '20.20.2', graft: false, groups: ['tls'] },
 *       results: [{ name: 'test-tls-alert', status: 'pass', group: 'tls' }, …] }
 *
 * of whole groups (`tls`, `https`, `http2`, `related`), of the tests that builtin `tls` of the same release passes. With `graft`
 * the members of this package stand in the builtin module, as `register` puts them there, so that `https` and `http2` use them.
 */
import { readFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('expected the file of a result');
  process.exit(2);
}
const { meta, results } = JSON.parse(readFileSync(file, 'utf8'));
const run = `${meta.suite} on ${meta.node.split('.')[0]}`;
const all = JSON.parse(readFileSync(new URL('known-failures.json', import.meta.url), 'utf8'));
const known = all.filter(
  ({ runs, graft = meta.graft, group }) =>
    runs.includes(run) && graft === meta.graft && meta.groups.includes(group),
);
const listed = new Set(known.map(({ test }) => test));
const failed = results.filter(({ status }) => status !== 'pass');
const seen = new Map(results.map((result) => [result.name, result.status]));
const problems = [
  ...failed
    .filter(({ name }) => !listed.has(name))
    .map(({ name, status }) => `${name}: ${status}, not listed`),
  ...known.flatMap(({ test }) => {
    if (seen.get(test) === 'pass') return `${test}: passes, take it from the list`;
    return seen.has(test) ? [] : `${test}: listed, and was not run`;
  }),
];
for (const problem of problems) console.log(`  ✗ ${problem}`);
const passed = results.length - failed.length;
const share = ((100 * passed) / Math.max(results.length, 1)).toFixed(1);
console.log(
  `checked ${results.length} tests of ${run}${meta.graft ? ', grafted' : ''}: ${passed} passed (${share} %), ${listed.size} listed; ${problems.length} problems`,
);
process.exitCode = problems.length > 0 || results.length === 0 ? 1 : 0;
