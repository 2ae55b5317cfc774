/**
 * Compiles every `ts` snippet of the documentation against the built packages, each as a module of its own,
 * under the compiler options of the sources. What is only a sketch is fenced as `text`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesBelow, publicPackages, readText, report, root, run, scratch } from './workspace.mjs';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs',
  'packages',
  'examples',
  'interop',
  'bench',
]
  .flatMap((place) => (place.endsWith('.md') ? [place] : filesBelow(place, /\.md$/)))
  .filter((page) => !/(^|\/)(CHANGELOG|ARCHITECTURE)\.md$/.test(page));

const snippets = pages.flatMap((page) =>
  [...readText(page).matchAll(/^```(?:ts|typescript)\b[^\n]*\n([\s\S]*?)^```/gm)].map((match) => ({
    page,
    line: readText(page).slice(0, match.index).split('\n').length,
    text: match[1] ?? '',
  })),
);

if (snippets.length === 0) {
  console.log(`skipped: ${pages.length} pages hold no ts snippet`);
} else {
  const folder = join(scratch, 'snippets');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  snippets.forEach(({ text }, i) => {
    writeFileSync(join(folder, `${i}.ts`), `${text}\nexport {};\n`);
  });
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config(folder), undefined, 2));
  const tsc = join(root, 'node_modules/typescript7/bin/tsc');
  const { status, stdout, stderr } = run(process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
  const problems = (stdout + stderr)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, index, row, message] = /(\d+)\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? [];
      const snippet = snippets[Number(index)];
      return snippet === undefined ? line : `${snippet.page}:${snippet.line + Number(row)}: ${message}`;
    });
  if (status !== 0 && problems.length === 0) problems.push(`tsc ended with ${status}`);
  report(problems, `${snippets.length} snippets of ${pages.length} pages`);
}

/** @param {string} folder */
function config(folder) {
  return {
    extends: relative(folder, join(root, 'tsconfig.test.json')),
    compilerOptions: { paths: Object.fromEntries(publicPackages().flatMap((each) => pathsOf(each, folder))) },
    include: ['*.ts'],
    exclude: [],
  };
}

/**
 * The root does not depend on the packages, so their names are led to their builds by hand.
 * @param {import('./workspace.mjs').Package} subject
 * @param {string} folder
 * @returns {[string, string[]][]}
 */
function pathsOf({ name, directory, manifest }, folder) {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => target.types !== undefined)
    .map(([entry, target]) => [
      join(name, entry).replaceAll('\\', '/'),
      [relative(folder, join(root, directory, target.types)).replaceAll('\\', '/')],
    ]);
}
