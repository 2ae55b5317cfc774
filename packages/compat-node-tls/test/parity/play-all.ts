import { describe, expect, it } from 'vitest';
import { nodeMajor } from '../../src/process/host.ts';
import { type ExpectedDifferences, expectedDifferences } from './expected-differences.ts';
import { type Pairing, pairingsOf, played, reference } from './pairings.ts';
import type { Scenario } from './scenario.ts';

/** As many at a time, so that one that waits for a clock does not hold up the others. */
const atOnce = 4;
const waiting: (() => Promise<void>)[] = [];
let running = 0;

/** Tests that each scenario shows ours what it shows the builtin, but for the differences that are listed. */
export function playAll(scenarios: readonly Scenario[]): void {
  for (const scenario of scenarios.filter(isOfThisNode))
    describe(scenario.name, () => {
      const expected = queued(() => played(scenario, reference));
      expected.catch(() => {});
      const plays = pairingsOf(scenario).map((pairing) => {
        const difference = differenceOf(scenario.name, pairing);
        const seen = queued(() => played(scenario, pairing));
        seen.catch(() => {});
        return { ...pairing, difference, seen };
      });

      it.each(plays)('with $server as server and $client as client', async ({ difference, seen }) => {
        if (!difference) expect(await seen).toEqual(await expected);
        else {
          const known = await expected;
          expect(await seen.catch(String), 'no longer differs: take it from the list').not.toEqual(known);
        }
      });
    });
}

function isOfThisNode({ name, since = 0, until = nodeMajor() }: Scenario): boolean {
  const major = nodeMajor();
  const isOf = since <= major && major <= until;
  if (!isOf) console.log(`not played: "${name}", of which Node ${major} has nothing`);
  return isOf;
}

function queued<T>(job: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    waiting.push(() => job().then(resolve, reject));
    if (running < atOnce) void run();
  });
}

async function run(): Promise<void> {
  running++;
  for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  running--;
}

function differenceOf(name: string, pairing: Pairing): ExpectedDifferences | undefined {
  const major = nodeMajor();
  return expectedDifferences.find(
    ({ scenarios, with: side, since = 0, until = major }) =>
      scenarios.includes(name) &&
      (side === undefined || pairing[side] === 'ours') &&
      since <= major &&
      major <= until,
  );
}
