/**
 * `node scripts/run-in.mjs <folder> [arguments]`: runs the script of a private workspace folder that has the
 * folder's name, or else its `start`; for example `interop` in `interop/package.json`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root } from './workspace.mjs';

const [folder = '', ...rest] = process.argv.slice(2);
if (!existsSync(join(root, folder, 'package.json'))) {
  console.error(`no package in ${folder}/`);
  process.exit(1);
}
const { scripts = {} } = readJson(`${folder}/package.json`);
const script = [folder, 'start'].find((name) => scripts[name] !== undefined);
if (script === undefined) {
  console.error(`${folder}/package.json has neither a script "${folder}" nor "start"`);
  process.exit(1);
}
const result = spawnSync('pnpm', ['--silent', 'run', script, ...rest], {
  cwd: join(root, folder),
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (result.error) console.error(`cannot start pnpm: ${result.error.message}`);
process.exitCode = result.status ?? 1;
