/**
 * Runs tests on another Node: `node scripts/test-on-node.mjs 24 packages/x509/test/node`. A version of
 * `runtimes.mjs` is fetched from the npm registry (Linux on x64); a path is that of a binary. By default the tests that compare ours with
 * what Node itself does.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runtime, runtimeNames } from './runtimes.mjs';
import { root } from './workspace.mjs';

const versions = runtimeNames.filter((name) => name.startsWith('node')).map((name) => name.slice(4));
const [version, ...chosen] = process.argv.slice(2);
if (version === undefined) {
  console.error(`expected the path of a binary, or one of ${versions.join(', ')}`);
  process.exit(2);
}
const binary = versions.includes(version) ? runtime(/** @type {any} */ (`node${version}`)) : version;
if (binary === undefined) process.exit(1);
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
