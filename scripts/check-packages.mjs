/**
 * Packs every public package as it would be published, then looks at the tarball with publint and
 * "are the types wrong" (ES modules only, as all our packages are).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packAll } from './packs.mjs';
import { report, root, run, scratch } from './workspace.mjs';

const attw = join(root, 'node_modules/.bin/attw');

/** @param {Awaited<ReturnType<typeof packAll>>[number]} packed @returns {Promise<string[]>} */
async function problemsOf({ subject, tarball, paths }) {
  const { name, manifest } = subject;
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

const packed = await packAll(join(scratch, 'packs'));
if (packed.length === 0) {
  console.log('skipped: there is no public package');
} else {
  const problems = [];
  for (const each of packed) problems.push(...(await problemsOf(each)));
  report(problems, `${packed.length} packed packages with publint and attw`);
}
