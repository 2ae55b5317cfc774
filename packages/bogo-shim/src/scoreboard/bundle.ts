import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Makes one executable file of the shim: a process is started for every test, and most of its time is loading code. */
export async function bundleShim(folder: string): Promise<string> {
  const outfile = join(folder, 'shim.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../main.js', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  });
  chmodSync(outfile, 0o755);
  return outfile;
}
