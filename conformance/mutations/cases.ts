import {
  type Conversation,
  type Flight,
  judge,
  type Mutation,
  mutationOf,
  seededRandom,
  unchanged,
} from '@sealwire/testkit';
import { type Scenario, scenarios } from '../properties/scenarios.ts';
import { converseAs } from './subjects.ts';
import { count, newTally, type Tally } from './tally.ts';

/** One flight of one scenario: what is mutated so and so many times. */
export interface MutationCase {
  readonly scenario: Scenario;
  readonly flight: Flight;
  readonly name: string;
}

export const flights: readonly Flight[] = [
  'client hello',
  'server flight',
  'client second flight',
  'post-handshake',
];

/** All scenarios that come to an orderly end, so that whatever is missing was taken away. */
export const mutableScenarios = scenarios.filter(({ name }) => name !== 'truncated');

export const mutationCases: readonly MutationCase[] = mutableScenarios.flatMap((scenario) =>
  flights.map((flight) => ({ scenario, flight, name: `${scenario.name} / ${flight}` })),
);

/**
 * Tries the mutations `from` to `to` (exclusive) of a case into a new tally. Each depends on nothing but the
 * seed, the names of the case and its number. With `onFailure` the others are tried as well.
 */
export function tryMutations(
  { scenario, flight }: MutationCase,
  { seed, from, to, onFailure }: Range,
): Tally {
  const original = originalOf(scenario);
  const tally = newTally();
  for (let number = from; number < to; number++) {
    const mutation = numbered(original, scenario, flight, seed, number);
    try {
      tryOne(scenario, original, mutation, tally);
    } catch (cause) {
      const where = `SEALWIRE_SEED=${seed}, ${scenario.name}, ${flight}, mutation ${number}: ${mutation.name}`;
      const failure = new Error(`${where}: ${cause instanceof Error ? cause.message : cause}`, { cause });
      if (onFailure === undefined) throw failure;
      onFailure(failure);
    }
  }
  return tally;
}

export interface Range {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly onFailure?: (failure: Error) => void;
}

function tryOne(scenario: Scenario, original: Conversation, mutation: Mutation, tally: Tally): void {
  const mutant = converseAs(scenario, mutation.middle);
  const verdict = judge(mutant, original, mutation);
  count(tally.verdicts, verdict);
  if (verdict === 'unnoticed') count(tally.rules, mutation.benign!);
  for (const { failure } of [mutant.client, mutant.server]) {
    if (failure !== undefined && failure.sentBy !== 'peer') {
      count(tally.errors, `${failure.error.code}, ${failure.alert ?? 'no alert'}`);
    }
  }
}

/** The first mutation that the random source of this number can draw. */
function numbered(
  original: Conversation,
  scenario: Scenario,
  flight: Flight,
  seed: number,
  number: number,
): Mutation {
  const random = seededRandom(`${seed} ${scenario.name} ${flight} ${number}`);
  for (;;) {
    const mutation = mutationOf(original, flight, random);
    if (mutation !== undefined) return mutation;
  }
}

export function originalOf(scenario: Scenario): Conversation {
  const known = originals.get(scenario);
  if (known !== undefined) return known;
  const original = converseAs(scenario, { onRecord: unchanged });
  originals.set(scenario, original);
  return original;
}

const originals = new Map<Scenario, Conversation>();
