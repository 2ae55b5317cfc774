/**
 * Runs every check, says how each went, and ends with one line of counts. A check that is green without
 * having looked at anything counts as failed (see `workspace.mjs`).
 *
 * `--without name` leaves a check out, `--only name` runs it alone; both can be repeated.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
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

/** @typedef {{ result: 'passed' | 'failed' | 'skipped', why: string }} Outcome */

// Vitest has workers of its own; most other checks are one process, so that several of them run at once.
/** @type {({ name: string } & Outcome)[]} */
const outcomes = [];
for (const [name = '', what = ''] of chosen.filter(([script = '']) => isShown(script)))
  await check(name, what);
const others = chosen.filter(([script = '']) => !isShown(script));
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let next = others.shift(); next !== undefined; next = others.shift()) {
      const [name = '', what = ''] = next;
      await check(name, what);
    }
  }),
);

const count = (/** @type {string} */ result) => outcomes.filter((each) => each.result === result).length;
mkdirSync(scratch, { recursive: true });
writeFileSync(join(scratch, 'verify.json'), JSON.stringify(outcomes, undefined, 2));
console.log('');
for (const { name, result, why } of outcomes) {
  if (result !== 'passed') console.log(`${name} ${result}${why === '' ? '' : `: ${why}`}`);
}
console.log(`verify: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
process.exitCode = count('failed') === 0 ? 0 : 1;

/** @param {string} name @param {string} what */
async function check(name, what) {
  const started = performance.now();
  console.log(`\n${name}: ${what}`);
  const { text, ...outcome } = await runCheck(name);
  outcomes.push({ name, ...outcome });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const why = outcome.why === '' ? '' : `: ${outcome.why}`;
  const lines = [text.replace(/^/gm, '    '), `    ${outcome.result} after ${seconds} s${why}`];
  console.log(
    [`\n[${outcomes.length}/${chosen.length}] ${name}`, ...lines.filter((line) => line.trim() !== '')].join(
      '\n',
    ),
  );
}

/** @param {string} name The tests report their own counts, and their progress is worth seeing. */
function isShown(name) {
  return name.startsWith('unit');
}

/**
 * @param {string} name
 * @returns {Promise<Outcome & { readonly text: string }>}
 */
async function runCheck(name) {
  const shown = isShown(name);
  const { status, error, output } = await run(name, shown);
  if (error) return { result: 'failed', why: `cannot start pnpm: ${error.message}`, text: '' };
  const text = stripVTControlCharacters(output).trimEnd();
  if (status !== 0) return { result: 'failed', why: `exit ${status}`, text };
  if (shown) return { result: 'passed', why: '', text };
  const reason = /^skipped: (.*)$/m.exec(text)?.[1];
  if (reason !== undefined) return { result: 'skipped', why: reason, text };
  const checked = Number(/^\s*checked (\d+) /im.exec(text)?.[1] ?? 0);
  return checked > 0
    ? { result: 'passed', why: '', text }
    : { result: 'failed', why: 'it names nothing that it checked', text };
}

/**
 * @param {string} name
 * @param {boolean} shown
 * @returns {Promise<{ status: number | null, error?: Error, output: string }>}
 */
function run(name, shown) {
  return new Promise((resolve) => {
    const child = spawn('pnpm', ['--silent', 'run', name], {
      cwd: root,
      stdio: shown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      env: { ...process.env, NO_COLOR: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    }
    child.on('error', (error) => resolve({ status: null, error, output }));
    child.on('close', (status) => resolve({ status, output }));
  });
}
