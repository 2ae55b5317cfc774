/** Pages of docs/ that are written from the sources: `node scripts/site/generated.mjs --update` writes them, the check of the site compares. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow, readText, root } from '../workspace.mjs';
import { codesPage } from './codes.mjs';
import { statePages } from './states.mjs';
import { defaultsPage, limitsPage } from './values.mjs';

/** @returns {Promise<{ files: Record<string, string>, problems: string[] }>} contents by path */
async function generate() {
  const { files, problems } = await statePages();
  return {
    files: {
      ...files,
      'docs/limits.md': await limitsPage(),
      'docs/defaults.md': await defaultsPage(),
      'docs/error-codes.md': await codesPage(),
    },
    problems,
  };
}

/** @returns {Promise<{ count: number, problems: string[] }>} what is not as it would be written now */
export async function stalePages() {
  const { files, problems } = await generate();
  const stale = Object.entries(files)
    .filter(([path, text]) => !existsSync(join(root, path)) || readText(path) !== text)
    .map(([path]) => `${path} is not what the sources say now; run pnpm docs:update`);
  const left = filesBelow('docs/states', /\.svg$/)
    .filter((path) => !(path in files))
    .map((path) => `${path} is written by nothing`);
  return { count: Object.keys(files).length, problems: [...problems, ...stale, ...left] };
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.includes('--update')) {
  const { files, problems } = await generate();
  for (const problem of problems) console.error(problem);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
}
