import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { measureIdle, type IdleMemory, memoryVariants } from './memory.ts';
import { profiled } from './profile.ts';
import { bulk, fullHandshakes, resumedHandshakes, type Scenario } from './scenarios.ts';
import {
  builtin,
  type Flavour,
  modern,
  older,
  plainTcp,
  sealwireNoble,
  sealwireNode,
  type Stack,
  stacksOf,
} from './stacks.ts';

/** `npm run bench`: each scenario over each stack in one run, as ratios to node:tls; then where our time goes. */
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    /** `speed`, `tls12` (the speed of TLS 1.2 alone) or `memory`; all when absent. */
    only: { type: 'string' },
    /** Idle connections that are weighed. */
    connections: { type: 'string', default: '2000' },
    /** Used by the command itself: one part of the plan in a process of its own. */
    part: { type: 'string' },
    weigh: { type: 'string' },
  },
});
const seconds = Number(options.seconds);
if (!(seconds > 0)) throw new Error(`--seconds expects a positive number, got ${options.seconds}`);

const connections = Number(options.connections);
if (!(connections > 0))
  throw new Error(`--connections expects a positive number, got ${options.connections}`);
if (options.only !== undefined && !['speed', 'tls12', 'memory'].includes(options.only)) {
  throw new Error(`--only expects speed, tls12 or memory, got ${options.only}`);
}

/** Each stack is measured in so many turns. */
const rounds = 3;

interface Row {
  /** Version, and the suite where several are measured. */
  readonly flavour: string;
  readonly scenario: string;
  readonly stack: string;
  readonly unit: string;
  readonly perSecond: number;
  /** Against node:tls in the same part. */
  readonly ratio: number;
}

interface MemoryRow extends IdleMemory {
  readonly variant: string;
}

/** One part: a scenario over several stacks that take turns. */
interface Part {
  readonly flavour: Flavour;
  readonly scenario: Scenario;
  readonly stacks: readonly Stack[];
}

const large = bulk(65_536, 64 * 2 ** 20);
const largeForNoble = bulk(65_536, 4 * 2 ** 20);

const plan: readonly Part[] = [
  part(modern, fullHandshakes, [builtin, sealwireNode, sealwireNoble]),
  part(modern, resumedHandshakes, [builtin, sealwireNode, sealwireNoble]),
  part(modern, large, [builtin, sealwireNode, plainTcp]),
  part(modern, largeForNoble, [builtin, sealwireNoble]),
  part(modern, bulk(1_024, 8 * 2 ** 20), [builtin, sealwireNode]),
  ...[older.ecdsa, older.rsa].flatMap((flavour) => [
    part(flavour, fullHandshakes),
    part(flavour, resumedHandshakes),
  ]),
  ...[older.ecdsa, older.cbc, older.ccm].flatMap((flavour) => {
    const [reference, node, noble] = stacksOf(flavour) as [Stack, Stack, Stack];
    return [part(flavour, large, [reference, node]), part(flavour, largeForNoble, [reference, noble])];
  }),
];
const chosen = [...plan.keys()].filter((i) => options.only !== 'tls12' || plan[i]!.flavour !== modern);
const profiles: readonly Scenario[] = [fullHandshakes, large];
const profileParts = options.only === 'tls12' ? [] : profiles.map((_, i) => plan.length + i);

const say = (text: string) => console[options.json ? 'error' : 'log'](text);
if (options.part !== undefined) {
  process.send!(await runPart(Number(options.part)));
  process.disconnect();
} else if (options.weigh !== undefined) {
  process.send!(await measureIdle(memoryVariants[Number(options.weigh)]!, connections));
  process.exit();
} else {
  say(
    `Node ${process.version}, both ends in one process over loopback, X25519; TLS 1.3 with AES-128-GCM and P-256`,
  );
  const rows: Row[] = [];
  const memory: MemoryRow[] = [];
  if (options.only !== 'memory') {
    for (const part of [...chosen, ...profileParts]) {
      rows.push(...(await inProcessOfItsOwn<Row[]>(['--part', String(part), '--seconds', String(seconds)])));
    }
  }
  if (options.only === undefined || options.only === 'memory') memory.push(...(await weighAll()));
  if (options.json) console.log(JSON.stringify({ speed: rows, memory }, undefined, 2));
}

function part(flavour: Flavour, scenario: Scenario, stacks = stacksOf(flavour)): Part {
  return { flavour, scenario, stacks };
}

/** Idle connections over each stack, each time in a process of its own: the median of so many. */
async function weighAll(): Promise<MemoryRow[]> {
  say(`\nmemory of an idle connection, both ends, ${connections} at once, median of ${rounds} processes`);
  const found: MemoryRow[] = [];
  for (const [index, variant] of memoryVariants.entries()) {
    const runs: IdleMemory[] = [];
    for (let round = 0; round < rounds; round++) {
      const args = ['--weigh', String(index), '--connections', String(connections)];
      runs.push(await inProcessOfItsOwn<IdleMemory>(args, ['--expose-gc']));
    }
    const row = {
      variant,
      rss: median(runs.map(({ rss }) => rss)),
      heap: median(runs.map(({ heap }) => heap)),
    };
    found.push(row);
    const ratio = row.rss / found[0]!.rss;
    say(
      `  ${variant.padEnd(24)} ${row.rss.toFixed(0).padStart(8)} bytes of RSS, ` +
        `${row.heap.toFixed(0).padStart(8)} of heap and buffers, ${ratio.toFixed(2)} of node:tls`,
    );
  }
  return found;
}

/** What one part leaves on the heap must not slow the next one down, or weigh with it. */
function inProcessOfItsOwn<Result>(part: string[], execArgv: string[] = []): Promise<Result> {
  const args = [...part, ...(options.json ? ['--json'] : [])];
  const child = fork(fileURLToPath(import.meta.url), args, { stdio: 'inherit', execArgv });
  return new Promise((resolve, reject) => {
    child.on('message', (result) => resolve(result as Result));
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`a part of the benchmark ended with ${code}`)));
  });
}

async function runPart(part: number): Promise<Row[]> {
  const planned = plan[part];
  if (planned === undefined) {
    await printProfile(profiles[part - plan.length]!);
    return [];
  }
  const { flavour, scenario, stacks } = planned;
  say(`\n${flavour.name}: ${scenario.name}`);
  const measured = await measure(scenario, stacks);
  const reference = measured.get(builtin.name)!;
  return [...measured].map(([stack, perSecond]) => {
    const ratio = perSecond / reference;
    say(
      `  ${stack.padEnd(24)} ${perSecond.toFixed(0).padStart(8)} ${scenario.unit.padEnd(13)} ${ratio.toFixed(2)} of node:tls`,
    );
    return { flavour: flavour.name, scenario: scenario.name, stack, unit: scenario.unit, perSecond, ratio };
  });
}

async function printProfile(scenario: Scenario): Promise<void> {
  say(`\nwhere the time goes, ${sealwireNode.name}: ${scenario.name}`);
  const { run, end } = await scenario.prepare(sealwireNode);
  const lines = await profiled(async () => {
    const until = performance.now() + seconds * 1_000;
    while (performance.now() < until) await run();
  });
  await end();
  for (const { place, percent } of lines.filter((line) => line.percent >= 1)) {
    say(`  ${percent.toFixed(1).padStart(5)} %  ${place}`);
  }
}

/** Samples per second of every stack, times what a sample holds; the stacks take turns, so that noise hits all. */
async function measure(scenario: Scenario, stacks: readonly Stack[]): Promise<Map<string, number>> {
  const prepared = [];
  for (const stack of stacks) prepared.push({ stack, ...(await scenario.prepare(stack)) });
  const samples = new Map<string, number[]>(stacks.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ time: (seconds * 1_000) / rounds, iterations: 3, warmup: round === 0 });
    for (const { stack, run } of prepared) bench.add(stack.name, run);
    await bench.run();
    for (const { name, result } of bench.tasks) {
      if (result.state !== 'completed') {
        const cause = result.state === 'errored' ? result.error : undefined;
        throw new Error(`${scenario.name} over ${name}: ${result.state}`, { cause });
      }
      samples.get(name)!.push(1_000 / result.latency.p50);
    }
  }
  for (const { end } of prepared) await end();
  return new Map([...samples].map(([name, list]) => [name, scenario.perSample * median(list)]));
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
}
