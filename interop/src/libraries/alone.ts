import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { closeBrowser } from '../browser.ts';
import { makePki } from '../pki.ts';
import { librariesPage } from './page.ts';
import { type LibrariesOutcome, runLibraries } from './run.ts';

/** The libraries without the rest of the suite: `--libraries [--library NAME …] [--write-docs]`. True if nothing failed. */
export async function runLibrariesAlone(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({ args: [...args], options: argumentKinds });
  const { library: only } = values;
  const directory = mkdtempSync(join(tmpdir(), 'interop-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  try {
    const outcome = await runLibraries({ pki: makePki(join(directory, 'pki')) }, only);
    if (values['write-docs']) writeLibrariesPage(outcome, args);
    const { results, skipped } = outcome;
    const failed = results.filter(({ failure }) => failure !== undefined).length;
    for (const reason of skipped) console.log(`skipped: ${reason}`);
    console.log(`${results.length - failed} passed, ${failed} failed, ${skipped.length} skipped`);
    return failed === 0;
  } finally {
    await closeBrowser();
  }
}

/** docs/libraries.md, which says by which command it was written. */
export function writeLibrariesPage(outcome: LibrariesOutcome, args: readonly string[]): void {
  const command = ['npm run interop --', ...args.filter((each) => each !== '--write-docs')].join(' ');
  writeFileSync(join(root, 'docs/libraries.md'), librariesPage(outcome, command));
}

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const argumentKinds = {
  libraries: { type: 'boolean' },
  library: { type: 'string', multiple: true },
  'write-docs': { type: 'boolean' },
} as const;
