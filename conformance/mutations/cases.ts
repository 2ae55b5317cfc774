import {
  type Conversation,
  type DrawnMutation,
  type EndState,
  type Flight,
  judge,
  type Mutation,
  mutationOf,
  seededRandom,
  unchanged,
} from '@sealwire/testkit';
import { type Scenario, scenarios } from '../properties/scenarios.ts';
import { converseAgainAs, converseAs } from './subjects.ts';
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

/**
 * All scenarios that come to an orderly end, so that whatever is missing was taken away, by handshakes none of which is
 * refused: of what is refused nothing is looked at.
 */
export const mutableScenarios = scenarios.filter(
  ({ name }) => name !== 'truncated' && !name.includes('a renegotiation that nobody wants'),
);

export const mutationCases: readonly MutationCase[] = mutableScenarios.flatMap((scenario) =>
  flightsOf(scenario).map((flight) => ({ scenario, flight, name: `${scenario.name} / ${flight}` })),
);

/** Which flights are mutated: of a connection with several handshakes those after the first, which begins like any other. */
export function flightsOf({ handshakes = 1 }: Scenario): readonly Flight[] {
  return handshakes === 1 ? flights : ['post-handshake'];
}

/**
 * Tries the mutations `from` to `to` (exclusive) of a case into a new tally. Each depends on nothing but the
 * seed, the names of the case and its number; one that was drawn before in this call comes to the same and is not tried again.
 * With `onFailure` the others are tried as well.
 */
export function tryMutations(
  { scenario, flight }: MutationCase,
  { seed, from, to, onFailure }: Range,
): Tally {
  const original = originalOf(scenario);
  const tally = newTally();
  const known = new Map<string, Outcome>();
  for (let number = from; number < to; number++) {
    const mutation = mutationOfNumber(original, scenario, flight, seed, number);
    try {
      const isChecked = number % checkedEvery === 0;
      const before = isChecked ? undefined : known.get(mutation.drawn);
      const outcome = before ?? tryOne(scenario, original, mutation, isChecked);
      known.set(mutation.drawn, outcome);
      record(tally, outcome, before !== undefined);
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

/** What came of one mutation. */
interface Outcome {
  readonly verdict: string;
  /** Of one that went unnoticed: by which rule. */
  readonly rule?: string;
  /** Code and alert of whoever refused something. */
  readonly errors: readonly string[];
}

function tryOne(scenario: Scenario, original: Conversation, mutation: Mutation, isChecked: boolean): Outcome {
  const mutant = converseAgainAs(scenario, mutation.middle);
  const verdict = judge(mutant, original, mutation);
  if (isChecked) requireSame(mutant, converseAs(scenario, mutation.middle));
  const errors = [mutant.client, mutant.server].flatMap(({ failure }) =>
    failure === undefined || failure.sentBy === 'peer'
      ? []
      : [`${failure.error.code}, ${failure.alert ?? 'no alert'}`],
  );
  return { verdict, ...(verdict === 'unnoticed' && { rule: mutation.benign! }), errors };
}

function record(tally: Tally, { verdict, rule, errors }: Outcome, isRepeated: boolean): void {
  count(tally.draws, isRepeated ? 'drawn before in the same stretch' : 'tried');
  count(tally.verdicts, verdict);
  if (rule !== undefined) count(tally.rules, rule);
  for (const error of errors) count(tally.errors, error);
}

/** What is remembered of other conversations, or copied, must come to what connections of its own would have said. */
export function requireSame(mutant: Conversation, alone: Conversation): void {
  for (const side of ['client', 'server'] as const) {
    const [said, expected] = [summaryOf(mutant[side]), summaryOf(alone[side])];
    if (said !== expected) throw new Error(`the ${side} is remembered with ${said}, and says ${expected}`);
  }
  const wires = ({ records }: Conversation) =>
    records.map(({ from, record }) => `${from} ${record.wire.join()}`);
  if (wires(mutant).join('\n') !== wires(alone).join('\n')) throw new Error('other records are remembered');
}

function summaryOf({ outputs, data, alertsSent, view, failure, isClosed, isTruncated }: EndState): string {
  const { error, alert, sentBy } = failure ?? {};
  const facts = JSON.stringify(view?.facts, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  const bytes = data.map((piece) => piece.join()).join();
  return [
    outputs,
    error?.code,
    error?.message,
    alert,
    sentBy,
    isClosed,
    isTruncated,
    alertsSent,
    bytes,
    facts,
  ].join(' ');
}

/** The first mutation that the random source of this number can draw. */
export function mutationOfNumber(
  original: Conversation,
  scenario: Scenario,
  flight: Flight,
  seed: number,
  number: number,
): DrawnMutation {
  const random = seededRandom(`${seed} ${scenario.name} ${flight} ${number}`);
  for (;;) {
    const mutation = mutationOf(original, flight, random);
    if (mutation !== undefined) return mutation;
  }
}

export function originalOf(scenario: Scenario): Conversation {
  const known = originals.get(scenario);
  if (known !== undefined) return known;
  const original = converseAgainAs(scenario, { onRecord: unchanged });
  originals.set(scenario, original);
  return original;
}

/** So often a mutation is tried a second time, by connections that nobody has used. */
const checkedEvery = 500;
const originals = new Map<Scenario, Conversation>();
