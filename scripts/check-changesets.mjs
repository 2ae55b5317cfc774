/**
 * Every public package that was never released stands in a pending changeset, and every pending changeset
 * names packages that exist (changesets itself refuses others).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import getReleasePlan from '@changesets/get-release-plan';
import { publicPackages, report, root } from './workspace.mjs';

/** @type {string[]} */
const problems = [];
const subjects = publicPackages();
try {
  const { changesets } = await getReleasePlan(root);
  const named = new Set(changesets.flatMap(({ releases }) => releases.map(({ name }) => name)));
  for (const { name, directory, manifest } of subjects) {
    if (manifest.version !== '0.0.0') {
      const hasHistory = existsSync(join(root, directory, 'CHANGELOG.md'));
      if (!hasHistory) problems.push(`${name} was released, but ${directory}/CHANGELOG.md does not exist`);
    } else if (!named.has(name)) {
      problems.push(`${name} is in no changeset; run pnpm changeset`);
    }
  }
  console.log(`  ${changesets.length} changesets pending, for ${[...named].join(', ')}`);
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error));
}
report(problems, `${subjects.length} public packages against .changeset/`);
