/**
 * What every script needs to know about this repository: where it is, which packages it has, which files
 * they hold; and how a check reports.
 *
 * Contract between a check and `verify.mjs`: a check prints what it looked at as `checked N things`, or
 * `skipped: reason`, and exits with 1 when something is wrong. A green check that names no count fails, so
 * an empty check cannot pass for a good one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Scratch space of the scripts, ignored by git. */
export const scratch = join(root, '.tmp');

/**
 * @typedef {object} Package
 * @property {string} name for example `@sealwire/core`
 * @property {string} directory for example `packages/core`, with forward slashes
 * @property {Record<string, any>} manifest the parsed package.json
 */

/** @returns {Package[]} all workspace packages, sorted by directory */
export function packages() {
  const candidates = [
    'conformance',
    'interop',
    'bench',
    'examples',
    ...children('packages'),
    ...children('examples'),
  ];
  return candidates
    .filter((directory) => existsSync(join(root, directory, 'package.json')))
    .sort()
    .map((directory) => {
      const manifest = readJson(join(directory, 'package.json'));
      return { name: manifest.name, directory, manifest };
    });
}

/** @returns {Package[]} the packages that are published */
export function publicPackages() {
  return packages().filter((each) => each.manifest.private !== true);
}

/**
 * All files below a directory, without what tools produce.
 * @param {string} directory relative to `from`
 * @param {RegExp} pattern
 * @param {string} [from]
 * @returns {string[]} paths relative to `from`, with forward slashes, sorted
 */
export function filesBelow(directory, pattern, from = root) {
  const start = join(from, directory);
  if (!existsSync(start)) return [];
  const found = [];
  for (const name of readdirSync(start)) {
    if (produced.has(name)) continue;
    const path = join(start, name);
    if (statSync(path).isDirectory()) found.push(...filesBelow(relative(from, path), pattern, from));
    else if (pattern.test(name)) found.push(relative(from, path).split(sep).join('/'));
  }
  return found.sort();
}

/** @param {string} path relative to the root */
export function readText(path) {
  return readFileSync(join(root, path), 'utf8');
}

/** @param {string} path relative to the root */
export function readJson(path) {
  return JSON.parse(readText(path));
}

/**
 * Runs a program of `node_modules` with its output captured.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.error) throw result.error;
  return { status: result.status ?? 1, stdout: String(result.stdout), stderr: String(result.stderr) };
}

/**
 * Ends a check: lists the problems, then prints what was checked.
 * @param {string[]} problems
 * @param {string} summary begins with a count, for example `12 files`
 */
export function report(problems, summary) {
  for (const problem of problems) console.log(`  ✗ ${problem}`);
  console.log(`checked ${summary}; ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

/** @param {string} directory */
function children(directory) {
  const path = join(root, directory);
  return existsSync(path) ? readdirSync(path).map((name) => `${directory}/${name}`) : [];
}

const produced = new Set(['node_modules', 'dist', '.turbo', '.tmp', 'coverage', '.git']);
