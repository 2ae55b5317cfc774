/** Runs the demonstration in `examples/`, already built, with the arguments given. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

const candidates = [
  'examples/demo/dist/main.js',
  'examples/dist/demo/main.js',
  'examples/demo/dist/demo/main.js',
];
const main = candidates.find((path) => existsSync(join(root, path)));
if (main === undefined) {
  console.error(`no built demonstration: looked for ${candidates.join(', ')}`);
  process.exit(1);
}
const result = spawnSync(process.execPath, [join(root, main), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = result.status ?? 1;
