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
const unreleased = publicPackages().filter((each) => each.manifest.version === '0.0.0');
try {
  const { releases, changesets } = await getReleasePlan(root);
  const planned = new Set(releases.filter((each) => each.type !== 'none').map((each) => each.name));
  for (const { name } of unreleased) {
    if (!planned.has(name)) problems.push(`${name} is in no changeset; run pnpm changeset`);
  }
  for (const { name, directory } of publicPackages().filter((each) => !unreleased.includes(each))) {
    const hasHistory = existsSync(join(root, directory, 'CHANGELOG.md'));
    if (!hasHistory) problems.push(`${name} was released, but ${directory}/CHANGELOG.md does not exist`);
  }
  console.log(`  ${changesets.length} changesets pending, ${planned.size} packages to be released`);
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error));
}
report(problems, `${unreleased.length} unreleased of ${publicPackages().length} public packages`);
