/**
 * From a fresh clone to a running script, with nothing but Node and npm:
 * `node scripts/bootstrap.mjs <script> [arguments]` checks the Node version, fetches the pinned pnpm,
 * installs, builds, and runs the script of package.json with its arguments.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Only the script itself writes to stdout, so that `--json` of a demonstration can be piped.
/** @type {import('node:child_process').StdioOptions} */
const toStderr = ['inherit', 2, 'inherit'];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// `pnpm demo -- --seed 7` hands the `--` on, `npm run demo -- --seed 7` does not.
const [script, ...rest] = process.argv.slice(2).filter((argument, i) => !(i === 1 && argument === '--'));
if (script === undefined || manifest.scripts[script] === undefined) {
  stop(`usage: node scripts/bootstrap.mjs <script of package.json> [arguments], got ${script}`, 2);
}

say(1, `Node ${process.versions.node} on ${process.platform}-${process.arch}`);
checkNode(manifest.engines.node);
say(2, `install with ${manifest.packageManager}`);
pnpm(['install', '--frozen-lockfile', '--reporter=append-only'], toStderr);
say(3, 'build');
pnpm(['run', 'build'], toStderr);
say(4, [script, ...rest].join(' '));
pnpm(['--silent', 'run', script, ...rest], 'inherit');

/** @param {string} range `>=major.minor`, the only form that we use */
function checkNode(range) {
  const [major = 0, minor = 0] = range.replace('>=', '').split('.').map(Number);
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  stop(
    `Sealwire needs Node ${range} and this is Node ${process.versions.node} (${process.execPath}).\n` +
      'From 20.19 on, require() of an ES module works, on which the published packages rely.\n' +
      'Install a newer one (https://nodejs.org) and run the same command again.',
    1,
  );
}

/** @param {string[]} args @param {import('node:child_process').StdioOptions} stdio */
function pnpm(args, stdio) {
  const command = ['-y', manifest.packageManager, ...args];
  const windows = process.platform === 'win32';
  // npm.cmd and npx.cmd can only be started through a shell.
  const result = spawnSync(windows ? 'npx.cmd' : 'npx', command, {
    cwd: root,
    stdio,
    shell: windows,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  });
  if (result.error) stop(`cannot start npx: ${result.error.message}`, 1);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** @param {number} step @param {string} what */
function say(step, what) {
  console.error(`[${step}/4] ${what}`);
}

/** @param {string} message @param {number} status @returns {never} */
function stop(message, status) {
  console.error(message);
  process.exit(status);
}
