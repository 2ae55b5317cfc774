/**
 * A sample of a matrix in which every pair of values of two dimensions stands in some row (pairwise testing),
 * by a greedy choice among random rows. Deterministic for a seed.
 */
export function pairwise<T extends Record<string, readonly unknown[]>>(
  dimensions: T,
  random: () => number,
): { [K in keyof T]: T[K][number] }[] {
  const names = Object.keys(dimensions);
  const missing = new Set<string>();
  const pairs = (row: readonly number[]) =>
    names.flatMap((_, i) =>
      names.slice(i + 1).map((__, k) => `${i}:${row[i]} ${i + 1 + k}:${row[i + 1 + k]}`),
    );
  const sizes = names.map((name) => dimensions[name]!.length);
  sizes.forEach((size, i) => {
    sizes.slice(i + 1).forEach((other, k) => {
      for (let a = 0; a < size; a++)
        for (let b = 0; b < other; b++) missing.add(`${i}:${a} ${i + 1 + k}:${b}`);
    });
  });

  const rows: number[][] = [];
  while (missing.size > 0) {
    // Each candidate starts from a pair that is still missing, so every round makes progress.
    const wanted = [...missing][Math.floor(random() * missing.size)]!;
    let best: number[] = [];
    let bestCount = 0;
    for (let i = 0; i < candidates; i++) {
      const row = sizes.map((size) => Math.floor(random() * size));
      for (const part of wanted.split(' ')) {
        const [dimension, value] = part.split(':').map(Number);
        row[dimension!] = value!;
      }
      const count = pairs(row).filter((pair) => missing.has(pair)).length;
      if (count > bestCount) [best, bestCount] = [row, count];
    }
    for (const pair of pairs(best)) missing.delete(pair);
    rows.push(best);
  }
  return rows.map(
    (row) =>
      Object.fromEntries(names.map((name, i) => [name, dimensions[name]![row[i]!]])) as {
        [K in keyof T]: T[K][number];
      },
  );
}

/** A small generator of numbers from 0 to 1 (mulberry32 construction): good enough to mix rows, and repeatable. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const candidates = 40;
