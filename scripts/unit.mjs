/**
 * Runs vitest with its default reporter, and writes the counts where `summary.mjs` finds them. `--part quick` leaves out what
 * `--part rest` runs (`vitest.config.ts` has the list); other arguments are vitest's.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, scratch } from './workspace.mjs';

const rest = process.argv.slice(2);
const at = rest.indexOf('--part');
const [, part = 'both'] = at < 0 ? [] : rest.splice(at, 2);
const results = join(scratch, part === 'rest' ? 'vitest-rest.json' : 'vitest.json');
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
    ...rest,
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, SEALWIRE_PART: part } },
);
if (part === 'quick')
  console.log(
    'left out: tests that start other programs again and again, or try much of what seldom changes: npm run test:rest',
  );
process.exitCode = status ?? 1;
