/** What came of many mutations. */
export interface Tally {
  /** Of mutations that somebody drew by numbers: how many were new, and how many the same as one before. */
  readonly draws: Counts;
  readonly verdicts: Counts;
  /** Of those that went unnoticed: by which rule. */
  readonly rules: Counts;
  /** Code and alert of whoever refused something. */
  readonly errors: Counts;
}

export type Counts = Record<string, number>;

export function newTally(): Tally {
  return { draws: {}, verdicts: {}, rules: {}, errors: {} };
}

export function count(counts: Counts, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}

export function add(sum: Tally, more: Tally): void {
  for (const part of ['draws', 'verdicts', 'rules', 'errors'] as const) {
    for (const [key, number] of Object.entries(more[part])) count(sum[part], key, number);
  }
}

/** For people: mutants that changed nothing stand under `unnoticed`. */
export function describeTally({ draws, verdicts, rules, errors }: Tally): string {
  const lines = (counts: Counts) =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([key, number]) => `  ${number} ${key}`);
  return [
    'draws',
    ...lines(draws),
    'verdicts',
    ...lines(verdicts),
    'unnoticed, because',
    ...lines(rules),
    'errors of the detected',
    ...lines(errors),
  ].join('\n');
}
