/**
 * `pnpm bogo --runner PATH`: runs BoringSSL's test runner, a binary that is ready, over the shim, shard by shard, prints
 * the score and writes docs/conformance.md. With `--test 'A*;B*'` only what matches, which is printed and not written;
 * with `--fast` all tests in one process, and one of 24 shards (`--sample`) again with a process for each test.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleShim } from './bundle.ts';
import { fastShim, type FastShim } from './fast.ts';
import { conformancePage, plainCounts, type Sample, withOtherSuites } from './report.ts';
import { runTests, type Verdict } from './runner.ts';
import { countFates, judge, type Judged } from './score.ts';
import { isIn } from './scopes.ts';
import { survey } from './survey.ts';

const packageFolder = fileURLToPath(new URL('../../', import.meta.url));
const configFile = join(packageFolder, 'config.json');
const page = join(packageFolder, '../../docs/conformance.md');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runner: { type: 'string' },
      test: { type: 'string' },
      fast: { type: 'boolean', default: false },
      sample: { type: 'string', default: '24' },
      shards: { type: 'string', default: '10' },
      workers: { type: 'string', default: '2' },
      results: { type: 'string' },
    },
  });
  const { runner, test, results, fast } = values;
  if (runner === undefined)
    throw new Error('expected --runner PATH: the test runner of BoringSSL, ready to run');
  const begun = Date.now();
  let accelerated: FastShim | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'sealwire-bogo-'));
  try {
    const table = (await survey(runner, folder)).filter((each) => isIn('all', each) || isIn('quic', each));
    accelerated = fast ? await fastShim(folder) : undefined;
    const shim = accelerated?.path ?? (await bundleShim(folder));
    const call = { runner, shim, config: configFile, workers: Number(values.workers) };
    if (test !== undefined) {
      const verdicts = await runTests({ ...call, tests: test });
      print(
        judge(
          table.filter(({ name }) => verdicts.has(name)),
          verdicts,
        ),
        true,
      );
      return;
    }
    const judged = judge(table, await inShards(call, Number(values.shards)));
    print(judged, false);
    if (results !== undefined) writeFileSync(results, resultList(judged));
    const facts = {
      date: new Date(begun).toISOString().slice(0, 10),
      command: `npm run bogo -- --runner PATH${fast ? ' --fast' : ''}`,
      sample: fast ? await replay(call, await bundleShim(folder), Number(values.sample), judged) : undefined,
      minutes: (Date.now() - begun) / 60_000,
      node: process.version,
      disabled: (JSON.parse(readFileSync(configFile, 'utf8')) as { DisabledTests: Record<string, string> })
        .DisabledTests,
    };
    const written = conformancePage(facts, judged, countFates(judged));
    writeFileSync(page, withOtherSuites(written, readFileSync(page, 'utf8')));
  } finally {
    accelerated?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inShards(
  call: Parameters<typeof runTests>[0],
  total: number,
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  for (let index = 0; index < total; index++) {
    for (const [name, verdict] of await runTests({ ...call, shard: { index, total } }))
      verdicts.set(name, verdict);
    console.log(`shard ${index + 1} of ${total}: ${verdicts.size} tests so far`);
  }
  return verdicts;
}

/** Plays one shard again, with a process for each test: whoever hurries must come to the same verdicts. */
async function replay(
  call: Parameters<typeof runTests>[0],
  shim: string,
  total: number,
  judged: readonly Judged[],
): Promise<Sample> {
  const verdicts = await runTests({ ...call, shim, shard: { index: 0, total } });
  const differing = judged.filter(
    ({ name, fate }) => verdicts.has(name) && verdicts.get(name)?.verdict !== fate,
  );
  console.log(`again with a process for each: ${verdicts.size} tests, ${differing.length} verdicts differ`);
  return { tests: verdicts.size, differing: differing.map(({ name }) => name) };
}

function print(judged: readonly Judged[], withTexts: boolean): void {
  for (const { name, fate, text } of judged) {
    if (fate === 'failed') console.log(withTexts ? `FAILED ${name}\n${text}\n` : `FAILED ${name}`);
  }
  console.log(plainCounts(countFates(judged)));
}

function resultList(judged: readonly Judged[]): string {
  return judged.map(({ name, fate }) => `${fate} ${name}\n`).join('');
}

await main();
