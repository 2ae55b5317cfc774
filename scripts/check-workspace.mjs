/**
 * What all manifests have in common, and whether README.md and ARCHITECTURE.md tell the truth about which
 * rooms and packages exist. `--update` puts their marks "planned:" and the references of tsconfig.json right.
 */
import { existsSync, writeFileSync } from 'node:fs';
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
report(
  [
    ...publicPackages().flatMap(manifestProblems),
    ...[...all, { name: 'sealwire', directory: '.', manifest: readJson('package.json') }].flatMap(
      versionProblems,
    ),
    ...plans.flatMap((plan) => plan.problems),
    ...referenceProblems(),
  ],
  `${all.length} manifests and ${plans.reduce((sum, plan) => sum + plan.marks, 0)} lines of ${pages.join(', ')}`,
);
