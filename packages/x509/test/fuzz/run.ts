import { mutate, randomOf } from './mutate.ts';
import { failureOf, subjects } from './subjects.ts';

/**
 * `scripts/fuzz-x509.mjs` runs this: `--runs` inputs in all, from `--seed` on. Tells every 30 s how far it is; at the end what was
 * thrown, the slowest input of each subject, and how the heap has grown.
 */
const value = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const runs = value('runs', 1_000_000);
const firstSeed = value('seed', 1);
const slowMs = 50;

const heapAfter = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const records = subjects.map(({ name }) => ({
  name,
  count: 0,
  failures: 0,
  slow: 0,
  slowestMs: 0,
  slowestSeed: 0,
}));
const started = performance.now();
let told = started;
let failed = 0;
// What is warm by then does not count as growth.
let heapAtStart = 0;

for (let run = 0; run < runs; run++) {
  const seed = firstSeed + run;
  const random = randomOf(seed);
  const which = run % subjects.length;
  const subject = subjects[which]!;
  const record = records[which]!;
  const { samples } = subject;
  const input = mutate(samples[random.next(samples.length)]!, samples[random.next(samples.length)]!, random);
  // Processor time: what others do on the machine is not the input's.
  const before = process.cpuUsage();
  const failure = failureOf(subject, input);
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1_000;
  record.count++;
  if (failure !== undefined) {
    record.failures++;
    failed++;
    if (failed <= 20) console.log(`${subject.name}, seed ${seed}: ${String(failure)}`);
  }
  if (ms > slowMs) record.slow++;
  if (ms > record.slowestMs && run > 1_000) Object.assign(record, { slowestMs: ms, slowestSeed: seed });
  if (run === Math.min(20_000, runs >> 1)) heapAtStart = heapAfter();
  if (performance.now() - told > 30_000) {
    told = performance.now();
    const share = ((100 * run) / runs).toFixed(1);
    console.log(
      `${run} of ${runs} (${share} %), ${failed} failures, ${Math.round((told - started) / 1_000)} s`,
    );
  }
}

for (const { name, count, failures, slow, slowestMs, slowestSeed } of records) {
  console.log(
    `${name}: ${count} inputs, ${failures} unexpected errors, ${slow} over ${slowMs} ms, slowest ${slowestMs.toFixed(1)} ms (seed ${slowestSeed})`,
  );
}
console.log(
  `heap ${heapAtStart.toFixed(1)} MiB after the beginning, ${heapAfter().toFixed(1)} MiB at the end`,
);
if (failed > 0) process.exitCode = 1;
