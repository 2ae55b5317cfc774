/**
 * What all manifests have in common, and whether README.md and ARCHITECTURE.md tell the truth about which
 * rooms and packages exist, and the READMEs of packages about which files. `--update` puts their marks "planned:" and the references of
 * tsconfig.json right.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages, publicPackages, readJson, readText, report, root } from './workspace.mjs';

const pages = ['README.md', 'ARCHITECTURE.md'];
const update = process.argv.includes('--update');

/** @param {import('./workspace.mjs').Package} subject @returns {string[]} */
function manifestProblems({ name, directory, manifest }) {
  const expected = {
    name: `@sealwire/${directory.replace('packages/', '')}`,
    license: 'MIT',
    type: 'module',
    'engines.node': readJson('package.json').engines.node,
    'exports["."].default': './dist/index.js',
    'exports["."].types': './dist/index.d.ts',
  };
  const actual = {
    name,
    license: manifest.license,
    type: manifest.type,
    'engines.node': manifest.engines?.node,
    'exports["."].default': manifest.exports?.['.']?.default,
    'exports["."].types': manifest.exports?.['.']?.types,
  };
  const found = Object.entries(expected)
    .filter(([key, value]) => actual[/** @type {keyof typeof actual} */ (key)] !== value)
    .map(([key, value]) => `${key} is not ${value}`);
  if (!manifest.description) found.push('no description');
  if (!manifest.files?.includes('dist')) found.push('files does not list dist');
  if (!manifest.scripts?.build) found.push('no build script');
  return found.map((problem) => `${directory}/package.json: ${problem}`);
}

/** Exact versions only, so that a build today and a build in a year see the same code. */
/** @param {import('./workspace.mjs').Package} subject @returns {string[]} */
function versionProblems({ directory, manifest }) {
  return ['dependencies', 'devDependencies'].flatMap((kind) =>
    Object.entries(/** @type {Record<string, string>} */ (manifest[kind] ?? {}))
      .filter(([, version]) => !/^(workspace:|npm:.*@)?(\d+\.\d+\.\d+\S*|\*|\^)$/.test(version))
      .map(([dependency, version]) => `${directory}/package.json: ${dependency} is not pinned: ${version}`),
  );
}

/**
 * A line of the room plan, or a row of a table of packages, up to its description.
 */
const planned =
  /^(?: {2}(?<room>\w[\w-]*(?:\/|\.ts)) +|\| `@sealwire\/(?<name>[\w-]+)` \| )(?<mark>planned: )?/gm;

/** @param {string} page @returns {{ marks: number, problems: string[] }} */
function marksOf(page) {
  const text = readText(page);
  let marks = 0;
  /** @type {string[]} */
  const stale = [];
  const corrected = text.replace(planned, (line, ...rest) => {
    const { room, name, mark } = rest.at(-1);
    const path = room === undefined ? `packages/${name}/package.json` : `packages/core/src/${room}`;
    const exists = existsSync(join(root, path));
    marks += 1;
    if (exists === (mark === undefined)) return line;
    stale.push(`${page}: ${path} ${exists ? 'exists and is' : 'does not exist and is not'} marked planned`);
    return exists ? line.slice(0, -'planned: '.length) : `${line}planned: `;
  });
  if (update) writeFileSync(join(root, page), corrected);
  const undescribed = publicPackages()
    .filter(({ name }) => !text.includes(`| \`${name}\` |`))
    .map(({ name }) => `${page}: the table of packages lacks ${name}`);
  return {
    marks,
    problems: [...(update ? [] : stale.map((line) => `${line}; run pnpm plan:update`)), ...undescribed],
  };
}

/** What core has and its plan lacks. */
/** @returns {string[]} */
function unplanned() {
  const text = readText('ARCHITECTURE.md');
  return entriesOf('packages/core/src')
    .filter((entry) => !text.includes(`\n  ${entry} `))
    .map((entry) => `ARCHITECTURE.md: the room plan lacks ${entry}`);
}

/**
 * A README that says where things are, in a table headed `file`, `folder` or `room`, names all that is in `src`, and nothing that is not
 * there. Every published package has one, but core, which has the plan above.
 */
/** @param {import('./workspace.mjs').Package} subject @returns {{ names: number, problems: string[] }} */
function contentsOf({ name, directory, manifest }) {
  const page = `${directory}/README.md`;
  const text = existsSync(join(root, page)) ? readText(page) : '';
  const tables = [...text.matchAll(/^\| (?:file|folder|room) \|.*\n\|[-|]+\n((?:\|.*\n?)+)/gm)];
  if (tables.length === 0) {
    const needsOne = manifest.private !== true && name !== '@sealwire/core';
    return { names: 0, problems: needsOne ? [`${page}: no table says where things are`] : [] };
  }
  const rows = tables.flatMap(([, body = '']) => body.trim().split('\n'));
  const names = rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, each = '']) => each),
  );
  // Others than the first table may be about a folder of their own.
  const folders = ['', 'src', ...entriesOf(`${directory}/src`).map((entry) => `src/${entry}`)];
  const gone = names.filter(
    (each) => !folders.some((folder) => existsSync(join(root, directory, folder, each))),
  );
  const unnamed = entriesOf(`${directory}/src`).filter(
    (entry) => !text.includes(`\`${entry}`) && !text.includes(`\`src/${entry}`),
  );
  return {
    names: names.length,
    problems: [
      ...gone.map((each) => `${page}: ${each} does not exist`),
      ...unnamed.map((entry) => `${page}: no table names ${entry}`),
    ],
  };
}

/** Folders, with a slash behind them, and files other than tests. */
/** @param {string} directory @returns {string[]} */
function entriesOf(directory) {
  const path = join(root, directory);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !/\.test\.ts$/.test(entry.name))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
}

/** A build from the root (`tsc -b`) knows the packages only by this list. */
/** @returns {string[]} */
function referenceProblems() {
  const expected = { files: [], references: publicPackages().map(({ directory }) => ({ path: directory })) };
  if (update) writeFileSync(join(root, 'tsconfig.json'), `${JSON.stringify(expected, undefined, 2)}\n`);
  const same = JSON.stringify(expected) === JSON.stringify(readJson('tsconfig.json'));
  return same ? [] : ['tsconfig.json does not reference exactly the public packages; run pnpm plan:update'];
}

const all = packages();
const plans = pages.map(marksOf);
const contents = all.map(contentsOf);
const named = contents.reduce((sum, { names }) => sum + names, 0);
report(
  [
    ...publicPackages().flatMap(manifestProblems),
    ...[...all, { name: 'sealwire', directory: '.', manifest: readJson('package.json') }].flatMap(
      versionProblems,
    ),
    ...plans.flatMap((plan) => plan.problems),
    ...unplanned(),
    ...contents.flatMap(({ problems }) => problems),
    ...referenceProblems(),
  ],
  `${all.length} manifests and ${plans.reduce((sum, plan) => sum + plan.marks, 0)} lines of ${pages.join(', ')}, ${named} files and folders that READMEs name`,
);
