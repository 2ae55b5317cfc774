/** Runs vitest with its default reporter, and writes the counts where `summary.mjs` finds them. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, scratch } from './workspace.mjs';

const results = join(scratch, 'vitest.json');
rmSync(results, { force: true });
console.log(`vitest on Node ${process.version}, profile ${process.env.SEALWIRE_PROFILE ?? 'default'}`);
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
