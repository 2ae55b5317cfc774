/**
 * `npm run test:mutations`: mutates every flight of every scenario of `conformance/mutations`, in as many threads as
 * the machine has processors, and shows how far it is. Ends with one line `N passed, N failed, 0 skipped` that
 * counts cases.
 *
 * SEALWIRE_MUTATIONS: so many of each case (default 100,000). SEALWIRE_SEED: repeats a run, and continues one that
 * was interrupted: what is done stands in `.tmp/mutations`, by seed and by the code that was tested. The numbers
 * of mutations are tried in blocks, each for all cases and ten times as many, so that an interrupted run has seen all
 * of them, and that most of what is drawn twice is drawn twice in one block, where it is tried once.
 */
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { unsealed } from './unsealed.mjs';
import { root, scratch } from './workspace.mjs';

/** @typedef {Record<'draws' | 'verdicts' | 'rules' | 'errors', Record<string, number>>} Tally */
/** @typedef {{ index: number, from: number, to: number }} Range */
/** @typedef {Range & { tally: Tally, failures: string[] }} Outcome */

const perCase = wholeNumber('SEALWIRE_MUTATIONS', 100_000);
const seed = wholeNumber('SEALWIRE_SEED', Math.floor(Math.random() * 2 ** 31));
const threads = wholeNumber('SEALWIRE_THREADS', availableParallelism());
const firstBlock = 1_000;
// Conversations are short-lived: with room for many, most are gone before anything is collected.
const resourceLimits = { maxYoungGenerationSizeMb: 64 };

const folder = join(scratch, 'mutations');
mkdirSync(folder, { recursive: true });
const bundled = unsealed(await bundle('worker.ts'));
const { add, describeTally, newTally } = await import(
  `data:text/javascript,${encodeURIComponent(await bundle('tally.ts'))}`
);
const version = createHash('sha256').update(bundled).digest('hex').slice(0, 12);
const program = join(folder, `worker-${version}.mjs`);
writeFileSync(program, bundled);
const journal = join(folder, `seed-${seed}-code-${version}.jsonl`);

const workers = Array.from({ length: threads }, () => new Worker(program, { resourceLimits }));
const [cases = []] = await Promise.all(workers.map(firstWord));

/** @type {Map<string, Outcome>} */
const outcomes = new Map();
for (const line of existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : []) {
  // The last line of an interrupted run may be cut.
  if (line.endsWith('}')) remember(JSON.parse(line));
}
const waiting = ranges().filter((range) => !outcomes.has(nameOf(range)));
const total = cases.length * perCase;
const before = tried();
console.log(
  `${total} mutations: ${perCase} of each of ${cases.length} cases, seed ${seed}, ${threads} threads, Node ${process.version}`,
);
if (before > 0) console.log(`${before} of them are done already: ${journal}`);

const started = performance.now();
const reporter = setInterval(report, process.stdout.isTTY ? 2_000 : 60_000);
await Promise.all(workers.map(work));
clearInterval(reporter);
summarize();

/** @param {Worker} worker */
async function work(worker) {
  for (let range = waiting.shift(); range !== undefined; range = waiting.shift()) {
    worker.postMessage({ ...range, seed });
    /** @type {Outcome} */
    const outcome = await answerOf(worker);
    appendFileSync(journal, `${JSON.stringify(outcome)}\n`);
    remember(outcome);
    for (const failure of outcome.failures) console.log(`FAILED ${failure}`);
  }
  await worker.terminate();
}

/** @returns {Range[]} */
function ranges() {
  const all = [];
  for (let from = 0, to = firstBlock; from < perCase; from = to, to *= 10) {
    const end = Math.min(to, perCase);
    all.push(...cases.map((_, index) => ({ index, from, to: end })));
  }
  return all;
}

/** @param {Outcome} outcome */
function remember(outcome) {
  if (outcome.to <= perCase) outcomes.set(nameOf(outcome), outcome);
}

/** @param {Range} range */
function nameOf({ index, from, to }) {
  return `${index} ${from} ${to}`;
}

function tried() {
  return [...outcomes.values()].reduce((sum, { from, to }) => sum + to - from, 0);
}

function report() {
  const done = tried();
  const rate = (done - before) / ((performance.now() - started) / 1000);
  const left = rate === 0 ? '?' : duration((total - done) / rate);
  const failed = [...outcomes.values()].reduce((sum, { failures }) => sum + failures.length, 0);
  console.log(
    `${((100 * done) / total).toFixed(1)} %: ${done} of ${total} mutations, ${Math.round(rate)} a second, ${left} left, ${failed} failed`,
  );
}

function summarize() {
  const sum = newTally();
  const failed = new Set();
  for (const { index, tally, failures } of outcomes.values()) {
    add(sum, tally);
    if (failures.length > 0) failed.add(index);
  }
  console.log(describeTally(sum));
  for (const index of failed) console.log(`failed: ${cases[index]}`);
  const after = duration((performance.now() - started) / 1000);
  console.log(`mutations, seed ${seed}: ${tried()} tried, ${tried() - before} of them now in ${after}`);
  const counts = { passed: cases.length - failed.size, failed: failed.size, skipped: 0 };
  writeFileSync(join(scratch, 'mutations.json'), JSON.stringify(counts));
  console.log(`${counts.passed} passed, ${counts.failed} failed, 0 skipped`);
  process.exitCode = failed.size === 0 ? 0 : 1;
}

/** @param {string} file of `conformance/mutations` */
async function bundle(file) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'conformance/mutations', file)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

/** @param {Worker} worker @returns {Promise<string[]>} the names of the cases */
async function firstWord(worker) {
  return (await answerOf(worker)).cases;
}

/** @param {Worker} worker @returns {Promise<any>} what it says next */
async function answerOf(worker) {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    const exited = once(worker, 'exit', { signal }).then(([code]) => {
      throw new Error(`a thread ended with ${code}`);
    });
    // Rejects by itself when the thread throws.
    const [message] = await Promise.race([once(worker, 'message', { signal }), exited]);
    return message;
  } finally {
    stop.abort();
  }
}

/** @param {string} name of an environment variable @param {number} otherwise */
function wholeNumber(name, otherwise) {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} expects a whole number`);
  return value;
}

/** @param {number} seconds */
function duration(seconds) {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
