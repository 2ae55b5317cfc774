import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, median, warmUp } from './measure.ts';
import { measureIdle, type IdleMemory, type MemoryRow, memoryVariants } from './memory.ts';
import { type Group, groups, plan, profiled } from './plan.ts';
import { profileOf } from './profile.ts';
import { lineOf, markdown, rounded, verdictLine } from './report.ts';
import { sealwireNode } from './stacks/index.ts';
import { judged, type Row } from './targets.ts';

/**
 * `npm run bench`: each scenario over each stack in one run, as ratios to the first of them; then where our time goes, and
 * which targets are met.
 */
const { values: options } = parseArgs({
  options: {
    /** Of measuring, for each stack in each scenario; warming up comes before it. */
    seconds: { type: 'string', default: '3' },
    /** Everything as JSON in place of lines. */
    json: { type: 'boolean', default: false },
    /** The tables of docs/performance.md at the end. */
    markdown: { type: 'boolean', default: false },
    /** Parts of the plan, separated by commas; all when absent. */
    only: { type: 'string' },
    /** Idle connections that are weighed. */
    connections: { type: 'string', default: '2000' },
    /** Used by the command itself: one part of the plan in a process of its own. */
    part: { type: 'string' },
    weigh: { type: 'string' },
    profile: { type: 'string' },
  },
});
const seconds = positive('seconds');
const connections = positive('connections');
const chosen = options.only?.split(',') ?? groups;
const unknown = chosen.find((name) => !(groups as readonly string[]).includes(name));
if (unknown !== undefined) throw new Error(`--only expects ${groups.join(', ')}, got ${unknown}`);
const has = (group: Group) => (chosen as readonly string[]).includes(group);

/** Each stack is measured in so many turns; each variant of memory in so many processes. */
const rounds = 5;
const processes = 3;

const say = (text: string) => console[options.json ? 'error' : 'log'](text);
if (options.part !== undefined) {
  process.send!(await runPart(Number(options.part)));
  process.exit();
} else if (options.weigh !== undefined) {
  process.send!(await measureIdle(memoryVariants[Number(options.weigh)]!, connections));
  process.exit();
} else if (options.profile !== undefined) {
  process.send!(await printProfile(Number(options.profile)));
  process.exit();
} else await runAll();

async function runAll(): Promise<void> {
  const began = performance.now();
  const parts = [...plan.keys()].filter((i) => has(plan[i]!.group));
  const steps =
    parts.length + (has('memory') ? memoryVariants.length : 0) + (has('profile') ? profiled.length : 0);
  let done = 0;
  const progress = (what: string) => {
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    say(`\n[${++done}/${steps}, after ${minutes} min] ${what}`);
  };
  say(
    `Node ${process.version}, OpenSSL ${process.versions.openssl}; both ends in one process over loopback, X25519; ` +
      `TLS 1.3 with AES-128-GCM and P-256. Ratios: median of ${rounds} turns (smallest–largest)`,
  );
  const rows: Row[] = [];
  for (const part of parts) {
    const { flavour, scenario, names } = plan[part]!;
    progress(`${flavour}: ${scenario}; ratios to ${names[0]}`);
    rows.push(...(await inProcessOfItsOwn<Row[]>(['--part', String(part), '--seconds', String(seconds)])));
  }
  const memory = has('memory') ? await weighAll(progress) : [];
  for (const index of has('profile') ? profiled.keys() : []) {
    progress(`where the time goes, ${sealwireNode.name}: ${profiled[index]!.name}`);
    await inProcessOfItsOwn(['--profile', String(index), '--seconds', String(seconds)]);
  }
  const verdicts = judged([...rows, ...memory.map(asRow)]);
  if (verdicts.length > 0) say(`\ntargets\n${verdicts.map(verdictLine).join('\n')}`);
  if (options.markdown) say(`\n${markdown(rows, memory, verdicts)}`);
  if (options.json) console.log(JSON.stringify({ speed: rows, memory, targets: verdicts }, undefined, 2));
}

/** Idle connections over each stack, each time in a process of its own: the median. */
async function weighAll(progress: (what: string) => void): Promise<MemoryRow[]> {
  const found: MemoryRow[] = [];
  for (const [index, variant] of memoryVariants.entries()) {
    progress(`memory of an idle connection, both ends, ${connections} at once: ${variant}`);
    const runs: IdleMemory[] = [];
    for (let round = 0; round < processes; round++) {
      const args = ['--weigh', String(index), '--connections', String(connections)];
      runs.push(await inProcessOfItsOwn<IdleMemory>(args, ['--expose-gc']));
    }
    const row = {
      variant,
      rss: median(runs.map(({ rss }) => rss)),
      heap: median(runs.map(({ heap }) => heap)),
    };
    found.push(row);
    const ratio = (row.rss / found[0]!.rss).toFixed(2);
    say(`  ${rounded(row.rss)} bytes of RSS, ${rounded(row.heap)} of heap and buffers, ${ratio} of node:tls`);
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

async function runPart(index: number): Promise<Row[]> {
  const { group, flavour, scenario, unit, perSample, warmUp: samples, prepare } = plan[index]!;
  const { contestants } = await prepare();
  for (const each of contestants) await warmUp(each, samples, 3_000 * seconds);
  const measured = await measure(contestants, (seconds * 1_000) / rounds, rounds);
  const isLatency = scenario.startsWith('round trips');
  return measured.map(({ name, perSecond, p50, p99, p999, ...ratios }) => {
    const reference = contestants[0]!.name;
    const value = perSample * perSecond;
    const latency = isLatency ? { p50, p99, p999 } : {};
    const row: Row = { group, flavour, scenario, stack: name, reference, unit, value, ...ratios, ...latency };
    say(lineOf(row, isLatency));
    return row;
  });
}

async function printProfile(index: number): Promise<true> {
  const { prepare, warmUp: samples } = profiled[index]!;
  const { run } = await prepare(sealwireNode);
  await warmUp({ name: sealwireNode.name, run }, samples, 3_000 * seconds);
  const lines = await profileOf(async () => {
    const until = performance.now() + seconds * 1_000;
    while (performance.now() < until) await run();
  });
  for (const { place, percent } of lines.filter((line) => line.percent >= 1)) {
    say(`  ${percent.toFixed(1).padStart(5)} %  ${place}`);
  }
  return true;
}

function asRow({ variant, rss }: MemoryRow): Row {
  const none = { ratio: 0, lowest: 0, highest: 0, cpuRatio: 0 };
  const scenario = 'memory of an idle connection';
  return {
    group: 'memory',
    flavour: 'TLS 1.3',
    scenario,
    stack: variant,
    reference: memoryVariants[0],
    unit: 'bytes',
    value: rss,
    ...none,
  };
}

function positive(name: 'seconds' | 'connections'): number {
  const value = Number(options[name]);
  if (value > 0) return value;
  throw new Error(`--${name} expects a positive number, got ${options[name]}`);
}
