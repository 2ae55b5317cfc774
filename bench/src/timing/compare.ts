/**
 * Whether two kinds of input can be told apart by the time that an operation takes: both in random order, then Welch's
 * test on the means, in the manner of dudect (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?", 2017).
 */

/** An operation with inputs of two kinds that nobody should be able to tell apart. */
export interface Comparison {
  readonly name: string;
  /** The next input of a kind. */
  readonly input: (kind: 0 | 1) => Uint8Array;
  /** What is measured; true if the operation did what it should. */
  readonly handles: (input: Uint8Array) => boolean;
}

export interface Finding {
  readonly name: string;
  /** Mean of the second kind less that of the first, in nanoseconds, slow outliers left out. */
  readonly differenceNs: number;
  /** Mean of the first kind, in nanoseconds. */
  readonly meanNs: number;
  /** Welch's t; beyond `threshold` the kinds can be told apart. */
  readonly t: number;
  /** The smallest difference that this many samples would have shown, in nanoseconds. */
  readonly detectableNs: number;
}

/** What dudect calls leaking: by chance in 1 of 150,000 comparisons. */
export const threshold = 4.5;

export function compare({ name, input, handles }: Comparison, samples: number): Finding {
  const place = new Uint8Array(1_024);
  const kinds = new Uint8Array(samples);
  const times = new Float64Array(samples);
  const warmUp = Math.min(5_000, samples);
  for (let i = -warmUp; i < samples; i++) {
    const kind = Math.random() < 0.5 ? 0 : 1;
    // Every input lies in the same place: where memory is, tells in time as well.
    const given = place.subarray(0, copied(input(kind), place));
    const before = process.hrtime.bigint();
    const isRight = handles(given);
    const after = process.hrtime.bigint();
    if (!isRight) throw new Error(`${name}: something else came out than should`);
    if (i < 0) continue;
    kinds[i] = kind;
    times[i] = Number(after - before);
  }
  // What took longest was interrupted: the tenth that is slowest says more about the machine than about the input.
  const slowest = Float64Array.from(times).sort()[Math.floor(samples * 0.9)] ?? 0;
  const [first, second] = [0, 1].map((kind) =>
    momentsOf(times.filter((time, i) => kinds[i] === kind && time <= slowest)),
  );
  const error = Math.sqrt(first!.variance / first!.count + second!.variance / second!.count);
  const difference = second!.mean - first!.mean;
  return {
    name,
    differenceNs: difference,
    meanNs: first!.mean,
    t: difference / error,
    detectableNs: threshold * error,
  };
}

function copied(bytes: Uint8Array, to: Uint8Array): number {
  to.set(bytes);
  return bytes.length;
}

function momentsOf(times: Float64Array): { count: number; mean: number; variance: number } {
  const count = times.length;
  const mean = times.reduce((sum, time) => sum + time, 0) / count;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (count - 1);
  return { count, mean, variance };
}
