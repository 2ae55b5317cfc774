/**
 * Damages certificates, keys and what else packages/x509/test/fuzz/subjects.ts names, and reads what comes of it:
 *
 *     node scripts/fuzz-x509.mjs --runs 1000000 --seed 1
 *
 * Ends with an error when anything but the typed error is thrown. The same seed gives the same inputs, but for their keys.
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './workspace.mjs';

const folder = mkdtempSync(join(tmpdir(), 'sealwire-fuzz-'));
try {
  const outfile = join(folder, 'run.mjs');
  await build({
    entryPoints: [join(root, 'packages/x509/test/fuzz/run.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    sourcemap: 'inline',
    logLevel: 'error',
  });
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--enable-source-maps', outfile, ...process.argv.slice(2)],
    {
      stdio: 'inherit',
    },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
