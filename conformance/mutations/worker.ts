/**
 * A thread of `scripts/mutations.mjs`: says which cases there are, then tries the ranges that it is sent and
 * answers each with a tally and what failed.
 */
import { parentPort } from 'node:worker_threads';
import { mutationCases, tryMutations } from './cases.ts';
import { copierOf } from './copies.ts';
import { copyWith } from './subjects.ts';

// Thousands of errors a second are looked at by their code alone.
Error.stackTraceLimit = 0;

copyWith(copierOf);

parentPort?.on('message', ({ index, seed, from, to }: Record<'index' | 'seed' | 'from' | 'to', number>) => {
  const failures: string[] = [];
  const tally = tryMutations(mutationCases[index]!, {
    seed,
    from,
    to,
    onFailure: ({ message }) => failures.push(message),
  });
  parentPort?.postMessage({ index, from, to, tally, failures });
});
parentPort?.postMessage({ cases: mutationCases.map(({ name }) => name) });
