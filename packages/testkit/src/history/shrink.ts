import fc from 'fast-check';
import { bytesOfHex, hexOf } from '../bytes.ts';
import type { History, HistoryStep } from './history.ts';
import type { Json } from './json.ts';

/**
 * The smallest history that fast-check finds which still `fails`: steps are dropped, neighbouring pieces of input
 * merged, bytes cut. `fails` gets histories that need not make sense any more; give them to `rerun`. The history
 * itself must fail; if it does not, it is returned as it is.
 */
export function shrinkHistory(history: History, fails: (candidate: History) => boolean): History {
  const run = fc.check(
    fc.property(new SmallerHistories(history), (candidate) => !fails(candidate)),
    { numRuns: 1, seed: 0, verbose: 0 },
  );
  return (run.counterexample as [History] | null)?.[0] ?? history;
}

/** As an arbitrary for properties of your own: generates `history`, and shrinks as `shrinkHistory` does. */
export function historyArbitrary(history: History): fc.Arbitrary<History> {
  return new SmallerHistories(history);
}

class SmallerHistories extends fc.Arbitrary<History> {
  readonly #history: History;

  constructor(history: History) {
    super();
    this.#history = history;
  }

  override generate(): fc.Value<History> {
    return new fc.Value(this.#history, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is History {
    return (value as Partial<History> | null)?.format === 'sealwire history';
  }

  override shrink(value: History): fc.Stream<fc.Value<History>> {
    return fc.stream(smaller(value)).map((each) => new fc.Value(each, undefined));
  }
}

function* smaller(history: History): Generator<History, void, undefined> {
  const { steps } = history;
  const withSteps = (changed: readonly HistoryStep[]): History => ({ ...history, steps: changed });
  // The largest cuts first: half of the steps, a quarter, … single ones. `start` has to stay.
  for (let size = steps.length - 1; size >= 1; size = Math.floor(size / 2)) {
    for (let at = steps.length - size; at >= 1; at -= size) {
      yield withSteps([...steps.slice(0, at), ...steps.slice(at + size)]);
    }
  }
  for (let i = 1; i < steps.length; i++) {
    const merged = mergedInput(steps[i - 1]!, steps[i]!);
    if (merged !== undefined) yield withSteps([...steps.slice(0, i - 1), merged, ...steps.slice(i + 1)]);
  }
  for (const [i, step] of steps.entries()) {
    for (const shorter of withFewerBytes(step)) yield withSteps(steps.with(i, shorter));
  }
}

/** Two pieces of input as one, at the later time. */
function mergedInput(first: HistoryStep, second: HistoryStep): HistoryStep | undefined {
  if (first.call !== 'receive' || second.call !== 'receive') return undefined;
  const [one, two] = [bytesIn(first.args[0]), bytesIn(second.args[0])];
  if (one === undefined || two === undefined) return undefined;
  return {
    ...second,
    args: [{ $: 'bytes', hex: hexOf(one) + hexOf(two) }, ...second.args.slice(1)],
    entropy: [...(first.entropy ?? []), ...(second.entropy ?? [])],
    replies: [...(first.replies ?? []), ...(second.replies ?? [])],
  };
}

function* withFewerBytes(step: HistoryStep): Generator<HistoryStep, void, undefined> {
  const bytes = bytesIn(step.args[0]);
  if (bytes === undefined || bytes.length === 0) return;
  const keep = (part: Uint8Array): HistoryStep => ({
    ...step,
    args: [{ $: 'bytes', hex: hexOf(part) }, ...step.args.slice(1)],
  });
  for (let size = bytes.length; size >= 1; size = Math.floor(size / 2)) {
    yield keep(bytes.subarray(0, bytes.length - size));
    if (size < bytes.length) yield keep(bytes.subarray(size));
  }
}

function bytesIn(json: Json | undefined): Uint8Array | undefined {
  const { $: kind, hex } = (json ?? {}) as { readonly $?: Json; readonly hex?: Json };
  return kind === 'bytes' && typeof hex === 'string' ? bytesOfHex(hex) : undefined;
}
