/**
 * Packs every public package as it would be published, then looks at the tarball with publint and
 * "are the types wrong" (ES modules only, as all our packages are).
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { publicPackages, report, root, run, scratch } from './workspace.mjs';

const packs = join(scratch, 'packs');
const attw = join(root, 'node_modules/.bin/attw');

/** @param {import('./workspace.mjs').Package} subject @returns {Promise<string[]>} */
async function problemsOf({ name, directory, manifest }) {
  const packed = run('pnpm', ['pack', '--json', '--pack-destination', packs], { cwd: join(root, directory) });
  if (packed.status !== 0) return [`${name}: pnpm pack failed: ${packed.stdout}${packed.stderr}`];
  const { filename, files } = JSON.parse(packed.stdout);
  const tarball = join(packs, basename(filename));
  /** @type {string[]} */
  const paths = files.map((/** @type {{ path: string }} */ file) => file.path);

  const found = [
    ...['LICENSE', 'dist/index.js', 'dist/index.d.ts']
      .filter((path) => !paths.includes(path))
      .map((path) => `the tarball lacks ${path}`),
    ...paths
      .filter((path) => /\.test\.|\.tsbuildinfo$|^test\//.test(path))
      .map((path) => `the tarball carries ${path}`),
  ];
  const bytes = readFileSync(tarball);
  const { messages } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  for (const message of messages) found.push(`publint: ${formatMessage(message, manifest) ?? message.code}`);

  const types = run(attw, [
    tarball,
    '--profile',
    'esm-only',
    '--format',
    'ascii',
    '--no-color',
    '--no-emoji',
  ]);
  if (types.status !== 0) found.push(`attw:\n${types.stdout}${types.stderr}`);
  console.log(`  ${name}: ${paths.length} files, ${bytes.length} bytes packed`);
  return found.map((problem) => `${name}: ${problem}`);
}

rmSync(packs, { recursive: true, force: true });
mkdirSync(packs, { recursive: true });
const subjects = publicPackages();
if (subjects.length === 0) {
  console.log('skipped: there is no public package');
} else {
  const problems = [];
  for (const subject of subjects) problems.push(...(await problemsOf(subject)));
  report(problems, `${subjects.length} packed packages with publint and attw`);
}
