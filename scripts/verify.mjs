/**
 * Runs every check, says how each went, and ends with one line of counts. A check that is green without
 * having looked at anything counts as failed (see `workspace.mjs`).
 *
 * `--without name` leaves a check out, `--only name` runs it alone; both can be repeated.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { root, scratch } from './workspace.mjs';

/** Script of package.json, and what it proves. */
const checks = [
  ['check:types', 'types of tests and private folders'],
  ['check:style', 'lint and format'],
  ['check:rules', 'house rules'],
  ['check:walls', 'import walls'],
  ['check:unused', 'unused files, exports, dependencies'],
  ['check:workspace', 'manifests and the room plan'],
  ['check:docs', 'snippets in the documentation'],
  ['check:site', 'the documentation site'],
  ['unit:quick', 'tests'],
  ['unit:rest', 'the tests that npm test leaves out'],
  ['check:packages', 'packed packages'],
  ['check:install', 'packages as installed, on every runtime'],
  ['check:bundle', 'what bundles hold, and how large they are'],
  ['check:api', 'API reports'],
  ['check:changesets', 'changesets'],
];

const { values } = parseArgs({
  options: { without: { type: 'string', multiple: true }, only: { type: 'string', multiple: true } },
});
const { without = [], only } = values;
for (const name of [...without, ...(only ?? [])]) {
  if (!checks.some(([script]) => script === name)) {
    console.error(`no check ${name}; there are ${checks.map(([script]) => script).join(', ')}`);
    process.exit(2);
  }
}
const chosen = checks.filter(([name = '']) => !without.includes(name) && (only?.includes(name) ?? true));

const outcomes = chosen.map(([name = '', what = ''], i) => {
  console.log(`\n[${i + 1}/${chosen.length}] ${name}: ${what}`);
  const started = performance.now();
  const outcome = runCheck(name);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`    ${outcome.result} after ${seconds} s${outcome.why === '' ? '' : `: ${outcome.why}`}`);
  return { name, ...outcome };
});

const count = (/** @type {string} */ result) => outcomes.filter((each) => each.result === result).length;
mkdirSync(scratch, { recursive: true });
writeFileSync(join(scratch, 'verify.json'), JSON.stringify(outcomes, undefined, 2));
console.log('');
for (const { name, result, why } of outcomes) {
  if (result !== 'passed') console.log(`${name} ${result}${why === '' ? '' : `: ${why}`}`);
}
console.log(`verify: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
process.exitCode = count('failed') === 0 ? 0 : 1;

/**
 * @param {string} name
 * @returns {{ result: 'passed' | 'failed' | 'skipped', why: string }}
 */
function runCheck(name) {
  // The tests report their own counts, and their progress is worth seeing.
  const shown = name.startsWith('unit');
  const { status, error, stdout, stderr } = spawnSync('pnpm', ['--silent', 'run', name], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: shown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (error) return { result: 'failed', why: `cannot start pnpm: ${error.message}` };
  const text = shown ? '' : stripVTControlCharacters(`${stdout}${stderr}`).trimEnd();
  if (text !== '') console.log(text.replace(/^/gm, '    '));
  if (status !== 0) return { result: 'failed', why: `exit ${status}` };
  if (shown) return { result: 'passed', why: '' };
  const reason = /^skipped: (.*)$/m.exec(text)?.[1];
  if (reason !== undefined) return { result: 'skipped', why: reason };
  const checked = Number(/^\s*checked (\d+) /im.exec(text)?.[1] ?? 0);
  return checked > 0
    ? { result: 'passed', why: '' }
    : { result: 'failed', why: 'it names nothing that it checked' };
}
