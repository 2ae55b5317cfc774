/**
 * Compiles every `ts` snippet of the documentation against the built packages, each as a module of its own,
 * under the compiler options of the sources; those fenced as `ts run` also run, and may not throw. What is only a
 * sketch is fenced as `text`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
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
  [...readText(page).matchAll(/^(```+)(?:ts|typescript)\b([^\n]*)\n([\s\S]*?)^\1$/gm)].map((match) => ({
    page,
    line: readText(page).slice(0, match.index).split('\n').length,
    text: match[3] ?? '',
    runs: (match[2] ?? '').split(' ').includes('run'),
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
  const running = snippets.flatMap((snippet, i) => (snippet.runs ? [{ ...snippet, file: `${i}.ts` }] : []));
  for (const { file, page, line } of problems.length > 0 ? [] : running) {
    const bundled = join(folder, file.replace('.ts', '.mjs'));
    await build({
      entryPoints: [join(folder, file)],
      outfile: bundled,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      nodePaths: [join(root, 'node_modules')],
      alias: Object.fromEntries(publicPackages().flatMap(aliasesOf)),
    });
    const ran = run(process.execPath, [bundled]);
    if (ran.status !== 0)
      problems.push(`${page}:${line}: ended with ${ran.status}: ${ran.stderr.slice(0, 1500)}`);
  }
  report(problems, `${snippets.length} snippets of ${pages.length} pages, ${running.length} of them run`);
}

/**
 * For the bundler: each entry of a package by its name, longest names first.
 * @param {import('./workspace.mjs').Package} subject
 * @returns {[string, string][]}
 */
function aliasesOf({ name, directory, manifest }) {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => target.default !== undefined)
    .map(
      ([entry, target]) =>
        /** @type {[string, string]} */ ([
          join(name, entry).replaceAll('\\', '/'),
          join(root, directory, target.default),
        ]),
    )
    .sort(([a], [b]) => b.length - a.length);
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
