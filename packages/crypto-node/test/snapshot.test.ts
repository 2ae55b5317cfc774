import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const esbuild = fileURLToPath(new URL('../../../node_modules/esbuild/bin/esbuild', import.meta.url));
const source = fileURLToPath(new URL('../src/index.ts', import.meta.url));

it('processes that start from one snapshot of the heap draw different bytes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  const [entry, script, blob] = ['entry.mjs', 'script.cjs', 'heap.blob'].map((name) => join(folder, name));
  try {
    writeFileSync(
      entry!,
      `import { nodeProvider } from ${JSON.stringify(source)};
       import v8 from 'node:v8';
       const draw = () => Buffer.from(nodeProvider.random(16)).toString('hex');
       draw();
       v8.startupSnapshot.setDeserializeMainFunction(() => console.log(draw()));`,
    );
    const flags = ['--bundle', '--platform=node', '--format=cjs', '--log-level=error', `--outfile=${script}`];
    execFileSync(esbuild, [entry!, ...flags]);
    execFileSync(process.execPath, ['--snapshot-blob', blob!, '--build-snapshot', script!], {
      stdio: 'ignore',
    });
    const start = () =>
      execFileSync(process.execPath, ['--snapshot-blob', blob!], { encoding: 'utf8' }).trim();
    const drawn = [start(), start()];
    expect(drawn[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(drawn[1]).toMatch(/^[0-9a-f]{32}$/);
    expect(drawn[0]).not.toBe(drawn[1]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
