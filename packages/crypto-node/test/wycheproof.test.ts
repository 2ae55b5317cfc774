import { nobleProvider } from '@sealwire/crypto-noble';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { type WycheproofFile, runWycheproofFile } from '@sealwire/testkit';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nodeProvider } from '../src/index.ts';

/**
 * Both providers against all Wycheproof files in the folder `SEALWIRE_WYCHEPROOF`, by default `shared/wycheproof`
 * beside the repository. They take minutes for all of them, the pure JavaScript one many, so the default profile gives each an
 * even sample of each file; the profile `full` runs everything. The rules are those of `runWycheproofFile`.
 */
const folder =
  process.env.SEALWIRE_WYCHEPROOF ?? fileURLToPath(new URL('../../../../shared/wycheproof', import.meta.url));
const isFull = process.env.SEALWIRE_PROFILE === 'full';
const profiles = [
  { provider: nodeProvider, most: isFull ? Number.POSITIVE_INFINITY : 80 },
  { provider: withMlDsa(nobleProvider), most: isFull ? Number.POSITIVE_INFINITY : 16 },
];

describe.each(profiles)('Wycheproof, $provider.name provider', ({ provider, most }) => {
  if (!existsSync(folder)) {
    const reason = `no folder ${folder}: set SEALWIRE_WYCHEPROOF to one with Wycheproof's testvectors_v1`;
    console.log(`skipped: Wycheproof, ${reason}`);
    it.skip(reason);
    return;
  }
  const totals = { cases: 0, run: 0, files: 0, leftOut: new Map<string, number>() };
  it.each(readdirSync(folder).filter((entry) => entry.endsWith('_test.json')))('%s', (name) => {
    const file = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as WycheproofFile;
    const outcome = runWycheproofFile(provider, file, { most });
    expect(outcome.failures).toEqual([]);
    for (const reason of outcome.leftOut) totals.leftOut.set(reason, (totals.leftOut.get(reason) ?? 0) + 1);
    if (outcome.run === 0) return;
    totals.cases += outcome.cases;
    totals.run += outcome.run;
    totals.files++;
  });

  it('ran what it should', () => {
    console.info(
      `Wycheproof, ${provider.name}: ${totals.run} of ${totals.cases} cases in ${totals.files} files`,
    );
    for (const [reason, files] of totals.leftOut) console.info(`  left out ${files} files, ${reason}`);
    expect(totals.run).toBeGreaterThan(1_000);
  });
});
