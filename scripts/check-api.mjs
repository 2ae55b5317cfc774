/**
 * The public surface of every public package, as files under `etc/api/`: the declarations that each entry
 * reaches, without comments. A change of the surface shows up as a diff in review; `pnpm api:update` writes
 * the reports anew.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { publicPackages, readText, report, root } from './workspace.mjs';

const reports = 'etc/api';
const update = process.argv.includes('--update');
const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

/** @param {import('./workspace.mjs').Package} subject */
function describe({ name, directory, manifest }) {
  /** @type {Set<string>} */
  const files = new Set();
  const entries = entriesOf(manifest.exports);
  for (const [, types] of entries) collect(posix.join(directory, types), files);
  const chapters = [...files].sort().map((file) => {
    const source = ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true);
    // A list that was broken over lines keeps its last comma in the declarations.
    const text = printer.printFile(source).trim().replaceAll(', }', ' }');
    return `## ${posix.relative(directory, file)}\n\n\`\`\`ts\n${text}\n\`\`\`\n`;
  });
  const table = entries.map(([entry, types]) => `- \`${posix.join(name, entry)}\`: ${types}\n`);
  return {
    text: `# API of ${name}\n\nWritten by \`pnpm api:update\`.\n\n${table.join('')}\n${chapters.join('\n')}`,
    declarations: files.size,
  };
}

/**
 * @param {Record<string, any>} exports
 * @returns {[entry: string, types: string][]}
 */
function entriesOf(exports) {
  return Object.entries(exports ?? {})
    .filter(([, target]) => typeof target === 'object' && target.types !== undefined)
    .map(([entry, target]) => [entry, target.types]);
}

/** Follows the relative imports of a declaration file. */
/** @param {string} file @param {Set<string>} files */
function collect(file, files) {
  if (files.has(file)) return;
  if (!existsSync(join(root, file))) throw new Error(`${file} does not exist; run the build first`);
  files.add(file);
  for (const { fileName } of ts.preProcessFile(readText(file)).importedFiles) {
    if (!fileName.startsWith('.')) continue;
    collect(posix.join(posix.dirname(file), fileName.replace(/\.[jt]s$/, '.d.ts')), files);
  }
}

/** @param {string} expected @param {string} actual */
function firstDifference(expected, actual) {
  const [a, b] = [expected.split('\n'), actual.split('\n')];
  const line = a.findIndex((text, i) => text !== b[i]);
  const at = line === -1 ? a.length : line;
  return `line ${at + 1}: reported "${a[at] ?? ''}", built "${b[at] ?? ''}"`;
}

const problems = [];
const written = new Set();
let declarations = 0;
for (const subject of publicPackages()) {
  const file = `${reports}/${subject.name.replace(/^@[^/]+\//, '')}.api.md`;
  const { text, declarations: count } = describe(subject);
  declarations += count;
  written.add(file);
  if (count === 0) problems.push(`${subject.name}: no entry of its exports names types`);
  if (update) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  } else if (!existsSync(join(root, file))) {
    problems.push(`${file} is missing; run pnpm api:update`);
  } else if (readText(file) !== text) {
    problems.push(`${file} differs, ${firstDifference(readText(file), text)}; run pnpm api:update`);
  }
}
for (const name of existsSync(join(root, reports)) ? readdirSync(join(root, reports)) : []) {
  const file = `${reports}/${name}`;
  if (written.has(file)) continue;
  if (update) rmSync(join(root, file));
  else problems.push(`${file} belongs to no public package; run pnpm api:update`);
}
report(
  problems,
  `${written.size} packages with ${declarations} declaration files${update ? ', written' : ''}`,
);
