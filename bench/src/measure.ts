import { Bench } from 'tinybench';

/** One of those that are compared: one call is one sample. */
export interface Contestant {
  readonly name: string;
  run(): void | Promise<void>;
}

export interface Measured {
  readonly name: string;
  /** Samples per second, of the wall clock: the median over rounds of the median sample. */
  readonly perSecond: number;
  /** Against the first contestant, which had its turn just before: median, smallest and largest over rounds. */
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  /** The same ratio by processor time, which says more on a machine that is busy with other things. */
  readonly cpuRatio: number;
  /** How long samples take in ms: percentiles over all rounds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

interface Turn {
  readonly perSecond: number;
  readonly cpuPerSample: number;
}

/** The contestants take turns, so that noise hits all; each is measured in `rounds` turns of `turnMs`. */
export async function measure(
  contestants: readonly Contestant[],
  turnMs: number,
  rounds: number,
): Promise<Measured[]> {
  const turns = new Map<string, Turn[]>(contestants.map(({ name }) => [name, []]));
  const samples = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ time: turnMs, iterations: 3, warmup: false, retainSamples: true });
    const cpu = new Map<string, number>();
    for (const { name, run } of contestants) {
      let before = process.cpuUsage();
      bench.add(name, run, {
        beforeAll: () => void (before = process.cpuUsage()),
        afterAll() {
          const { user, system } = process.cpuUsage(before);
          cpu.set(name, user + system);
        },
      });
    }
    await bench.run();
    for (const { name, result } of bench.tasks) {
      if (result.state !== 'completed') {
        const cause = result.state === 'errored' ? result.error : undefined;
        throw new Error(`${name}: ${result.state}`, { cause });
      }
      const { latency } = result;
      turns.get(name)!.push({
        perSecond: 1_000 / latency.p50,
        cpuPerSample: cpu.get(name)! / latency.samplesCount,
      });
      samples.get(name)!.push(...(latency.samples ?? []));
    }
  }
  const reference = turns.get(contestants[0]!.name)!;
  return contestants.map(({ name }) => {
    const own = turns.get(name)!;
    const ratios = own.map(({ perSecond }, i) => perSecond / reference[i]!.perSecond).sort((a, b) => a - b);
    const sorted = samples.get(name)!.sort((a, b) => a - b);
    const percentile = (part: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
    return {
      name,
      perSecond: median(own.map(({ perSecond }) => perSecond)),
      ratio: median(ratios),
      lowest: ratios[0]!,
      highest: ratios.at(-1)!,
      cpuRatio: median(own.map(({ cpuPerSample }, i) => reference[i]!.cpuPerSample / cpuPerSample)),
      p50: percentile(0.5),
      p99: percentile(0.99),
      p999: percentile(0.999),
    };
  });
}

/** So many samples, or as many as there is time for. */
export async function warmUp({ run }: Contestant, count: number, forMs: number): Promise<void> {
  const until = performance.now() + forMs;
  for (let i = 0; i < count && performance.now() < until; i++) await run();
}

export function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
}
